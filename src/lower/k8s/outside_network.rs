use super::super::{Lowering, outside};
use super::network_rule::{anywhere, block, peers, pods, targets, tcp};
use crate::ir::{External, GatewayId, Resolution};
use crate::manifest::Traced;
use crate::manifest::k8s::NetworkRule;
use crate::value::{Address, Port};
use smol_str::{SmolStr, ToSmolStr};
use std::collections::BTreeSet;

/// A caller's way to something outside: to its gateway alone, where it has one.
pub(in crate::lower) fn way(lowering: &Lowering<'_>, external: &External) -> NetworkRule {
    match lowering.gateway_of(external) {
        Some(gateway) => NetworkRule {
            peers: vec![pods(lowering, gateway.namespace, &gateway.selector.value)],
            ports: tcp(outside::EGRESS_TARGETS),
        },
        None => out(external),
    }
}

/// The way out: to the addresses that are dialled, else anywhere, since a name cannot be said here.
fn out(external: &External) -> NetworkRule {
    let said = external.endpoints.iter().filter_map(|endpoint| endpoint.port);
    let ports: BTreeSet<Port> = external.ports.iter().map(|port| port.target.value).chain(said).collect();
    let ranges = dialled(external);
    let peers = if ranges.is_empty() { vec![anywhere()] } else { ranges.into_iter().map(block).collect() };
    NetworkRule { peers, ports: targets(ports) }
}

/// The addresses that are dialled, where they are known.
fn dialled(external: &External) -> Vec<SmolStr> {
    let addresses = || external.addresses.iter().map(|address| address.value.to_smolstr()).collect();
    match external.resolution.value {
        Resolution::Static if external.endpoints.is_empty() => addresses(),
        Resolution::Static => {
            let known = external.endpoints.iter().filter_map(|endpoint| match &endpoint.address.value {
                Address::Ip(address) => Some(SmolStr::from(if address.is_ipv4() {
                    format!("{address}/32")
                } else {
                    format!("{address}/128")
                })),
                Address::Name(_) => None,
            });
            known.collect()
        }
        Resolution::None => addresses(),
        Resolution::Dns | Resolution::DnsRoundRobin | Resolution::DynamicDns => Vec::new(),
    }
}

/// Who reaches an egress gateway, and what it reaches: an entry each caller of each external that goes through it.
pub(super) fn of_gateway(lowering: &Lowering<'_>, id: GatewayId) -> [Vec<Traced<NetworkRule>>; 2] {
    let (mut ingress, mut egress) = (Vec::new(), Vec::new());
    for (at, external) in lowering.mesh.externals() {
        let Some(via) = external.via.as_ref().filter(|via| via.value == id) else { continue };
        let ports = || tcp(outside::EGRESS_TARGETS);
        let callers = lowering.reach.callers_of(at).flat_map(|caller| peers(lowering, caller));
        ingress
            .extend(callers.map(|caller| Traced::new(NetworkRule { peers: vec![caller], ports: ports() }, via.origin)));
        egress.push(Traced::new(out(external), via.origin));
    }
    [ingress, egress]
}
