use super::Class;
use crate::diff::view::{names, routing, words};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.route_added", find };

/// A rule that takes what nobody took is no danger; one that takes what another rule took is.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    of_idle(comparison, found);
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
                .effect(words::now_and_before(rule, old))
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
        // What takes another's place is told with that.
        let is_told = |own: Option<(&str, &str)>, name: &str| own.is_some_and(|(_, new)| new == name);
        let [before, after] = &table.hosts;
        let is_new = |host: &&String| !before.is_empty() && !before.iter().any(|wide| names::covers(wide, host));
        for host in after.iter().filter(|host| is_new(host) && !is_told(table.other_host(), host)) {
            let what = format!("the routes hold for {} too", names::short(host));
            let finding = Finding::new(&CLASS, Risk::Medium, change, routing::places(change.id)[0], what);
            found.push(finding.effect(format!("requests to {} follow these routes from now on", names::short(host))));
        }
        let [before, after] = &table.gateways;
        for gateway in after.iter().filter(|gateway| !before.is_empty() && !before.contains(gateway)) {
            let by = words::by_gateway(gateway);
            let is_refused = gateway == "mesh" && table.hosts[1].iter().any(|host| host == "*");
            if !is_refused && is_told(table.other_gateway(), gateway) {
                continue;
            }
            let (risk, effect) = if is_refused {
                (Risk::High, "Istio refuses the object: routes for every host are for gateways alone".to_owned())
            } else {
                (Risk::Medium, format!("requests {by} follow these routes from now on"))
            };
            let what = format!("the routes hold {by} too");
            found.push(Finding::new(&CLASS, risk, change, routing::places(change.id)[1], what).effect(effect));
        }
    }
}

/// Routes that come for a host that has some.
fn of_idle(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, table) in comparison.idle_routing() {
        let Some(rival) = table.rival else { continue };
        let hosts: Vec<&str> = table.hosts[1].iter().map(|host| names::short(host)).collect();
        let what = format!("{rival} has routes for {} already", hosts.join(", "));
        found.push(
            Finding::new(&CLASS, Risk::High, change, "/spec/hosts", what)
                .effect("of several for one host, proxies take the one that was made first: these hold for nobody")
                .safe("write them into the first one"),
        );
    }
}
