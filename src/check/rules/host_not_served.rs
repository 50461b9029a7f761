use crate::check::Subject;
use crate::check::gateways::exposed;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, and_list, nearest};
use crate::ir::{Door, Exposure, Gateway, Mesh};
use crate::value::{HostPattern, Port};

pub(super) static CODE: Code = code!("host-not-served", Error, "an exposure on a host that the gateway does not serve");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for ((id, door), exposures) in exposed(mesh) {
        let gateway = mesh.gateway(id);
        if gateway.listeners.iter().all(|listener| listener.serves_door(door).is_none()) {
            found.extend(exposures.iter().map(|(_, exposure)| fault(mesh, gateway, exposure)));
        }
    }
}

fn fault(mesh: &Mesh, gateway: &Gateway, exposure: &Exposure) -> Diagnostic {
    match &exposure.door.value {
        Door::Host(host) => no_host(mesh, gateway, exposure, host),
        Door::Listener(number) => no_listener(gateway, exposure, *number),
    }
}

fn no_listener(gateway: &Gateway, exposure: &Exposure, number: Port) -> Diagnostic {
    let span = exposure.door.span();
    if let Some(listener) = gateway.listeners.iter().find(|listener| listener.number.value == number) {
        let word = listener.protocol.value.word();
        return Diagnostic::new(&CODE, format!("port {number} of gateway `{}` speaks `{word}`", gateway.name))
            .at_known(span, "no listener of bytes")
            .related(listener.span, "the listener")
            .note("what speaks http or TLS is told apart by hosts, and only a listener of `tcp` is a service's alone")
            .help("say the host instead: `host=`");
    }
    let bytes = gateway.listeners.iter().filter(|listener| listener.hands_on_bytes());
    let numbers: Vec<String> = bytes.map(|listener| listener.number.value.to_string()).collect();
    let fault = Diagnostic::new(&CODE, format!("gateway `{}` does not listen on {number}", gateway.name))
        .at_known(span, "no `listen` has this number")
        .note("a route for a port that no server of its Gateway has is never used");
    match (numbers.as_slice(), span) {
        ([only], Some(span)) => fault.fix(format!("its listener of bytes is {only}"), span, only.clone()),
        ([], _) | ([_], None) => fault.help(format!("add `listen {number} tcp` to `{}`", gateway.name)),
        (several, _) => {
            fault.help(format!("its listeners of bytes are {}", and_list(several.iter().map(String::as_str))))
        }
    }
}

fn no_host(mesh: &Mesh, gateway: &Gateway, exposure: &Exposure, host: &HostPattern) -> Diagnostic {
    let fault = Diagnostic::new(&CODE, format!("gateway `{}` does not serve `{host}`", gateway.name))
        .at_known(exposure.door.span(), "no `listen` of it has this host")
        .note("a route for a host that no server of its Gateway offers is never used (IST0132)");
    let fault = match gateway.origin.span {
        Some(span) => fault.related(span, "the gateway"),
        None => fault,
    };
    let served: Vec<String> = gateway
        .listeners
        .iter()
        .filter(|listener| !listener.hands_on_bytes())
        .flat_map(|listener| &listener.hosts)
        .map(|served| served.pattern.to_string())
        .collect();
    let near = nearest(&host.to_string(), served.iter().map(String::as_str));
    if let (Some(near), Some(span)) = (near.filter(|near| *near != "*"), exposure.door.span()) {
        return fault.fix(format!("did you mean `{near}`?"), span, near);
    }
    let serves = |other: &&Gateway| other.serving(host).any(|listener| !listener.hands_on_bytes());
    match mesh.gateways.iter().find(serves) {
        Some(other) => fault.help(format!("gateway `{}` serves it", other.name)),
        None => fault.help(format!("add `host {host}` to a `listen` of `{}`", gateway.name)),
    }
}
