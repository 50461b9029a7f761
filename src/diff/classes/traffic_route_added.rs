use super::Class;
use crate::diff::view::{names, words};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.route_added", find };

/// A rule that takes what nobody took is no danger; one that takes what another rule took is.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, table) in comparison.routing() {
        for (index, rule) in table.lone().1.filter(|(_, rule)| rule.implied.is_none()) {
            let moves = || table.moves.iter().filter(|step| step.to == Some(index));
            let Some(first) = moves().next() else { continue };
            let shadowed = moves().find_map(|step| Some((step, table.before.get(step.from?)?)));
            let lead = words::lead(rule);
            let finding = match shadowed {
                Some((step, old)) => Finding::new(
                    &CLASS,
                    Risk::High,
                    change,
                    &rule.pointer,
                    format!("{} is new, and takes requests of {}: {}", rule.told(), old.told(), step.witness),
                )
                .effect(format!("those requests {lead}; before, they {}", words::lead(old)))
                .safe("begin with a narrower match, such as a header that only you send"),
                None => Finding::new(
                    &CLASS,
                    Risk::Low,
                    change,
                    &rule.pointer,
                    format!("{} is new: {}", rule.told(), first.witness),
                )
                .effect(format!("requests that no route took {lead}")),
            };
            found.push(finding.exact(table.is_exact));
        }
        let [before, after] = &table.hosts;
        for host in after.iter().filter(|host| !before.is_empty() && !before.contains(host)) {
            let what = format!("the routes hold for {} too", names::short(host));
            let finding = Finding::new(&CLASS, Risk::Medium, change, "/spec/hosts", what);
            found.push(finding.effect(format!("requests to {} follow these routes from now on", names::short(host))));
        }
        let [before, after] = &table.gateways;
        for gateway in after.iter().filter(|gateway| !before.is_empty() && !before.contains(gateway)) {
            let by = words::by_gateway(gateway);
            let finding =
                Finding::new(&CLASS, Risk::Medium, change, "/spec/gateways", format!("the routes hold {by} too"));
            found.push(finding.effect(format!("requests {by} follow these routes from now on")));
        }
    }
}
