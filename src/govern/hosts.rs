use super::{Ground, Writer, noted, of};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Door, Mesh};
use crate::policy::HostOwner;
use crate::source::Span;
use crate::value::HostPattern;

pub(super) static NOT_OWNED: Code = code!("host-not-owned", Error, "a page that takes the host of another team");

/// Every host that is served, and every host outside that a page says is reached otherwise.
pub(super) fn check(ground: &Ground<'_>, mesh: &Mesh, found: &mut Diagnostics) {
    for exposure in mesh.services.iter().flat_map(|service| &service.exposures) {
        if let (Door::Host(host), Some(at)) = (&exposure.door.value, exposure.door.origin.span) {
            judge(ground, (host, at), false, found);
        }
    }
    for host in mesh.gateways.iter().flat_map(|gateway| &gateway.listeners).flat_map(|listener| &listener.hosts) {
        judge(ground, (&host.pattern, host.span), false, found);
    }
    for host in mesh.externals.iter().flat_map(|external| &external.hosts) {
        if let Some(at) = host.origin.span {
            judge(ground, (&host.value, at), true, found);
        }
    }
}

/// Of hosts outside most are nobody's, and anybody may call those.
pub(super) fn judge(ground: &Ground<'_>, (host, at): (&HostPattern, Span), is_outside: bool, found: &mut Diagnostics) {
    let writer = ground.writer(at);
    let fact = match ground.policy.owner_of_host(host) {
        HostOwner::Nobody if is_outside => return,
        HostOwner::Nobody => of(None),
        HostOwner::Team(owner) => of(Some(owner)),
        HostOwner::InPart(_, other) => format!("hosts below it are of team `{}`", other.name),
    };
    let may_serve = match &writer {
        Writer::Library => true,
        Writer::Team(team) => ground.policy.may_serve(team, host),
        Writer::Nobody => false,
    };
    if may_serve {
        return;
    }
    let title = format!("{} does not own host `{host}`", writer.told());
    let fault = Diagnostic::new(&NOT_OWNED, title).at(at, fact);
    found.push(
        noted(fault.note("Istio takes any route for a host, whoever wrote it: it would have the traffic of its owner"))
            .help("serve a host of your own, or ask the platform team to say in the policy whose it is"),
    );
}
