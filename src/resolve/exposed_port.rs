use super::codes::{HTTP_ON_TCP, PORT_DOES_NOT_FIT, PORT_NEEDED, UNKNOWN_PORT};
use crate::diagnostic::{Diagnostic, Diagnostics, and_list};
use crate::intent::Expose;
use crate::ir::{Door, Gateway, Listener, Port};
use crate::source::Spanned;
use crate::value::{self, ProtocolKind};

/// Which port of a service an exposure is to open.
pub(super) struct Asked<'a> {
    pub(super) node: &'a Expose,
    /// `port=`.
    pub(super) said: Option<&'a Spanned<value::Port>>,
    pub(super) door: &'a Door,
    /// The ports of the service.
    pub(super) ports: &'a [Port],
}

/// The port, and what the gateway hands on to it: the one that is said, or the only one that fits.
pub(super) fn choose(
    asked: &Asked<'_>,
    gateway: Option<&Gateway>,
    found: &mut Diagnostics,
) -> Option<(value::Port, ProtocolKind)> {
    let kinds = kinds(asked.door, gateway);
    let fit: Vec<(value::Port, ProtocolKind)> = asked
        .ports
        .iter()
        .filter_map(|port| Some((port.number.value, fits(asked.door, &kinds, port.protocol.kind())?)))
        .collect();
    if let Some(said) = asked.said {
        if let Some(chosen) = fit.iter().find(|(number, _)| *number == said.value) {
            return Some(*chosen);
        }
        found.push(asked.not_fitting(said, &kinds, &fit));
        return None;
    }
    match fit.as_slice() {
        [chosen] => return Some(*chosen),
        [] if asked.ports.is_empty() => {}
        [] => found.push(asked.none(&kinds)),
        [first, ..] => found.push(asked.several(first.0, &fit)),
    }
    None
}

/// What the listeners of a door hand on; requests where the door is on none, which is another fault.
fn kinds(door: &Door, gateway: Option<&Gateway>) -> Vec<ProtocolKind> {
    let Door::Host(host) = door else { return vec![ProtocolKind::Tcp] };
    let listeners = gateway.into_iter().flat_map(|gateway| gateway.serving(host));
    let named = listeners.filter(|listener| !listener.hands_on_bytes() && listener.redirect.is_none());
    let mut kinds: Vec<ProtocolKind> = named.map(Listener::kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() { vec![ProtocolKind::Http] } else { kinds }
}

/// What a port of a kind would be handed; bytes may be TLS that their application ends.
fn fits(door: &Door, kinds: &[ProtocolKind], port: ProtocolKind) -> Option<ProtocolKind> {
    match (door, port) {
        (Door::Listener(_), ProtocolKind::Tls | ProtocolKind::Tcp) => Some(ProtocolKind::Tcp),
        (Door::Listener(_), ProtocolKind::Http) => None,
        (Door::Host(_), port) => kinds.contains(&port).then_some(port),
    }
}

fn handed(kinds: &[ProtocolKind]) -> String {
    let words = kinds.iter().map(|kind| match kind {
        ProtocolKind::Http => "requests",
        ProtocolKind::Tls => "TLS as it came",
        ProtocolKind::Tcp => "bytes",
    });
    words.collect::<Vec<_>>().join(" or ")
}

fn fitting(door: &Door, kinds: &[ProtocolKind]) -> &'static str {
    match (door, kinds) {
        (Door::Listener(_), _) => "a port that speaks `tcp` or `tls`",
        (Door::Host(_), [ProtocolKind::Tls]) => "a port that speaks `https` or `tls`",
        (Door::Host(_), [ProtocolKind::Tcp]) => "a port that speaks `tcp`",
        (Door::Host(_), _) => "a port that speaks what one of its listeners hands on",
    }
}

impl Asked<'_> {
    fn not_fitting(
        &self,
        said: &Spanned<value::Port>,
        kinds: &[ProtocolKind],
        fit: &[(value::Port, ProtocolKind)],
    ) -> Diagnostic {
        let number = said.value;
        let Some(port) = self.ports.iter().find(|port| port.number.value == number) else {
            return Diagnostic::new(&UNKNOWN_PORT, format!("the service has no port `{number}`"))
                .at(said.span, "no `port` has this number")
                .help(declared(kinds, fit));
        };
        if kinds == [ProtocolKind::Http] {
            return Diagnostic::new(&HTTP_ON_TCP, format!("port `{number}` does not speak HTTP"))
                .at(said.span, "a host and paths can be opened on an HTTP port alone")
                .help("name an HTTP port, or say that this one speaks HTTP where it is declared");
        }
        let title = format!("port `{number}` speaks `{}`, and is handed {}", port.protocol.word(), handed(kinds));
        Diagnostic::new(&PORT_DOES_NOT_FIT, title)
            .at(said.span, format!("`{}` of the gateway does not end in such a port", self.door))
            .note("a gateway ends TLS or hands it on, and what it hands on is what the port must speak")
            .help(format!("name {}", fitting(self.door, kinds)))
    }

    fn none(&self, kinds: &[ProtocolKind]) -> Diagnostic {
        if kinds == [ProtocolKind::Http] {
            return Diagnostic::new(&HTTP_ON_TCP, "the service has no HTTP port to expose")
                .at(self.node.span, "a host and paths can be opened on an HTTP port alone")
                .help("declare the port with what it speaks: `port 8080 http`");
        }
        Diagnostic::new(&PORT_DOES_NOT_FIT, format!("the service has no port that can be handed {}", handed(kinds)))
            .at(self.node.span, format!("what `{}` of the gateway hands on", self.door))
            .note("a gateway ends TLS or hands it on, and what it hands on is what the port must speak")
            .help(format!("declare {}, or expose it elsewhere", fitting(self.door, kinds)))
    }

    fn several(&self, first: value::Port, fit: &[(value::Port, ProtocolKind)]) -> Diagnostic {
        let are_http = fit.iter().all(|(_, kind)| *kind == ProtocolKind::Http);
        let what = if are_http { "several HTTP ports" } else { "several ports that fit" };
        Diagnostic::new(&PORT_NEEDED, format!("the service has {what}: {}", listed(fit)))
            .at(self.node.span, "which of them is meant is not said")
            .fix(format!("say it, for example `port={first}`"), self.node.span.end(), format!(" port={first}"))
    }
}

fn listed(fit: &[(value::Port, ProtocolKind)]) -> String {
    let numbers: Vec<String> = fit.iter().map(|(number, _)| number.to_string()).collect();
    and_list(numbers.iter().map(String::as_str))
}

/// What to name where a port is unknown.
fn declared(kinds: &[ProtocolKind], fit: &[(value::Port, ProtocolKind)]) -> String {
    let are_http = kinds == [ProtocolKind::Http];
    match (fit.len(), are_http) {
        (0, true) => "declare it: `port NUMBER http`".to_owned(),
        (0, false) => "declare it: `port NUMBER PROTOCOL`".to_owned(),
        (1, true) => format!("its HTTP port is {}", listed(fit)),
        (_, true) => format!("its HTTP ports are {}", listed(fit)),
        (1, false) => format!("the port that fits is {}", listed(fit)),
        (_, false) => format!("the ports that fit are {}", listed(fit)),
    }
}
