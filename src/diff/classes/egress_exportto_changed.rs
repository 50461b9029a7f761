use super::Class;
use crate::diff::view::{At, names};
use crate::diff::{Comparison, Finding, Object};
use crate::value::Risk;
use std::collections::BTreeSet;

pub(super) static CLASS: Class = Class { name: "egress.exportTo_changed", find };

/// Where nothing is said, every namespace sees it.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in &comparison.changes {
        let (Some(old), Some(new)) = (change.before, change.after) else { continue };
        let (before, after) = (seen_by(old), seen_by(new));
        if before == after {
            continue;
        }
        let less: Vec<&String> = before.difference(&after).collect();
        let is_less = before.contains("*") || (!after.contains("*") && !less.is_empty());
        let effect = match (change.id.kind.as_str(), is_less) {
            ("VirtualService", true) => {
                "callers of other namespaces lose its routes without a word, and gateways answer 404"
            }
            ("DestinationRule", true) => "callers of other namespaces lose its subsets: routes to them answer 503",
            ("Service", true) => "the service vanishes for other namespaces: their calls fail, or leave past the mesh",
            (_, true) => "it vanishes for other namespaces: their calls fail, or leave past the mesh",
            (_, false) => "callers of more namespaces follow it",
        };
        let all = |of: &BTreeSet<String>| of.iter().cloned().collect::<Vec<_>>().join(", ");
        let more: BTreeSet<String> = after.difference(&before).cloned().collect();
        let less: BTreeSet<String> = less.into_iter().cloned().collect();
        let is_every = before.contains("*") || after.contains("*");
        let what = match (is_every, less.is_empty(), more.is_empty()) {
            (false, false, true) => format!("not seen by {} any more", all(&less)),
            (false, true, false) => format!("seen by {} too", all(&more)),
            _ => format!("seen by {} instead of {}", namespaces(&after), namespaces(&before)),
        };
        let (before, after) = (all(&before), all(&after));
        let pointer = if change.id.kind == "Service" {
            "/metadata/annotations/networking.istio.io~1exportTo"
        } else {
            "/spec/exportTo"
        };
        found.push(
            Finding::new(&CLASS, if is_less { Risk::High } else { Risk::Medium }, change, pointer, what)
                .effect(effect)
                .safe("see first which namespaces call it")
                .values(Some(before), Some(after)),
        );
    }
}

/// Namespaces as people say them.
fn namespaces(all: &BTreeSet<String>) -> String {
    let all: Vec<&str> = all.iter().map(|name| if name == "*" { "every namespace" } else { name }).collect();
    all.join(", ")
}

/// The namespaces that see an object.
fn seen_by(object: &Object) -> BTreeSet<String> {
    let own = names::namespace(object);
    let said: Vec<&str> = match object.id.kind.as_str() {
        "VirtualService" | "DestinationRule" | "ServiceEntry" => At::spec(object).key("exportTo").texts(),
        "Service" => {
            let text = At::of(object.body.path("metadata.annotations")).key("networking.istio.io/exportTo").text();
            text.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty()).collect()
        }
        _ => return BTreeSet::new(),
    };
    let said = if said.is_empty() { vec!["*"] } else { said };
    let all: BTreeSet<String> =
        said.into_iter().map(|name| if name == "." { own.to_owned() } else { name.to_owned() }).collect();
    if all.contains("*") { BTreeSet::from(["*".to_owned()]) } else { all }
}
