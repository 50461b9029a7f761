use super::super::Lowering;
use super::routes::Routes;
use crate::ir::{Port, Retry, Service, ServiceId};
use crate::manifest::istio::{HttpRoute, TcpMatch, TcpRoute, TlsMatch, TlsRoute, VirtualService};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::value::ProtocolKind;
use smol_str::{SmolStr, format_smolstr};

/// Where requests to each service go, seen from other services: NS/`<service>`, the only one for its host.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let services = lowering.mesh.services().filter(|(_, service)| lowering.writes_into(service.namespace));
    for (id, service) in services.filter(|(_, service)| decides(service)) {
        let spec = virtual_service(lowering, id, service);
        if spec.http.is_empty() && spec.tcp.is_empty() && spec.tls.is_empty() {
            continue;
        }
        let place = lowering.place(service.namespace, service.name.clone(), Wave::Routes);
        take(lowering.frame.object(&lowering.owned_by_service(service), place, Spec::VirtualService(spec)));
    }
}

/// Whether something of a service's routes differs from what Istio does by itself.
fn decides(service: &Service) -> bool {
    let changes = service.timeout.is_some() || !matches!(service.retry, Retry::Unsaid) || service.actions.is_some();
    !service.versions.is_empty() || changes
}

fn virtual_service(lowering: &Lowering<'_>, id: ServiceId, service: &Service) -> VirtualService {
    let fqdn = lowering.frame.fqdn(id);
    let of_kind = |kind| service.ports.iter().filter(move |port| port.protocol.kind() == kind);
    let has_several = of_kind(ProtocolKind::Http).count() > 1;
    let http: Vec<HttpRoute> = of_kind(ProtocolKind::Http)
        .flat_map(|port| Routes { match_port: has_several, ..in_mesh(id, service, port) }.lower(lowering))
        .collect();
    // From the first rule on, a connection that no rule matches hangs: so only where versions need them.
    let split = !service.versions.is_empty();
    let target = |port: &Port| in_mesh(id, service, port).default_target(lowering);
    let tcp = of_kind(ProtocolKind::Tcp)
        .filter(|_| split)
        .map(|port| TcpRoute { matches: vec![TcpMatch { port: port.number.value.number() }], route: target(port) });
    let names = server_names(lowering, service, &fqdn);
    let tls: Vec<TlsRoute> = of_kind(ProtocolKind::Tls)
        .filter(|_| split)
        .map(|port| {
            let matches = vec![TlsMatch { port: port.number.value.number(), sni_hosts: names.clone() }];
            TlsRoute { matches, route: target(port) }
        })
        .collect();
    let hosts = if tls.is_empty() { vec![fqdn] } else { names.clone() };
    VirtualService {
        hosts: hosts.into_iter().map(Traced::plain).collect(),
        gateways: vec![SmolStr::new_static("mesh")],
        export_to: lowering.reach.export_to_sidecars(lowering.mesh, id),
        http,
        tls,
        tcp: tcp.collect(),
    }
}

fn in_mesh<'m>(id: ServiceId, service: &'m Service, port: &Port) -> Routes<'m> {
    Routes {
        id,
        service,
        port: port.number.value,
        timeout: service.timeout.as_ref(),
        retry: &service.retry,
        actions: service.actions.as_deref(),
        prefix: SmolStr::default(),
        within: None,
        match_port: false,
    }
}

/// The names by which a TLS client may ask for a service; all must be hosts of the `VirtualService` too.
fn server_names(lowering: &Lowering<'_>, service: &Service, fqdn: &SmolStr) -> Vec<SmolStr> {
    let namespace = lowering.mesh.namespace_name(service.namespace);
    let name = &service.name;
    vec![fqdn.clone(), format_smolstr!("{name}.{namespace}.svc"), format_smolstr!("{name}.{namespace}")]
}
