use crate::check::Subject;
use crate::check::gateways::exposed;
use crate::check::outside::seen_in;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Door, Exposure, External, Gateway, Mesh, NamespaceId, Outgoing, Service};
use crate::source::{Decided, Span};
use crate::value::{HostPattern, ProtocolKind};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CODE: Code =
    code!("host-claimed-twice", Error, "one door of a gateway for two services, or one host outside declared twice");

/// What one service alone may have: a path of a host, or all that is handed on as one kind.
type Claim<'m> = (ProtocolKind, &'m str);

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let exposed = exposed(subject.mesh);
    for ((_, door), exposures) in &exposed {
        let mut first: BTreeMap<Claim<'_>, (&Service, &Exposure, Span)> = BTreeMap::new();
        for (service, exposure) in exposures {
            for path in &exposure.paths {
                let claim = (exposure.kind, path.value.text().as_str());
                let Some((other, earlier, span)) = first.get(&claim) else {
                    first.insert(claim, (service, exposure, path.span));
                    continue;
                };
                if !std::ptr::eq(*earlier, *exposure) {
                    let what = claimed(door, claim);
                    found.push(fault(&what, (service, path.span), (other, *span), exposure.kind));
                }
            }
        }
    }
    wildcards(subject, &exposed, found);
    externals(subject.mesh, found);
}

type Exposed<'m> = BTreeMap<(crate::ir::GatewayId, &'m Door), Vec<(&'m Service, &'m Exposure)>>;

/// Where a gateway ends TLS and hands bytes on, Istio takes the first VirtualService that has any host of the server: a
/// wildcard's may be that, by its age.
fn wildcards(subject: &Subject<'_>, exposed: &Exposed<'_>, found: &mut Diagnostics) {
    for ((id, door), exposures) in exposed {
        let Door::Host(host) = door else { continue };
        let gateway = subject.mesh.gateway(*id);
        for (service, exposure) in exposures.iter().filter(|(_, exposure)| exposure.kind == ProtocolKind::Tcp) {
            for wider in host.and_wider().filter(|wider| wider != host) {
                let key = Door::Host(wider);
                let others = exposed.get(&(*id, &key)).into_iter().flatten();
                for (other, wide) in others.filter(|(_, wide)| meet(gateway, exposure, wide)) {
                    let (Some(span), Some(first)) = (exposure.door.span(), wide.door.span()) else { continue };
                    found.push(fault(&format!("`{host}`"), (service, span), (other, first), ProtocolKind::Tcp));
                }
            }
        }
    }
}

fn meet(gateway: &Gateway, one: &Exposure, other: &Exposure) -> bool {
    let numbers = |exposure| gateway.through(exposure).map(|listener| listener.number.value);
    one.kind == other.kind && numbers(one).any(|number| numbers(other).any(|found| found == number))
}

fn claimed(door: &Door, (kind, path): Claim<'_>) -> String {
    match kind {
        ProtocolKind::Http => format!("`{path}` of `{door}`"),
        ProtocolKind::Tls | ProtocolKind::Tcp => format!("`{door}`"),
    }
}

fn fault(
    what: &str,
    (service, span): (&Service, Span),
    (other, first): (&Service, Span),
    kind: ProtocolKind,
) -> Diagnostic {
    let (why, help) = match kind {
        ProtocolKind::Http => (
            "the rules of a host are one list, and the first that matches wins: the other would never be reached",
            "let one of them have another path; one path may lie inside another, then the longer wins",
        ),
        ProtocolKind::Tls => (
            "TLS that is handed on shows the server's name and nothing else: one name leads to one service",
            "let one of them have another host",
        ),
        ProtocolKind::Tcp => (
            "of the rules for connections of one server Istio takes the first: the other would never be reached",
            "give one of them a listener of its own",
        ),
    };
    Diagnostic::new(&CODE, format!("{what} is exposed twice"))
        .at(span, format!("by `{}`", service.name))
        .related(first, format!("by `{}` too", other.name))
        .note(why)
        .help(help)
}

/// An external with the namespaces whose proxies know it; none: all.
type Known<'m> = (&'m External, Option<BTreeSet<NamespaceId>>);

/// Two externals of one host and port that proxies of one namespace would know, or one gateway: the first that Istio
/// finds would take the calls of both.
fn externals(mesh: &Mesh, found: &mut Diagnostics) {
    let outgoing = Outgoing::of(mesh);
    let mut by_host: BTreeMap<&HostPattern, Vec<Known<'_>>> = BTreeMap::new();
    for (id, external) in mesh.externals() {
        let seen = seen_in(mesh, &outgoing, id);
        for host in &external.hosts {
            let earlier = by_host.entry(&host.value).or_default();
            let twin = earlier.iter().find(|(other, others)| {
                clash(external, other)
                    && (other.namespace == external.namespace
                        || meet_somewhere(seen.as_ref(), others.as_ref())
                        || share_gateway(external, other))
            });
            found.extend(twin.map(|(other, _)| of_two(host, (external, other))));
            earlier.push((external, seen.clone()));
        }
    }
}

/// Whether the proxies of some namespace know both; of none it is not said which.
fn meet_somewhere(one: Option<&BTreeSet<NamespaceId>>, other: Option<&BTreeSet<NamespaceId>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => !one.is_disjoint(other),
        (Some(known), None) | (None, Some(known)) => !known.is_empty(),
        (None, None) => true,
    }
}

fn clash(one: &External, other: &External) -> bool {
    one.ports.iter().any(|port| other.port(port.number.value).is_some()) || share_gateway(one, other)
}

fn share_gateway(one: &External, other: &External) -> bool {
    let via = |external: &External| external.via.as_ref().map(|via| via.value);
    via(one).is_some() && via(one) == via(other)
}

fn of_two(host: &Decided<HostPattern>, (external, other): (&External, &External)) -> Diagnostic {
    let first = other.hosts.iter().find(|found| found.value == host.value).and_then(Decided::span);
    let fault = Diagnostic::new(&CODE, format!("`{}` is declared twice for the same callers", host.value))
        .at_known(host.span(), format!("by `{}`", external.name))
        .note("proxies that know two ServiceEntries of one host and port take one of them, whichever Istio finds first, and what the other says is lost")
        .help("declare it once, without `namespace=` if it is the whole mesh's");
    match first {
        Some(span) => fault.related(span, format!("by `{}` too", other.name)),
        None => fault,
    }
}
