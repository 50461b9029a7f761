use super::super::Lowering;
use super::super::frame::Owner;
use super::{grant, operation};
use crate::ir::{Call, External, Labels, NamespaceId};
use crate::manifest::istio::{Action, From, Operation, Rule, Source, To, When};
use crate::manifest::{Object, Traced, Wave};
use crate::source::Decided;
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

/// What lets a caller out to names that its proxy looks up: NS/`<caller>.calls`. Before such connections Istio puts the
/// caller's own policies, which are meant for what comes in, and a closed namespace lets nothing out. Nobody comes in by
/// this: what leaves has no identity yet, and whoever comes in has one, since `check` asks for strict mutual TLS.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let mesh = lowering.mesh;
    // A policy that refuses nobody needs no exception, and one more grant would close what it leaves open.
    let enforced = mesh.services.iter().filter(|service| lowering.guards(service) && !service.is_audited());
    for service in enforced {
        let member = (service.namespace, &service.name, &service.selector);
        emit(lowering, &lowering.owned_by_service(service), member, &service.calls, take);
    }
    let workloads = mesh.workloads.iter().filter(|workload| workload.data_plane.has_proxy());
    for workload in workloads.filter(|workload| lowering.writes_into(workload.namespace)) {
        let member = (workload.namespace, &workload.name, &workload.selector);
        emit(lowering, &lowering.owned_by_workload(workload), member, &workload.calls, take);
    }
}

fn emit(
    lowering: &Lowering<'_>,
    owner: &Owner<'_>,
    (namespace, name, selector): (NamespaceId, &SmolStr, &Decided<Labels>),
    calls: &[Call],
    take: &mut dyn FnMut(Object),
) {
    let mut rules: Vec<Traced<Rule>> = Vec::new();
    for (external, call) in lowering.reach.looked_up(lowering.mesh, (namespace, calls)) {
        let rule = rule(external);
        // Whoever calls anything may name some of it too.
        if !rules.iter().any(|known| known.value == rule) {
            rules.push(Traced::new(rule, call.origin));
        }
    }
    for (at, rules) in rules.chunks(grant::MOST_RULES).enumerate() {
        let name = if at == 0 { format_smolstr!("{name}.calls") } else { format_smolstr!("{name}.calls.{}", at + 1) };
        let place = lowering.place(namespace, name, Wave::Ground);
        take(lowering.frame.object(owner, place, grant::policy(selector, Action::Allow, rules.to_vec())));
    }
}

/// Whoever has no identity, on these ports, with one of these names in the beginning of TLS.
fn rule(external: &External) -> Rule {
    let source = Source { not_principals: vec![SmolStr::new_static("*")], ..Source::default() };
    let ports = operation::texts(external.ports.iter().map(|port| port.number.value));
    let operation = Operation { ports, ..Operation::default() };
    let values = external.hosts.iter().map(|host| host.value.to_smolstr()).collect();
    let asked = When { key: SmolStr::new_static("connection.sni"), values, ..When::default() };
    Rule { from: vec![From { source }], to: vec![To { operation }], when: vec![asked] }
}
