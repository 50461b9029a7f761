use super::{Exposure, Gateway, Grant, Listener, Peer};
use crate::source::Origin;
use crate::value::{Cidr, HostPattern, Method, Path, ProtocolKind};

/// What a gateway lets in for an exposure: what both say.
#[derive(Debug)]
pub struct Admission<'m> {
    /// From which addresses; empty: any.
    pub clients: Vec<Cidr>,
    /// Under which hosts; empty: it hands on no requests.
    pub hosts: Vec<HostPattern>,
    /// By which methods; empty: any.
    pub methods: Vec<Method>,
    /// On which paths; empty: it hands on no requests.
    pub paths: Vec<Path>,
    /// As which grant of the gateway asks besides: headers and tokens; none: as it comes.
    pub grant: Option<&'m Grant>,
    /// Through which listeners.
    pub listeners: Vec<&'m Listener>,
    /// Who said it.
    pub origin: Origin,
}

impl Gateway {
    /// What is let in for an exposure: the exposure within each grant; where the gateway has none, the exposure.
    pub fn admissions<'m>(&'m self, exposure: &'m Exposure) -> Vec<Admission<'m>> {
        let whole = self.whole(exposure);
        if self.grants.is_empty() {
            return vec![whole];
        }
        self.grants.iter().filter_map(|grant| within(&whole, exposure.kind, grant)).collect()
    }

    fn whole<'m>(&'m self, exposure: &'m Exposure) -> Admission<'m> {
        let hands_requests = exposure.kind == ProtocolKind::Http;
        let paths = exposure.paths.iter().map(|path| path.value.clone());
        Admission {
            clients: exposure.from.clone(),
            hosts: exposure.host().filter(|_| hands_requests).cloned().into_iter().collect(),
            methods: exposure.methods.clone(),
            paths: paths.filter(|_| hands_requests).collect(),
            grant: None,
            listeners: self.through(exposure).filter(|listener| listener.redirect.is_none()).collect(),
            origin: exposure.origin,
        }
    }
}

impl Grant {
    /// The addresses from which it lets in; none: from everywhere. Who comes through a gateway from outside has no
    /// identity.
    pub fn clients(&self) -> Option<Vec<Cidr>> {
        let mut ranges = Vec::with_capacity(self.callers.len());
        for caller in &self.callers {
            match caller.peer {
                Peer::Anyone => return None,
                Peer::Address(range) => ranges.push(range),
                Peer::Service(_)
                | Peer::Workload(_)
                | Peer::Namespace(_)
                | Peer::Gateway(_)
                | Peer::AnyoneInMesh
                | Peer::KubeApi => {}
            }
        }
        Some(ranges)
    }

    /// Whether it is about a listener.
    pub fn touches(&self, listener: &Listener) -> bool {
        self.conditions.holds_port(listener.number.value)
            && (listener.kind() == ProtocolKind::Http || !self.conditions.is_about_requests())
    }
}

/// What a grant leaves of an exposure; nothing where they have nothing in common.
fn within<'m>(whole: &Admission<'m>, kind: ProtocolKind, grant: &'m Grant) -> Option<Admission<'m>> {
    let conditions = &grant.conditions;
    let listeners: Vec<&Listener> =
        whole.listeners.iter().copied().filter(|listener| grant.touches(listener)).collect();
    let clients = both(&whole.clients, grant.clients().as_deref(), common_range)?;
    let said: Vec<Method> = conditions.methods.iter().flat_map(|said| said.value.iter().cloned()).collect();
    let methods = both(&without_any(&whole.methods), named(&said).as_deref(), |a, b| (a == b).then(|| a.clone()))?;
    let hosts: Vec<HostPattern> = conditions.hosts.iter().map(|host| host.value.clone()).collect();
    let hosts = both(&whole.hosts, some(&hosts), |a, b| narrower(a, b, HostPattern::covers))?;
    let paths: Vec<Path> = conditions.paths.iter().map(|path| path.value.clone()).collect();
    let paths = both(&whole.paths, some(&paths), Path::common)?;
    let has_door = !listeners.is_empty() || whole.listeners.is_empty();
    let fits = kind == ProtocolKind::Http || !conditions.is_about_requests();
    (has_door && fits).then_some(Admission {
        clients,
        hosts,
        methods,
        paths,
        grant: Some(grant),
        listeners,
        origin: whole.origin,
    })
}

fn some<T>(list: &[T]) -> Option<&[T]> {
    (!list.is_empty()).then_some(list)
}

fn without_any(methods: &[Method]) -> Vec<Method> {
    if methods.contains(&Method::Any) { Vec::new() } else { methods.to_vec() }
}

fn named(methods: &[Method]) -> Option<Vec<Method>> {
    some(&without_any(methods)).map(<[Method]>::to_vec)
}

/// What two lists have in common, of which the first holds for all where it is empty; nothing where they have nothing.
fn both<T: Clone + PartialEq>(one: &[T], other: Option<&[T]>, common: impl Fn(&T, &T) -> Option<T>) -> Option<Vec<T>> {
    let Some(other) = other else { return Some(one.to_vec()) };
    if one.is_empty() {
        return Some(other.to_vec());
    }
    let mut found: Vec<T> = Vec::new();
    for value in one.iter().flat_map(|a| other.iter().filter_map(|b| common(a, b)).collect::<Vec<_>>()) {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    (!found.is_empty()).then_some(found)
}

fn narrower<T: Clone>(one: &T, other: &T, covers: impl Fn(&T, &T) -> bool) -> Option<T> {
    match (covers(one, other), covers(other, one)) {
        (true, _) => Some(other.clone()),
        (false, true) => Some(one.clone()),
        (false, false) => None,
    }
}

fn common_range(one: &Cidr, other: &Cidr) -> Option<Cidr> {
    narrower(one, other, Cidr::covers)
}
