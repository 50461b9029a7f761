use super::Closing;
use crate::diagnostic::{Diagnostic, Diagnostics, and_list, nearest};
use crate::intent::{CHOOSE_ONE, Reference, TargetNode};
use crate::ir::{Destination, External, ExternalId, Port, RouteShare, Service, ServiceId, Target, Version};
use crate::resolve::codes::{AMBIGUOUS_TARGET, HTTP_ON_TCP, PORT_NEEDED, UNKNOWN_NAME, UNKNOWN_PORT, UNKNOWN_VERSION};
use crate::resolve::index::Member;
use crate::resolve::laying::said_twice;
use crate::resolve::versions;
use crate::source::{Layer, Origin, Spanned};
use crate::value::{self, Label, Name, ProtocolKind};

impl Closing<'_, '_> {
    /// What a target names.
    pub(super) fn target(&self, layer: Layer, node: &TargetNode, found: &mut Diagnostics) -> Option<Target> {
        let origin = Origin::new(layer, node.name.span);
        let version = self.own_version(node);
        if let Some(version) = version {
            self.check_version(node, found);
            let port = match &node.port {
                Some(said) => Some(self.said_port(self.service, said, found)?),
                None => None,
            };
            return Some(Target { destination: Destination::Version(version), port, origin });
        }
        match self.other(node, found)? {
            Other::Service(id, other) => {
                let version = match &node.version {
                    Some(said) => Some(version_of(said, &other.versions, found)?),
                    None => None,
                };
                let port = match &node.port {
                    Some(said) => Some(self.said_port(other, said, found)?),
                    None if std::ptr::eq(other, self.service) => None,
                    None => Some(self.fitting_port(&Taker::from(other), node, found)?),
                };
                Some(Target { destination: Destination::Service(id, version), port, origin })
            }
            Other::External(id, other) => {
                if let Some(said) = &node.version {
                    found.push(of_outside(said, other));
                    return None;
                }
                let port = self.outside_port(other, node, found)?;
                Some(Target { destination: Destination::External(id), port: Some(port), origin })
            }
        }
    }

    fn own_version(&self, node: &TargetNode) -> Option<usize> {
        let name = &node.name.value;
        let is_it = |version: &Version| name.namespace.is_none() && version.name.value == *name.name.text();
        self.service.versions.iter().position(is_it)
    }

    /// Whether the name of a version is nothing else too.
    fn check_version(&self, node: &TargetNode, found: &mut Diagnostics) {
        let name = &node.name;
        if let Some(said) = &node.version {
            found.push(
                Diagnostic::new(&CHOOSE_ONE, format!("`{}` is a version already", name.value))
                    .at(said.span, "names a version again")
                    .help("take `version=` out, or name another service before it"),
            );
        }
        if let Some(other) = self.index.find(name.value.name.text(), self.service.namespace) {
            let (kind, what) = match other {
                Member::Service(_) => ("a service", "service"),
                Member::External(_) => ("an external", "external"),
                Member::Workload(_) => ("a workload", "workload"),
            };
            let home = self.index.namespaces.get(self.service.namespace.0 as usize).map_or("", |home| &home.name);
            found.push(
                Diagnostic::new(&AMBIGUOUS_TARGET, format!("`{}` is a version and {kind}", name.value))
                    .at(name.span, "which of them is meant is not said")
                    .help(format!(
                        "for the {what} write `{}.{home}`; for the version give one of them another name",
                        name.value
                    )),
            );
        }
    }

    /// The service, or what is outside, that a target names.
    fn other(&self, node: &TargetNode, found: &mut Diagnostics) -> Option<Other<'_>> {
        let Spanned { value: name, span } = &node.name;
        let own = || self.service.versions.iter().map(|version| version.name.value.as_str());
        let (near, is_known) = match &name.namespace {
            Some(_) => (None, true),
            None => {
                (nearest(name.name.text(), own()), self.index.find(name.name.text(), self.service.namespace).is_some())
            }
        };
        if let Some(near) = near.filter(|_| !is_known) {
            found.push(versions::unknown(name.name.text(), Some(*span), Some(near), own()));
            return None;
        }
        let Ok(short) = Name::parse(name.name.text()) else {
            found.push(versions::unknown(name.name.text(), Some(*span), None, own()));
            return None;
        };
        let reference = Reference { name: short, namespace: name.namespace.clone() };
        match self.index.member(&reference, Some(self.service.namespace), *span, found)? {
            Member::Service(id) => Some(Other::Service(id, self.services.get(id.0 as usize)?)),
            Member::External(id) => Some(Other::External(id, self.externals.get(id.0 as usize)?)),
            Member::Workload(_) => {
                found.push(
                    Diagnostic::new(&UNKNOWN_NAME, format!("no service is named `{name}`"))
                        .at(*span, "this is a workload, which takes no requests")
                        .help("declare it as a `service` with its ports"),
                );
                None
            }
        }
    }

    fn said_port(
        &self,
        service: &Service,
        said: &Spanned<value::Port>,
        found: &mut Diagnostics,
    ) -> Option<value::Port> {
        let Some(port) = service.port(said.value) else {
            found.push(unknown_port(&Taker::from(service), said));
            return None;
        };
        if self.kind == ProtocolKind::Http && !port.is_http() {
            found.push(
                Diagnostic::new(&HTTP_ON_TCP, format!("port `{}` does not speak HTTP", said.value))
                    .at(said.span, "requests would be sent to it")
                    .help("name an HTTP port"),
            );
            return None;
        }
        Some(said.value)
    }

    /// The port of something outside that takes the traffic, which must be of the kind that the proxy sends there.
    fn outside_port(&self, other: &External, node: &TargetNode, found: &mut Diagnostics) -> Option<value::Port> {
        let taker = Taker::from(other);
        let Some(said) = &node.port else { return self.fitting_port(&taker, node, found) };
        let Some((_, kind)) = taker.ports.iter().find(|(number, _)| *number == said.value) else {
            found.push(unknown_port(&taker, said));
            return None;
        };
        if *kind == self.kind {
            return Some(said.value);
        }
        found.push(
            Diagnostic::new(
                &HTTP_ON_TCP,
                format!("port `{}` of `{}` does not speak {}", said.value, taker.name, word(self.kind)),
            )
            .at(said.span, format!("{} traffic would be sent to it", word(self.kind)))
            .help(taker.wanted(self.kind)),
        );
        None
    }

    /// The port of another that takes the traffic where none is said.
    fn fitting_port(&self, other: &Taker<'_>, node: &TargetNode, found: &mut Diagnostics) -> Option<value::Port> {
        let ports: Vec<value::Port> =
            other.ports.iter().filter(|(_, kind)| *kind == self.kind).map(|(number, _)| *number).collect();
        let fits = |port: &&Port| port.protocol.kind() == self.kind;
        let own: Vec<value::Port> = self.service.ports.iter().filter(fits).map(|port| port.number.value).collect();
        let word = word(self.kind);
        match (ports.as_slice(), own.as_slice()) {
            ([one], _) => Some(*one),
            ([], _) if other.ports.is_empty() => None,
            ([], _) => {
                found.push(
                    Diagnostic::new(&HTTP_ON_TCP, format!("`{}` has no {word} port", other.name))
                        .at(node.name.span, format!("{word} traffic would be sent to it"))
                        .help(other.wanted(self.kind)),
                );
                None
            }
            (several, [own]) if several.contains(own) => Some(*own),
            ([first, ..], _) => {
                let numbers: Vec<String> = ports.iter().map(ToString::to_string).collect();
                let listed = and_list(numbers.iter().map(String::as_str));
                found.push(
                    Diagnostic::new(&PORT_NEEDED, format!("`{}` has several {word} ports: {listed}", other.name))
                        .at(node.name.span, "which of them is meant is not said")
                        .fix(
                            format!("say it, for example `port={first}`"),
                            node.name.span.end(),
                            format!(" port={first}"),
                        ),
                );
                None
            }
        }
    }
}

/// Who takes what a route sends, besides its own service.
enum Other<'o> {
    Service(ServiceId, &'o Service),
    External(ExternalId, &'o External),
}

/// Who takes it, with the ports.
struct Taker<'t> {
    name: &'t str,
    ports: Vec<(value::Port, ProtocolKind)>,
    is_outside: bool,
}

impl<'t> From<&'t Service> for Taker<'t> {
    fn from(service: &'t Service) -> Self {
        let ports = service.ports.iter().map(|port| (port.number.value, port.protocol.kind()));
        Taker { name: &service.name, ports: ports.collect(), is_outside: false }
    }
}

impl<'t> From<&'t External> for Taker<'t> {
    fn from(external: &'t External) -> Self {
        let ports = external.ports.iter().map(|port| (port.number.value, port.kind()));
        Taker { name: &external.name, ports: ports.collect(), is_outside: true }
    }
}

impl Taker<'_> {
    /// What would take traffic of a kind.
    fn wanted(&self, kind: ProtocolKind) -> &'static str {
        match (self.is_outside, kind) {
            (false, _) => "name a service that speaks the same, or say which port takes this traffic: `port=NUMBER`",
            (true, ProtocolKind::Http) => {
                "declare a port of it that speaks HTTP to the proxy; where it wants TLS, the proxy speaks it: `port 80 http { originate-tls }`"
            }
            (true, ProtocolKind::Tls | ProtocolKind::Tcp) => "declare a port of it that speaks the same",
        }
    }
}

fn word(kind: ProtocolKind) -> &'static str {
    match kind {
        ProtocolKind::Http => "HTTP",
        ProtocolKind::Tls => "TLS",
        ProtocolKind::Tcp => "TCP",
    }
}

fn unknown_port(taker: &Taker<'_>, said: &Spanned<value::Port>) -> Diagnostic {
    let numbers: Vec<String> = taker.ports.iter().map(|(number, _)| number.to_string()).collect();
    Diagnostic::new(&UNKNOWN_PORT, format!("`{}` has no port `{}`", taker.name, said.value))
        .at(said.span, "no `port` has this number")
        .help(format!("its ports are {}", and_list(numbers.iter().map(String::as_str))))
}

fn of_outside(said: &Spanned<Label>, external: &External) -> Diagnostic {
    Diagnostic::new(&UNKNOWN_VERSION, format!("`{}` has no version `{}`", external.name, said.value))
        .at(said.span, "only services have versions")
        .note("a version is a set of pods, and what is outside has none that the mesh knows")
        .help("take `version=` out")
}

/// Reports a target that has two shares.
pub(super) fn check_repeats(shares: &[RouteShare], found: &mut Diagnostics) {
    for (at, share) in shares.iter().enumerate() {
        let is_same = |other: &&RouteShare| {
            (other.target.destination, other.target.port) == (share.target.destination, share.target.port)
        };
        let first = shares.get(..at).and_then(|before| before.iter().find(is_same));
        if let (Some(first), Some(second)) =
            (first.and_then(|first| first.target.origin.span), share.target.origin.span)
        {
            found.push(said_twice("the share of this target", second, first));
        }
    }
}

fn version_of(said: &Spanned<Label>, versions: &[Version], found: &mut Diagnostics) -> Option<usize> {
    let at = versions.iter().position(|version| version.name.value == *said.value.text());
    if at.is_none() {
        let known = || versions.iter().map(|version| version.name.value.as_str());
        found.push(versions::unknown(said.value.text(), Some(said.span), nearest(said.value.text(), known()), known()));
    }
    at
}
