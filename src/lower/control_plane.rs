use super::istio::sidecar::outbound_mode;
use crate::ir::Mesh;
use crate::manifest::{ControlPlane, MeshConfig, OutboundTraffic, PathNormalization};

/// What the mesh asks of the control plane's own installation. Without the normalization of paths `/pay/..%2fsecret`
/// passes a grant of `/pay/*`, so it is not left to the default.
pub(super) fn lower(mesh: &Mesh) -> ControlPlane {
    ControlPlane {
        mesh_config: MeshConfig {
            trust_domain: mesh.trust_domain.value.text().clone(),
            trust_domain_aliases: mesh.trust_aliases.iter().map(|alias| alias.text().clone()).collect(),
            root_namespace: mesh.root_namespace.value.text().clone(),
            enable_auto_mtls: true,
            outbound_traffic_policy: OutboundTraffic { mode: outbound_mode(mesh.egress.is_open.value) },
            path_normalization: PathNormalization { normalization: "DECODE_AND_MERGE_SLASHES" },
        },
    }
}
