use super::super::Lowering;
use super::super::frame::Owner;
use crate::ir::{self, Ask, Call, Callee, DataPlane, Labels, NamespaceId, ServiceId};
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
        let spec = spec(None, mode(&mesh.namespace(id).egress), hosts.map(Traced::plain).to_vec());
        let place = lowering.place(id, "default", Wave::Exceptions);
        take(lowering.frame.object(&lowering.owned_by_namespace(id), place, spec));
    }
    for service in mesh.services.iter().filter(|service| scoped(service.namespace, &service.data_plane)) {
        let (namespace, selector, egress) = (service.namespace, &service.selector, &service.egress);
        let scoped = Scoped { namespace, name: &service.name, selector, egress };
        take(own(lowering, &lowering.owned_by_service(service), &scoped, (&service.calls, &service.asks)));
    }
    for workload in mesh.workloads.iter().filter(|workload| scoped(workload.namespace, &workload.data_plane)) {
        let (namespace, selector, egress) = (workload.namespace, &workload.selector, &workload.egress);
        let scoped = Scoped { namespace, name: &workload.name, selector, egress };
        take(own(lowering, &lowering.owned_by_workload(workload), &scoped, (&workload.calls, &[])));
    }
}

/// Whose proxies are scoped.
struct Scoped<'s> {
    namespace: NamespaceId,
    name: &'s SmolStr,
    selector: &'s Decided<Labels>,
    egress: &'s ir::Egress,
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
        None => (mode(scoped.egress), hosts(lowering, reached)),
    };
    let selector = WorkloadSelector { labels: scoped.selector.into() };
    let place = lowering.place(scoped.namespace, scoped.name.clone(), Wave::Exceptions);
    lowering.frame.object(owner, place, spec(Some(selector), mode, hosts))
}

fn hosts(lowering: &Lowering<'_>, (calls, asks): Reached<'_>) -> Vec<Traced<SmolStr>> {
    let mut hosts: Vec<Traced<SmolStr>> = Vec::with_capacity(calls.len());
    for call in calls {
        match call.callee {
            Callee::Service(id) => {
                // What its routes lead elsewhere is sent there by the caller's proxy.
                let routed = lowering.mesh.service(id).routed().map(|(_, _, other)| other);
                hosts.extend(routed.chain([id]).map(|id| Traced::new(host(lowering, id), call.origin)));
            }
            Callee::External(id) => {
                let external = lowering.mesh.external(id);
                let home = lowering.home_of(external);
                let host = |host: &Decided<_>| Traced::new(format_smolstr!("{home}/{}", host.value), call.origin);
                hosts.extend(external.hosts.iter().map(host));
                hosts.extend(lowering.gateway_of(external).map(|gateway| {
                    let namespace = lowering.mesh.namespace_name(gateway.namespace);
                    let host = format_smolstr!("{namespace}/{}", lowering.gateway_host(gateway));
                    Traced::new(host, call.origin)
                }));
            }
            Callee::KubeApi => hosts.push(Traced::new(lowering.frame.kube_api(), call.origin)),
            Callee::Anything => {}
        }
    }
    for ask in asks {
        hosts.push(Traced::new(host(lowering, lowering.mesh.authorizer(ask.authorizer).service.value), ask.origin));
    }
    hosts.sort_by(|a, b| a.value.cmp(&b.value));
    hosts.dedup_by(|a, b| a.value == b.value);
    if hosts.is_empty() {
        hosts.push(Traced::plain(SmolStr::new_static("~/*")));
    }
    hosts
}

fn host(lowering: &Lowering<'_>, id: ServiceId) -> SmolStr {
    let namespace = lowering.mesh.namespace_name(lowering.mesh.service(id).namespace);
    format_smolstr!("{namespace}/{}", lowering.frame.fqdn(id))
}

fn spec(workload_selector: Option<WorkloadSelector>, mode: Traced<OutboundMode>, hosts: Vec<Traced<SmolStr>>) -> Spec {
    let outbound_traffic_policy = OutboundTrafficPolicy { mode };
    Spec::Sidecar(Sidecar { workload_selector, outbound_traffic_policy, egress: vec![Egress { hosts }] })
}
