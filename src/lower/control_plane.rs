use super::istio::sidecar::outbound_mode;
use crate::ir::Mesh;
use crate::manifest::{
    ControlPlane, ControlPlaneEnv, MeshConfig, OutboundTraffic, PathNormalization, ProxyDefaults, ProxyMetadata,
};
use crate::value::Duration;

/// The control plane signs no certificate that lasts longer, unless it is told to.
const LONGEST_LIFETIME: Duration = Duration::of_milliseconds(90 * 24 * 3_600_000);

/// What the mesh asks of the control plane's own installation. Without the normalization of paths `/pay/..%2fsecret`
/// passes a grant of `/pay/*`, so it is not left to the default.
pub(super) fn lower(mesh: &Mesh) -> ControlPlane {
    let lifetime = mesh.certificate_lifetime.as_ref().map(|said| said.value);
    let longer = lifetime.filter(|lifetime| *lifetime > LONGEST_LIFETIME);
    ControlPlane {
        env: longer.map(|lifetime| ControlPlaneEnv { max_workload_cert_ttl: lifetime.to_string() }),
        mesh_config: MeshConfig {
            trust_domain: mesh.trust_domain.value.text().clone(),
            trust_domain_aliases: mesh.trust_aliases.iter().map(|alias| alias.text().clone()).collect(),
            root_namespace: mesh.root_namespace.value.text().clone(),
            enable_auto_mtls: true,
            default_config: lifetime
                .map(|lifetime| ProxyDefaults { proxy_metadata: ProxyMetadata { secret_ttl: lifetime.to_string() } }),
            outbound_traffic_policy: OutboundTraffic { mode: outbound_mode(mesh.egress.is_open.value) },
            path_normalization: PathNormalization { normalization: "DECODE_AND_MERGE_SLASHES" },
        },
    }
}
