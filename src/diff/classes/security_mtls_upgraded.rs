use super::Class;
use crate::diff::view::{mtls, plaintext};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.mtls_upgraded", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in mtls::steps(comparison).into_iter().filter(|step| step.new > step.old) {
        let (old, new) = (step.old.name(), step.new.name());
        let known = plaintext::namespaces(comparison.after);
        let is_strict = step.new == mtls::Mode::Strict;
        let (risk, effect) = match known.first() {
            Some(first) if is_strict => (
                Risk::High,
                format!("calls without a proxy are cut off, such as those from namespace {first}, which has none"),
            ),
            _ if is_strict => (Risk::Medium, "callers without a proxy are cut off".to_owned()),
            _ => (Risk::Medium, "callers may prove who they are".to_owned()),
        };
        found.push(
            Finding::new(
                &CLASS,
                risk,
                step.change,
                &step.pointer,
                format!("mutual TLS {old} -> {new}"),
            )
            .of(step.scope.told())
            .effect(effect)
            .safe(
                "PERMISSIVE first, until no plain call is seen (istio_requests_total, connection_security_policy=none)",
            )
            .values(Some(old.to_owned()), Some(new.to_owned())),
        );
    }
}
