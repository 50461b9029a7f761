use super::super::Lowering;
use super::grant::{self, policy};
use super::operation;
use super::refused::{self, Refused};
use super::token_at_door as door;
use crate::ir::{Claim, Exposure, Gateway, GatewayId, Labels, Service, Token};
use crate::manifest::istio::{Action, From, Operation, Rule, Source, To, When};
use crate::manifest::{Object, Traced, Wave};
use crate::source::Decided;
use crate::value::HostPattern;
use smol_str::{SmolStr, format_smolstr};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Who must show a token: NS/`<service>.token` and GWNS/`<gateway>.token`. Reading tokens lets a request without one
/// pass; what makes a token count is a denial of whoever shows none, beside all grants.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let mesh = lowering.mesh;
    for (id, gateway) in mesh.gateways().filter(|(_, gateway)| lowering.writes_into(gateway.namespace)) {
        let place = |name| lowering.place(gateway.namespace, name, Wave::Exceptions);
        for (name, spec) in policies(&gateway.name, &gateway.selector, &at_gateway(lowering, id, gateway)) {
            take(lowering.frame.object(&lowering.owned_by_gateway(gateway), place(name), spec));
        }
    }
    for service in mesh.services.iter().filter(|service| lowering.guards(service)) {
        let name = format_smolstr!("{}.token", service.name);
        grant::emit(lowering, service, (&name, Action::Deny, Wave::Exceptions), at_service(lowering, service), take);
    }
}

/// The policies of a gateway's rules, with their names.
fn policies(
    owner: &SmolStr,
    selector: &Decided<Labels>,
    rules: &[Traced<Rule>],
) -> Vec<(SmolStr, crate::manifest::Spec)> {
    let chunks = rules.chunks(super::grant::MOST_RULES).enumerate();
    let name =
        |at| if at == 0 { format_smolstr!("{owner}.token") } else { format_smolstr!("{owner}.token.{}", at + 1) };
    chunks.map(|(at, rules)| (name(at), policy(selector, Action::Deny, rules.to_vec()))).collect()
}

/// Through the doors of a gateway.
fn at_gateway(lowering: &Lowering<'_>, id: GatewayId, gateway: &Gateway) -> Vec<Traced<Rule>> {
    let mut here: BTreeMap<&HostPattern, Vec<&Exposure>> = BTreeMap::new();
    let all = lowering.mesh.services.iter().flat_map(|service| &service.exposures);
    for exposure in all.filter(|exposure| exposure.gateway == id) {
        if let Some(host) = exposure.host() {
            here.entry(host).or_default().push(exposure);
        }
    }
    let mut rules = Vec::new();
    for (host, exposures) in &here {
        if !exposures.iter().any(|exposure| exposure.checks_tokens()) {
            continue;
        }
        let beside = here.iter().filter(|(other, _)| host.covers(other)).flat_map(|(_, others)| others.iter().copied());
        let beside: Vec<&Exposure> =
            if matches!(host, HostPattern::Exact(_)) { exposures.clone() } else { beside.collect() };
        for exposure in exposures {
            let ports = door::open_ports(gateway, exposure);
            for rule in exposure.tokens.iter().filter(|_| !ports.is_empty()) {
                let conditions = exposure.at_door(&rule.conditions);
                let mut operations = door::operations(lowering, (exposure, &conditions), &beside, &ports);
                for operation in operations.iter_mut().filter(|_| exposure.is_asked_first()) {
                    operation.not_methods.push(operation::PREFLIGHT);
                }
                rules.extend(refusals(lowering, &rule.token, &Source::default(), &operations));
            }
        }
    }
    rules
}

/// At a service: for whoever calls, and again for what came through a door that asks for a token, so that nobody who
/// gets at the service by the gateway's identity gets round it.
fn at_service(lowering: &Lowering<'_>, service: &Service) -> Vec<Traced<Rule>> {
    let mut rules = Vec::new();
    for rule in &service.tokens {
        let conditions = &rule.conditions;
        if let Some(Refused { to, .. }) = refused::requests(lowering, service, conditions) {
            let operations: Vec<Operation> = to.into_iter().map(|to| to.operation).collect();
            rules.extend(refusals(lowering, &rule.token, &Source::default(), &operations));
        }
    }
    let seen: Vec<Cow<'_, Exposure>> =
        service.exposures.iter().flat_map(|exposure| exposure.arrivals(service)).collect();
    for exposure in seen.iter().filter(|exposure| exposure.checks_tokens()) {
        let beside = seen.iter().filter(|other| other.gateway == exposure.gateway);
        let beside: Vec<&Exposure> = beside.map(|other| &**other).collect();
        let target = service.port(exposure.port).map(|port| port.target.value);
        let principals = vec![super::source::gateway(lowering, lowering.mesh.gateway(exposure.gateway))];
        let through = Source { principals, ..Source::default() };
        for rule in &exposure.tokens {
            let ports = operation::texts(target);
            let operations = door::operations(lowering, (exposure, &rule.conditions), &beside, &ports);
            rules.extend(refusals(lowering, &rule.token, &through, &operations));
        }
    }
    rules
}

/// The rules that refuse what does not show a token: one for the token, one for each of its claims. An optional token
/// is refused for its claims alone.
fn refusals(lowering: &Lowering<'_>, token: &Token, through: &Source, operations: &[Operation]) -> Vec<Traced<Rule>> {
    let to: Vec<To> = operations.iter().map(|operation| To { operation: operation.clone() }).collect();
    if to.is_empty() {
        return Vec::new();
    }
    let mut rules = Vec::new();
    if !token.is_optional {
        let source = Source { not_request_principals: principals(lowering, token), ..through.clone() };
        rules.push(Rule { from: vec![From { source }], to: to.clone(), when: Vec::new() });
    }
    let shown =
        token.is_optional.then(|| When { key: key(["iss"]), values: names(lowering, token), ..When::default() });
    for claim in &token.claims {
        let lacks = When { key: key(claim.name.value.parts()), not_values: values(claim), ..When::default() };
        let from = if *through == Source::default() { Vec::new() } else { vec![From { source: through.clone() }] };
        let when = shown.iter().cloned().chain([lacks]).collect();
        rules.push(Rule { from, to: to.clone(), when });
    }
    rules.into_iter().map(|rule| Traced::new(rule, token.origin)).collect()
}

/// Whoever any of these issuers names: `ISS/SUBJECT`.
pub(super) fn principals(lowering: &Lowering<'_>, token: &Token) -> Vec<SmolStr> {
    names(lowering, token).into_iter().map(|iss| format_smolstr!("{iss}/*")).collect()
}

/// What a token must have, beside whom it names.
pub(super) fn claims(token: &Token) -> impl Iterator<Item = When> {
    token.claims.iter().map(|claim| When {
        key: key(claim.name.value.parts()),
        values: values(claim),
        ..When::default()
    })
}

fn names(lowering: &Lowering<'_>, token: &Token) -> Vec<SmolStr> {
    let issuers = token.issuers.iter().map(|signer| lowering.mesh.issuer(signer.issuer));
    let mut names: Vec<SmolStr> =
        issuers.filter_map(|it| it.iss.as_ref()).map(|iss| iss.value.text().clone()).collect();
    names.sort();
    names.dedup();
    names
}

fn values(claim: &Claim) -> Vec<SmolStr> {
    claim.values.iter().map(|value| value.text().clone()).collect()
}

/// The attribute of a claim: a part in brackets for each step inside.
pub(super) fn key<'p>(parts: impl IntoIterator<Item = &'p str>) -> SmolStr {
    let inside: String = parts.into_iter().flat_map(|part| ["[", part, "]"]).collect();
    format_smolstr!("request.auth.claims{inside}")
}
