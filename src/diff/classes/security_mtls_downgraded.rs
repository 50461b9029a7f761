use super::Class;
use crate::diff::view::mtls::{self, Mode};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.mtls_downgraded", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in mtls::steps(comparison).into_iter().filter(|step| step.new < step.old) {
        let (old, new) = (step.old.name(), step.new.name());
        let (risk, effect) = match step.new {
            Mode::Disable => (
                Risk::Critical,
                "calls arrive in plain text, and nobody can prove who calls: rules about callers do not hold",
            ),
            Mode::Permissive | Mode::Strict => {
                (Risk::High, "callers without a certificate get in: a DENY about callers does not hold for them")
            }
        };
        found.push(
            Finding::new(&CLASS, risk, step.change, &step.pointer, format!("mutual TLS {old} -> {new}"))
                .of(step.scope.told())
                .effect(effect)
                .safe("keep STRICT, and except single ports of single workloads")
                .values(Some(old.to_owned()), Some(new.to_owned())),
        );
    }
}
