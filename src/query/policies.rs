//! Who may call a service, as sets of requests: what `ir` says, in the words of `access`, with who said it.

use super::rules::{Reading, Rules};
use crate::access::{Action, Operation, Policy, Rule, Source};
use crate::ir::{Caller, Exposure, Gateway, GatewayKind, Grant, Mesh, Peer, Service, Token};
use crate::source::Origin;
use smol_str::{SmolStr, format_smolstr};

/// What a rule of a policy stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Said<'m> {
    /// A grant.
    Grant(&'m Grant),
    /// A door by which requests come.
    Exposure(&'m Exposure),
    /// A denial.
    Denial(&'m Grant),
    /// A token that is asked for.
    Token(&'m Token),
    /// Somebody who is asked.
    Ask(Origin),
}

/// Policies, with what each of their rules stands for.
#[derive(Default)]
pub(super) struct Policies<'m> {
    pub(super) list: Vec<Policy>,
    said: Vec<Vec<Said<'m>>>,
}

impl<'m> Policies<'m> {
    /// What a rule stands for.
    pub(super) fn said(&self, at: crate::access::RuleAt) -> Option<Said<'m>> {
        self.said.get(at.policy)?.get(at.rule).copied()
    }

    /// What all rules stand for.
    pub(super) fn all(&self) -> impl Iterator<Item = Said<'m>> + '_ {
        self.said.iter().flatten().copied()
    }

    pub(super) fn add(&mut self, action: Action, namespace: &SmolStr, rules: Vec<(Rule, Said<'m>)>) {
        let (rules, said) = rules.into_iter().unzip();
        self.list.push(Policy { action, namespace: namespace.clone(), rules });
        self.said.push(said);
    }

    /// Those of a service. One that only counts refuses nobody by its grants, denials and tokens.
    pub(super) fn of_service(mesh: &'m Mesh, service: &'m Service) -> Self {
        let mut policies = Policies::default();
        let namespace = mesh.namespace_name(service.namespace);
        let rules = Rules { mesh, service };
        if !service.is_audited() {
            let grants = service.grants.iter().filter_map(|grant| Some((rules.grant(grant)?, Said::Grant(grant))));
            let doors = service.exposures.iter().map(|door| (rules.exposure(door), Said::Exposure(door)));
            policies.add(Action::Allow, namespace, grants.chain(doors).collect());
            let denials = service.denials.iter().filter_map(|said| Some((rules.denial(said)?, Said::Denial(said))));
            policies.add(Action::Deny, namespace, denials.collect());
            let tokens = service.tokens.iter().flat_map(|rule| {
                let refusals = rules.without_token(&rule.token, &rule.conditions);
                refusals.into_iter().map(|refusal| (refusal, Said::Token(&rule.token)))
            });
            policies.add(Action::Deny, namespace, tokens.collect());
        }
        for ask in &service.asks {
            let provider = mesh.authorizer(ask.authorizer).name.clone();
            let rule = rules.of(&ask.conditions, Reading::Wide);
            let rules = rule.map(|rule| (rule, Said::Ask(ask.origin))).into_iter().collect();
            policies.add(Action::Custom { provider }, namespace, rules);
        }
        policies
    }
}

/// The identity of a pod.
pub(super) fn identity(mesh: &Mesh, namespace: &SmolStr, account: &SmolStr) -> SmolStr {
    format_smolstr!("{}/ns/{namespace}/sa/{account}", mesh.trust_domain.value)
}

/// The identity of whoever has one of a single pod.
pub(super) fn identity_of(mesh: &Mesh, peer: Peer) -> Option<SmolStr> {
    let account = match peer {
        Peer::Service(id) => &mesh.service(id).account,
        Peer::Workload(id) => &mesh.workload(id).account,
        Peer::Gateway(id) => &mesh.gateway(id).account,
        Peer::Namespace(_) | Peer::Address(_) | Peer::AnyoneInMesh | Peer::Anyone | Peer::KubeApi => return None,
    };
    Some(identity(mesh, mesh.namespace_name(mesh.home_of(peer)?), &account.name.value))
}

/// Sources of whom a rule names; none: everybody. What comes from outside has the identity of a gateway, which is neither
/// of its namespace nor of the mesh; a denial of a namespace holds its gateways too.
pub(super) fn sources(mesh: &Mesh, callers: &[Caller], is_denial: bool) -> Vec<Source> {
    let mut sources = Vec::new();
    for caller in callers {
        match caller.peer {
            Peer::Anyone => return Vec::new(),
            Peer::KubeApi if mesh.kube_api.is_empty() => return Vec::new(),
            Peer::KubeApi => {
                let ip_blocks = mesh.kube_api.iter().map(|range| format_smolstr!("{range}")).collect();
                sources.push(Source { ip_blocks, ..Source::default() });
            }
            Peer::Address(range) => {
                sources.push(Source { ip_blocks: vec![format_smolstr!("{range}")], ..Source::default() });
            }
            Peer::Namespace(id) => sources.push(Source {
                principals: of_domains(mesh, &format!("ns/{}/*", mesh.namespace_name(id))),
                not_principals: ways_in(mesh, |gateway| !is_denial && gateway.namespace == id),
                ..Source::default()
            }),
            Peer::AnyoneInMesh => sources.push(Source {
                principals: of_domains(mesh, "*"),
                not_principals: ways_in(mesh, |_| true),
                ..Source::default()
            }),
            Peer::Service(_) | Peer::Workload(_) | Peer::Gateway(_) => {
                let principals = identity_of(mesh, caller.peer).into_iter().collect();
                sources.push(Source { principals, ..Source::default() });
            }
        }
    }
    sources
}

/// Identities under each name of the trust domain.
fn of_domains(mesh: &Mesh, rest: &str) -> Vec<SmolStr> {
    let domains = std::iter::once(&mesh.trust_domain.value).chain(&mesh.trust_aliases);
    domains.map(|domain| format_smolstr!("{domain}/{rest}")).collect()
}

/// The identities of the gateways by which requests come in.
fn ways_in(mesh: &Mesh, is_wanted: impl Fn(&Gateway) -> bool) -> Vec<SmolStr> {
    let gateways = mesh.gateways.iter().filter(|it| it.kind.value == GatewayKind::Ingress && is_wanted(it));
    gateways.map(|it| identity(mesh, mesh.namespace_name(it.namespace), &it.account.name.value)).collect()
}

/// A rule for requests of these sources and operations.
pub(super) fn rule(from: Vec<Source>, to: Operation, when: Vec<crate::access::Condition>) -> Rule {
    Rule { from, to: vec![to], when }
}
