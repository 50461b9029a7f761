use crate::check::Subject;
use crate::check::access::mode;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::ir::{Grant, MtlsMode, Port, Service};
use crate::source::Span;
use crate::value;
use std::collections::BTreeSet;

pub(super) static CODE: Code =
    code!("grant-needs-identity", Error, "a grant by identity where callers come without a certificate");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        // Where there is no proxy, the network alone holds who may call.
        if !service.data_plane.has_proxy() {
            continue;
        }
        if service.ports.iter().all(|port| mode(service, port) == MtlsMode::Strict) {
            continue;
        }
        let plain = open_without_identity(service);
        for grant in &service.grants {
            found.extend(judge(service, grant, &plain));
        }
        found.extend(exposures(service));
    }
}

/// The ports on which some grant lets callers in that have no identity.
fn open_without_identity(service: &Service) -> BTreeSet<value::Port> {
    let plain = service.grants.iter().filter(|grant| grant.callers.iter().any(|caller| !caller.peer.has_identity()));
    plain.flat_map(|grant| service.touched(&grant.conditions)).map(|port| port.number.value).collect()
}

fn judge(service: &Service, grant: &Grant, plain: &BTreeSet<value::Port>) -> Option<Diagnostic> {
    let caller = grant.callers.iter().find(|caller| caller.peer.has_identity())?;
    let touched: Vec<&Port> = service.touched(&grant.conditions).collect();
    let of = |wanted: MtlsMode| touched.iter().copied().filter(move |port| mode(service, port) == wanted);
    let is_served = |port: &&Port| plain.contains(&port.number.value);
    let holds_nowhere = touched.iter().all(|port| mode(service, port) == MtlsMode::Disabled);
    let useless = of(MtlsMode::Disabled).find(|port| holds_nowhere || !is_served(port));
    let fault = match useless {
        Some(port) => on_disabled(service, (port, caller.span), "a grant by identity on a port without mutual TLS")
            .help("let callers in by address, as in `allow \"cidr:10.0.0.0/8\"`, name the other ports in the grant, or let the port take mutual TLS"),
        None => {
            let has_reason = grant.waiver.as_ref().is_some_and(|waiver| waiver.gives_reason());
            // Who is only counted gets no 403.
            let is_meant = has_reason || service.is_audited();
            on_permissive(service, of(MtlsMode::Permissive).find(|port| !is_meant && !is_served(port))?, caller.span)
        }
    };
    Some(reaching(fault, grant.origin, service))
}

fn on_disabled(service: &Service, (port, at): (&Port, Span), title: &str) -> Diagnostic {
    let number = port.number.value;
    let fault = Diagnostic::new(&CODE, title).at(at, format!("never holds on port {number}")).note(
        "without mutual TLS no caller has a certificate, hence none an identity: a rule that names one matches nobody",
    );
    said(fault, service, port, "mutual TLS is off")
}

fn on_permissive(service: &Service, port: &Port, at: Span) -> Diagnostic {
    let fault = Diagnostic::new(&CODE, "a port takes callers without a certificate, and no grant lets them in")
        .at(at, "holds for callers with a certificate alone")
        .note("a connection in plain text has no identity: the port takes it, and then every rule that names an identity fails, so it gets 403")
        .help("make the port strict, let such callers in by address, or say with `reason=` why nobody needs to");
    Diagnostic { severity: Severity::Warning, ..said(fault, service, port, "connections in plain text are taken") }
}

fn said(fault: Diagnostic, service: &Service, port: &Port, fact: &str) -> Diagnostic {
    match service.port_mtls(port).mode.span() {
        Some(span) => fault.related(span, format!("{fact} on port {}", port.number.value)),
        None => fault,
    }
}

/// A gateway too is let in by its identity.
fn exposures(service: &Service) -> impl Iterator<Item = Diagnostic> {
    let title = "an exposed port without mutual TLS, where the gateway has no identity";
    service.exposures.iter().filter_map(move |exposure| {
        let port = service.port(exposure.port).filter(|port| mode(service, port) == MtlsMode::Disabled)?;
        let fault = on_disabled(service, (port, exposure.origin.span?), title);
        Some(fault.help("let the port take mutual TLS, or expose another one"))
    })
}
