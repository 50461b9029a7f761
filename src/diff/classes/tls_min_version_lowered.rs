use super::Class;
use crate::diff::view::tls;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "tls.min_version_lowered", find };

/// Istio takes 1.2 as the oldest where nothing is said.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tls::steps(comparison) {
        let (old, new) = (&step.old, &step.new);
        if new.oldest >= old.oldest || old.mode == "none" || new.mode == "none" {
            continue;
        }
        let (before, after) = (tls::told(old.oldest), tls::told(new.oldest));
        found.push(
            step.finding(&CLASS, Risk::High, "minProtocolVersion", &format!("oldest TLS {before} -> {after}"))
                .effect(if new.oldest < 12 {
                    "versions of TLS that are known to be broken are taken"
                } else {
                    "an older version of TLS is taken"
                })
                .safe("see in the access logs who needs it, and give those a host of their own")
                .values(Some(before), Some(after)),
        );
    }
}
