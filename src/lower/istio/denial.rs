use super::super::Lowering;
use super::refused::{self, Refused};
use super::{grant, source};
use crate::ir::{Denial, Service};
use crate::manifest::istio::{Action, Rule};
use crate::manifest::{Object, Traced, Wave};
use smol_str::format_smolstr;

/// The denials of every service: NS/`<service>.deny`, one rule a denial.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for service in lowering.mesh.services.iter().filter(|service| lowering.guards(service)) {
        let rules: Vec<_> = service.denials.iter().filter_map(|denial| rule(lowering, service, denial)).collect();
        let name = format_smolstr!("{}.deny", service.name);
        grant::emit(lowering, service, (&name, Action::Deny, Wave::Exceptions), rules, take);
    }
}

fn rule(lowering: &Lowering<'_>, service: &Service, denial: &Denial) -> Option<Traced<Rule>> {
    let Refused { to, when } = refused::at_service(lowering, service, &denial.conditions)?;
    let rule = Rule { from: source::denied(lowering, &denial.callers), to, when };
    Some(Traced::new(rule, denial.origin))
}
