use super::Class;
use crate::diff::view::tls;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "tls.credential", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tls::steps(comparison) {
        let (old, new) = (&step.old, &step.new);
        for (what, before, after) in [
            ("certificate", &old.shown, &new.shown),
            ("authority", &old.authority, &new.authority),
            ("name that is asked for", &old.asks_for, &new.asks_for),
        ] {
            let is_new_end = before.is_empty() && old.mode != new.mode;
            if before == after || after.is_empty() || is_new_end {
                continue;
            }
            let field = match what {
                "certificate" => "credentialName",
                "authority" => "caCertificates",
                _ => "sni",
            };
            let shown = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
            let effect = match what {
                "certificate" if step.is_server => {
                    "clients see another certificate; where its Secret is not in the gateway's namespace, none, and every handshake fails"
                }
                "certificate" => "the other end sees another certificate, and may refuse it",
                "authority" => "certificates of another authority are taken, and those of the former refused",
                _ => "the other end may answer with another certificate, or not at all",
            };
            found.push(
                step.finding(&CLASS, Risk::High, field, &format!("{what} {} -> {}", shown(before), shown(after)))
                    .effect(effect)
                    .safe("see that it is there first, and that it names the same hosts")
                    .values(Some(before.clone()), Some(after.clone())),
            );
        }
    }
}
