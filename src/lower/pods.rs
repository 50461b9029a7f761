use crate::ir::{Gateway, Managed, Mesh, NamespaceId, Passed, Proxy, Resources};
use crate::manifest::{PodPatch, ProxyResources, ResourceList, Traced};
use crate::source::{Decided, Layer, Origin};
use crate::value::Quantity;
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

/// The annotation by which a pod configures its own proxy.
const PROXY_CONFIG: SmolStr = SmolStr::new_static("proxy.istio.io/config");

/// The annotation by which a pod says what its proxy tells of itself.
const LOG_LEVEL: SmolStr = SmolStr::new_static("sidecar.istio.io/logLevel");

type Annotations = Vec<(SmolStr, Traced<SmolStr>)>;

/// Something that has pods: its namespace, its name, where it is declared, and what it says of its proxies.
type Member<'m> = (NamespaceId, &'m SmolStr, Origin, Option<&'m Proxy>);

/// What must stand on pods that somebody else deploys, by namespace and name.
pub(super) fn lower(mesh: &Mesh) -> Vec<PodPatch> {
    let mut patches: Vec<PodPatch> = mesh.gateways.iter().filter_map(|gateway| of_gateway(mesh, gateway)).collect();
    let is_ours = |home: NamespaceId| mesh.namespace(home).managed.value != Managed::Nothing;
    let services = mesh.services.iter().filter(|service| service.data_plane.is_per_pod());
    let services = services.map(|service| (service.namespace, &service.name, service.origin, service.proxy.as_deref()));
    let workloads = mesh.workloads.iter().filter(|workload| workload.data_plane.is_per_pod());
    let workloads =
        workloads.map(|workload| (workload.namespace, &workload.name, workload.origin, workload.proxy.as_deref()));
    let members = services.chain(workloads).filter(|(home, ..)| is_ours(*home));
    patches.extend(members.filter_map(|member| of_member(mesh, member)));
    patches.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    patches
}

/// What differs from the values of the control plane, which hold for every pod.
fn of_member(mesh: &Mesh, (home, name, origin, own): Member<'_>) -> Option<PodPatch> {
    let namespace = mesh.namespace(home);
    if own.is_none() && namespace.proxy.words().iter().all(|(_, origin)| origin.layer <= Layer::MeshOverlay) {
        return None;
    }
    let (said, above) = (own.unwrap_or(&namespace.proxy), &mesh.proxy);
    let mut annotations = resources(&above.resources, &said.resources);
    let mut annotate = |key: SmolStr, value: Option<Traced<SmolStr>>| {
        annotations.extend(value.map(|value| (key, value)));
    };
    annotate(LOG_LEVEL, differing(&said.log_level, &above.log_level).map(|level| level.map(SmolStr::new_static)));
    let ports = differing(&said.exclude_inbound, &above.exclude_inbound);
    annotate(SmolStr::new_static("traffic.sidecar.istio.io/excludeInboundPorts"), ports.map(|ports| ports.map(list)));
    if let Some(passed) = differing(&said.exclude_outbound, &above.exclude_outbound) {
        let [ports, ranges] = apart(&passed.value).map(|list| Traced { value: list, origin: passed.origin });
        annotate(SmolStr::new_static("traffic.sidecar.istio.io/excludeOutboundPorts"), Some(ports));
        annotate(SmolStr::new_static("traffic.sidecar.istio.io/excludeOutboundIPRanges"), Some(ranges));
    }
    annotate(PROXY_CONFIG, proxy_config(above, said, None));
    (!annotations.is_empty()).then(|| PodPatch::annotating(namespace.name.clone(), name.clone(), origin, annotations))
}

/// Without the number of hops a gateway takes the last proxy before it for the client, and a filter by address would be
/// for that one. What a gateway may use is said of its container: no annotation says it.
fn of_gateway(mesh: &Mesh, gateway: &Gateway) -> Option<PodPatch> {
    let namespace = mesh.namespace(gateway.namespace);
    let said = mesh.proxy_of_gateway(gateway);
    let hops = gateway.trusted_proxies.as_ref();
    let mut annotations = Annotations::new();
    let level = differing(&said.log_level, &mesh.proxy.log_level);
    annotations.extend(level.map(|level| (LOG_LEVEL, level.map(SmolStr::new_static))));
    annotations.extend(proxy_config(&mesh.proxy, &said, hops).map(|config| (PROXY_CONFIG, config)));
    let resources = of_container(&said.resources);
    if annotations.is_empty() && resources.is_none() {
        return None;
    }
    let patch = PodPatch::annotating(namespace.name.clone(), gateway.name.clone(), gateway.origin, annotations);
    Some(match resources {
        Some(resources) => patch.with_resources(resources),
        None => patch,
    })
}

/// A value that is another than the one above.
fn differing<T: Clone + PartialEq>(own: &Option<Decided<T>>, above: &Option<Decided<T>>) -> Option<Traced<T>> {
    let is_new = |own: &&Decided<T>| above.as_ref().is_none_or(|above| above.value != own.value);
    own.as_ref().filter(is_new).map(Traced::from)
}

/// All four, or none: an annotation of one takes what the values of the control plane say of the others away.
fn resources(above: &Resources, own: &Resources) -> Annotations {
    let keys = ["proxyCPU", "proxyCPULimit", "proxyMemory", "proxyMemoryLimit"];
    let said = |said: &Resources| [&said.cpu, &said.cpu_limit, &said.memory, &said.memory_limit].map(quantity);
    if said(above) == said(own) {
        return Annotations::new();
    }
    let all = keys.into_iter().zip(said(own)).zip(Resources::UNSAID);
    all.map(|((key, value), unsaid)| {
        (format_smolstr!("sidecar.istio.io/{key}"), value.unwrap_or(Traced::plain(SmolStr::new_static(unsaid))))
    })
    .collect()
}

fn quantity(said: &Option<Decided<Quantity>>) -> Option<Traced<SmolStr>> {
    said.as_ref().map(|said| Traced::new(said.value.text().clone(), said.origin))
}

/// What a container may use, where somebody says it.
pub(super) fn of_container(said: &Resources) -> Option<ProxyResources> {
    let Resources { cpu, memory, cpu_limit, memory_limit } = said;
    let list = |cpu, memory| {
        let list = ResourceList { cpu: quantity(cpu), memory: quantity(memory) };
        (list != ResourceList::default()).then_some(list)
    };
    let resources = ProxyResources { requests: list(cpu, memory), limits: list(cpu_limit, memory_limit) };
    (resources != ProxyResources::default()).then_some(resources)
}

/// What a pod says of its proxy in the words of the control plane's configuration; told as what is said first.
fn proxy_config(above: &Proxy, said: &Proxy, hops: Option<&Decided<u32>>) -> Option<Traced<SmolStr>> {
    let hold = differing(&said.hold_application, &above.hold_application)
        .map(|hold| hold.map(|hold| format!(r#""holdApplicationUntilProxyStarts":{hold}"#)));
    let drain = differing(&said.drain, &above.drain)
        .map(|drain| drain.map(|drain| format!(r#""terminationDrainDuration":"{drain}""#)));
    let hops =
        hops.map(|hops| Traced::from(hops).map(|hops| format!(r#""gatewayTopology":{{"numTrustedProxies":{hops}}}"#)));
    let parts: Vec<Traced<String>> = hold.into_iter().chain(drain).chain(hops).collect();
    let origin = parts.first()?.origin;
    let parts: Vec<String> = parts.into_iter().map(|part| part.value).collect();
    Some(Traced { value: format_smolstr!("{{{}}}", parts.join(",")), origin })
}

/// Values with commas between, as the injector reads them.
pub(super) fn list<T: ToSmolStr>(values: impl IntoIterator<Item = T>) -> SmolStr {
    values.into_iter().map(|value| value.to_smolstr()).collect::<Vec<_>>().join(",").into()
}

/// Ports, and addresses.
pub(super) fn apart(passed: &[Passed]) -> [SmolStr; 2] {
    let ports = passed.iter().filter_map(|passed| match passed {
        Passed::Port(port) => Some(*port),
        Passed::Range(_) => None,
    });
    let ranges = passed.iter().filter_map(|passed| match passed {
        Passed::Port(_) => None,
        Passed::Range(range) => Some(*range),
    });
    [list(ports), list(ranges)]
}
