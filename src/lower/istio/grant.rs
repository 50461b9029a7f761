use super::super::Lowering;
use super::operation::Narrowed;
use super::{operation, source, token};
use crate::ir::{Exposure, Gateway, Grant, Service};
use crate::manifest::istio::{Action, AuthorizationPolicy, From, Operation, Rule, Selector, Source, To};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::value::ProtocolKind;
use smol_str::{SmolStr, format_smolstr};

/// Istio: at most 512 rules in a policy.
pub(super) const MOST_RULES: usize = 512;

/// The grants of every service: NS/`<service>`, one rule a grant.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for service in lowering.mesh.services.iter().filter(|service| lowering.guards(service)) {
        let rules = rules(lowering, service);
        emit(lowering, service, (&service.name, Action::Allow, Wave::Ground), rules, take);
    }
}

/// The policies of a name that hold these rules: where one cannot hold them all, the next is `<name>.2`.
pub(super) fn emit(
    lowering: &Lowering<'_>,
    service: &Service,
    (name, action, wave): (&SmolStr, Action, Wave),
    rules: Vec<Traced<Rule>>,
    take: &mut dyn FnMut(Object),
) {
    let mut rules = rules.into_iter().peekable();
    for number in 1.. {
        let chunk: Vec<_> = rules.by_ref().take(MOST_RULES).collect();
        if chunk.is_empty() {
            return;
        }
        let name = if number == 1 { name.clone() } else { format_smolstr!("{name}.{number}") };
        let spec = policy(&service.selector, action, chunk);
        let place = lowering.place(service.namespace, name, wave);
        let mut object = lowering.frame.object(&lowering.owned_by_service(service), place, spec);
        if service.is_audited() {
            let dry_run = (SmolStr::new_static("istio.io/dry-run"), SmolStr::new_static("true"));
            object.metadata.annotations.push(dry_run);
        }
        take(object);
    }
}

/// A policy for the pods of a selector.
pub(super) fn policy(
    selector: &crate::source::Decided<crate::ir::Labels>,
    action: Action,
    rules: Vec<Traced<Rule>>,
) -> Spec {
    let selector = Selector { match_labels: selector.into() };
    let (selector, action) = (Some(selector), Some(action));
    Spec::AuthorizationPolicy(AuthorizationPolicy { selector, action, provider: None, rules })
}

fn rules(lowering: &Lowering<'_>, service: &Service) -> Vec<Traced<Rule>> {
    let mut rules: Vec<Traced<Rule>> =
        service.grants.iter().filter_map(|grant| rule(lowering, service, grant)).collect();
    // Of connections neither host nor client is known here: several doors of one gateway are one grant.
    let first = rules.len();
    for exposure in &service.exposures {
        let rule = exposed(lowering, service, exposure);
        if !rules.iter().skip(first).any(|known| known.value == rule.value) {
            rules.push(rule);
        }
    }
    rules
}

/// A rule of a grant; none where it touches no port, which `check` reports.
fn rule(lowering: &Lowering<'_>, service: &Service, grant: &Grant) -> Option<Traced<Rule>> {
    let Narrowed { operation, mut when } = operation::narrowed(service, &grant.conditions, operation::granted)?;
    let mut from = source::granted(lowering, &grant.callers);
    if let Some(token) = grant.conditions.token() {
        source::with_token(&mut from, &token::principals(lowering, &token));
        when.extend(token::claims(&token));
    }
    let rule = Rule { from, to: vec![To { operation }], when };
    Some(Traced::new(rule, grant.origin))
}

/// The grant to the gateway that exposes the service: exactly the host, the paths and the clients. The gateway's own
/// policy asks for the clients too, but there a wider exposure of the host may let everybody in. Beside the gateway's
/// identity the address is true: the gateway adds it itself, behind whatever its caller wrote. Connections carry neither
/// host nor client: there the gateway's policy alone asks.
fn exposed(lowering: &Lowering<'_>, service: &Service, exposure: &Exposure) -> Traced<Rule> {
    let gateway = lowering.mesh.gateway(exposure.gateway);
    let ports = operation::texts(service.port(exposure.port).map(|port| port.target.value));
    let principals = vec![source::gateway(lowering, gateway)];
    let (source, operations) = match exposure.kind {
        ProtocolKind::Http => {
            let clients = exposure.clients_at_pods(gateway).iter();
            let remote_ip_blocks = clients.map(smol_str::ToSmolStr::to_smolstr).collect();
            let source = Source { principals, remote_ip_blocks, ..Source::default() };
            (source, requests(service, gateway, exposure, &ports))
        }
        ProtocolKind::Tls | ProtocolKind::Tcp => {
            (Source { principals, ..Source::default() }, vec![Operation { ports, ..Operation::default() }])
        }
    };
    let to = operations.into_iter().map(|operation| To { operation }).collect();
    Traced::new(Rule { from: vec![From { source }], to, ..Rule::default() }, exposure.origin)
}

/// The requests that an exposure hands on, in every form in which they arrive. What an expression makes of a path may be
/// any: there the gateway's own policy alone asks for it.
fn requests(service: &Service, gateway: &Gateway, exposure: &Exposure, ports: &[SmolStr]) -> Vec<Operation> {
    let numbers: Vec<_> = gateway.through(exposure).map(|listener| listener.number.value).collect();
    let one = |arrival: &Exposure| Operation {
        hosts: operation::hosts(arrival.host(), &numbers),
        methods: operation::methods(&arrival.methods),
        paths: operation::granted(&arrival.paths),
        ports: ports.to_vec(),
        ..Operation::default()
    };
    exposure.arrivals(service).iter().map(|arrival| one(arrival)).collect()
}
