use super::{ExternalId, GatewayId, GroupId, Mesh, NamespaceId, ServiceId, Token, WorkloadId};
use crate::source::{Origin, Span, Spanned};
use crate::value::{self, Cidr, Date, HeaderName, HeaderValue, HostPattern, Method, Path};
use smol_str::{SmolStr, format_smolstr};
use std::ops::{Deref, DerefMut};

/// Why a step away from the safe side is taken, and until when.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The reason.
    pub reason: Option<Spanned<SmolStr>>,
    /// The last day on which it counts.
    pub until: Option<Spanned<Date>>,
}

impl Waiver {
    /// Whether it says why.
    pub fn gives_reason(&self) -> bool {
        self.reason.is_some()
    }
}

/// A source of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// A service, by its identity.
    Service(ServiceId),
    /// A workload, by its identity.
    Workload(WorkloadId),
    /// Every identity of a namespace.
    Namespace(NamespaceId),
    /// A gateway, by its identity.
    Gateway(GatewayId),
    /// An address, with or without identity.
    Address(Cidr),
    /// Every identity of the mesh but the gateways'.
    AnyoneInMesh,
    /// Everyone, with or without identity.
    Anyone,
    /// The API server of Kubernetes, by address.
    KubeApi,
}

/// One name for several peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Collective {
    /// A group.
    Group(GroupId),
    /// Who monitors the mesh.
    Monitoring,
}

/// A group of callers.
#[derive(Debug)]
pub struct Group {
    /// Its name.
    pub name: SmolStr,
    /// Who is in it, and in the groups in it: each once, in order.
    pub members: Vec<Peer>,
    /// Where it is declared.
    pub origin: Origin,
}

/// Whether grants and denials are enforced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessMode {
    /// They are.
    Enforce,
    /// What they would do is counted, and all are let in.
    Audit,
}

/// A peer as it was named.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub peer: Peer,
    /// By which name, if that stands for several.
    pub via: Option<Collective>,
    /// Where they were named.
    pub span: Span,
}

/// Who may call, and how.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Who: any of them.
    pub callers: Vec<Caller>,
    /// How.
    pub conditions: Conditions,
    /// Who said it.
    pub origin: Origin,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// Who may not call, and how.
pub type Denial = Grant;

/// How a request must be; most rules do not say, so what they say stands apart.
#[derive(Clone, Debug, Default)]
pub struct Conditions(Option<Box<Narrowing>>);

/// What conditions say: of each list any, and all lists.
#[derive(Clone, Debug, Default)]
pub struct Narrowing {
    /// Methods; `None`: unsaid.
    pub methods: Option<Spanned<Vec<Method>>>,
    /// Paths; empty: any.
    pub paths: Vec<Spanned<Path>>,
    /// Ports of the service; empty: any that fits.
    pub ports: Vec<Spanned<value::Port>>,
    /// Hosts; empty: any.
    pub hosts: Vec<Spanned<HostPattern>>,
    /// Headers, by name: all of them.
    pub headers: Vec<HeaderCondition>,
    /// Tokens: one that all of these take.
    pub tokens: Vec<Token>,
    /// What must not hold: none of its lists.
    pub not: Option<Box<Conditions>>,
}

/// How one header must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderCondition {
    /// Its name.
    pub name: Spanned<HeaderName>,
    /// Its value.
    pub value: Wanted,
}

/// How a text must be, as far as a rule of access can tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// There, whatever it is.
    Present,
    /// One of these.
    OneOf(Vec<HeaderValue>),
    /// Beginning with this.
    Prefix(HeaderValue),
}

impl From<Narrowing> for Conditions {
    fn from(said: Narrowing) -> Self {
        Conditions((!said.is_empty()).then(|| Box::new(said)))
    }
}

impl From<Conditions> for Narrowing {
    fn from(said: Conditions) -> Self {
        said.0.map(|said| *said).unwrap_or_default()
    }
}

impl Deref for Conditions {
    type Target = Narrowing;

    fn deref(&self) -> &Narrowing {
        static NOTHING: Narrowing = Narrowing {
            methods: None,
            paths: Vec::new(),
            ports: Vec::new(),
            hosts: Vec::new(),
            headers: Vec::new(),
            tokens: Vec::new(),
            not: None,
        };
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

impl DerefMut for Conditions {
    fn deref_mut(&mut self) -> &mut Narrowing {
        self.0.get_or_insert_default()
    }
}

impl Narrowing {
    /// Whether they say nothing: everything fits.
    pub fn is_empty(&self) -> bool {
        !self.is_about_requests() && self.ports.is_empty() && self.not.is_none()
    }

    /// Whether one of them is about requests, so that it holds for HTTP ports alone.
    pub fn is_about_requests(&self) -> bool {
        let Narrowing { methods, paths, ports: _, hosts, headers, tokens, not } = self;
        let lists = !paths.is_empty() || !hosts.is_empty() || !headers.is_empty() || !tokens.is_empty();
        let own = methods.is_some() || lists;
        own || not.as_ref().is_some_and(|not| not.is_about_requests())
    }

    /// Whether a port of a service is one of those that are meant.
    pub fn holds_port(&self, number: value::Port) -> bool {
        let names = |ports: &[Spanned<value::Port>]| ports.iter().any(|said| said.value == number);
        let is_left_out = self.not.as_ref().is_some_and(|not| names(&not.ports));
        (self.ports.is_empty() || names(&self.ports)) && !is_left_out
    }

    /// Whether nothing can hold, since what must not hold is everything.
    pub fn is_void(&self) -> bool {
        let any_method = |said: &Spanned<Vec<Method>>| said.value.contains(&Method::Any);
        self.not.as_ref().is_some_and(|not| {
            not.methods.as_ref().is_some_and(any_method) || not.paths.iter().any(|path| path.value.is_all())
        })
    }

    /// The named methods; empty: any.
    pub fn named_methods(&self) -> impl Iterator<Item = &SmolStr> {
        let said = || self.methods.iter().flat_map(|said| &said.value);
        let any = said().any(|method| *method == Method::Any);
        said().filter(move |_| !any).filter_map(|method| match method {
            Method::Any => None,
            Method::Named(name) => Some(name),
        })
    }
}

/// Something that is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callee {
    /// A service.
    Service(ServiceId),
    /// Something outside.
    External(ExternalId),
    /// The API server of Kubernetes.
    KubeApi,
    /// Anything at all.
    Anything,
}

/// A callee as it was named.
#[derive(Clone, Debug)]
pub struct Call {
    /// What.
    pub callee: Callee,
    /// Who said it, and where.
    pub origin: Origin,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

impl Caller {
    /// How intent names it from inside `from`: what was written.
    pub fn name(&self, mesh: &Mesh, from: NamespaceId) -> String {
        self.via.map_or_else(|| self.peer.name(mesh, from), |via| via.name(mesh).into())
    }
}

impl Collective {
    /// How intent names it.
    pub fn name(self, mesh: &Mesh) -> SmolStr {
        match self {
            Collective::Group(id) => format_smolstr!("group:{}", mesh.group(id).name),
            Collective::Monitoring => SmolStr::new_static("monitoring"),
        }
    }
}

impl Peer {
    /// How intent names it from inside `from`: a name of that namespace needs no namespace.
    pub fn name(&self, mesh: &Mesh, from: NamespaceId) -> String {
        self.named(mesh, Some(from))
    }

    /// How intent names it from everywhere.
    pub fn full_name(&self, mesh: &Mesh) -> SmolStr {
        self.named(mesh, None).into()
    }

    fn named(&self, mesh: &Mesh, from: Option<NamespaceId>) -> String {
        match self {
            Peer::Service(id) => local(mesh, &mesh.service(*id).name, mesh.service(*id).namespace, from),
            Peer::Workload(id) => local(mesh, &mesh.workload(*id).name, mesh.workload(*id).namespace, from),
            Peer::Namespace(id) if Some(*id) == from => "same-namespace".to_owned(),
            Peer::Namespace(id) => format!("namespace:{}", mesh.namespace_name(*id)),
            Peer::Gateway(id) => format!("gateway:{}", mesh.gateway(*id).name),
            Peer::Address(range) => format!("cidr:{range}"),
            Peer::AnyoneInMesh => "anyone-in-mesh".to_owned(),
            Peer::Anyone => "anyone".to_owned(),
            Peer::KubeApi => "kube-api".to_owned(),
        }
    }

    /// Whether whoever is `other` is this too.
    pub fn holds(self, other: Peer, mesh: &Mesh) -> bool {
        if self == other {
            return true;
        }
        let home = match other {
            Peer::Service(id) => Some(mesh.service(id).namespace),
            Peer::Workload(id) => Some(mesh.workload(id).namespace),
            Peer::Namespace(id) => Some(id),
            Peer::Gateway(_) | Peer::Address(_) | Peer::AnyoneInMesh | Peer::Anyone | Peer::KubeApi => None,
        };
        match self {
            Peer::Anyone => true,
            Peer::AnyoneInMesh => home.is_some(),
            Peer::Namespace(id) => home == Some(id),
            Peer::Service(_) | Peer::Workload(_) | Peer::Gateway(_) | Peer::Address(_) | Peer::KubeApi => false,
        }
    }

    /// Whether it is known by its identity, which only callers with a certificate of the mesh have.
    pub fn has_identity(&self) -> bool {
        match self {
            Peer::Service(_) | Peer::Workload(_) | Peer::Namespace(_) | Peer::Gateway(_) | Peer::AnyoneInMesh => true,
            Peer::Address(_) | Peer::Anyone | Peer::KubeApi => false,
        }
    }
}

impl Callee {
    /// How intent names it from inside `from`.
    pub fn name(&self, mesh: &Mesh, from: NamespaceId) -> String {
        self.named(mesh, Some(from))
    }

    /// How intent names it from everywhere.
    pub fn full_name(&self, mesh: &Mesh) -> SmolStr {
        self.named(mesh, None).into()
    }

    fn named(self, mesh: &Mesh, from: Option<NamespaceId>) -> String {
        match self {
            Callee::Service(id) => local(mesh, &mesh.service(id).name, mesh.service(id).namespace, from),
            Callee::External(id) => {
                let external = mesh.external(id);
                let namespace = external.namespace.filter(|namespace| Some(*namespace) != from);
                namespace.map_or_else(|| external.name.to_string(), |id| local(mesh, &external.name, id, from))
            }
            Callee::KubeApi => "kube-api".to_owned(),
            Callee::Anything => "anything".to_owned(),
        }
    }
}

fn local(mesh: &Mesh, name: &str, namespace: NamespaceId, from: Option<NamespaceId>) -> String {
    if Some(namespace) == from { name.to_owned() } else { format!("{name}.{}", mesh.namespace_name(namespace)) }
}
