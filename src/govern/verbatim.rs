use super::{Ground, hosts, namespaces};
use crate::diagnostic::Diagnostics;
use crate::ir::{CarriedBy, Mesh};
use crate::source::Span;
use crate::value::HostPattern;
use crate::verbatim::Node;

/// The hosts that are said in the words of a kind: by objects that pages write out, and by what they merge into others.
pub(super) fn check(ground: &Ground<'_>, mesh: &Mesh, found: &mut Diagnostics) {
    let carried = mesh.carried.iter().filter(|object| object.by == CarriedBy::Hand);
    for object in carried {
        let home = object.namespace.map_or(mesh.root_namespace.value.text(), |id| mesh.namespace_name(id));
        judge(ground, mesh, (object.kind.name, home, &object.body), found);
    }
    for patch in &mesh.patches {
        judge(ground, mesh, (patch.kind.name, "", &patch.body), found);
    }
}

fn judge(ground: &Ground<'_>, mesh: &Mesh, (kind, home, body): (&str, &str, &Node), found: &mut Diagnostics) {
    for Said { text, at, is_outside } in hosts(kind, body) {
        // Whoever rules a service of the cluster stands in for its namespace.
        if let Some(namespace) = namespace_of(mesh, (text, is_outside), home) {
            if !namespace.is_empty() {
                namespaces::judge(ground, namespace, at, found);
            }
            continue;
        }
        let pattern = if text == "*" { Ok(HostPattern::Any) } else { HostPattern::parse(text) };
        if let Ok(pattern) = pattern {
            hosts::judge(ground, (&pattern, at), is_outside, found);
        }
    }
}

/// A host that an object says.
struct Said<'n> {
    text: &'n str,
    at: Span,
    /// Whether it is one that is called, not served: most of those are nobody's.
    is_outside: bool,
}

fn hosts<'n>(kind: &str, body: &'n Node) -> Vec<Said<'n>> {
    let Some(spec) = body.get("spec") else { return Vec::new() };
    let own = spec.items("hosts").iter().filter_map(Node::text_at);
    let said = |is_outside: bool| move |(text, at)| Said { text, at, is_outside };
    match kind {
        "Gateway" => {
            let named = spec.items("servers").iter().flat_map(|server| server.items("hosts")).filter_map(Node::text_at);
            // `NAMESPACE/HOST` says besides whose routes count.
            named.map(|(text, at)| (text.rsplit('/').next().unwrap_or(text), at)).map(said(false)).collect()
        }
        "VirtualService" => {
            let is_served = spec.items("gateways").iter().filter_map(Node::text).any(|gateway| gateway != "mesh");
            own.map(said(!is_served)).collect()
        }
        "ServiceEntry" => own.map(said(true)).collect(),
        "DestinationRule" => spec.get("host").and_then(Node::text_at).map(said(true)).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The namespace of the service that a name is of, if it is one of the cluster's; empty: that of the object itself; `*`:
/// that of any.
fn namespace_of<'t>(mesh: &Mesh, (host, is_outside): (&'t str, bool), home: &'t str) -> Option<&'t str> {
    let domain = mesh.cluster_domain.value.text().as_str();
    let is_wide = host == "*" || host.strip_prefix("*.").is_some_and(|rest| is_at_or_below(domain, rest));
    if is_wide {
        return is_outside.then_some("*");
    }
    if !host.contains('.') {
        return Some(home);
    }
    let name = host.strip_suffix(domain)?.strip_suffix(".svc.")?;
    Some(name.rsplit('.').next().unwrap_or(name))
}

fn is_at_or_below(name: &str, parent: &str) -> bool {
    name.strip_suffix(parent).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
