use super::super::Lowering;
use super::grant::policy;
use super::operation;
use super::refused::{self, Refused};
use super::{source, token};
use crate::ir::{Admission, Denial, Door, Exposure, Gateway, GatewayId, Grant, Listener, ServiceId};
use crate::manifest::istio::{Action, From, Operation, Rule, Source, To, When};
use crate::manifest::{Object, Traced, Wave};
use crate::value::{Cidr, HostPattern, Port};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};
use std::collections::{BTreeMap, BTreeSet};

/// What each gateway lets in by each door: GWNS/`<gateway>.<host>` or GWNS/`<gateway>.<port>`; all else meets
/// `allow-nothing`.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for ((id, door), exposures) in by_door(lowering) {
        let gateway = lowering.mesh.gateway(id);
        if !lowering.writes_into(gateway.namespace) {
            continue;
        }
        let spec = policy(&gateway.selector, Action::Allow, rules(lowering, gateway, door, &exposures));
        let name = format_smolstr!("{}.{}", gateway.name, door.object_name());
        let place = lowering.place(gateway.namespace, name, Wave::Ground);
        take(lowering.frame.object(&lowering.owned_by_gateway(gateway), place, spec));
    }
}

/// Whom each gateway keeps out, whatever is exposed: GWNS/`<gateway>.deny`.
pub(in crate::lower) fn lower_denials(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for gateway in lowering.mesh.gateways.iter().filter(|gateway| lowering.writes_into(gateway.namespace)) {
        let rules: Vec<_> = gateway.denials.iter().filter_map(|denial| denied(lowering, gateway, denial)).collect();
        if rules.is_empty() {
            continue;
        }
        let spec = policy(&gateway.selector, Action::Deny, rules);
        let place = lowering.place(gateway.namespace, format_smolstr!("{}.deny", gateway.name), Wave::Exceptions);
        take(lowering.frame.object(&lowering.owned_by_gateway(gateway), place, spec));
    }
}

/// The exposures of a door, each with its service.
pub(super) type Exposed<'m> = Vec<(ServiceId, &'m Exposure)>;

/// Every door of every gateway behind which something is, with its exposures in the order of the services.
pub(super) fn by_door<'m>(lowering: &Lowering<'m>) -> BTreeMap<(GatewayId, &'m Door), Exposed<'m>> {
    let mut doors: BTreeMap<_, Exposed<'m>> = BTreeMap::new();
    for (id, service) in lowering.mesh.services() {
        for exposure in &service.exposures {
            doors.entry((exposure.gateway, &exposure.door.value)).or_default().push((id, exposure));
        }
    }
    doors
}

fn rules(lowering: &Lowering<'_>, gateway: &Gateway, door: &Door, exposures: &Exposed<'_>) -> Vec<Traced<Rule>> {
    let mut rules: Vec<Traced<Rule>> = Vec::new();
    for (_, exposure) in exposures {
        rules.extend(gateway.admissions(exposure).iter().map(|admission| admitted(lowering, exposure, admission)));
    }
    if let (Door::Host(host), Some((_, first))) = (door, exposures.first()) {
        rules.extend(redirected(gateway, host).map(|rule| Traced::new(rule, first.origin)));
    }
    rules
}

fn admitted(lowering: &Lowering<'_>, exposure: &Exposure, admission: &Admission<'_>) -> Traced<Rule> {
    let Admission { clients, hosts, methods, paths, grant, listeners, origin } = admission;
    let numbers: Vec<Port> = listeners.iter().map(|listener| listener.number.value).collect();
    let mut methods = operation::methods(methods);
    // The policy runs before the gateway answers: without this no page could call.
    if exposure.is_asked_first() && !exposure.methods.is_empty() && !methods.is_empty() {
        methods.extend((!methods.contains(&operation::PREFLIGHT)).then_some(operation::PREFLIGHT));
    }
    let operation = Operation {
        hosts: operation::hosts(hosts, &numbers),
        methods,
        paths: operation::opened(paths),
        ports: targets(listeners.iter().copied()),
        ..Operation::default()
    };
    // Of TLS that goes through, and of bytes, the server's name is all that can be asked.
    let name = exposure.host().filter(|_| hosts.is_empty());
    let sni = |host: &HostPattern| {
        let (key, values) = (SmolStr::new_static("connection.sni"), vec![host.to_smolstr()]);
        When { key, values, ..When::default() }
    };
    let mut when: Vec<When> = name.map(sni).into_iter().collect();
    let mut from = from(clients);
    if let Some(conditions) = grant.map(|grant| &grant.conditions) {
        when.extend(operation::headers(&conditions.headers));
        if let Some(token) = conditions.token() {
            source::with_token(&mut from, &token::principals(lowering, &token));
            when.extend(token::claims(&token));
        }
    }
    let rule = Rule { from, to: vec![To { operation }], when };
    Traced::new(rule, *origin)
}

/// The policy runs before the redirect: without this rule plain http would meet 403 and never be sent to https.
fn redirected(gateway: &Gateway, host: &HostPattern) -> Option<Rule> {
    let redirecting = |listener: &&Listener| listener.redirect.is_some();
    let listeners: Vec<&Listener> = gateway.serving(host).filter(redirecting).collect();
    if listeners.is_empty() {
        return None;
    }
    let numbers: Vec<Port> = listeners.iter().map(|listener| listener.number.value).collect();
    let ports = targets(listeners.into_iter());
    let operation = Operation { hosts: operation::hosts([host], &numbers), ports, ..Operation::default() };
    let clients: Option<Vec<Vec<Cidr>>> = gateway.grants.iter().map(Grant::clients).collect();
    let from = from(&clients.unwrap_or_default().concat());
    Some(Rule { from, to: vec![To { operation }], ..Rule::default() })
}

fn denied(lowering: &Lowering<'_>, gateway: &Gateway, denial: &Denial) -> Option<Traced<Rule>> {
    let listeners: Vec<&Listener> = gateway.listeners.iter().filter(|listener| denial.touches(listener)).collect();
    let ports = operation::Ports {
        targets: listeners.iter().map(|listener| listener.target.value).collect(),
        numbers: listeners.iter().map(|listener| listener.number.value).collect(),
    };
    let Refused { to, when } = refused::at_ports(lowering, ports, &denial.conditions)?;
    let from = from(&denial.clients().unwrap_or_default());
    Some(Traced::new(Rule { from, to, when }, denial.origin))
}

/// The clients of these addresses, as the gateway knows them; of none: all.
fn from(clients: &[Cidr]) -> Vec<From> {
    if clients.is_empty() {
        return Vec::new();
    }
    let mut ranges: Vec<SmolStr> = clients.iter().map(ToSmolStr::to_smolstr).collect();
    let mut seen = BTreeSet::new();
    ranges.retain(|range| seen.insert(range.clone()));
    vec![From { source: Source { remote_ip_blocks: ranges, ..Source::default() } }]
}

/// The ports of the pods on which listeners listen.
fn targets<'l>(listeners: impl Iterator<Item = &'l Listener>) -> Vec<SmolStr> {
    let ports: BTreeSet<Port> = listeners.map(|listener| listener.target.value).collect();
    operation::texts(ports)
}
