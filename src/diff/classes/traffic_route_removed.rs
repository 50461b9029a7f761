use super::Class;
use crate::diff::view::routing::{self, Rule, Tables};
use crate::diff::view::{gateways, names, words};
use crate::diff::{Change, Comparison, Finding, Pointer, Which};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.route_removed", find };

/// A request that no rule takes is answered with 404.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, table) in comparison.routing() {
        if table.after.is_empty() {
            found.push(all(change, table));
            continue;
        }
        for (index, rule) in table.lone().0 {
            found.extend(gone(change, table, index, rule));
        }
        let [before, after] = &table.hosts;
        for host in
            before.iter().filter(|host| !after.is_empty() && !after.iter().any(|wide| names::covers(wide, host)))
        {
            let name = if host == "*" { "other hosts" } else { names::short(host) };
            let what = match table.other_host() {
                Some((_, new)) => format!("the routes hold for {} instead of {name}", names::short(new)),
                None => format!("the routes do not hold for {name} any more"),
            };
            let is_of_mesh = |gateway: &String| gateway == "mesh";
            let gateways = &table.gateways[0];
            let effect = match (gateways.iter().any(is_of_mesh), gateways.iter().all(is_of_mesh)) {
                (true, true) => format!("requests to {name} go to that service as it is"),
                (true, false) => format!(
                    "requests to {name} inside the mesh go to that service as it is, those by a gateway meet 404"
                ),
                (false, _) => format!("requests to {name} meet 404"),
            };
            found.push(
                Finding::new(&CLASS, Risk::High, change, routing::places(change.id)[0], what).effect(effect).safe(SAFE),
            );
        }
        let [before, after] = &table.gateways;
        for gateway in before.iter().filter(|gateway| !after.is_empty() && !after.contains(gateway)) {
            let by = words::by_gateway(gateway);
            let what = match table.other_gateway() {
                Some((_, new)) => format!("the routes hold {} instead of {by}", words::by_gateway(new)),
                None => format!("the routes do not hold {by} any more"),
            };
            let effect = if gateway == "mesh" {
                "callers inside the mesh reach the service as it is"
            } else {
                "requests by that gateway meet 404"
            };
            found.push(
                Finding::new(&CLASS, Risk::High, change, routing::places(change.id)[1], what).effect(effect).safe(SAFE),
            );
        }
    }
    for change in gateways::changes(comparison) {
        let Some(gateway) = change.before.or(change.after) else { continue };
        for (pointer, what) in gateways::closed(change) {
            let what = format!("{what} is not open any more, at the gateway {}", gateways::name(gateway));
            let effect = "requests to it are refused: no listener, no certificate, or 404";
            found.push(Finding::new(&CLASS, Risk::High, change, pointer, what).effect(effect).safe(SAFE));
        }
    }
}

const SAFE: &str = "see in the access logs that nobody asks for it any more, then remove it";

fn all(change: &Change<'_>, table: &Tables<'_>) -> Finding {
    let hosts: Vec<&str> = table.hosts[0].iter().map(|host| names::short(host)).collect();
    let what = format!("no route is left for {}", hosts.join(", "));
    let list = table.before.first().map_or("http", |rule| rule.list);
    Finding::new(&CLASS, Risk::High, change, "", what)
        .effect(format!("their requests {}", words::untaken(list)))
        .safe(SAFE)
        .of_all(Which::Before, change, table.before.iter().map(|rule| &rule.pointer))
}

fn gone(change: &Change<'_>, table: &Tables<'_>, index: usize, rule: &Rule<'_>) -> Option<Finding> {
    let mut moves: Vec<_> = table.moves.iter().filter(|step| step.from == Some(index)).collect();
    moves.sort_by_key(|step| step.to.is_some());
    let first = moves.first()?;
    let what = match &rule.implied {
        Some(to) => {
            format!("requests to {} that no route names are not answered any more: {}", to.told(), first.witness)
        }
        None => format!("{} is gone: {}", rule.told(), first.witness),
    };
    let now = match first.to.and_then(|to| table.after.get(to)) {
        Some(new) => format!("those requests {} now, by {}", words::lead(new), new.told()),
        None if first.is_past[1] => "those requests go to the service as it is now, past all routes".to_owned(),
        None => format!("those requests {} now", words::untaken(rule.list)),
    };
    let pointer = Pointer::on(Which::Before, &rule.pointer);
    let finding = Finding::new(&CLASS, Risk::High, change, pointer, what).effect(now).safe(SAFE);
    Some(finding.exact(table.is_exact))
}
