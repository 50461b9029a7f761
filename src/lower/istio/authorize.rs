use super::super::Lowering;
use super::refused::{self, Refused};
use crate::ir::{Ask, Service};
use crate::manifest::istio::{Action, AuthorizationPolicy, Provider, Rule, Selector};
use crate::manifest::{Object, Spec, Traced, Wave};
use smol_str::format_smolstr;

/// Who is asked about the requests of every service: NS/`<service>.authorize.<authorizer>`. Paths are as wide as in a
/// denial: a spelling that is asked about too much does no harm.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for service in lowering.mesh.services.iter().filter(|service| lowering.writes_into(service.namespace)) {
        for (ask, rule) in service.asks.iter().filter_map(|ask| Some((ask, rule(lowering, service, ask)?))) {
            let authorizer = &lowering.mesh.authorizer(ask.authorizer).name;
            let provider = Some(Traced::new(Provider { name: authorizer.clone() }, ask.origin));
            let selector = Some(Selector { match_labels: (&service.selector).into() });
            let action = Some(Action::Custom);
            let spec = AuthorizationPolicy { selector, action, provider, rules: vec![rule] };
            let name = format_smolstr!("{}.authorize.{authorizer}", service.name);
            let place = lowering.place(service.namespace, name, Wave::Exceptions);
            let spec = Spec::AuthorizationPolicy(spec);
            take(lowering.frame.object(&lowering.owned_by_service(service), place, spec));
        }
    }
}

fn rule(lowering: &Lowering<'_>, service: &Service, ask: &Ask) -> Option<Traced<Rule>> {
    let Refused { to, when } = refused::at_service(lowering, service, &ask.conditions)?;
    Some(Traced::new(Rule { from: Vec::new(), to, when }, ask.origin))
}
