use super::Class;
use crate::diff::view::tls;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "tls.cipher", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tls::steps(comparison) {
        let (old, new) = (&step.old, &step.new);
        if old.algorithms != new.algorithms {
            let all = |of: &std::collections::BTreeSet<String>| {
                let all: Vec<&str> = of.iter().map(String::as_str).collect();
                if all.is_empty() { "Istio's own".to_owned() } else { all.join(", ") }
            };
            let (before, after) = (all(&old.algorithms), all(&new.algorithms));
            found.push(
                step.finding(&CLASS, Risk::Medium, "cipherSuites", &format!("algorithms {before} -> {after}"))
                    .effect("clients without any of them are cut off, and others may agree on weaker ones")
                    .safe("see in the access logs what clients use")
                    .values(Some(before), Some(after)),
            );
        }
        if new.oldest > old.oldest || new.newest != old.newest {
            let versions = |of: &tls::Tls| format!("{} to {}", tls::told(of.oldest), tls::told(of.newest));
            let (before, after) = (versions(old), versions(new));
            found.push(
                step.finding(&CLASS, Risk::Medium, "minProtocolVersion", &format!("TLS {before} -> {after}"))
                    .effect("clients that speak none of these versions are cut off")
                    .safe("see in the access logs what clients use")
                    .values(Some(before), Some(after)),
            );
        }
    }
}
