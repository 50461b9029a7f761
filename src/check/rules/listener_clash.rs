use crate::check::Subject;
use crate::check::gateways::sharing;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Gateway, Labels, Listener};
use crate::source::Span;
use crate::value::{HostPattern, Port};
use std::collections::BTreeMap;
use std::fmt;

pub(super) static CODE: Code = code!("listener-clash", Error, "two listeners of the same pods that Istio cannot join");

/// A port of the Service or of the pods: where either is one, the listener is one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Service(Port),
    Pods(Port),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Service(number) => write!(f, "port {number} of the same gateway"),
            Place::Pods(number) => write!(f, "port {number} of the same pods"),
        }
    }
}

/// What listens so far: on the pods of a selector, at a place.
#[derive(Default)]
struct Taken<'m> {
    protocols: BTreeMap<(&'m Labels, Place), (&'m Gateway, &'m Listener)>,
    hosts: BTreeMap<(&'m Labels, Place, &'m HostPattern), (&'m Gateway, Span)>,
}

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let mut taken = Taken::default();
    for (id, selectors) in sharing(mesh) {
        let gateway = mesh.gateway(id);
        for listener in &gateway.listeners {
            match taken.protocol(&selectors, listener) {
                Some((place, first)) => found.push(protocol_clash((gateway, listener), first, place)),
                None => taken.clashing_hosts(&selectors, gateway, listener, found),
            }
            taken.add(gateway, listener);
        }
    }
}

fn places(listener: &Listener) -> [Place; 2] {
    [Place::Service(listener.number.value), Place::Pods(listener.target.value)]
}

impl<'m> Taken<'m> {
    fn protocol(&self, selectors: &[&'m Labels], listener: &Listener) -> Option<(Place, (&'m Gateway, &'m Listener))> {
        let keys = selectors.iter().flat_map(|selector| places(listener).map(|place| (*selector, place)));
        let mut earlier = keys.filter_map(|key| Some((key.1, *self.protocols.get(&key)?)));
        earlier.find(|(_, (_, earlier))| earlier.protocol.value != listener.protocol.value)
    }

    fn clashing_hosts(
        &self,
        selectors: &[&'m Labels],
        gateway: &Gateway,
        listener: &Listener,
        found: &mut Diagnostics,
    ) {
        for host in &listener.hosts {
            let mut keys =
                selectors.iter().flat_map(|selector| places(listener).map(|place| (*selector, place, &host.pattern)));
            if let Some((other, span)) = keys.find_map(|key| self.hosts.get(&key).copied()) {
                found.push(served_twice((gateway, listener), (host.span, &host.pattern), (other, span)));
            }
        }
    }

    fn add(&mut self, gateway: &'m Gateway, listener: &'m Listener) {
        let selector = &gateway.selector.value;
        for place in places(listener) {
            self.protocols.entry((selector, place)).or_insert((gateway, listener));
            for host in &listener.hosts {
                self.hosts.entry((selector, place, &host.pattern)).or_insert((gateway, host.span));
            }
        }
    }
}

const SAME_PODS: &str = "Istio finds the pods of a Gateway by their labels, in every namespace";

fn protocol_clash(
    (gateway, listener): (&Gateway, &Listener),
    (other, first): (&Gateway, &Listener),
    place: Place,
) -> Diagnostic {
    let word = |listener: &Listener| listener.protocol.value.word();
    let fault = Diagnostic::new(&CODE, format!("{place} speaks `{}` and `{}`", word(first), word(listener)))
        .at(listener.span, format!("`{}` in `{}`", word(listener), gateway.name))
        .related(first.span, format!("`{}` in `{}`", word(first), other.name))
        .note("a port has one protocol: of two servers that disagree Istio drops the later one without a word");
    let fault = if std::ptr::eq(gateway, other) { fault } else { fault.note(SAME_PODS) };
    fault.help("give one of them another port, or pods of its own")
}

fn served_twice(
    (gateway, listener): (&Gateway, &Listener),
    (span, host): (Span, &HostPattern),
    (other, first): (&Gateway, Span),
) -> Diagnostic {
    let number = listener.number.value;
    let title = match listener.hands_on_bytes() {
        true => format!("port {number} of the same pods takes bytes for two gateways"),
        false => format!("`{host}` is served twice on port {number} of the same pods"),
    };
    let fault = Diagnostic::new(&CODE, title)
        .at(span, format!("by `{}`", gateway.name))
        .related(first, format!("by `{}` too", other.name))
        .note("of two servers for one host and port Istio takes one (IST0145), and which is not said");
    let fault = if std::ptr::eq(gateway, other) { fault } else { fault.note(SAME_PODS) };
    fault.help("serve it once, or give one of the gateways pods of its own")
}
