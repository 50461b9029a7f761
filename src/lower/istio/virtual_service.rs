use super::super::Lowering;
use super::connections;
use super::destination::Sender;
use super::routes::Routes;
use crate::ir::{Retry, Service, ServiceId};
use crate::manifest::istio::VirtualService;
use crate::manifest::{Object, Spec, Traced, Wave};
use smol_str::SmolStr;

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
    let routes = !service.versions.is_empty() || !service.routes.is_empty() || !service.mirrors.is_empty();
    let changes = service.timeout.is_some() || !matches!(service.retry, Retry::Unsaid) || service.actions.is_some();
    routes || changes
}

fn virtual_service(lowering: &Lowering<'_>, id: ServiceId, service: &Service) -> VirtualService {
    let match_port = service.http_ports().nth(1).is_some();
    let http = service.http_ports().flat_map(|port| {
        let sender = Sender { id, service, port: port.number.value };
        let routes = Routes {
            sender,
            timeout: service.timeout.as_ref(),
            retry: &service.retry,
            actions: service.actions.as_deref(),
            handlings: None,
            prefix: SmolStr::default(),
            gateway: None,
            rewriting: None,
            within: None,
            door: None,
            match_port,
        };
        routes.lower(lowering)
    });
    let http = http.collect();
    let tcp = connections::tcp(lowering, id, service);
    let (tls, names) = connections::tls(lowering, id, service);
    let hosts = if tls.is_empty() { vec![lowering.frame.fqdn(id)] } else { names };
    VirtualService {
        hosts: hosts.into_iter().map(Traced::plain).collect(),
        gateways: vec![SmolStr::new_static("mesh")],
        export_to: lowering.reach.export_to_sidecars(lowering.mesh, id),
        http,
        tls,
        tcp,
    }
}
