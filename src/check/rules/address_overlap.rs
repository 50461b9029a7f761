use crate::check::Subject;
use crate::check::outside::seen_in;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::ir::{External, ExternalId, Mesh, NamespaceId, Outgoing, OutsidePort};
use crate::source::Decided;
use crate::value::{Cidr, Port, ProtocolKind};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CODE: Code =
    code!("address-overlap", Error, "addresses of one external that take the connections of another");

/// One port of an external, and the namespaces whose proxies know it; none: all.
struct Known<'m> {
    id: ExternalId,
    external: &'m External,
    port: &'m OutsidePort,
    seen: Option<BTreeSet<NamespaceId>>,
}

/// Connections without a name are told by the address that is dialled, and before any name is looked at.
pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let takes = |external: &External| !external.addresses.is_empty() && external.ports.iter().any(is_plain);
    if !mesh.externals.iter().any(takes) {
        return;
    }
    for known in by_port(mesh).values() {
        for taker in known.iter().filter(|known| is_plain(known.port)) {
            for address in &taker.external.addresses {
                let others = known.iter().filter(|other| other.id != taker.id && meet(taker, other));
                found.extend(others.filter_map(|other| judge(address, taker, other)));
            }
        }
    }
}

fn is_plain(port: &OutsidePort) -> bool {
    port.kind() == ProtocolKind::Tcp
}

fn by_port(mesh: &Mesh) -> BTreeMap<Port, Vec<Known<'_>>> {
    let outgoing = Outgoing::of(mesh);
    let mut all: BTreeMap<Port, Vec<Known<'_>>> = BTreeMap::new();
    for (id, external) in mesh.externals().filter(|(_, external)| external.via.is_none()) {
        for port in &external.ports {
            let seen = seen_in(mesh, &outgoing, id);
            all.entry(port.number.value).or_default().push(Known { id, external, port, seen });
        }
    }
    all
}

fn meet(one: &Known<'_>, other: &Known<'_>) -> bool {
    match (&one.seen, &other.seen) {
        (Some(one), Some(other)) => !one.is_disjoint(other),
        (Some(_) | None, None) | (None, Some(_)) => true,
    }
}

fn judge(address: &Decided<Cidr>, taker: &Known<'_>, other: &Known<'_>) -> Option<Diagnostic> {
    let number = taker.port.number.value;
    let same = other.external.addresses.iter().find(|found| found.value == address.value);
    if let Some(same) = same.filter(|_| is_plain(other.port) && taker.id < other.id) {
        let title =
            format!("`{}` and `{}` have one address on port {number}", taker.external.name, other.external.name);
        let fault = Diagnostic::new(&CODE, title)
            .at_known(same.span(), "the address of both")
            .note("a connection without requests is told by the address and the port that are dialled: Istio keeps the first of two that are the same")
            .help("declare it once, or give each its own address");
        return Some(match address.span() {
            Some(span) => fault.related(span, format!("of `{}` already", taker.external.name)),
            None => fault,
        });
    }
    let is_named = !is_plain(other.port) && other.external.addresses.is_empty();
    if address.value.is_single() || !is_named {
        return None;
    }
    let title =
        format!("`{}` may take the connections of `{}` on port {number}", taker.external.name, other.external.name);
    let fault = Diagnostic::new(&CODE, title)
        .at_known(address.span(), "whatever is dialled in this range goes this way, by whatever name")
        .note("a proxy looks at the address that is dialled before it looks at names: where a name is found in the range, its connection is taken for one without a name")
        .help("name the addresses that are meant one by one, or give the other external its own `address`");
    let fault = match other.port.number.span() {
        Some(span) => fault.related(span, format!("`{}` is known by its name alone", other.external.name)),
        None => fault,
    };
    Some(Diagnostic { severity: Severity::Warning, ..fault })
}
