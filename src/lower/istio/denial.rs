use super::super::Lowering;
use super::operation::Narrowed;
use super::{grant, operation, source};
use crate::ir::{Denial, Service};
use crate::manifest::istio::{Action, Rule, To};
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
    let Narrowed { mut operation, when } = operation::narrowed(service, &denial.conditions, operation::denied)?;
    operation.hosts = operation::denied_hosts(operation.hosts);
    let rule = Rule { from: source::denied(lowering, &denial.callers), to: vec![To { operation }], when };
    Some(Traced::new(rule, denial.origin))
}
