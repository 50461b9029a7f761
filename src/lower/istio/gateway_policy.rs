use super::super::Lowering;
use super::grant::{client_ranges, exposed_operation, policy};
use super::operation;
use crate::ir::{Exposure, Gateway, GatewayId, Listener, ServiceId};
use crate::manifest::istio::{Action, From, Operation, Rule, Source, To};
use crate::manifest::{Object, Traced, Wave};
use crate::value::HostPattern;
use smol_str::format_smolstr;
use std::collections::BTreeMap;

/// What each gateway lets in for each exposed host: GWNS/`<gateway>.<host>`; other hosts meet `allow-nothing`.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for ((id, host), exposures) in by_host(lowering) {
        let gateway = lowering.mesh.gateway(id);
        if !lowering.writes_into(gateway.namespace) {
            continue;
        }
        let spec = policy(&gateway.selector, Action::Allow, rules(lowering, gateway, host, &exposures));
        let name = format_smolstr!("{}.{}", gateway.name, host.object_name());
        let place = lowering.place(gateway.namespace, name, Wave::Ground);
        take(lowering.frame.object(&lowering.owned_by_gateway(gateway), place, spec));
    }
}

/// The exposures of a host, each with its service.
pub(super) type Exposed<'m> = Vec<(ServiceId, &'m Exposure)>;

/// Every exposed host of every gateway, with its exposures in the order of the services.
pub(super) fn by_host<'m>(lowering: &Lowering<'m>) -> BTreeMap<(GatewayId, &'m HostPattern), Exposed<'m>> {
    let mut hosts: BTreeMap<_, Exposed<'m>> = BTreeMap::new();
    for (id, service) in lowering.mesh.services() {
        for exposure in &service.exposures {
            hosts.entry((exposure.gateway, &exposure.host.value)).or_default().push((id, exposure));
        }
    }
    hosts
}

fn rules(lowering: &Lowering<'_>, gateway: &Gateway, host: &HostPattern, exposures: &Exposed<'_>) -> Vec<Traced<Rule>> {
    let targets = |redirects: bool| {
        let serving = gateway.serving(host).filter(move |listener| listener.redirect.is_some() == redirects);
        let mut ports: Vec<_> = serving.map(|listener: &Listener| listener.target.value).collect();
        ports.sort_unstable();
        operation::texts(ports)
    };
    let mut rules: Vec<Traced<Rule>> = Vec::new();
    let (open, redirected) = (targets(false), targets(true));
    for (_, exposure) in exposures {
        let operation = Operation { ports: open.clone(), ..exposed_operation(lowering, exposure) };
        let from = client(exposure);
        rules.push(Traced::new(Rule { from, to: vec![To { operation }], when: Vec::new() }, exposure.origin));
    }
    // The policy runs before the redirect: without this rule plain http would meet 403 and never be sent to https.
    if let (false, Some((_, first))) = (redirected.is_empty(), exposures.first()) {
        let hosts = exposed_operation(lowering, first).hosts;
        let operation = Operation { hosts, ports: redirected, ..Operation::default() };
        rules.push(Traced::new(Rule { from: Vec::new(), to: vec![To { operation }], when: Vec::new() }, first.origin));
    }
    rules
}

fn client(exposure: &Exposure) -> Vec<From> {
    if exposure.from.is_empty() {
        return Vec::new();
    }
    vec![From { source: Source { remote_ip_blocks: client_ranges(exposure), ..Source::default() } }]
}
