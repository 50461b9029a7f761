use crate::ir::{Gateway, Mesh};
use crate::manifest::PodPatch;
use smol_str::{SmolStr, format_smolstr};

/// The annotation by which a pod configures its own proxy.
const PROXY_CONFIG: SmolStr = SmolStr::new_static("proxy.istio.io/config");

/// What must stand on pods that somebody else deploys, by namespace and name.
pub(super) fn lower(mesh: &Mesh) -> Vec<PodPatch> {
    let mut patches: Vec<PodPatch> = mesh.gateways.iter().filter_map(|gateway| of_gateway(mesh, gateway)).collect();
    patches.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    patches
}

/// Without it a gateway takes the last proxy before it for the client, and a filter by address would be for that one.
fn of_gateway(mesh: &Mesh, gateway: &Gateway) -> Option<PodPatch> {
    let hops = gateway.trusted_proxies.as_ref()?.value;
    let config = format_smolstr!(r#"{{"gatewayTopology":{{"numTrustedProxies":{hops}}}}}"#);
    let namespace = mesh.namespace_name(gateway.namespace).clone();
    Some(PodPatch::annotating(namespace, gateway.name.clone(), vec![(PROXY_CONFIG, config)]))
}
