use super::super::Lowering;
use super::super::frame::Owner;
use super::super::names;
use super::super::told;
use crate::ir::{self, Ask, Call, Callee, DataPlane, ExternalId, Labels, NamespaceId, Peer, ServiceId, Telemetry};
use crate::manifest::istio::{Egress, OutboundMode, OutboundTrafficPolicy, Sidecar, WorkloadSelector};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::source::Decided;
use smol_str::{SmolStr, format_smolstr};
use std::collections::BTreeSet;

/// What each proxy knows: the callees of its service or workload. For other pods of a namespace: that namespace and the
/// control plane's. It scopes and does not protect, since a pod can change its own proxy.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let mesh = lowering.mesh;
    let members = mesh.services.iter().map(|service| service.namespace);
    let members: BTreeSet<NamespaceId> = members.chain(mesh.workloads.iter().map(|found| found.namespace)).collect();
    // The proxy of a node knows no scope, and Istio warns of one that is said for it.
    let scoped = |id: NamespaceId, plane: &DataPlane| plane.is_per_pod() && lowering.writes_into(id);
    for id in members.into_iter().filter(|id| scoped(*id, &mesh.namespace(*id).data_plane)) {
        let hosts = [SmolStr::new_static("./*"), format_smolstr!("{}/*", mesh.root_namespace.value)];
        let mut hosts = hosts.map(Traced::plain).to_vec();
        // Istio warns of a host that stands there twice.
        let held = [mesh.namespace_name(id), mesh.root_namespace.value.text()].map(|name| format_smolstr!("{name}/"));
        let told = told::hosts(lowering, Some(&mesh.namespace(id).telemetry));
        hosts.extend(told.filter(|host| !held.iter().any(|held| host.value.starts_with(held.as_str()))));
        let spec = spec(None, mode(&mesh.namespace(id).egress), each_once(hosts));
        let place = lowering.place(id, "default", Wave::Exceptions);
        take(lowering.frame.object(&lowering.owned_by_namespace(id), place, spec));
    }
    for (id, service) in mesh.services().filter(|(_, service)| scoped(service.namespace, &service.data_plane)) {
        let (namespace, selector, egress) = (service.namespace, &service.selector, &service.egress);
        let telemetry = mesh.telemetry_of(service);
        let scoped = Scoped { caller: Peer::Service(id), namespace, name: &service.name, selector, egress, telemetry };
        take(own(lowering, &lowering.owned_by_service(service), &scoped, (&service.calls, &service.asks)));
    }
    for (id, workload) in mesh.workloads().filter(|(_, workload)| scoped(workload.namespace, &workload.data_plane)) {
        let (namespace, selector, egress) = (workload.namespace, &workload.selector, &workload.egress);
        let telemetry = mesh.telemetry_of_workload(workload);
        let scoped =
            Scoped { caller: Peer::Workload(id), namespace, name: &workload.name, selector, egress, telemetry };
        take(own(lowering, &lowering.owned_by_workload(workload), &scoped, (&workload.calls, &[])));
    }
}

/// Whose proxies are scoped.
struct Scoped<'s> {
    caller: Peer,
    namespace: NamespaceId,
    name: &'s SmolStr,
    selector: &'s Decided<Labels>,
    egress: &'s ir::Egress,
    telemetry: Option<&'s Telemetry>,
}

/// What is done with calls to what nobody registered.
fn mode(egress: &ir::Egress) -> Traced<OutboundMode> {
    Traced::from(&egress.is_open).map(outbound_mode)
}

/// The mode where calls to what nobody registered pass, or fail.
pub(in crate::lower) fn outbound_mode(is_open: bool) -> OutboundMode {
    if is_open { OutboundMode::AllowAny } else { OutboundMode::RegistryOnly }
}

/// What is called, and who is asked.
type Reached<'r> = (&'r [Call], &'r [Ask]);

fn own(lowering: &Lowering<'_>, owner: &Owner<'_>, scoped: &Scoped<'_>, reached: Reached<'_>) -> Object {
    let anything = reached.0.iter().find(|call| call.callee == Callee::Anything);
    let (mode, hosts) = match anything {
        Some(call) => (
            Traced::new(OutboundMode::AllowAny, call.origin),
            vec![Traced::new(SmolStr::new_static("*/*"), call.origin)],
        ),
        None => (mode(scoped.egress), hosts(lowering, scoped, reached)),
    };
    let selector = WorkloadSelector { labels: scoped.selector.into() };
    let place = lowering.place(scoped.namespace, scoped.name.clone(), Wave::Exceptions);
    lowering.frame.object(owner, place, spec(Some(selector), mode, hosts))
}

fn hosts(lowering: &Lowering<'_>, scoped: &Scoped<'_>, (calls, asks): Reached<'_>) -> Vec<Traced<SmolStr>> {
    let mut hosts: Vec<Traced<SmolStr>> = Vec::with_capacity(calls.len());
    for call in calls {
        match call.callee {
            Callee::Service(id) => {
                // What its routes lead elsewhere is sent there by the caller's proxy.
                let service = lowering.mesh.service(id);
                let routed = service.routed().map(|(_, _, other)| other);
                hosts.extend(routed.chain([id]).map(|id| Traced::new(host(lowering, id), call.origin)));
                for (_, _, outside) in service.routed_outside_for(lowering.mesh, scoped.caller) {
                    hosts.extend(outside_hosts(lowering, outside).map(|host| Traced::new(host, call.origin)));
                }
            }
            Callee::External(id) => {
                hosts.extend(outside_hosts(lowering, id).map(|host| Traced::new(host, call.origin)));
            }
            Callee::KubeApi => hosts.push(Traced::new(lowering.frame.kube_api(), call.origin)),
            Callee::Anything => {}
        }
    }
    for ask in asks {
        hosts.push(Traced::new(host(lowering, lowering.mesh.authorizer(ask.authorizer).service.value), ask.origin));
    }
    hosts.extend(told::hosts(lowering, scoped.telemetry));
    if hosts.is_empty() {
        hosts.push(Traced::plain(SmolStr::new_static("~/*")));
    }
    each_once(hosts)
}

fn each_once(mut hosts: Vec<Traced<SmolStr>>) -> Vec<Traced<SmolStr>> {
    hosts.sort_by(|a, b| a.value.cmp(&b.value));
    hosts.dedup_by(|a, b| a.value == b.value);
    hosts
}

/// What a proxy knows of something outside: its hosts, and the gateway by which it is reached.
fn outside_hosts<'n>(lowering: &'n Lowering<'_>, id: ExternalId) -> impl Iterator<Item = SmolStr> + 'n {
    let external = lowering.mesh.external(id);
    let home = lowering.home_of(external);
    let own = external.hosts.iter().map(move |host| format_smolstr!("{home}/{}", host.value));
    own.chain(lowering.gateway_of(external).map(|gateway| {
        let namespace = lowering.mesh.namespace_name(gateway.namespace);
        format_smolstr!("{namespace}/{}", lowering.gateway_host(gateway))
    }))
}

fn host(lowering: &Lowering<'_>, id: ServiceId) -> SmolStr {
    let namespace = lowering.mesh.namespace_name(lowering.mesh.service(id).namespace);
    names::joined(&[namespace, "/", &lowering.frame.fqdn(id)])
}

fn spec(workload_selector: Option<WorkloadSelector>, mode: Traced<OutboundMode>, hosts: Vec<Traced<SmolStr>>) -> Spec {
    let outbound_traffic_policy = OutboundTrafficPolicy { mode };
    Spec::Sidecar(Sidecar { workload_selector, outbound_traffic_policy, egress: vec![Egress { hosts }] })
}
