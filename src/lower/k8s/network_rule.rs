use super::super::Lowering;
use crate::ir::{DataPlane, Labels, NamespaceId, Peer, Service};
use crate::manifest::Traced;
use crate::manifest::istio::Selector;
use crate::manifest::k8s::{IpBlock, NetworkPeer, NetworkPort, NetworkProtocol, NetworkRule};
use crate::value::Port;
use smol_str::{SmolStr, ToSmolStr};

/// The proxies' own metrics, merged metrics and health.
const METRICS: [u16; 2] = [15_020, 15_090];
/// The gateways' readiness, which load balancers ask for.
pub(super) const READINESS: u16 = 15_021;
/// Where the probes of a node come from on `ambient`: Istio's CNI plugin gives them these addresses, so that they are told
/// from other traffic (`HOST_PROBE_SNAT_IP` and `HOST_PROBE_SNAT_IPV6`, of which these are the defaults).
const PROBES: [&str; 2] = ["169.254.7.127/32", "fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128"];
const DNS: u16 = 53;
const CONTROL_PLANE: [u16; 2] = [15_012, 15_010];
/// Where an API server may listen.
const KUBE_API: [u16; 2] = [443, 6443];

/// TCP ports by their numbers.
pub(in crate::lower) fn tcp(ports: impl IntoIterator<Item = u16>) -> Vec<NetworkPort> {
    ports.into_iter().map(|port| NetworkPort { port, protocol: NetworkProtocol::Tcp }).collect()
}

/// TCP ports of pods.
pub(in crate::lower) fn targets(ports: impl IntoIterator<Item = Port>) -> Vec<NetworkPort> {
    tcp(ports.into_iter().map(Port::number))
}

/// The pods' port behind a port of a service.
pub(in crate::lower) fn target(service: &Service, number: Port) -> Vec<NetworkPort> {
    let target = service.port(number).map(|port| port.target.value);
    targets(with_tunnel(service, target.into_iter().collect()))
}

/// Pods' ports of a service, and with them the one where the tunnel to the proxy of a node ends.
pub(super) fn with_tunnel(service: &Service, mut ports: Vec<Port>) -> Vec<Port> {
    if service.data_plane.is_per_node() && !ports.is_empty() {
        ports.push(Port::TUNNEL);
    }
    in_order(ports)
}

/// Each port once, the lowest first.
pub(super) fn in_order(mut ports: Vec<Port>) -> Vec<Port> {
    ports.sort_unstable();
    ports.dedup();
    ports
}

/// The same for one caller: the proxy of its node comes by the tunnel to other pods too, where they have a proxy at which
/// it could end.
pub(super) fn with_tunnel_from(
    lowering: &Lowering<'_>,
    service: &Service,
    (peer, ports): (Peer, &[Port]),
) -> Vec<Port> {
    let mut ports = ports.to_vec();
    if !ports.is_empty() && service.data_plane.has_proxy() && comes_by_tunnel(lowering, peer) {
        ports.push(Port::TUNNEL);
    }
    in_order(ports)
}

/// Whether the proxy of a node may speak for somebody.
fn comes_by_tunnel(lowering: &Lowering<'_>, peer: Peer) -> bool {
    let mesh = lowering.mesh;
    match peer {
        Peer::Service(id) => mesh.service(id).data_plane.is_per_node(),
        Peer::Workload(id) => mesh.workload(id).data_plane.is_per_node(),
        Peer::Namespace(id) => lowering.per_node.contains(&id),
        Peer::AnyoneInMesh | Peer::Anyone => !lowering.per_node.is_empty(),
        Peer::Gateway(_) | Peer::Address(_) | Peer::KubeApi => false,
    }
}

/// The way of a node's probes to pods that it proxies. Those of other pods come from the node itself, which network
/// policies let in.
pub(super) fn probes(plane: &DataPlane) -> Option<Traced<NetworkRule>> {
    let peers = PROBES.map(|range| block(SmolStr::new_static(range))).to_vec();
    let rule = NetworkRule { peers, ports: Vec::new() };
    plane.is_per_node().then(|| Traced::new(rule, plane.plane.origin))
}

fn labels(labels: Labels) -> Selector {
    Selector { match_labels: Traced::plain(labels) }
}

fn namespace(name: &SmolStr) -> Selector {
    labels(vec![(SmolStr::new_static("kubernetes.io/metadata.name"), name.clone())])
}

/// The pods of a selector in a namespace.
pub(in crate::lower) fn pods(lowering: &Lowering<'_>, id: NamespaceId, selector: &Labels) -> NetworkPeer {
    NetworkPeer {
        namespace_selector: Some(namespace(lowering.mesh.namespace_name(id))),
        pod_selector: Some(labels(selector.clone())),
        ip_block: None,
    }
}

/// Every pod of a namespace.
pub(in crate::lower) fn pods_of(lowering: &Lowering<'_>, id: NamespaceId) -> NetworkPeer {
    NetworkPeer { namespace_selector: Some(namespace(lowering.mesh.namespace_name(id))), ..NetworkPeer::default() }
}

/// Every pod of the cluster.
fn every_pod() -> NetworkPeer {
    NetworkPeer { namespace_selector: Some(Selector::default()), ..NetworkPeer::default() }
}

/// A source of connections; nothing where everyone is meant.
pub(super) fn peers(lowering: &Lowering<'_>, peer: Peer) -> Vec<NetworkPeer> {
    let mesh = lowering.mesh;
    let one = match peer {
        Peer::Service(id) => pods(lowering, mesh.service(id).namespace, &mesh.service(id).selector.value),
        Peer::Workload(id) => pods(lowering, mesh.workload(id).namespace, &mesh.workload(id).selector.value),
        Peer::Gateway(id) => pods(lowering, mesh.gateway(id).namespace, &mesh.gateway(id).selector.value),
        Peer::Namespace(id) => pods_of(lowering, id),
        Peer::AnyoneInMesh => every_pod(),
        Peer::Address(range) => block(range.to_smolstr()),
        Peer::KubeApi => return mesh.kube_api.iter().map(|range| block(range.to_smolstr())).collect(),
        Peer::Anyone => return Vec::new(),
    };
    vec![one]
}

/// What every pod with a proxy needs: DNS and the control plane.
pub(super) fn always(lowering: &Lowering<'_>) -> Vec<Traced<NetworkRule>> {
    let dns = NetworkPeer {
        namespace_selector: Some(namespace(&SmolStr::new_static("kube-system"))),
        ..NetworkPeer::default()
    };
    let istiod = NetworkPeer {
        namespace_selector: Some(namespace(lowering.mesh.root_namespace.value.text())),
        pod_selector: Some(labels(vec![(SmolStr::new_static("app"), SmolStr::new_static("istiod"))])),
        ip_block: None,
    };
    let udp = NetworkPort { port: DNS, protocol: NetworkProtocol::Udp };
    let rule = |peer, ports| Traced::plain(NetworkRule { peers: vec![peer], ports });
    let dns_ports = std::iter::once(udp).chain(tcp([DNS])).collect();
    vec![rule(dns, dns_ports), rule(istiod, tcp(CONTROL_PLANE))]
}

/// The addresses of a range.
pub(super) fn block(cidr: SmolStr) -> NetworkPeer {
    NetworkPeer { ip_block: Some(IpBlock { cidr }), ..NetworkPeer::default() }
}

/// Every address.
pub(super) fn anywhere() -> NetworkPeer {
    block(SmolStr::new_static("0.0.0.0/0"))
}

/// The way to the API server; to every address where nobody says which it has.
pub(super) fn kube_api(lowering: &Lowering<'_>) -> NetworkRule {
    let known = peers(lowering, Peer::KubeApi);
    let peers = if known.is_empty() { vec![anywhere()] } else { known };
    NetworkRule { peers, ports: tcp(KUBE_API) }
}

/// The way of those who monitor to the proxy's metrics; of every pod where nobody says who they are.
pub(super) fn metrics(lowering: &Lowering<'_>) -> Traced<NetworkRule> {
    let peers = match &lowering.mesh.monitoring {
        Some(monitoring) => monitoring.iter().flat_map(|peer| peers(lowering, *peer)).collect(),
        None => vec![every_pod()],
    };
    Traced::plain(NetworkRule { peers, ports: tcp(METRICS) })
}
