use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{External, Mesh, Outgoing, Peer, Resolution};
use crate::source::Span;
use crate::value::ProtocolKind;

pub(super) static CODE: Code =
    code!("gateway-cannot-tell", Error, "an external that its egress gateway could not tell apart, or not reach");

/// Why a gateway cannot do it, where that is said, and what to do.
type Fault = (String, Option<Span>, &'static str, &'static str);

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let outgoing = Outgoing::of(mesh);
    for (id, external) in mesh.externals() {
        let Some(via) = &external.via else { continue };
        let home = mesh.gateway(via.value).namespace;
        let beside = outgoing.callers(id).find(|caller| mesh.home_of(*caller) == Some(home));
        let fault =
            pattern(external).or_else(|| dialled(external)).or_else(|| ports(external)).or_else(|| hosts(external));
        let Some((title, at, why, help)) = fault.or_else(|| same_namespace(mesh, external, beside)) else { continue };
        let fault = Diagnostic::new(&CODE, title).at_known(at, "not through an egress gateway").note(why).help(help);
        found.push(match via.span().filter(|span| Some(*span) != at) {
            Some(span) => fault.related(span, "the gateway"),
            None => fault,
        });
    }
}

fn pattern(external: &External) -> Option<Fault> {
    let host = external.wildcard()?;
    let why = "a gateway takes a connection under one server name and dials one host; of a pattern it knows neither";
    Some((
        format!("`{}` is no host that a gateway could dial", host.value),
        host.span(),
        why,
        "name the hosts, or take `via` out and say where they are: `address`",
    ))
}

fn dialled(external: &External) -> Option<Fault> {
    if !matches!(external.resolution.value, Resolution::None | Resolution::DynamicDns) {
        return None;
    }
    let why =
        "what arrives at the gateway was dialled to the gateway, so the address that the caller meant is lost there";
    let title = format!("the gateway could not find `{}`", external.name);
    Some((
        title,
        external.resolution.span().or(external.origin.span),
        why,
        "say single addresses, or let the host be looked up: `resolution dns`",
    ))
}

fn ports(external: &External) -> Option<Fault> {
    let other = external.ports.iter().find(|port| port.kind() != ProtocolKind::Http)?;
    if external.ports.len() == 1 {
        return None;
    }
    let why = "all that goes through comes in by one port of the gateway, under one server name: requests say by their Host header which port they mean, TLS and TCP do not";
    let title = format!("port {} of `{}` would arrive like its other ports", other.number.value, external.name);
    Some((title, other.number.span(), why, "declare an external for each such port; HTTP ports may stand together"))
}

fn hosts(external: &External) -> Option<Fault> {
    let second = external.hosts.get(1)?;
    if external.http_ports().next().is_some() {
        return None;
    }
    let why = "the gateway hands the bytes on by one rule for each external, to one host";
    let title = format!("`{}` would arrive like the other hosts of `{}`", second.value, external.name);
    Some((title, second.span(), why, "declare an external for each host"))
}

/// In the gateway's own namespace both entries of the host would be seen: callers there would go round the gateway.
fn same_namespace(mesh: &Mesh, external: &External, caller: Option<Peer>) -> Option<Fault> {
    let home = mesh.gateway(external.via.as_ref()?.value).namespace;
    let namespace = mesh.namespace_name(home);
    let title = match caller {
        _ if external.namespace == Some(home) => {
            format!("`{}` stands beside its gateway, in `{namespace}`", external.name)
        }
        Some(Peer::Gateway(id)) => {
            let name = &mesh.gateway(id).name;
            format!("gateway `{name}` is led to `{}` from the namespace of its gateway, `{namespace}`", external.name)
        }
        Some(caller) => {
            let name = caller.name(mesh, home);
            format!("`{name}` calls `{}` from the namespace of its gateway, `{namespace}`", external.name)
        }
        None => return None,
    };
    let why = "the way out that is meant for the gateway alone is private to its namespace: whoever is in there would take it and go round";
    Some((title, external.origin.span, why, "keep the gateway in a namespace of its own"))
}
