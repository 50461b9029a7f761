//! Rules as unions of products: of a product every clause must hold, and each clause is about one dimension.

use super::{Dimension, Field, Operation, Policy, Request, Rule, RuleAt, Source, Term, Wire};
use smol_str::SmolStr;

/// Terms of which any must hold, or none may.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub(super) dimension: Dimension,
    pub(super) terms: Vec<Term>,
    pub(super) is_negated: bool,
}

/// Requests for which every clause holds.
#[derive(Clone, Debug)]
pub(super) struct Product {
    /// Whose they are.
    pub(super) at: RuleAt,
    pub(super) clauses: Vec<Clause>,
}

impl Product {
    pub(super) fn holds(&self, request: &Request) -> bool {
        self.clauses.iter().all(|clause| clause.holds(request))
    }
}

impl Clause {
    fn holds(&self, request: &Request) -> bool {
        let value = request.value(&self.dimension);
        self.terms.iter().any(|term| term.holds(&value)) != self.is_negated
    }
}

/// The products of all rules of policies, in their order.
pub(super) fn products(policies: &[Policy], wire: Wire) -> Vec<Product> {
    let rules = policies.iter().enumerate().flat_map(|(policy, own)| {
        own.rules.iter().enumerate().map(move |(rule, said)| (RuleAt { policy, rule }, own, said))
    });
    rules.flat_map(|(at, policy, rule)| of_rule(at, policy, rule, wire)).collect()
}

fn of_rule(at: RuleAt, policy: &Policy, rule: &Rule, wire: Wire) -> Vec<Product> {
    let sources: Vec<Vec<Said>> = rule.from.iter().map(of_source).collect();
    let operations: Vec<Vec<Said>> = rule.to.iter().map(of_operation).collect();
    let when: Vec<Said> =
        rule.when.iter().map(|said| Said::new(&Field::of_key(&said.key), &said.values, &said.not_values)).collect();
    let needs_requests = |said: &Said| said.is_said() && said.field.is_about_requests();
    let all = || sources.iter().flatten().chain(operations.iter().flatten()).chain(&when);
    // On a port of bytes Istio leaves out a whole rule that allows, and of other rules only what is about requests.
    if wire == Wire::Tcp && policy.action == super::Action::Allow && all().any(needs_requests) {
        return Vec::new();
    }
    let counts = |said: &&Said| wire == Wire::Http || !needs_requests(said);
    let none = [Vec::new()];
    let sources = if sources.is_empty() { none.as_slice() } else { &sources };
    let operations = if operations.is_empty() { none.as_slice() } else { &operations };
    let each = sources.iter().flat_map(|source| operations.iter().map(move |operation| (source, operation)));
    each.map(|(source, operation)| {
        let said = source.iter().chain(operation).chain(&when).filter(counts);
        Product { at, clauses: said.flat_map(|said| said.clauses(&policy.namespace)).collect() }
    })
    .collect()
}

/// What a rule says by one field.
struct Said {
    field: Field,
    values: Vec<SmolStr>,
    not_values: Vec<SmolStr>,
}

impl Said {
    fn new(field: &Field, values: &[SmolStr], not_values: &[SmolStr]) -> Self {
        Said { field: field.clone(), values: values.to_vec(), not_values: not_values.to_vec() }
    }

    fn is_said(&self) -> bool {
        !self.values.is_empty() || !self.not_values.is_empty()
    }

    fn clauses(&self, namespace: &SmolStr) -> impl Iterator<Item = Clause> {
        let both = [(&self.values, false), (&self.not_values, true)];
        both.into_iter().filter(|(values, _)| !values.is_empty()).map(|(values, is_negated)| {
            let terms = self.terms(values, namespace);
            let dimension = terms.first().map_or(Dimension::Port, Term::dimension);
            Clause { dimension, terms, is_negated }
        })
    }

    fn terms(&self, values: &[SmolStr], namespace: &SmolStr) -> Vec<Term> {
        let term = |value: SmolStr| Term { field: self.field.clone(), value };
        match &self.field {
            // Of values that cannot be read only their being the same is known.
            Field::Unknown(_) => vec![term(values.join(" or ").into())],
            Field::ServiceAccounts => values.iter().map(|value| term(account(value, namespace))).collect(),
            Field::Principals
            | Field::Namespaces
            | Field::TrustDomains
            | Field::IpBlocks
            | Field::RemoteIpBlocks
            | Field::RequestPrincipals
            | Field::Hosts
            | Field::Ports
            | Field::Methods
            | Field::Paths
            | Field::Header(_)
            | Field::Claim(_)
            | Field::DestinationIp
            | Field::Sni => values.iter().cloned().map(term).collect(),
        }
    }
}

fn account(value: &SmolStr, namespace: &SmolStr) -> SmolStr {
    if value.contains('/') { value.clone() } else { smol_str::format_smolstr!("{namespace}/{value}") }
}

fn of_source(source: &Source) -> Vec<Said> {
    let Source {
        principals,
        not_principals,
        request_principals,
        not_request_principals,
        namespaces,
        not_namespaces,
        service_accounts,
        not_service_accounts,
        trust_domains,
        not_trust_domains,
        ip_blocks,
        not_ip_blocks,
        remote_ip_blocks,
        not_remote_ip_blocks,
    } = source;
    vec![
        Said::new(&Field::Principals, principals, not_principals),
        Said::new(&Field::RequestPrincipals, request_principals, not_request_principals),
        Said::new(&Field::Namespaces, namespaces, not_namespaces),
        Said::new(&Field::ServiceAccounts, service_accounts, not_service_accounts),
        Said::new(&Field::TrustDomains, trust_domains, not_trust_domains),
        Said::new(&Field::IpBlocks, ip_blocks, not_ip_blocks),
        Said::new(&Field::RemoteIpBlocks, remote_ip_blocks, not_remote_ip_blocks),
    ]
}

fn of_operation(operation: &Operation) -> Vec<Said> {
    let Operation { hosts, not_hosts, ports, not_ports, methods, not_methods, paths, not_paths } = operation;
    vec![
        Said::new(&Field::Hosts, hosts, not_hosts),
        Said::new(&Field::Ports, ports, not_ports),
        Said::new(&Field::Methods, methods, not_methods),
        Said::new(&Field::Paths, paths, not_paths),
    ]
}
