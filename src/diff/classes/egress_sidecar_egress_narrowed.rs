use super::Class;
use crate::diff::view::{entries, scope};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "egress.sidecar_egress_narrowed", find };

/// What a proxy does not know meets 502 or a reset where only what is known may be called; else it leaves as it is, past
/// every route and without mutual TLS.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in scope::steps(comparison) {
        if let Some(first) = step.less.first() {
            let more = if step.less.len() > 1 { format!(" and {} more", step.less.len() - 1) } else { String::new() };
            let what = if first == "*/*" {
                format!("{} do not know the whole mesh any more", step.of)
            } else {
                format!("{} do not know {first}{more} any more", step.of)
            };
            let effect = if step.is_open {
                "calls to it leave as they are: no routes, no mutual TLS"
            } else {
                "calls to it fail with 502"
            };
            found.push(
                Finding::new(&CLASS, Risk::High, step.change, "/spec/egress", what)
                    .effect(effect)
                    .safe("see in the metrics of the callers that nobody calls it any more"),
            );
        }
        if step.was_open && !step.is_open {
            let what = format!("{} may call only what a service or ServiceEntry names", step.of);
            found.push(
                Finding::new(&CLASS, Risk::High, step.change, "/spec/outboundTrafficPolicy", what)
                    .effect("every other call fails with 502")
                    .safe("add a ServiceEntry for each host that is really called first"),
            );
        }
    }
    of_entries(comparison, found);
    of_mesh(comparison, found);
}

fn of_entries(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for pair in entries::pairs(comparison) {
        let (old, new) = (entries::hosts(pair.before), entries::hosts(pair.after));
        for host in old.difference(&new).filter(|host| !entries::is_known(comparison.after, host)) {
            found.push(
                Finding::new(&CLASS, Risk::High, pair.change, "/spec/hosts", format!("{host} is not known to the mesh any more"))
                    .effect("where only what is known may be called, calls to it fail with 502; else they leave past all routes")
                    .safe("see in the metrics that nobody calls it any more"),
            );
        }
        let gone = entries::lone_ports(pair.before, pair.after);
        if !gone.is_empty() && pair.after.is_some() {
            let hosts: Vec<String> = entries::hosts(pair.after).into_iter().collect();
            let added = entries::lone_ports(pair.after, pair.before);
            let instead = if added.is_empty() { String::new() } else { format!("; port {} is", added.join(", ")) };
            let (gone, hosts) = (gone.join(", "), hosts.join(", "));
            found.push(
                Finding::new(
                    &CLASS,
                    Risk::High,
                    pair.change,
                    "/spec/ports",
                    format!("port {gone} of {hosts} is not known to the mesh any more{instead}"),
                )
                .effect("calls to it fail, or leave past all routes"),
            );
        }
    }
}

fn of_mesh(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    if !scope::is_mesh_closed(comparison.before) && scope::is_mesh_closed(comparison.after) {
        let kinds = ["IstioOperator", "Istio", "ConfigMap"];
        if let Some(change) = comparison.changes.iter().find(|change| kinds.contains(&change.id.kind.as_str())) {
            found.push(
                Finding::new(
                    &CLASS,
                    Risk::High,
                    change,
                    "/spec/meshConfig/outboundTrafficPolicy",
                    "the whole mesh may call only what a service or ServiceEntry names",
                )
                .effect("every other call fails with 502")
                .safe("add a ServiceEntry for each host that is really called first"),
            );
        }
    }
}
