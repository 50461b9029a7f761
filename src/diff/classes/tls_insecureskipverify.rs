use super::Class;
use crate::diff::view::tls;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "tls.insecureSkipVerify", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tls::steps(comparison) {
        let (old, new) = (&step.old, &step.new);
        if old.is_blind == new.is_blind {
            continue;
        }
        let (risk, what, effect) = if new.is_blind {
            (
                Risk::Critical,
                "certificates are not verified any more",
                "whoever stands in between may read and change everything",
            )
        } else {
            (Risk::Medium, "certificates are verified", "an end whose certificate does not verify is cut off")
        };
        found.push(
            step.finding(&CLASS, risk, "insecureSkipVerify", what)
                .effect(effect)
                .safe("name the authority of the other end instead: caCertificates"),
        );
    }
}
