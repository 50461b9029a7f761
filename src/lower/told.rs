//! The way of proxies to whatever they tell something.

use super::Lowering;
use super::k8s::network_rule::{pods, pods_of, target, tcp};
use super::k8s::outside_network;
use crate::ir::{Provider, Sink, Telemetry};
use crate::manifest::Traced;
use crate::manifest::k8s::NetworkRule;
use crate::source::Origin;
use smol_str::{SmolStr, format_smolstr};

/// What proxies tell something beside themselves, each with who says so.
fn told<'m>(
    lowering: &Lowering<'m>,
    telemetry: Option<&'m Telemetry>,
) -> impl Iterator<Item = (&'m Provider, Origin)> + use<'m> {
    let mesh = lowering.mesh;
    let providers = telemetry.into_iter().flat_map(Telemetry::providers);
    let providers = providers.map(move |id| (mesh.provider(id.value), id.origin));
    providers.filter(|(provider, _)| provider.kind.is_remote())
}

/// Its hosts in the scope of a proxy.
pub(super) fn hosts<'m>(
    lowering: &'m Lowering<'m>,
    telemetry: Option<&'m Telemetry>,
) -> impl Iterator<Item = Traced<SmolStr>> {
    told(lowering, telemetry).filter_map(|(provider, origin)| {
        let host = match &provider.sink {
            Sink::Proxy => return None,
            Sink::Service { name, namespace, .. } => {
                let namespace = lowering.mesh.namespace_name(*namespace);
                format_smolstr!("{namespace}/{}", lowering.frame.fqdn_of(name, namespace))
            }
            Sink::Outside { host, declared, .. } => {
                let home = lowering.home_of(lowering.mesh.external((*declared)?));
                format_smolstr!("{home}/{}", host.value)
            }
        };
        Some(Traced::new(host, origin))
    })
}

/// The way through the network. Of a service that nobody declares only its namespace and its port are known.
pub(super) fn ways<'m>(
    lowering: &'m Lowering<'m>,
    telemetry: Option<&'m Telemetry>,
) -> impl Iterator<Item = Traced<NetworkRule>> {
    told(lowering, telemetry).filter_map(|(provider, origin)| {
        let mesh = lowering.mesh;
        let rule = match &provider.sink {
            Sink::Proxy => return None,
            Sink::Service { name: _, namespace, declared: None, port } => {
                NetworkRule { peers: vec![pods_of(lowering, *namespace)], ports: tcp([port.value.number()]) }
            }
            Sink::Service { name: _, namespace, declared: Some(id), port } => {
                let service = mesh.service(*id);
                let peers = vec![pods(lowering, *namespace, &service.selector.value)];
                NetworkRule { peers, ports: target(service, port.value) }
            }
            Sink::Outside { declared, .. } => outside_network::way(lowering, mesh.external((*declared)?)),
        };
        Some(Traced::new(rule, origin))
    })
}
