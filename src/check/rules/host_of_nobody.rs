use crate::check::Subject;
use crate::check::carried::{self, Ruled};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::ir::Mesh;
use crate::value::HostPattern;

pub(super) static CODE: Code =
    code!("host-of-nobody", Warning, "an object of one's own for a host that nobody declares");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let (_, strange) = carried::rules(subject);
    if strange.is_empty() {
        return;
    }
    let services: Vec<String> = mesh
        .services
        .iter()
        .map(|service| {
            format!("{}.{}.svc.{}", service.name, mesh.namespace_name(service.namespace), mesh.cluster_domain.value)
        })
        .collect();
    // What holds at gateways alone may be for any name of the world, and a ServiceEntry declares one.
    let holds_in_mesh = |ruled: &&Ruled<'_>| ruled.place.is_empty() && ruled.made.kind.1 != "ServiceEntry";
    for ruled in strange.iter().filter(holds_in_mesh).filter(|ruled| !is_known(mesh, &services, &ruled.host)) {
        found.push(fault(mesh, ruled, &services));
    }
}

/// Whether a host, or one of those that a pattern stands for, is declared.
fn is_known(mesh: &Mesh, services: &[String], host: &str) -> bool {
    let entries = carried::of_kind(mesh, "ServiceEntry");
    let of_entries = entries.flat_map(|body| carried::texts(body, "spec.hosts").map(|(host, _)| host.to_owned()));
    let outside = mesh.externals.iter().flat_map(|external| &external.hosts).map(|host| host.value.to_string());
    let Ok(said) = HostPattern::parse(host) else { return false };
    let meets = |known: &str| {
        HostPattern::parse(known).is_ok_and(|known| known.covers(&said) || said.covers(&known)) || known == host
    };
    services.iter().any(|known| meets(known)) || outside.chain(of_entries).any(|known| meets(&known))
}

fn fault(mesh: &Mesh, ruled: &Ruled<'_>, services: &[String]) -> Diagnostic {
    let Ruled { place: _, made, host, span } = ruled;
    let fault = Diagnostic::new(&CODE, format!("nothing here is called `{host}`"))
        .at_known(span.or(made.owner.span), "no service and no external has this name")
        .note(
            "Istio takes a name with a dot as it stands, and a rule for a name that nothing has holds for no request",
        );
    let domain = format!(".svc.{}", mesh.cluster_domain.value);
    let short = |name: &'_ str| name.strip_suffix(&domain).unwrap_or(name).to_owned();
    let names: Vec<String> = services.iter().map(|service| short(service)).collect();
    match nearest(&short(host), names.iter().map(String::as_str)) {
        Some(near) => fault.help(format!("did you mean `{near}{domain}`?")),
        None => fault.help("declare it by `external`, or leave its rules to those whose it is"),
    }
}
