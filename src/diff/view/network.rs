//! What `NetworkPolicies` let through: for the pods that they select, pairs of peers and ports.

use super::{At, names};
use crate::diff::{Change, Comparison, Object, Side};
use crate::value::Cidr;
use std::collections::BTreeSet;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::diff) enum Way {
    /// To the pods.
    In,
    /// From the pods.
    Out,
}

impl Way {
    /// Both.
    pub(in crate::diff) const ALL: [Way; 2] = [Way::In, Way::Out];

    const fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Way::In => ("Ingress", "ingress", "from"),
            Way::Out => ("Egress", "egress", "to"),
        }
    }
}

/// One peer at one port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::diff) struct Hole {
    peer: Peer,
    port: Port,
}

/// Somebody at the other end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Peer {
    Anybody,
    Block {
        range: String,
        except: BTreeSet<String>,
    },
    /// Pods with labels in namespaces with labels; no namespaces: the own one.
    Pods {
        namespaces: Option<Selector>,
        pods: Selector,
    },
}

/// What labels are asked for, each in one spelling; none: everything.
type Selector = BTreeSet<String>;

/// Ports of a protocol: from, to; none: all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Port {
    All,
    Named(String, String),
    Range(String, i64, i64),
}

fn selector(at: At<'_>) -> Selector {
    let labels = at
        .key("matchLabels")
        .entries()
        .iter()
        .map(|entry| format!("{}={}", entry.key, At::of(Some(&entry.node)).canonical()));
    labels.chain(at.key("matchExpressions").items().map(At::canonical)).collect()
}

fn peer(at: At<'_>) -> Peer {
    let block = at.key("ipBlock");
    if block.is_there() {
        let except = block.key("except").texts().into_iter().map(str::to_owned).collect();
        return Peer::Block { range: block.key("cidr").text().unwrap_or_default().to_owned(), except };
    }
    let namespaces = at.key("namespaceSelector");
    Peer::Pods {
        namespaces: namespaces.is_there().then(|| selector(namespaces)),
        pods: selector(at.key("podSelector")),
    }
}

fn port(at: At<'_>) -> Port {
    let protocol = at.key("protocol").text().unwrap_or("TCP").to_owned();
    match (at.key("port").whole(), at.key("port").word()) {
        (Some(first), _) => Port::Range(protocol, first, at.key("endPort").whole().unwrap_or(first)),
        (None, Some(name)) => Port::Named(protocol, name),
        (None, None) => Port::Range(protocol, 0, 65_535),
    }
}

/// The label by which Kubernetes itself names a namespace.
const NAME_OF_NAMESPACE: &str = "kubernetes.io/metadata.name=";

impl Hole {
    /// Whether all that goes through another goes through this one.
    fn covers(&self, other: &Hole) -> bool {
        self.peer.covers(&other.peer) && self.port.covers(&other.port)
    }

    /// As people say it.
    pub(in crate::diff) fn told(&self) -> String {
        let all = |of: &Selector| of.iter().cloned().collect::<Vec<_>>().join(",");
        let pods =
            |pods: &Selector| if pods.is_empty() { "every pod".to_owned() } else { format!("pods {}", all(pods)) };
        let peer = match &self.peer {
            Peer::Anybody => "anybody".to_owned(),
            Peer::Block { range, except } if except.is_empty() => format!("addresses {range}"),
            Peer::Block { range, except } => format!("addresses {range} except {}", all(except)),
            Peer::Pods { namespaces: None, pods: own } => format!("{} of the namespace", pods(own)),
            Peer::Pods { namespaces: Some(of), pods: own } if of.is_empty() => {
                format!("{} of every namespace", pods(own))
            }
            Peer::Pods { namespaces: Some(of), pods: own } => match all(of).strip_prefix(NAME_OF_NAMESPACE) {
                Some(name) if !name.contains([',', ' ']) => format!("{} of namespace {name}", pods(own)),
                _ => format!("{} of namespaces {}", pods(own), all(of)),
            },
        };
        let port = match &self.port {
            Port::All => "every port".to_owned(),
            Port::Named(protocol, name) => format!("{protocol} port {name}"),
            Port::Range(protocol, 0, 65_535) => format!("every {protocol} port"),
            Port::Range(protocol, first, last) if first == last => format!("{protocol} port {first}"),
            Port::Range(protocol, first, last) => format!("{protocol} ports {first} to {last}"),
        };
        format!("{peer} at {port}")
    }
}

impl Peer {
    fn covers(&self, other: &Peer) -> bool {
        match (self, other) {
            (Peer::Anybody, _) => true,
            (Peer::Block { range, except }, Peer::Anybody) => range == "0.0.0.0/0" && except.is_empty(),
            (Peer::Block { range, except }, Peer::Block { range: own, except: less }) => {
                let is_in = Cidr::parse(range)
                    .ok()
                    .zip(Cidr::parse(own).ok())
                    .map_or(range == own, |(wide, own)| wide.covers(&own));
                is_in && except.iter().all(|out| less.contains(out) || is_apart(out, own))
            }
            (Peer::Pods { namespaces, pods }, Peer::Pods { namespaces: own, pods: less }) => {
                let is_wide = match (namespaces, own) {
                    (None, None) => true,
                    (Some(wide), Some(own)) => wide.is_subset(own),
                    (Some(wide), None) => wide.is_empty(),
                    (None, Some(_)) => false,
                };
                is_wide && pods.is_subset(less)
            }
            (Peer::Block { .. }, Peer::Pods { .. }) | (Peer::Pods { .. }, Peer::Anybody | Peer::Block { .. }) => false,
        }
    }
}

/// Whether two ranges have no address in common.
fn is_apart(one: &str, other: &str) -> bool {
    let both = Cidr::parse(one).ok().zip(Cidr::parse(other).ok());
    both.is_some_and(|(one, other)| !one.covers(&other) && !other.covers(&one))
}

impl Port {
    fn covers(&self, other: &Port) -> bool {
        match (self, other) {
            (Port::All, _) => true,
            (Port::Range(protocol, first, last), Port::Range(own, from, to)) => {
                protocol == own && first <= from && to <= last
            }
            (Port::Range(protocol, 0, 65_535), Port::Named(own, _)) => protocol == own,
            (Port::Named(..), Port::Named(..)) => self == other,
            (Port::Range(..) | Port::Named(..), Port::All)
            | (Port::Range(..), Port::Named(..))
            | (Port::Named(..), Port::Range(..)) => false,
        }
    }
}

/// The pods that a policy holds for: their namespace and labels.
type Pods = (String, Selector);

fn pods(policy: &Object) -> Pods {
    (names::namespace(policy).to_owned(), selector(At::spec(policy).key("podSelector")))
}

/// Whether a policy closes a way, so that only what some policy names goes through.
fn closes(policy: &Object, way: Way) -> bool {
    let spec = At::spec(policy);
    let (kind, key, _) = way.names();
    let kinds = spec.key("policyTypes").texts();
    if kinds.is_empty() { way == Way::In || spec.key(key).is_there() } else { kinds.contains(&kind) }
}

fn holes(policy: &Object, way: Way) -> Vec<Hole> {
    let (_, key, end) = way.names();
    let mut holes = Vec::new();
    for rule in At::spec(policy).key(key).items() {
        let peers: Vec<Peer> = rule.key(end).items().map(peer).collect();
        let peers = if peers.is_empty() { vec![Peer::Anybody] } else { peers };
        let ports: Vec<Port> = rule.key("ports").items().map(port).collect();
        let ports = if ports.is_empty() { vec![Port::All] } else { ports };
        holes.extend(
            peers.iter().flat_map(|peer| ports.iter().map(|port| Hole { peer: peer.clone(), port: port.clone() })),
        );
    }
    holes
}

/// What the policies of a side do to pods in one way: none: nothing is closed.
fn state(side: &Side, of: &Pods, way: Way) -> Option<Vec<Hole>> {
    let (namespace, labels) = of;
    let all = side.of_kind("networking.k8s.io", "NetworkPolicy");
    let own: Vec<&Object> = all
        .filter(|policy| names::namespace(policy) == namespace && closes(policy, way))
        .filter(|policy| pods(policy).1.is_subset(labels))
        .collect();
    (!own.is_empty()).then(|| own.into_iter().flat_map(|policy| holes(policy, way)).collect())
}

/// Whether one selects all pods that another does.
fn covers((namespace, labels): &Pods, (of, own): &Pods) -> bool {
    namespace == of && labels.is_subset(own)
}

/// Pods for which another set of calls goes through than before.
#[derive(Debug)]
pub(in crate::diff) struct Step<'c, 's> {
    /// The change that does it.
    pub(in crate::diff) change: &'c Change<'s>,
    /// The pods, as people say it.
    pub(in crate::diff) of: String,
    /// Which way.
    pub(in crate::diff) way: Way,
    /// Where it stands.
    pub(in crate::diff) pointer: String,
    /// Whether the way was closed.
    pub(in crate::diff) was_closed: bool,
    /// Whether it is.
    pub(in crate::diff) is_closed: bool,
    /// What goes through now and did not.
    pub(in crate::diff) more: Vec<Hole>,
    /// What went through and does not any more.
    pub(in crate::diff) less: Vec<Hole>,
}

/// Every difference in what goes through; what pods have from a policy for more of them is told of those alone.
pub(in crate::diff) fn steps<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Step<'c, 's>> {
    let changes: Vec<&Change<'s>> = comparison.of_kind("networking.k8s.io", "NetworkPolicy").collect();
    let objects = || changes.iter().flat_map(|change| [change.before, change.after]).flatten();
    let mut of: Vec<Pods> = objects().map(pods).collect::<BTreeSet<_>>().into_iter().collect();
    of.sort_by_key(|(namespace, labels)| (namespace.clone(), labels.len()));
    let mut steps: Vec<Step<'c, 's>> = Vec::new();
    let mut told: Vec<(&Pods, Way)> = Vec::new();
    for pods_of in &of {
        for way in Way::ALL {
            let (old, new) = (state(comparison.before, pods_of, way), state(comparison.after, pods_of, way));
            let own = |object: &Object| pods(object) == *pods_of;
            let change = changes.iter().find(|change| [change.before, change.after].into_iter().flatten().any(own));
            let is_flip = old.is_some() != new.is_some();
            let is_told = is_flip && told.iter().any(|(known, of)| *of == way && covers(known, pods_of));
            if let Some(change) = change.filter(|_| !is_told) {
                steps.extend(step(change, pods_of, way, (old, new)));
                if is_flip {
                    told.push((pods_of, way));
                }
            }
        }
    }
    steps
}

fn step<'c, 's>(
    change: &'c Change<'s>,
    (namespace, labels): &Pods,
    way: Way,
    (old, new): (Option<Vec<Hole>>, Option<Vec<Hole>>),
) -> Option<Step<'c, 's>> {
    let whole = || vec![Hole { peer: Peer::Anybody, port: Port::All }];
    let (was_closed, is_closed) = (old.is_some(), new.is_some());
    let (old, new) = (old.unwrap_or_else(whole), new.unwrap_or_else(whole));
    let without = |these: &[Hole], those: &[Hole]| -> Vec<Hole> {
        these.iter().filter(|hole| !those.iter().any(|other| other.covers(hole))).cloned().collect()
    };
    let (more, less) = (without(&new, &old), without(&old, &new));
    if more.is_empty() && less.is_empty() {
        return None;
    }
    let (_, key, _) = way.names();
    let of = pods_told(namespace, labels);
    Some(Step { change, of, way, pointer: format!("/spec/{key}"), was_closed, is_closed, more, less })
}

fn pods_told(namespace: &str, labels: &Selector) -> String {
    let all: Vec<&str> = labels.iter().map(String::as_str).collect();
    if all.is_empty() { format!("pods of {namespace}") } else { format!("pods {} of {namespace}", all.join(",")) }
}

/// A namespace whose labels a policy asks for, and which has them now or not any more.
#[derive(Debug)]
pub(in crate::diff) struct Relabelled<'c, 's> {
    /// The change of the namespace.
    pub(in crate::diff) change: &'c Change<'s>,
    /// The pods that the policy is of, as people say it.
    pub(in crate::diff) of: String,
    /// Which way.
    pub(in crate::diff) way: Way,
    /// Whether it has them now.
    pub(in crate::diff) is_more: bool,
    /// The policy, and what it asks for.
    pub(in crate::diff) asked: String,
}

/// The namespaces that policies take for others than before.
pub(in crate::diff) fn relabelled<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Relabelled<'c, 's>> {
    let mut all = Vec::new();
    for change in comparison.of_kind("", "Namespace") {
        let (Some(old), Some(new)) = (change.before, change.after) else { continue };
        let (was, is) = (labels_of(old), labels_of(new));
        if was == is {
            continue;
        }
        for policy in comparison.after.of_kind("networking.k8s.io", "NetworkPolicy") {
            for way in Way::ALL {
                let asked = namespaces_of(policy, way);
                let flipped = asked.iter().find(|asked| asked.is_subset(&was) != asked.is_subset(&is));
                if let Some(asked) = flipped {
                    let (namespace, labels) = pods(policy);
                    let words = asked.iter().cloned().collect::<Vec<_>>().join(",");
                    let asked_by = format!("{} asks for namespaces {words}", policy.id);
                    let of = pods_told(&namespace, &labels);
                    all.push(Relabelled { change, of, way, is_more: asked.is_subset(&is), asked: asked_by });
                }
            }
        }
    }
    all
}

fn labels_of(namespace: &Object) -> Selector {
    let said = At::of(namespace.body.path("metadata.labels")).entries().iter();
    let said = said.map(|entry| format!("{}={}", entry.key, At::of(Some(&entry.node)).canonical()));
    said.chain([format!("{NAME_OF_NAMESPACE}{}", namespace.id.name)]).collect()
}

/// The labels by which a policy asks for namespaces one way; expressions are left out.
fn namespaces_of(policy: &Object, way: Way) -> Vec<Selector> {
    let (_, key, peers) = way.names();
    let all = At::spec(policy).key(key).items().flat_map(|rule| rule.key(peers).items().collect::<Vec<_>>());
    let all = all.map(|peer| peer.key("namespaceSelector"));
    let plain = all.filter(|at| at.is_there() && at.key("matchExpressions").items().next().is_none());
    plain.map(selector).collect()
}
