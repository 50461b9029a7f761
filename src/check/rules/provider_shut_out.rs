use crate::check::Subject;
use crate::check::access::{mode, wider};
use crate::code;
use crate::diagnostic::{Code, Count, Diagnostic, Diagnostics, Severity};
use crate::ir::{Managed, Mesh, MtlsMode, Peer, ProviderId, Service, ServiceId, Sink};
use crate::source::Origin;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CODE: Code =
    code!("provider-shut-out", Error, "a provider whose service does not let in who tells it something");

/// Who is not let in by a provider, and who says that he tells it something.
type ShutOut = BTreeMap<ProviderId, Vec<(Peer, Origin)>>;

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let allowed: BTreeMap<ServiceId, BTreeSet<Peer>> = declared(mesh)
        .map(|(_, id)| {
            (id, mesh.service(id).grants.iter().flat_map(|grant| &grant.callers).map(|it| it.peer).collect())
        })
        .collect();
    let sinks: BTreeMap<ProviderId, ServiceId> = declared(mesh).collect();
    let mut shut_out = ShutOut::new();
    for (reporter, _, telemetry) in mesh.reporters() {
        for said in telemetry.providers() {
            let Some(id) = sinks.get(&said.value).filter(|id| is_closed(mesh.service(**id))) else { continue };
            let peers = std::iter::once(reporter).chain(wider(mesh, reporter));
            let is_let_in =
                allowed.get(id).is_some_and(|allowed| peers.into_iter().any(|peer| allowed.contains(&peer)));
            if !is_let_in && reporter != Peer::Service(*id) {
                shut_out.entry(said.value).or_default().push((reporter, said.origin));
            }
        }
    }
    undeclared(mesh, found);
    for (provider, reporters) in &shut_out {
        let Some(id) = sinks.get(provider) else { continue };
        found.extend(fault(mesh, (*provider, *id), reporters));
    }
}

/// The providers that are services of the mesh.
fn declared(mesh: &Mesh) -> impl Iterator<Item = (ProviderId, ServiceId)> {
    (0..).map(ProviderId).zip(&mesh.providers).filter_map(|(at, provider)| match &provider.sink {
        Sink::Service { declared: Some(id), .. } => Some((at, *id)),
        Sink::Service { declared: None, .. } | Sink::Proxy | Sink::Outside { .. } => None,
    })
}

/// The providers that nobody declares, in namespaces that are closed by default.
fn undeclared(mesh: &Mesh, found: &mut Diagnostics) {
    let mut told: BTreeMap<ProviderId, Origin> = BTreeMap::new();
    for (_, _, telemetry) in mesh.reporters() {
        for said in telemetry.providers() {
            told.entry(said.value).or_insert(said.origin);
        }
    }
    for (id, origin) in told {
        let provider = mesh.provider(id);
        let Sink::Service { name, namespace, declared: None, port } = &provider.sink else { continue };
        let home = mesh.namespace(*namespace);
        if home.managed.value == Managed::Nothing || !(home.data_plane.has_proxy() || home.network_policy) {
            continue;
        }
        let protocol = provider.kind.protocol();
        let fault = Diagnostic::new(&CODE, format!("nothing lets anyone in to `{name}`, which is told by `{}`", provider.name))
            .at_known(origin.span, format!("what is told to `{}` is lost", provider.name))
            .note(format!("`{}` is closed by default: what stands in it undeclared gets no requests", home.name))
            .help(format!(
                "declare it: `service {name} namespace={} {{ port {} {protocol}; allow anyone-in-mesh }}`; or leave the namespace to its owner: `namespace {} manage=nothing`",
                home.name, port.value, home.name
            ));
        let fault = Diagnostic { severity: Severity::Warning, ..fault };
        found.push(match home.origin.span {
            Some(span) => fault.related(span, "the namespace that is closed"),
            None => fault,
        });
    }
}

/// Whether its proxies ask who is there.
fn is_closed(service: &Service) -> bool {
    service.data_plane.has_proxy() && !service.is_audited()
}

fn fault(mesh: &Mesh, (provider, id): (ProviderId, ServiceId), reporters: &[(Peer, Origin)]) -> Option<Diagnostic> {
    let (first, origin) = reporters.first()?;
    let (service, provider) = (mesh.service(id), mesh.provider(provider));
    let name = first.name(mesh, service.namespace);
    let others = match reporters.len() - 1 {
        0 => String::new(),
        more => format!(", nor {}", Count(more, "other")),
    };
    let outcome = if service.ports.iter().any(|port| mode(service, port) == MtlsMode::Strict) {
        "is lost"
    } else {
        "may be lost"
    };
    let fault = Diagnostic::new(&CODE, format!("`{}` does not let `{name}` in{others}, and is told by it", service.name))
        .at_known(origin.span, format!("what is told to `{}` {outcome}", provider.name))
        .note("proxies speak to a provider under the identity of their own pods, and a service that names its callers refuses all others");
    let fault = match service.origin.span {
        Some(span) => fault.related(span, "the service that is told"),
        None => fault,
    };
    let gateways: Vec<String> = reporters
        .iter()
        .filter(|(peer, _)| matches!(peer, Peer::Gateway(_)))
        .map(|(peer, _)| format!(" {}", peer.name(mesh, service.namespace)))
        .collect();
    let is_one = reporters.len() == 1;
    let wanted = if is_one { name } else { format!("anyone-in-mesh{}", gateways.concat()) };
    Some(fault.help(format!("let them in: `allow {wanted}` in `{}`", service.name)))
}
