use crate::check::Subject;
use crate::check::resilience::resilience;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{DataPlane, Grant, MtlsMode, Plane, Service};
use crate::source::Span;

pub(super) static CODE: Code = code!("not-on-data-plane", Error, "a word that this data plane cannot honour");

const NO_REQUESTS: &str = "on `ambient`, the proxy of a node knows connections and no requests; what it cannot do it leaves out without a word";
const NO_PROXY: &str = "pods without a proxy have nothing that could look at a request or at an identity";

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for namespace in &mesh.namespaces {
        properties(&namespace.data_plane, found);
    }
    for workload in &mesh.workloads {
        properties(&workload.data_plane, found);
    }
    for service in &mesh.services {
        properties(&service.data_plane, found);
        let (words, why) = match service.data_plane.plane.value {
            Plane::PerPod => continue,
            Plane::PerNode => (of_requests(service), NO_REQUESTS),
            Plane::Outside => (at_pods(service), NO_PROXY),
        };
        for (word, span) in words {
            report(&service.data_plane, (word, span), why, found);
        }
    }
}

/// `revision` names a control plane that injects proxies, and `waypoint` is nothing that is written yet.
fn properties(said: &DataPlane, found: &mut Diagnostics) {
    let DataPlane { plane, revision, waypoint } = said;
    if let Some(revision) = revision.as_ref().filter(|_| plane.value != Plane::PerPod) {
        let why = "a revision chooses who injects proxies into pods, and here none is injected";
        report(said, ("`revision`".to_owned(), revision.span()), why, found);
    }
    if let Some(waypoint) = waypoint {
        let why = "rules for requests are written for the proxies of pods alone; behind a waypoint they would not hold";
        report(said, ("`waypoint`".to_owned(), waypoint.span()), why, found);
    }
}

fn report(plane: &DataPlane, (word, span): (String, Option<Span>), why: &str, found: &mut Diagnostics) {
    let name = match plane.plane.value {
        Plane::PerPod => "sidecar",
        Plane::PerNode => "ambient",
        Plane::Outside => "off",
    };
    let fault = Diagnostic::new(&CODE, format!("{word} cannot be honoured on `data-plane {name}`"))
        .at_known(span, "would be ignored")
        .note(why)
        .help("take it out, or let the pods have proxies of their own: `data-plane sidecar`");
    found.push(match plane.plane.span() {
        Some(span) => fault.related(span, "the data plane"),
        None => fault,
    });
}

type Words = Vec<(String, Option<Span>)>;

/// What only a proxy that knows requests can do.
fn of_requests(service: &Service) -> Words {
    let mut words = Words::new();
    let mut add = |word: &str, span: Option<Span>| words.push((format!("`{word}`"), span));
    if let Some(canary) = &service.canary {
        add("canary", canary.candidate.span());
    }
    if let Some(version) = service.versions.first() {
        add("versions", version.name.span());
    }
    if let Some(timeout) = &service.timeout {
        add("timeout", timeout.span());
    }
    if let Some(origin) = service.retry.origin() {
        add("retry", origin.span);
    }
    for route in &service.routes {
        add("route", Some(route.name.span));
    }
    for (word, origin) in service.actions.iter().flat_map(|actions| actions.said()) {
        add(word, origin.span);
    }
    for said in resilience(service) {
        for (word, origin) in said.words() {
            add(word, origin.span);
        }
    }
    for exposure in &service.exposures {
        add("expose", exposure.origin.span);
    }
    let plain = service.ports.iter().filter_map(|port| port.mtls.as_ref());
    for mtls in plain.filter(|mtls| mtls.mode.value == MtlsMode::Disabled) {
        add("mtls disable", mtls.mode.span());
    }
    words.extend(asking(service));
    words
}

/// What only a proxy before the pods can do.
fn at_pods(service: &Service) -> Words {
    let mut words = asking(service);
    let denials = service.denials.iter().filter(|denial| !denial.conditions.is_about_requests());
    words.extend(denials.map(|denial| ("`deny`".to_owned(), denial.origin.span)));
    if !service.network_policy.value {
        let held = "`allow` without `network-policy`";
        words.extend(service.grants.iter().map(|grant| (held.to_owned(), grant.origin.span)));
    }
    words
}

/// What asks for something of a request.
fn asking(service: &Service) -> Words {
    let mut words = Words::new();
    let about = |grant: &&Grant| grant.conditions.is_about_requests();
    for (word, nodes) in [("allow", &service.grants), ("deny", &service.denials)] {
        let asked = nodes.iter().filter(about);
        words.extend(asked.map(|node| (format!("`{word}` with a condition of requests"), node.origin.span)));
    }
    words.extend(service.tokens.iter().map(|rule| ("`require-token`".to_owned(), rule.token.origin.span)));
    words.extend(service.rate_limits.iter().map(|limit| ("`rate-limit`".to_owned(), limit.origin.span)));
    words
}
