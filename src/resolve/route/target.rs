use super::Closing;
use crate::diagnostic::{Diagnostic, Diagnostics, and_list, nearest};
use crate::intent::{CHOOSE_ONE, Reference, TargetNode};
use crate::ir::{Destination, Port, RouteShare, Service, ServiceId, Target, Version};
use crate::resolve::codes::{AMBIGUOUS_TARGET, HTTP_ON_TCP, PORT_NEEDED, UNKNOWN_NAME, UNKNOWN_PORT};
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
        let id = self.other(node, found)?;
        let other = self.services.get(id.0 as usize)?;
        let version = match &node.version {
            Some(said) => Some(version_of(said, &other.versions, found)?),
            None => None,
        };
        let is_itself = std::ptr::eq(other, self.service);
        let port = match &node.port {
            Some(said) => Some(self.said_port(other, said, found)?),
            None if is_itself => None,
            None => Some(self.fitting_port(other, node, found)?),
        };
        Some(Target { destination: Destination::Service(id, version), port, origin })
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
        if self.index.find(name.value.name.text(), self.service.namespace).is_some() {
            let home = self.index.namespaces.get(self.service.namespace.0 as usize).map_or("", |home| home.name);
            found.push(
                Diagnostic::new(&AMBIGUOUS_TARGET, format!("`{}` is a version and a service", name.value))
                    .at(name.span, "which of them is meant is not said")
                    .help(format!(
                        "for the service write `{}.{home}`; for the version give one of them another name",
                        name.value
                    )),
            );
        }
    }

    /// The service that a target names.
    fn other(&self, node: &TargetNode, found: &mut Diagnostics) -> Option<ServiceId> {
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
            Member::Service(id) => Some(id),
            Member::External(_) => {
                found.push(
                    Diagnostic::new(&UNKNOWN_NAME, format!("no service is named `{name}`"))
                        .at(*span, "this is an external, to which no route leads")
                        .help("let the caller say `calls` of it, or name a service"),
                );
                None
            }
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
            let numbers: Vec<String> = service.ports.iter().map(|port| port.number.value.to_string()).collect();
            found.push(
                Diagnostic::new(&UNKNOWN_PORT, format!("`{}` has no port `{}`", service.name, said.value))
                    .at(said.span, "no `port` has this number")
                    .help(format!("its ports are {}", and_list(numbers.iter().map(String::as_str)))),
            );
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

    /// The port of another service that requests go to where none is said.
    fn fitting_port(&self, other: &Service, node: &TargetNode, found: &mut Diagnostics) -> Option<value::Port> {
        let fits = |port: &&Port| port.protocol.kind() == self.kind;
        let ports: Vec<value::Port> = other.ports.iter().filter(fits).map(|port| port.number.value).collect();
        let own: Vec<value::Port> = self.service.ports.iter().filter(fits).map(|port| port.number.value).collect();
        let word = match self.kind {
            ProtocolKind::Http => "HTTP",
            ProtocolKind::Tls => "TLS",
            ProtocolKind::Tcp => "TCP",
        };
        match (ports.as_slice(), own.as_slice()) {
            ([one], _) => Some(*one),
            ([], _) if other.ports.is_empty() => None,
            ([], _) => {
                found.push(
                    Diagnostic::new(&HTTP_ON_TCP, format!("`{}` has no {word} port", other.name))
                        .at(node.name.span, format!("{word} traffic would be sent to it"))
                        .help(
                            "name a service that speaks the same, or say which port takes this traffic: `port=NUMBER`",
                        ),
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
