use crate::check::Subject;
use crate::check::access::is_own;
use crate::check::resilience::resilience;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{AccessMode, DataPlane, Grant, MtlsMode, Plane, Proxy, Service, Telemetry};
use crate::source::{Layer, Origin};

pub(super) static CODE: Code = code!("not-on-data-plane", Error, "a word that this data plane cannot honour");

const NO_REQUESTS: &str = "on `ambient`, the proxy of a node knows connections and no requests; what it cannot do it leaves out without a word";
const NO_OWN_PROXY: &str =
    "telemetry and the settings of a proxy are for proxies of single pods, and these pods have none";
const NO_PROXY: &str = "pods without a proxy have nothing that could look at a request or at an identity";

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for namespace in &mesh.namespaces {
        properties(&namespace.data_plane, found);
    }
    for workload in &mesh.workloads {
        properties(&workload.data_plane, found);
        let said = (workload.telemetry.as_deref(), workload.proxy.as_deref());
        for (word, origin) in of_proxies(&workload.data_plane, said) {
            found.push(fault(&workload.data_plane, (&word, origin), NO_OWN_PROXY));
        }
    }
    for service in &mesh.services {
        properties(&service.data_plane, found);
        let (words, why) = match service.data_plane.plane.value {
            Plane::PerPod => continue,
            Plane::PerNode => (of_requests(service), NO_REQUESTS),
            Plane::Outside => (at_pods(service), NO_PROXY),
        };
        for (word, origin) in words {
            let fault = fault(&service.data_plane, (&word, origin), why);
            found.push(reaching(fault, origin, service));
        }
        let said = (service.telemetry.as_deref(), service.proxy.as_deref());
        for (word, origin) in of_proxies(&service.data_plane, said) {
            found.push(fault(&service.data_plane, (&word, origin), NO_OWN_PROXY));
        }
    }
}

/// What a node says itself of proxies that its pods do not have; a default or a profile may be meant for others.
fn of_proxies(plane: &DataPlane, (telemetry, proxy): (Option<&Telemetry>, Option<&Proxy>)) -> Words {
    if plane.is_per_pod() {
        return Words::new();
    }
    let told = telemetry.iter().flat_map(|said| said.words()).map(|(word, origin)| (format!("`{word}`"), origin));
    let runs =
        proxy.iter().flat_map(|said| said.words()).map(|(word, origin)| (format!("`{word}` of `proxy`"), origin));
    let own = told.chain(runs).filter(|(_, origin)| is_own(*origin));
    own.collect()
}

/// `revision` names a control plane that injects proxies, and `waypoint` is nothing that is written yet.
fn properties(said: &DataPlane, found: &mut Diagnostics) {
    let DataPlane { plane, revision, waypoint } = said;
    if let Some(revision) = revision.as_ref().filter(|_| plane.value != Plane::PerPod) {
        let why = "a revision chooses who injects proxies into pods, and here none is injected";
        found.push(fault(said, ("`revision`", revision.origin), why));
    }
    if let Some(waypoint) = waypoint {
        let why = "rules for requests are written for the proxies of pods alone; behind a waypoint they would not hold";
        found.push(fault(said, ("`waypoint`", waypoint.origin), why));
    }
}

fn fault(plane: &DataPlane, (word, origin): (&str, Origin), why: &str) -> Diagnostic {
    let name = match plane.plane.value {
        Plane::PerPod => "sidecar",
        Plane::PerNode => "ambient",
        Plane::Outside => "off",
    };
    let fault = Diagnostic::new(&CODE, format!("{word} cannot be honoured on `data-plane {name}`"))
        .at_known(origin.span, "would be ignored")
        .note(why)
        .help("take it out, or let the pods have proxies of their own: `data-plane sidecar`");
    match plane.plane.span() {
        Some(span) => fault.related(span, "the data plane"),
        None => fault,
    }
}

type Words = Vec<(String, Origin)>;

/// What only a proxy that knows requests can do.
fn of_requests(service: &Service) -> Words {
    let mut words = Words::new();
    let mut add = |word: &str, origin: Origin| words.push((format!("`{word}`"), origin));
    if let Some(canary) = &service.canary {
        add("canary", canary.candidate.origin);
    }
    if let Some(version) = service.versions.first() {
        add("versions", version.name.origin);
    }
    if let Some(timeout) = &service.timeout {
        add("timeout", timeout.origin);
    }
    if let Some(origin) = service.retry.origin() {
        add("retry", origin);
    }
    for route in &service.routes {
        add("route", Origin::new(Layer::Own, route.name.span));
    }
    for mirror in &service.mirrors {
        add("mirror", mirror.target.origin);
    }
    for (word, origin) in service.actions.iter().flat_map(|actions| actions.said()) {
        add(word, origin);
    }
    for said in resilience(service) {
        for (word, origin) in said.words() {
            add(word, origin);
        }
    }
    for exposure in &service.exposures {
        add("expose", exposure.origin);
    }
    let plain = service.ports.iter().filter_map(|port| port.mtls.as_ref());
    for mtls in plain.filter(|mtls| mtls.mode.value == MtlsMode::Disabled) {
        add("mtls disable", mtls.mode.origin);
    }
    words.extend(asking(service));
    words
}

/// What only a proxy before the pods can do.
fn at_pods(service: &Service) -> Words {
    let mut words = asking(service);
    let denials = service.denials.iter().filter(|denial| !denial.conditions.is_about_requests());
    words.extend(denials.map(|denial| ("`deny`".to_owned(), denial.origin)));
    if !service.network_policy.value {
        let held = "`allow` without `network-policy`";
        words.extend(service.grants.iter().map(|grant| (held.to_owned(), grant.origin)));
    }
    words
}

/// What asks for something of a request.
fn asking(service: &Service) -> Words {
    let mut words = Words::new();
    let about = |grant: &&Grant| grant.conditions.is_about_requests();
    for (word, nodes) in [("allow", &service.grants), ("deny", &service.denials)] {
        let asked = nodes.iter().filter(about);
        words.extend(asked.map(|node| (format!("`{word}` with a condition of requests"), node.origin)));
    }
    words.extend(service.tokens.iter().map(|rule| ("`require-token`".to_owned(), rule.token.origin)));
    words.extend(service.rate_limits.iter().map(|limit| ("`rate-limit`".to_owned(), limit.origin)));
    words.extend(service.asks.iter().map(|ask| ("`authorize`".to_owned(), ask.origin)));
    if service.access.value == AccessMode::Audit {
        words.push(("`access audit`".to_owned(), service.access.origin));
    }
    words
}
