use super::Class;
use crate::diff::view::tls;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "tls.mode", find };

/// How strong the ways are in which TLS is spoken, weakest first.
const STRENGTH: [&str; 9] = [
    "none",
    "DISABLE",
    "PASSTHROUGH",
    "AUTO_PASSTHROUGH",
    "SIMPLE",
    "OPTIONAL_MUTUAL",
    "auto",
    "MUTUAL",
    "ISTIO_MUTUAL",
];

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tls::steps(comparison) {
        let (old, new) = (&step.old, &step.new);
        if old.mode == new.mode {
            continue;
        }
        let strength = |mode: &str| STRENGTH.iter().position(|known| *known == mode).unwrap_or_default();
        let is_weaker = strength(&new.mode) < strength(&old.mode);
        let is_plain = matches!(new.mode.as_str(), "none" | "DISABLE");
        let (risk, effect) = match (step.is_server, is_plain, is_weaker) {
            (true, true, _) => {
                (Risk::Critical, "clients send everything in plain text, and those that begin TLS are cut off")
            }
            (true, false, true) if old.mode == "MUTUAL" || old.mode == "ISTIO_MUTUAL" => {
                (Risk::Critical, "clients need not show a certificate any more")
            }
            (true, false, _) if new.mode == "AUTO_PASSTHROUGH" => {
                (Risk::High, "connections go to whichever service their name in TLS says, without a route")
            }
            (true, false, true) => (Risk::High, "the gateway looks into fewer connections, or into none"),
            (true, false, false) if new.mode == "MUTUAL" => (Risk::High, "clients without a certificate are cut off"),
            (true, false, false) => (Risk::High, "clients that speak otherwise are cut off"),
            (false, true, _) => (Risk::High, "calls travel in plain text; a service that wants TLS cuts them off"),
            (false, false, true) if (old.mode.as_str(), new.mode.as_str()) == ("ISTIO_MUTUAL", "auto") => {
                (Risk::Medium, "pods without a proxy are called in plain text instead of not at all; others as before")
            }
            (false, false, _) if new.mode == "auto" => (
                Risk::High,
                "what has no proxy of the mesh is called in plain text: where it wants TLS, calls to it fail",
            ),
            (false, false, true) => (Risk::High, "callers prove less, and a service that wants more cuts them off"),
            (false, false, false) if old.mode == "auto" => {
                (Risk::Medium, "callers speak TLS also to pods that may not")
            }
            (false, false, false) => {
                (Risk::Medium, "callers encrypt, or prove more; a service that does not speak it cuts them off")
            }
        };
        let finding = step
            .finding(&CLASS, risk, "mode", &format!("TLS {} -> {}", old.mode, new.mode))
            .effect(effect)
            .safe("let the other end take both first")
            .values(Some(old.mode.clone()), Some(new.mode.clone()));
        // That the one service that it is of takes no such calls is told already, and says more.
        let is_same = |known: &Finding| {
            known.class.name == "security.mtls_mismatch"
                && (&known.object, &known.pointer) == (&finding.object, &finding.pointer)
        };
        if step.of.contains('*') || !found.iter().any(is_same) {
            found.push(finding);
        }
    }
}
