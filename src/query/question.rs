use crate::ir::{GatewayId, IssuerId, Mesh, NamespaceId, Peer, ServiceId, WorkloadId};
use crate::value;
use smol_str::SmolStr;
use std::net::IpAddr;

/// Who sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// A service.
    Service(ServiceId),
    /// A workload.
    Workload(WorkloadId),
    /// Some other pod of a namespace, with a proxy and an identity of its own.
    Namespace(NamespaceId),
    /// A pod or a machine without a proxy, hence without an identity.
    Stranger,
    /// A client outside, through a gateway; none: through whichever serves the host.
    Outside(Option<GatewayId>),
}

/// A token that a request shows, which its issuer signed and which has not expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownToken {
    /// Who signed it.
    pub issuer: IssuerId,
    /// Its claims, by name; inner ones as `realm.roles`.
    pub claims: Vec<(SmolStr, Vec<SmolStr>)>,
}

/// Whether a request comes to a service.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who sends it.
    pub who: Who,
    /// To whom.
    pub target: ServiceId,
    /// On which port: of the service, or of the gateway; none: the usual one.
    pub port: Option<value::Port>,
    /// By which method.
    pub method: SmolStr,
    /// On which path, with its query.
    pub path: SmolStr,
    /// Under which host; none: the one that clients use.
    pub host: Option<SmolStr>,
    /// With which headers; names in lower case.
    pub headers: Vec<(SmolStr, SmolStr)>,
    /// With which token.
    pub token: Option<ShownToken>,
    /// With a client certificate of the authority that a listener names, and this name in it; empty: whichever name is
    /// asked for. None: without one.
    pub certificate: Option<SmolStr>,
    /// From which address; none: it is not known.
    pub address: Option<IpAddr>,
}

impl Question {
    /// Plain `GET /`.
    pub fn new(who: Who, target: ServiceId) -> Self {
        Question {
            who,
            target,
            port: None,
            method: SmolStr::new_static("GET"),
            path: SmolStr::new_static("/"),
            host: None,
            headers: Vec::new(),
            token: None,
            certificate: None,
            address: None,
        }
    }
}

impl Who {
    /// As the mesh knows it; none for who has no identity in it.
    pub(super) fn peer(self) -> Option<Peer> {
        match self {
            Who::Service(id) => Some(Peer::Service(id)),
            Who::Workload(id) => Some(Peer::Workload(id)),
            Who::Namespace(id) => Some(Peer::Namespace(id)),
            Who::Stranger | Who::Outside(_) => None,
        }
    }

    /// How people name it.
    pub fn name(self, mesh: &Mesh) -> SmolStr {
        match (self, self.peer()) {
            (_, Some(peer)) => peer.full_name(mesh),
            (Who::Outside(Some(id)), None) => smol_str::format_smolstr!("gateway:{}", mesh.gateway(id).name),
            (Who::Outside(None), None) => SmolStr::new_static("internet"),
            (Who::Stranger | Who::Service(_) | Who::Workload(_) | Who::Namespace(_), None) => {
                SmolStr::new_static("anyone")
            }
        }
    }
}
