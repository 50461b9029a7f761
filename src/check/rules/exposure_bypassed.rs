use crate::check::Subject;
use crate::check::gateways::exposed;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Door, Exposure, Gateway, GatewayId, Service};
use crate::value::{Method, ProtocolKind};
use std::collections::BTreeMap;

pub(super) static CODE: Code =
    code!("exposure-bypassed", Error, "a narrowed exposure inside a wider one that lets more in");

type Exposed<'m> = BTreeMap<(GatewayId, &'m Door), Vec<(&'m Service, &'m Exposure)>>;

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let exposed = exposed(subject.mesh);
    for ((id, door), exposures) in &exposed {
        for (service, exposure) in exposures.iter().filter(|(_, exposure)| is_narrowed(exposure)) {
            let gateway = subject.mesh.gateway(*id);
            // Of requests without trusted proxies, what others let in is asked again at the service.
            let alone = exposure.kind == ProtocolKind::Http && gateway.trusted_proxies.is_none();
            let own = service.exposures.iter().filter(|other| other.gateway == *id && holds(&other.door.value, door));
            let mut all = match alone {
                true => own.map(|other| (*service, other)).collect(),
                false => wider(&exposed, *id, door),
            }
            .into_iter();
            let judged = |(other, wide)| Some((wide, lets_in(gateway, (exposure, service), (wide, other))?));
            let worst = all.find_map(judged).map(|(wide, what)| (wide, fault(exposure, wide, what)));
            found.extend(worst.map(|(wide, fault)| advised(fault, (service, exposure), wide, gateway)));
        }
    }
}

/// Whether all that comes in by one door is behind another too.
fn holds(outer: &Door, inner: &Door) -> bool {
    match (outer, inner) {
        (Door::Host(outer), Door::Host(inner)) => outer.covers(inner),
        (Door::Listener(_), _) | (_, Door::Listener(_)) => outer == inner,
    }
}

fn is_narrowed(exposure: &Exposure) -> bool {
    !exposure.from.is_empty() || (!exposure.methods.is_empty() && !exposure.methods.contains(&Method::Any))
}

/// What is exposed on a door and on those that hold it.
fn wider<'m>(exposed: &Exposed<'m>, id: GatewayId, door: &Door) -> Vec<(&'m Service, &'m Exposure)> {
    let doors: Vec<Door> = match door {
        Door::Host(host) => host.and_wider().map(Door::Host).collect(),
        Door::Listener(number) => vec![Door::Listener(*number)],
    };
    doors.into_iter().flat_map(|door| exposed.get(&(id, &door)).cloned().unwrap_or_default()).collect()
}

/// What comes in by another exposure although this one keeps it out. Requests are asked again at the service, by its own
/// rule for the exposure: there only another exposure of the same port lets more in. Connections are asked at the gateway
/// alone, and so is the address of a client where trusted proxies stand before the gateway.
fn lets_in(
    gateway: &Gateway,
    (exposure, service): (&Exposure, &Service),
    (wide, other): (&Exposure, &Service),
) -> Option<&'static str> {
    if std::ptr::eq(exposure, wide) || exposure.kind != wide.kind {
        return None;
    }
    let holds = |path| wide.paths.iter().any(|wider| wider.value.covers(path));
    let meets = || exposure.paths.iter().any(|path| holds(&path.value));
    let is_one_port = std::ptr::eq(service, other) && exposure.port == wide.port;
    let is_connection = exposure.kind != ProtocolKind::Http;
    let at_gateway = is_connection || gateway.trusted_proxies.is_some();
    if (is_one_port || at_gateway) && lets_more_clients(exposure, wide) && meets() {
        return Some("clients");
    }
    (is_one_port && lets_more_methods(exposure, wide) && meets()).then_some("methods")
}

fn lets_more_clients(exposure: &Exposure, wide: &Exposure) -> bool {
    let is_known = |range| exposure.from.iter().any(|known| known.covers(range));
    !exposure.from.is_empty() && (wide.from.is_empty() || !wide.from.iter().all(is_known))
}

fn lets_more_methods(exposure: &Exposure, wide: &Exposure) -> bool {
    let is_any = |methods: &[Method]| methods.is_empty() || methods.contains(&Method::Any);
    let is_known = |method| exposure.methods.contains(method);
    !is_any(&exposure.methods) && (is_any(&wide.methods) || !wide.methods.iter().all(is_known))
}

fn fault(exposure: &Exposure, wide: &Exposure, what: &str) -> Diagnostic {
    let fault = Diagnostic::new(
        &CODE,
        format!("a wider exposure of `{}` lets in the {what} that this one keeps out", exposure.door.value),
    )
    .at_known(exposure.origin.span, format!("limits {what} in vain"))
    .note(
        "grants add up: the longer path decides where a request goes, and any exposure that holds the path lets it in",
    );
    match wide.origin.span {
        Some(span) => fault.related(span, "holds it, and lets more in"),
        None => fault,
    }
}

/// What to do about it; between two services only `trusted-proxies` stands in the way.
fn advised(fault: Diagnostic, narrow: (&Service, &Exposure), wide: &Exposure, gateway: &Gateway) -> Diagnostic {
    let (service, exposure) = narrow;
    let is_own = service.exposures.iter().any(|own| std::ptr::eq(own, wide));
    let Some(trusted) = gateway.trusted_proxies.as_ref().filter(|_| !is_own && exposure.kind == ProtocolKind::Http)
    else {
        return fault.help(
            "limit the wider one too, let it name paths that do not hold this one, or give this one a port of its own",
        );
    };
    let fault = match trusted.span() {
        Some(span) => fault.related(span, "so the gateway alone knows a client's address"),
        None => fault,
    };
    fault
        .note("without `trusted-proxies` the service asks for the address again; with it the service sees the last proxy's, and the gateway's policy is one for the whole host")
        .help("give this one a host of its own, limit the wider one too, or let it name paths that do not hold this one")
}
