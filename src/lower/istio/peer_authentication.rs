use super::super::Lowering;
use super::super::frame::Place;
use crate::ir::{Mtls, MtlsMode, Service};
use crate::manifest::istio::{Mode, MutualTls, PeerAuthentication, Selector};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::source::Layer;
use smol_str::SmolStr;

/// What servers ask of their callers. There is no client side: proxies follow the server by themselves, and every
/// explicit mode in a DestinationRule was seen to break some pair of caller and server.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let mesh = lowering.mesh;
    let root = Some(mesh.root_namespace.value.text().clone());
    let place = Place { namespace: root, name: SmolStr::new_static("default"), wave: Wave::Identity };
    take(lowering.frame.object(&lowering.owned_by_mesh(), place, spec(None, &mesh.mtls, Vec::new())));
    for (id, namespace) in mesh.namespaces().filter(|(id, _)| lowering.writes_into(*id)) {
        if namespace.mtls.mode.value != mesh.mtls.mode.value {
            let place = lowering.place(id, "default", Wave::Identity);
            take(lowering.frame.object(
                &lowering.owned_by_namespace(id),
                place,
                spec(None, &namespace.mtls, Vec::new()),
            ));
        }
    }
    for service in mesh.services.iter().filter(|service| lowering.guards(service)) {
        if differs(lowering, service) {
            let place = lowering.place(service.namespace, service.name.clone(), Wave::Identity);
            let selector = Selector { match_labels: (&service.selector).into() };
            let spec = spec(Some(selector), &service.mtls, ports(service));
            take(lowering.frame.object(&lowering.owned_by_service(service), place, spec));
        }
    }
}

/// Whether a service or one of its ports says something of its own.
fn differs(lowering: &Lowering<'_>, service: &Service) -> bool {
    let namespace = lowering.mesh.namespace(service.namespace);
    let says = service.mtls.mode.origin.layer > Layer::NamespaceOverlay;
    says || service.mtls.mode.value != namespace.mtls.mode.value || service.ports.iter().any(|port| port.mtls.is_some())
}

fn ports(service: &Service) -> Vec<(u16, MutualTls)> {
    let said =
        service.ports.iter().filter_map(|port| port.mtls.as_ref().map(|said| (port.target.value.number(), mtls(said))));
    let mut ports: Vec<_> = said.collect();
    ports.sort_by_key(|(target, _)| *target);
    ports
}

fn spec(selector: Option<Selector>, said: &Mtls, port_level_mtls: Vec<(u16, MutualTls)>) -> Spec {
    Spec::PeerAuthentication(PeerAuthentication { selector, mtls: mtls(said), port_level_mtls })
}

fn mtls(said: &Mtls) -> MutualTls {
    let mode = match said.mode.value {
        MtlsMode::Strict => Mode::Strict,
        MtlsMode::Permissive => Mode::Permissive,
        MtlsMode::Disabled => Mode::Disable,
    };
    MutualTls { mode: Traced::new(mode, said.mode.origin) }
}
