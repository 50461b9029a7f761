use super::pods::{DataPlane, egress, mtls, network_policy};
use super::proxy::Proxy;
use super::said::{Choice, Table};
use super::schema::object;
use super::telemetry::Telemetry;
use crate::ir::{self, Managed};
use crate::source::Decided;
use smol_str::SmolStr;

object! {
    /// A namespace; what it says as a default of services is in those that it reaches.
    Namespace {
        /// Its name.
        name: SmolStr,
        /// How much of it is ours: `all`, `contents` or `nothing`.
        manage: SmolStr,
        /// Labels of the namespace itself.
        label: Table,
        /// Annotations of the namespace itself.
        annotation: Table,
        /// How its pods join the mesh.
        data_plane: DataPlane,
        /// Whether callers must prove who they are.
        mtls: Choice,
        /// What may leave besides what is called.
        egress: Choice,
        /// Whether the network is closed by default.
        network_policy: Choice,
        /// What proxies tell.
        telemetry: Telemetry,
        /// How proxies run.
        proxy: Proxy,
    }
}

impl Namespace {
    /// What a namespace is after layers.
    pub fn of(namespace: &ir::Namespace, mesh: &ir::Mesh) -> Self {
        let ir::Namespace {
            name,
            origin: _,
            managed,
            labels,
            annotations,
            data_plane,
            mtls: mode,
            egress: leaves,
            network_policy: is_closed,
            network_waiver,
            telemetry,
            proxy,
            defaults: _,
        } = namespace;
        let manage = match managed.value {
            Managed::All => "all",
            Managed::Contents => "contents",
            Managed::Nothing => "nothing",
        };
        let table = |said: &[(SmolStr, Decided<SmolStr>)]| {
            said.iter().map(|(key, value)| (key.clone(), value.value.clone())).collect()
        };
        Namespace {
            name: name.clone(),
            manage: SmolStr::new_static(manage),
            label: table(labels),
            annotation: table(annotations),
            data_plane: DataPlane::of(data_plane),
            mtls: mtls(mode),
            egress: egress(leaves),
            network_policy: network_policy(*is_closed, network_waiver.as_deref()),
            telemetry: Telemetry::of(telemetry, mesh),
            proxy: Proxy::of(proxy),
        }
    }
}
