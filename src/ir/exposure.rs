use super::{Actions, Gateway, GatewayId, Handling, Listener, Retry, Rewrite, ServedHost, TokenRule, Waiver};
use crate::source::{Decided, Origin, Spanned};
use crate::value::{self, Cidr, Duration, HostPattern, Method, Path, ProtocolKind};
use smol_str::{SmolStr, ToSmolStr};
use std::fmt;

/// Where a service is open to the outside.
#[derive(Clone, Debug)]
pub struct Exposure {
    /// Through which gateway.
    pub gateway: GatewayId,
    /// Where on it.
    pub door: Decided<Door>,
    /// What the gateway hands on.
    pub kind: ProtocolKind,
    /// On which paths; never empty, and every path where it hands no requests on.
    pub paths: Vec<Spanned<Path>>,
    /// To which port of the service.
    pub port: value::Port,
    /// By which methods; empty: any.
    pub methods: Vec<Method>,
    /// From which addresses; empty: any.
    pub from: Vec<Cidr>,
    /// How these requests are changed on their way; what the service says of paths is of the changed ones.
    pub rewrite: Option<Decided<Box<Rewrite>>>,
    /// How long these requests may take.
    pub timeout: Option<Decided<Duration>>,
    /// How often these requests are tried again.
    pub retry: Retry,
    /// The tokens that these requests must show.
    pub tokens: Vec<TokenRule>,
    /// How the requests of each of the service's routes are handled, in the order of the routes.
    pub routes: Vec<Handling>,
    /// What else is done to these requests.
    pub actions: Option<Box<Actions>>,
    /// Who said it.
    pub origin: Origin,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// Where on a gateway a service is exposed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    /// Under a host, on every listener that has it.
    Host(HostPattern),
    /// On a listener of bytes, by its number.
    Listener(value::Port),
}

impl Door {
    /// As part of the name of an object.
    pub fn object_name(&self) -> SmolStr {
        match self {
            Door::Host(host) => host.object_name(),
            Door::Listener(number) => number.to_smolstr(),
        }
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Door::Host(host) => write!(f, "{host}"),
            Door::Listener(number) => write!(f, "port {number}"),
        }
    }
}

impl Exposure {
    /// The host; none on a listener of bytes.
    pub fn host(&self) -> Option<&HostPattern> {
        match &self.door.value {
            Door::Host(host) => Some(host),
            Door::Listener(_) => None,
        }
    }
}

impl Exposure {
    /// The addresses that the pods behind a gateway can ask for themselves. Where trusted proxies stand before the
    /// gateway, it hands on the address of the last of them as if it were the client's: there the gateway alone can ask.
    pub fn clients_at_pods(&self, gateway: &Gateway) -> &[Cidr] {
        if gateway.trusted_proxies.is_some() { &[] } else { &self.from }
    }

    /// Whether browsers ask before they send: such a question comes by a method of its own, without a token, and the
    /// gateway answers it.
    pub fn is_asked_first(&self) -> bool {
        self.actions.as_ref().is_some_and(|actions| actions.cors.is_some())
    }
}

impl Listener {
    /// What it serves that is behind a door.
    pub fn serves_door(&self, door: &Door) -> Option<&ServedHost> {
        match door {
            Door::Host(host) => self.serves(host).filter(|_| !self.hands_on_bytes()),
            Door::Listener(number) if self.number.value == *number && self.hands_on_bytes() => self.hosts.first(),
            Door::Listener(_) => None,
        }
    }
}

impl Gateway {
    /// The listeners that a door of a kind stands in.
    pub fn doors<'g>(&'g self, door: &'g Door, kind: ProtocolKind) -> impl Iterator<Item = &'g Listener> {
        let of_kind = self.listeners.iter().filter(move |listener| listener.kind() == kind);
        of_kind.filter(move |listener| listener.serves_door(door).is_some())
    }

    /// The listeners through which an exposure is reached.
    pub fn through<'g>(&'g self, exposure: &'g Exposure) -> impl Iterator<Item = &'g Listener> {
        self.doors(&exposure.door.value, exposure.kind)
    }
}
