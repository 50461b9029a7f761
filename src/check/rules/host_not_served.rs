use crate::check::Subject;
use crate::check::gateways::exposed;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::ir::{Exposure, Gateway, Mesh};

pub(super) static CODE: Code = code!("host-not-served", Error, "an exposure on a host that the gateway does not serve");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for ((id, host), exposures) in exposed(mesh) {
        let gateway = mesh.gateway(id);
        if gateway.serving(host).next().is_none() {
            found.extend(exposures.iter().map(|(_, exposure)| fault(mesh, gateway, exposure)));
        }
    }
}

fn fault(mesh: &Mesh, gateway: &Gateway, exposure: &Exposure) -> Diagnostic {
    let host = &exposure.host.value;
    let fault = Diagnostic::new(&CODE, format!("gateway `{}` does not serve `{host}`", gateway.name))
        .at_known(exposure.host.span(), "no `listen` of it has this host")
        .note("a route for a host that no server of its Gateway offers is never used (IST0132)");
    let fault = match gateway.origin.span {
        Some(span) => fault.related(span, "the gateway"),
        None => fault,
    };
    let served: Vec<String> = gateway
        .listeners
        .iter()
        .flat_map(|listener| &listener.hosts)
        .map(|served| served.pattern.to_string())
        .collect();
    let near = nearest(&host.to_string(), served.iter().map(String::as_str));
    if let (Some(near), Some(span)) = (near.filter(|near| *near != "*"), exposure.host.span()) {
        return fault.fix(format!("did you mean `{near}`?"), span, near);
    }
    match mesh.gateways.iter().find(|other| other.serving(host).next().is_some()) {
        Some(other) => fault.help(format!("gateway `{}` serves it", other.name)),
        None => fault.help(format!("add `host {host}` to a `listen` of `{}`", gateway.name)),
    }
}
