use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{External, Resolution, Route, Target};
use crate::source::Span;

pub(super) static CODE: Code = code!("external-not-routable", Error, "an external to which no route can lead");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for service in &mesh.services {
        for (route, target, id) in service.routed_outside() {
            let external = mesh.external(id);
            let fault = host(external).or_else(|| address(external)).or_else(|| gateway(external, route, target));
            let Some(Fault { title, fact, why, help }) = fault else { continue };
            let fault = Diagnostic::new(&CODE, title)
                .at_known(target.origin.span, "requests would be sent to it")
                .note(why)
                .help(help);
            found.push(match fact {
                (Some(span), fact) => fault.related(span, fact),
                (None, _) => fault,
            });
        }
    }
}

/// Why no route can lead there.
struct Fault {
    title: String,
    fact: (Option<Span>, &'static str),
    why: &'static str,
    help: &'static str,
}

/// A route sends requests to one host.
fn host(external: &External) -> Option<Fault> {
    let name = &external.name;
    let help = "declare the host that is meant as an external of its own, and name that";
    if let Some(pattern) = external.wildcard() {
        return Some(Fault {
            title: format!("`{name}` is all hosts of a pattern, and a route leads to one"),
            fact: (pattern.span(), "a pattern"),
            why: "Istio sends what a route leads elsewhere to one host, which its proxies must be able to look up",
            help,
        });
    }
    let second = external.hosts.get(1)?;
    Some(Fault {
        title: format!("`{name}` has several hosts, and a route leads to one"),
        fact: (second.span(), "one host more"),
        why: "Istio sends what a route leads elsewhere to one host, and which of these is meant is not said",
        help,
    })
}

/// What was dialled is the service whose route it is.
fn address(external: &External) -> Option<Fault> {
    match external.resolution.value {
        Resolution::Static | Resolution::Dns | Resolution::DnsRoundRobin => None,
        Resolution::None | Resolution::DynamicDns => Some(Fault {
            title: format!(
                "`{}` is reached at the address that the caller dials, which here is the service's",
                external.name
            ),
            fact: (external.resolution.span().or(external.origin.span), "has no address of its own"),
            why: "with `resolution none` a proxy goes to the address that its application dialled: led there by a route, a request would come back to the service",
            help: "say single addresses or an `endpoint`, or let the host be looked up: `resolution dns`",
        }),
    }
}

/// A gateway knows by the Host header for whom a request is.
fn gateway(external: &External, route: Option<&Route>, target: &Target) -> Option<Fault> {
    let via = external.via.as_ref()?;
    external.http_ports().next()?;
    let is_sent = route.is_some_and(|route| route.targets().any(|sent| sent.origin == target.origin));
    let rewrites = route.and_then(|route| route.rewrite.as_ref()).is_some_and(|said| said.value.host.is_some());
    let (title, help) = match (is_sent, rewrites) {
        (true, false) => return None,
        (true, true) => (
            format!("a rewritten host is not that of `{}`, by which its gateway knows it", external.name),
            "take `host=` out of the `rewrite`: the host of the external takes its place by itself",
        ),
        (false, _) => (
            format!("a copy keeps its host, by which the gateway of `{}` would not know it", external.name),
            "mirror to an external without `via`, or to a service that calls this one",
        ),
    };
    let why =
        "an egress gateway knows by the Host header of a request whom it is for, and refuses what it does not know";
    Some(Fault { title, fact: (via.span(), "reached through a gateway"), why, help })
}
