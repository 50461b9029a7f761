use crate::check::Subject;
use crate::check::gateways::exposed;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Door, Exposure, Gateway, Service};
use crate::source::Span;
use crate::value::ProtocolKind;
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("host-claimed-twice", Error, "one door of a gateway for two services");

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
