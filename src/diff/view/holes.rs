//! What a rule of a `NetworkPolicy` lets through: pairs of peers and ports.

use super::labels::Selector;
use super::{At, blocks};
use crate::value::Cidr;
use std::collections::BTreeSet;

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

/// Ports of a protocol: from, to; none: all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Port {
    All,
    Named(String, String),
    Range(String, i64, i64),
}

/// The label by which Kubernetes itself names a namespace.
pub(super) const NAME_OF_NAMESPACE: &str = "kubernetes.io/metadata.name";

/// Up to how many ranges of addresses are told by themselves.
const FEW: usize = 2;

/// The holes of a rule of a namespace, whose peers stand below `end`.
pub(super) fn of_rule<'s>(rule: At<'s>, end: &str, namespace: &str) -> impl Iterator<Item = Hole> + use<'s> {
    let peers: Vec<Peer> = rule.key(end).items().map(|at| peer(at, namespace)).collect();
    let peers = if peers.is_empty() { vec![Peer::Anybody] } else { peers };
    let ports: Vec<Port> = rule.key("ports").items().map(port).collect();
    let ports = if ports.is_empty() { vec![Port::All] } else { ports };
    let pair =
        move |peer: Peer| ports.iter().map(|port| Hole { peer: peer.clone(), port: port.clone() }).collect::<Vec<_>>();
    peers.into_iter().flat_map(pair)
}

fn peer(at: At<'_>, own: &str) -> Peer {
    let block = at.key("ipBlock");
    if block.is_there() {
        let except = block.key("except").texts().into_iter().map(str::to_owned).collect();
        return Peer::Block { range: block.key("cidr").text().unwrap_or_default().to_owned(), except };
    }
    let namespaces = at.key("namespaceSelector");
    let namespaces = namespaces.is_there().then(|| Selector::of(namespaces));
    Peer::Pods {
        namespaces: namespaces.filter(|asked| asked.only(NAME_OF_NAMESPACE).is_none_or(|name| name != own)),
        pods: Selector::of(at.key("podSelector")),
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

impl Hole {
    /// The one through which everything goes.
    pub(super) const WHOLE: Hole = Hole { peer: Peer::Anybody, port: Port::All };

    /// Whether all that goes through another goes through this one.
    fn covers(&self, other: &Hole) -> bool {
        self.peer.covers(&other.peer) && self.port.covers(&other.port)
    }

    /// What goes through it and through none of the others, in as few words as can be.
    pub(super) fn without(&self, others: &[Hole]) -> Vec<Hole> {
        if others.iter().any(|other| other.covers(self)) {
            return Vec::new();
        }
        let same_peer = others.iter().filter(|other| other.peer.covers(&self.peer));
        if let Some(ports) = self.port.without(same_peer.map(|other| &other.port)) {
            return ports.into_iter().map(|port| Hole { peer: self.peer.clone(), port }).collect();
        }
        let same_port = || others.iter().filter(|other| other.port.covers(&self.port)).map(|other| &other.peer);
        let left = self.peer.addresses_without(same_port());
        let of_one = || same_port().find_map(|other| self.peer.without(other));
        let peers = match left {
            Some(left) if left.is_empty() => return Vec::new(),
            Some(left) => of_one().unwrap_or(left),
            None => of_one().unwrap_or_else(|| vec![self.peer.clone()]),
        };
        peers.into_iter().map(|peer| Hole { peer, port: self.port.clone() }).collect()
    }

    /// The same with the number of a port that the pods which it leads to all give the same name.
    pub(super) fn numbered(self, is_in: bool, number: impl Fn(&str) -> Option<BTreeSet<i64>>) -> Self {
        let port = match self.port {
            Port::Named(protocol, name) if is_in => {
                match number(&name).filter(|all| all.len() == 1).as_ref().and_then(BTreeSet::first) {
                    Some(number) => Port::Range(protocol, *number, *number),
                    None => Port::Named(protocol, name),
                }
            }
            port @ (Port::All | Port::Named(..) | Port::Range(..)) => port,
        };
        Hole { port, ..self }
    }

    /// As people say it.
    pub(in crate::diff) fn told(&self) -> String {
        let pods =
            |pods: &Selector| if pods.is_empty() { "every pod".to_owned() } else { format!("pods {}", pods.told()) };
        let peer = match &self.peer {
            Peer::Anybody => "anybody".to_owned(),
            Peer::Block { range, except } if except.is_empty() => format!("addresses {range}"),
            Peer::Block { range, except } => {
                format!("addresses {range} except {}", except.iter().cloned().collect::<Vec<_>>().join(","))
            }
            Peer::Pods { namespaces: None, pods: own } => format!("{} of the namespace", pods(own)),
            Peer::Pods { namespaces: Some(of), pods: own } if of.is_empty() => {
                format!("{} of every namespace", pods(own))
            }
            Peer::Pods { namespaces: Some(of), pods: own } => match of.only(NAME_OF_NAMESPACE) {
                Some(name) => format!("{} of namespace {name}", pods(own)),
                None => format!("{} of namespaces {}", pods(own), of.told()),
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
                is_within(own, range) && except.iter().all(|out| less.contains(out) || is_apart(out, own))
            }
            (Peer::Pods { namespaces, pods }, Peer::Pods { namespaces: own, pods: less }) => {
                let is_wide = match (namespaces, own) {
                    (None, None) => true,
                    (Some(wide), Some(own)) => wide.covers(own),
                    (Some(wide), None) => wide.is_empty(),
                    (None, Some(_)) => false,
                };
                is_wide && pods.covers(less)
            }
            (Peer::Block { .. }, Peer::Pods { .. }) | (Peer::Pods { .. }, Peer::Anybody | Peer::Block { .. }) => false,
        }
    }

    /// The addresses of a range, less its exceptions.
    fn addresses(&self) -> Option<Vec<blocks::Span>> {
        let Peer::Block { range, except } = self else { return None };
        blocks::spans(range, except.iter().map(String::as_str))
    }

    /// The addresses that none of the others has, in few ranges or as it stands; nothing where it is no range.
    fn addresses_without<'p>(&self, others: impl Iterator<Item = &'p Peer>) -> Option<Vec<Peer>> {
        let own = self.addresses()?;
        let gone: Vec<blocks::Span> = others.filter_map(Peer::addresses).flatten().collect();
        let left = blocks::left(own.clone(), &gone);
        let ranges = blocks::ranges(&left);
        let piece = |range: String| Peer::Block { range, except: BTreeSet::new() };
        let is_told = left.is_empty() || left != own && ranges.len() <= FEW;
        Some(if is_told { ranges.into_iter().map(piece).collect() } else { vec![self.clone()] })
    }

    /// Who is among them and not among the others, where few words tell that.
    fn without(&self, other: &Peer) -> Option<Vec<Peer>> {
        match (self, other) {
            (Peer::Block { range, except }, Peer::Block { range: own, except: less }) if range == own => {
                let left = less.iter().filter(|out| !except.iter().any(|own| is_within(out, own)));
                let is_somebody = |piece: &Peer| piece.addresses().is_none_or(|all| !all.is_empty());
                let piece = |out: &String| Peer::Block {
                    range: out.clone(),
                    except: except.iter().filter(|own| is_within(own, out)).cloned().collect(),
                };
                Some(left.map(piece).filter(is_somebody).collect())
            }
            (Peer::Pods { namespaces, pods }, Peer::Pods { namespaces: of, pods: own }) => {
                let piece = match (namespaces, of) {
                    _ if namespaces == of => Peer::Pods { namespaces: namespaces.clone(), pods: pods.without(own)? },
                    (Some(namespaces), Some(of)) if pods == own => {
                        Peer::Pods { namespaces: Some(namespaces.without(of)?), pods: pods.clone() }
                    }
                    _ => return None,
                };
                Some(vec![piece])
            }
            _ => None,
        }
    }
}

/// Whether all addresses of one range are in another.
fn is_within(own: &str, wide: &str) -> bool {
    let both = Cidr::parse(wide).ok().zip(Cidr::parse(own).ok());
    both.map_or(wide == own, |(wide, own)| wide.covers(&own))
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

    /// The ports that no other has; nothing where it is not one of several numbers, or none of them goes.
    fn without<'o>(&self, others: impl Iterator<Item = &'o Port>) -> Option<Vec<Port>> {
        let Port::Range(protocol, first, last) = self else { return None };
        let mut gone: Vec<(i64, i64)> = others
            .filter_map(|other| match other {
                Port::Range(own, from, to) if own == protocol && from <= last && first <= to => Some((*from, *to)),
                Port::All | Port::Named(..) | Port::Range(..) => None,
            })
            .collect();
        gone.sort_unstable();
        let (mut left, mut next) = (Vec::new(), *first);
        for (from, to) in &gone {
            if next < *from {
                left.push(Port::Range(protocol.clone(), next, from - 1));
            }
            next = next.max(to + 1);
        }
        if next <= *last {
            left.push(Port::Range(protocol.clone(), next, *last));
        }
        (!gone.is_empty()).then_some(left)
    }
}
