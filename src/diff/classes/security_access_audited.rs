use super::Class;
use crate::diff::view::{grants, names};
use crate::diff::{Comparison, Finding, Operation};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.access_audited", find };

/// A policy with `istio.io/dry-run: "true"` refuses nobody: proxies count what it would have refused.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, is_audited) in grants::audited(comparison) {
        let Some(policy) = change.after else { continue };
        let namespace = names::namespace(policy);
        // The closed default of a namespace would refuse what the policy only counts.
        let takes_default = comparison.of_kind("security.istio.io", "AuthorizationPolicy").any(|other| {
            let gone = other.before.filter(|_| other.operation() == Operation::Delete);
            gone.is_some_and(|gone| names::namespace(gone) == namespace && grants::is_closed_default(gone))
        });
        let pods = grants::told(policy);
        let (risk, what, effect) = if is_audited {
            let more = if takes_default { "; pods of the namespace that no rule names are open too" } else { "" };
            (
                Risk::Critical,
                format!("what the rules for {pods} would refuse is only counted"),
                format!("whoever calls is let in{more}"),
            )
        } else {
            (
                Risk::High,
                format!("what the rules for {pods} refuse is refused, which was only counted"),
                "whom no rule lets in is refused with 403, from one moment to the next".to_owned(),
            )
        };
        let safe = if is_audited {
            "only where something else keeps strangers out, and for as long as you look"
        } else {
            "see first that the proxies count none of the calls that you know (envoy_http_rbac_shadow_denied)"
        };
        found.push(
            Finding::new(&CLASS, risk, change, "/metadata/annotations/istio.io~1dry-run", what)
                .effect(effect)
                .safe(safe),
        );
    }
}
