use super::Class;
use crate::diff::view::{entries, scope};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "egress.host_added", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for pair in entries::pairs(comparison) {
        let (old, new) = (entries::hosts(pair.before), entries::hosts(pair.after));
        for host in new.difference(&old).filter(|host| !entries::is_known(comparison.before, host)) {
            let is_wide = host.contains('*');
            let effect = if is_wide {
                "any such name may be called, and with it whoever can have one"
            } else {
                "pods may call it, and what leaves for it is counted and routed by this name"
            };
            found.push(
                Finding::new(
                    &CLASS,
                    if is_wide { Risk::High } else { Risk::Medium },
                    pair.change,
                    "/spec/hosts",
                    format!("{host} is known to the mesh"),
                )
                .effect(effect)
                .safe("export it to the namespaces that need it: exportTo"),
            );
        }
        let added = entries::lone_ports(pair.after, pair.before);
        // One that takes the place of another is told of that one.
        if !added.is_empty() && pair.before.is_some() && entries::lone_ports(pair.before, pair.after).is_empty() {
            let hosts: Vec<String> = entries::hosts(pair.after).into_iter().collect();
            found.push(
                Finding::new(
                    &CLASS,
                    Risk::Medium,
                    pair.change,
                    "/spec/ports",
                    format!("port {} of {} is known to the mesh", added.join(", "), hosts.join(", ")),
                )
                .effect("calls to it are handled by that protocol from now on"),
            );
        }
    }
    for step in scope::steps(comparison) {
        if let Some(first) = step.more.first() {
            let more = if step.more.len() > 1 { format!(" and {} more", step.more.len() - 1) } else { String::new() };
            found.push(
                Finding::new(
                    &CLASS,
                    Risk::Medium,
                    step.change,
                    "/spec/egress",
                    if first == "*/*" {
                        format!("{} know the whole mesh", step.of)
                    } else {
                        format!("{} know {first}{more}", step.of)
                    },
                )
                .effect("their proxies may call it by its name")
                .safe("name the hosts that they really call"),
            );
        }
    }
}
