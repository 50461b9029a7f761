use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Destination, Mesh, Mirror, Rewrite, Service};
use crate::source::Decided;

pub(super) static CODE: Code =
    code!("mirror-keeps-host", Warning, "copies for an external, which knows itself by another host");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        service.mirrors.iter().for_each(|mirror| check(subject.mesh, service, (mirror, None), found));
        for route in &service.routes {
            let own = route
                .mirrors
                .iter()
                .filter(|mirror| service.mirrors.iter().all(|other| other.target.origin != mirror.target.origin));
            own.for_each(|mirror| check(subject.mesh, service, (mirror, route.rewrite.as_ref()), found));
        }
    }
}

fn check(
    mesh: &Mesh,
    service: &Service,
    (mirror, rewrite): (&Mirror, Option<&Decided<Box<Rewrite>>>),
    found: &mut Diagnostics,
) {
    let Destination::External(id) = mirror.target.destination else { return };
    let external = mesh.external(id);
    if external.via.is_some() || rewrite.is_some_and(|rewrite| rewrite.value.host.is_some()) {
        return;
    }
    let Some(host) = external.hosts.first() else { return };
    found.push(
        Diagnostic::new(&CODE, format!("copies for `{}` say that they are for `{}`", external.name, service.name))
            .at_known(mirror.target.origin.span, format!("does not become `{}` in their Host header", host.value))
            .note("Istio copies a request as it is: only what is sent on gets the host of where it goes, and a server of several hosts answers 404 to one that it does not have")
            .help("mirror to a service of yours that calls it, unless whoever listens there takes any host"),
    );
}
