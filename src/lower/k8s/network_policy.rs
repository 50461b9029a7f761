use super::super::Lowering;
use super::super::frame::Owner;
use super::super::told;
use super::network_rule::{
    READINESS, always, anywhere, in_order, kube_api, metrics, peers, pods, probes, target, targets, tcp, with_tunnel,
    with_tunnel_from,
};
use super::outside_network;
use crate::ir::{
    Ask, Call, Callee, Conditions, DataPlane, Egress, Gateway, GatewayId, Labels, NamespaceId, Peer, Service, Telemetry,
};
use crate::manifest::istio::Selector;
use crate::manifest::k8s::{NetworkPolicy, NetworkRule, PolicyType};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::source::{Decided, Origin};
use crate::value::Port;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The same callers and callees once more, held by the network. The proxy dials the pod, so ports are those of pods.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for (id, gateway) in lowering.mesh.gateways().filter(|(_, gateway)| lowering.writes_into(gateway.namespace)) {
        take(of_gateway(lowering, id, gateway));
    }
    for (id, service) in lowering.mesh.services().filter(|(_, service)| lowering.writes_into(service.namespace)) {
        let caller = Peers { own: Peer::Service(id), namespace: service.namespace };
        // What is only counted must not be held by the network.
        let telemetry = lowering.mesh.telemetry_of(service);
        let reached = Reached { calls: &service.calls, asks: &service.asks, unregistered: &service.egress, telemetry };
        let (ingress, egress) = match service.network_policy.value && !service.is_audited() {
            true => (ingress(lowering, service), egress(lowering, &reached, caller)),
            false => (vec![open()], vec![open()]),
        };
        let member = Member { namespace: service.namespace, name: &service.name, selector: &service.selector };
        take(object(lowering, &lowering.owned_by_service(service), &member, (ingress, egress)));
    }
    for (id, workload) in lowering.mesh.workloads().filter(|(_, workload)| lowering.writes_into(workload.namespace)) {
        let caller = Peers { own: Peer::Workload(id), namespace: workload.namespace };
        let telemetry = lowering.mesh.telemetry_of_workload(workload);
        let reached = Reached { calls: &workload.calls, asks: &[], unregistered: &workload.egress, telemetry };
        let (ingress, egress) = match workload.network_policy.value {
            true => (unasked(lowering, &workload.data_plane).collect(), egress(lowering, &reached, caller)),
            false => (vec![open()], vec![open()]),
        };
        let member = Member { namespace: workload.namespace, name: &workload.name, selector: &workload.selector };
        take(object(lowering, &lowering.owned_by_workload(workload), &member, (ingress, egress)));
    }
}

/// Whose pods a policy is for.
struct Member<'m> {
    namespace: NamespaceId,
    name: &'m SmolStr,
    selector: &'m Decided<Labels>,
}

type Rules = Vec<Traced<NetworkRule>>;

fn object(
    lowering: &Lowering<'_>,
    owner: &Owner<'_>,
    member: &Member<'_>,
    (ingress, egress): (Rules, Rules),
) -> Object {
    let spec = NetworkPolicy {
        pod_selector: Selector { match_labels: member.selector.into() },
        policy_types: vec![PolicyType::Ingress, PolicyType::Egress],
        ingress,
        egress,
    };
    let place = lowering.place(member.namespace, member.name.clone(), Wave::Ground);
    lowering.frame.object(owner, place, Spec::NetworkPolicy(spec))
}

/// Everything: beside a closed default, what is not to be held must be opened.
fn open() -> Traced<NetworkRule> {
    Traced::plain(NetworkRule { peers: Vec::new(), ports: Vec::new() })
}

/// One entry a peer, so that the ports of one never open for another.
fn ingress(lowering: &Lowering<'_>, service: &Service) -> Rules {
    let mut rules = Vec::new();
    for grant in &service.grants {
        let ports = granted(service, &grant.conditions);
        if ports.is_empty() {
            continue;
        }
        for caller in &grant.callers {
            let peers = peers(lowering, caller.peer);
            let ports = targets(with_tunnel_from(lowering, service, (caller.peer, &ports)));
            rules.push(Traced::new(NetworkRule { peers, ports }, grant.origin));
        }
    }
    for exposure in &service.exposures {
        let gateway = lowering.mesh.gateway(exposure.gateway);
        let peers = vec![pods(lowering, gateway.namespace, &gateway.selector.value)];
        let ports = targets(service.port(exposure.port).map(|port| port.target.value));
        rules.push(Traced::new(NetworkRule { peers, ports }, exposure.origin));
    }
    rules.extend(unasked(lowering, &service.data_plane));
    without_repeats(rules)
}

/// What comes in without a word.
fn unasked(lowering: &Lowering<'_>, plane: &DataPlane) -> impl Iterator<Item = Traced<NetworkRule>> {
    std::iter::once(metrics(lowering)).chain(probes(plane))
}

/// How many rules are compared pair by pair before a set is worth its allocations.
const FEW: usize = 8;

fn without_repeats(rules: Rules) -> Rules {
    let is_new: Vec<bool> = match rules.len() <= FEW {
        true => (0..).zip(&rules).map(|(at, rule)| !rules.iter().take(at).any(|earlier| earlier == rule)).collect(),
        false => {
            let mut seen = BTreeSet::new();
            rules.iter().map(|rule| seen.insert(rule)).collect()
        }
    };
    if is_new.iter().all(|is_new| *is_new) {
        return rules;
    }
    rules.into_iter().zip(is_new).filter_map(|(rule, is_new)| is_new.then_some(rule)).collect()
}

/// The pods' ports that a grant opens.
fn granted(service: &Service, conditions: &Conditions) -> Vec<Port> {
    with_tunnel(service, service.touched(conditions).map(|port| port.target.value).collect())
}

/// The peers that a caller counts as.
#[derive(Clone, Copy)]
struct Peers {
    own: Peer,
    namespace: NamespaceId,
}

impl Peers {
    fn count_as(self, peer: Peer) -> bool {
        peer == self.own || peer == Peer::Namespace(self.namespace) || matches!(peer, Peer::AnyoneInMesh | Peer::Anyone)
    }
}

/// What pods call, whom they ask, and what else may leave.
struct Reached<'r> {
    calls: &'r [Call],
    asks: &'r [Ask],
    unregistered: &'r Egress,
    telemetry: Option<&'r Telemetry>,
}

fn egress(lowering: &Lowering<'_>, reached: &Reached<'_>, caller: Peers) -> Rules {
    let Reached { calls, asks, unregistered, telemetry } = *reached;
    if calls.iter().any(|call| call.callee == Callee::Anything) {
        return vec![open()];
    }
    let mut rules = always(lowering);
    for call in calls {
        match call.callee {
            Callee::Service(id) => {
                let routed = lowering.mesh.service(id).routed().map(|(_, _, other)| other);
                for id in std::iter::once(id).chain(routed) {
                    let callee = lowering.mesh.service(id);
                    let ports = with_tunnel_from(lowering, callee, (caller.own, &open_to(callee, caller)));
                    let ports = targets(ports);
                    if !ports.is_empty() {
                        let peers = vec![pods(lowering, callee.namespace, &callee.selector.value)];
                        rules.push(Traced::new(NetworkRule { peers, ports }, call.origin));
                    }
                }
                rules.extend(led_out(lowering, lowering.mesh.service(id), (caller.own, call.origin)));
            }
            Callee::External(id) => {
                rules.push(Traced::new(outside_network::way(lowering, lowering.mesh.external(id)), call.origin));
            }
            Callee::KubeApi => rules.push(Traced::new(kube_api(lowering), call.origin)),
            Callee::Anything => {}
        }
    }
    if unregistered.is_open.value {
        let rule = NetworkRule { peers: vec![anywhere()], ports: Vec::new() };
        rules.push(Traced::new(rule, unregistered.is_open.origin));
    }
    for ask in asks {
        let authorizer = lowering.mesh.authorizer(ask.authorizer);
        let asked = lowering.mesh.service(authorizer.service.value);
        let ports = target(asked, authorizer.port.value);
        let peers = vec![pods(lowering, asked.namespace, &asked.selector.value)];
        rules.push(Traced::new(NetworkRule { peers, ports }, ask.origin));
    }
    rules.extend(told::ways(lowering, telemetry));
    without_repeats(rules)
}

/// The ways to what the routes of a service lead to outside: it is the caller's proxy that goes there.
fn led_out<'n>(
    lowering: &'n Lowering<'_>,
    service: &'n Service,
    (caller, origin): (Peer, Origin),
) -> impl Iterator<Item = Traced<NetworkRule>> + 'n {
    let led = service.routed_outside_for(lowering.mesh, caller);
    led.map(move |(_, _, id)| Traced::new(outside_network::way(lowering, lowering.mesh.external(id)), origin))
}

/// The pods' ports of a callee that some grant opens to a caller.
fn open_to(callee: &Service, caller: Peers) -> Vec<Port> {
    if callee.is_audited() {
        return with_tunnel(callee, callee.ports.iter().map(|port| port.target.value).collect());
    }
    let grants = callee.grants.iter().filter(|grant| grant.callers.iter().any(|found| caller.count_as(found.peer)));
    in_order(grants.flat_map(|grant| granted(callee, &grant.conditions)).collect())
}

/// The pods' ports of a service that some grant opens to a gateway.
fn open_to_gateway(callee: &Service, id: GatewayId) -> Vec<Port> {
    if callee.is_audited() {
        return with_tunnel(callee, callee.ports.iter().map(|port| port.target.value).collect());
    }
    let is_it = |peer: Peer| peer == Peer::Gateway(id) || peer == Peer::Anyone;
    let grants = callee.grants.iter().filter(|grant| grant.callers.iter().any(|found| is_it(found.peer)));
    in_order(grants.flat_map(|grant| granted(callee, &grant.conditions)).collect())
}

fn of_gateway(lowering: &Lowering<'_>, id: GatewayId, gateway: &Gateway) -> Object {
    let listening: BTreeSet<u16> = gateway.listeners.iter().map(|listener| listener.target.value.number()).collect();
    let ports = tcp(listening.into_iter().chain([READINESS]));
    let mut ingress = vec![Traced::new(NetworkRule { peers: Vec::new(), ports }, gateway.origin), metrics(lowering)];
    let mut egress = always(lowering);
    let [callers, out] = outside_network::of_gateway(lowering, id);
    ingress.extend(callers);
    egress.extend(out);
    for service in &lowering.mesh.services {
        for exposure in service.exposures.iter().filter(|exposure| exposure.gateway == id) {
            let ports = targets(service.port(exposure.port).map(|port| port.target.value));
            let peers = vec![pods(lowering, service.namespace, &service.selector.value)];
            egress.push(Traced::new(NetworkRule { peers, ports }, exposure.origin));
            for (_, _, other) in service.routed() {
                let other = lowering.mesh.service(other);
                let ports = targets(open_to_gateway(other, id));
                if !ports.is_empty() {
                    let peers = vec![pods(lowering, other.namespace, &other.selector.value)];
                    egress.push(Traced::new(NetworkRule { peers, ports }, exposure.origin));
                }
            }
            egress.extend(led_out(lowering, service, (Peer::Gateway(id), exposure.origin)));
        }
    }
    for service in &lowering.mesh.services {
        for grant in service.grants.iter().filter(|grant| grant.callers.iter().any(|it| it.peer == Peer::Gateway(id))) {
            let ports = targets(granted(service, &grant.conditions));
            let peers = vec![pods(lowering, service.namespace, &service.selector.value)];
            egress.push(Traced::new(NetworkRule { peers, ports }, grant.origin));
        }
    }
    egress.extend(told::ways(lowering, Some(lowering.mesh.telemetry_of_gateway(gateway))));
    let member = Member { namespace: gateway.namespace, name: &gateway.name, selector: &gateway.selector };
    object(lowering, &lowering.owned_by_gateway(gateway), &member, (without_repeats(ingress), without_repeats(egress)))
}
