use super::access::Call;
use super::proxy::Proxy;
use super::said::{Choice, Table, table, text};
use super::schema::object;
use super::telemetry::Telemetry;
use crate::ir::{self, AccessMode, Mesh, MtlsMode, Plane, Waiver};
use smol_str::SmolStr;

object! {
    /// What pods run under.
    Account {
        /// Its name.
        name: SmolStr,
        /// Whether others may run under it too.
        shared: bool,
    }
}

object! {
    /// How pods join the mesh.
    DataPlane {
        /// `sidecar`, `ambient` or `off`.
        mode: SmolStr,
        /// The control plane that is asked.
        revision: Option<SmolStr>,
        /// Who looks at requests on the way.
        waypoint: Option<SmolStr>,
    }
}

object! {
    /// Something that only calls.
    Workload {
        /// Its name.
        name: SmolStr,
        /// Its namespace.
        namespace: SmolStr,
        /// What its pods run under.
        service_account: Account,
        /// The labels of its pods.
        selector: Table,
        /// How its pods join the mesh.
        data_plane: DataPlane,
        /// What it calls.
        calls: Vec<Call>,
        /// What else may leave.
        egress: Choice,
        /// Whether a NetworkPolicy holds the same line.
        network_policy: Choice,
        /// What its proxies tell; null where its pods have none of their own.
        telemetry: Option<Telemetry>,
        /// How its proxies run; null where its pods have none of their own.
        proxy: Option<Proxy>,
    }
}

impl Account {
    pub(super) fn of(account: &ir::Account) -> Self {
        let ir::Account { name, shared } = account;
        Account { name: name.value.clone(), shared: *shared }
    }
}

impl DataPlane {
    pub(super) fn of(data_plane: &ir::DataPlane) -> Self {
        let ir::DataPlane { plane, revision, waypoint } = data_plane;
        let mode = match plane.value {
            Plane::PerPod => "sidecar",
            Plane::PerNode => "ambient",
            Plane::Outside => "off",
        };
        let (revision, waypoint) = (text(revision.as_ref()), text(waypoint.as_ref()));
        DataPlane { mode: SmolStr::new_static(mode), revision, waypoint }
    }
}

impl Workload {
    /// What a workload is after layers.
    pub fn of(workload: &ir::Workload, mesh: &Mesh) -> Self {
        let ir::Workload {
            name,
            namespace,
            origin: _,
            account,
            selector,
            data_plane,
            calls,
            egress: leaves,
            network_policy: is_closed,
            network_waiver,
            telemetry: _,
            proxy: _,
        } = workload;
        Workload {
            name: name.clone(),
            namespace: mesh.namespace_name(*namespace).clone(),
            service_account: Account::of(account),
            selector: table(&selector.value),
            data_plane: DataPlane::of(data_plane),
            calls: calls.iter().map(|call| Call::of(call, mesh)).collect(),
            egress: egress(leaves),
            network_policy: network_policy(is_closed.value, network_waiver.as_deref()),
            telemetry: mesh.telemetry_of_workload(workload).map(|said| Telemetry::of(said, mesh)),
            proxy: mesh.proxy_of_workload(workload).map(Proxy::of),
        }
    }
}

pub(super) fn mtls(mtls: &ir::Mtls) -> Choice {
    let ir::Mtls { mode, waiver } = mtls;
    let word = match mode.value {
        MtlsMode::Strict => "strict",
        MtlsMode::Permissive => "permissive",
        MtlsMode::Disabled => "disable",
    };
    Choice::new(word, waiver.as_deref())
}

pub(super) fn egress(egress: &ir::Egress) -> Choice {
    let ir::Egress { is_open, waiver } = egress;
    Choice::new(if is_open.value { "any" } else { "registered-only" }, waiver.as_deref())
}

pub(super) fn access_mode(mode: AccessMode, waiver: Option<&Waiver>) -> Choice {
    let word = match mode {
        AccessMode::Enforce => "enforce",
        AccessMode::Audit => "audit",
    };
    Choice::new(word, waiver)
}

pub(super) fn network_policy(is_on: bool, waiver: Option<&Waiver>) -> Choice {
    Choice::new(if is_on { "on" } else { "off" }, waiver)
}
