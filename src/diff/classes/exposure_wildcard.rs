use super::Class;
use crate::diff::view::gateways;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "exposure.wildcard", find };

/// Whoever may bind a route to the Gateway may take any host of the pattern.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for open in gateways::opened_hosts(comparison).iter().filter(|open| open.host.contains('*')) {
        let like = if open.host == "*" { String::new() } else { format!(" like {}", open.host) };
        let what = format!("every host{like} is open to the outside, by the gateway {}", open.by);
        let mut finding = Finding::new(&CLASS, Risk::High, open.change, &open.pointer, what)
            .effect("a route for any such host is public the moment that somebody adds it")
            .safe("name the hosts, each with the namespace that may bind to it: shop/shop.example");
        finding.hosts.push(open.host.clone());
        found.push(finding);
    }
}
