use super::product::{Product, products};
use super::{Action, Policy, Request, Verdicts, Wire};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// A rule, by the places of its policy and of itself in what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "its name says it")]
pub struct RuleAt {
    pub policy: usize,
    pub rule: usize,
}

/// Whether a request comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It does.
    Allowed,
    /// It does not: 403, or a connection that is closed.
    Denied,
}

/// What decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Because {
    /// A rule that refuses or allows it.
    Rule(RuleAt),
    /// No policy allows anything, so everything that is not refused comes in.
    NothingAllows,
    /// Policies allow something, and no rule of them this.
    NoRule,
}

/// What a set of policies says of a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Verdict {
    /// Whether it comes in, if everybody who is asked says yes.
    pub outcome: Outcome,
    /// What decides.
    pub because: Because,
    /// Who is asked before, and can refuse it; nobody where it is refused anyway.
    pub asks: Vec<SmolStr>,
}

impl Verdict {
    /// Whether both let it in on the same terms, whatever decides.
    pub fn is_same(&self, other: &Verdict) -> bool {
        self.outcome == other.outcome && self.asks == other.asks
    }
}

impl Verdicts {
    /// What policies say of one request. Policies of all places that hold for a workload are given together.
    pub fn decide(policies: &[Policy], wire: Wire, request: &Request) -> Verdict {
        let products = products(policies, wire);
        let matched: Vec<RuleAt> =
            products.iter().filter(|product| product.holds(request)).map(|product: &Product| product.at).collect();
        verdict(policies, &matched)
    }

    /// Who is asked about a request, whatever becomes of it then, and by which rule.
    pub fn asks(policies: &[Policy], wire: Wire, request: &Request) -> Vec<(SmolStr, RuleAt)> {
        let asking = |product: &Product| match policies.get(product.at.policy).map(|policy| &policy.action) {
            Some(Action::Custom { provider }) => Some((provider.clone(), product.at)),
            Some(Action::Allow | Action::Deny) | None => None,
        };
        products(policies, wire).iter().filter(|product| product.holds(request)).filter_map(asking).collect()
    }
}

/// Who asks is done first, then what refuses, then what allows.
pub(super) fn verdict(policies: &[Policy], matched: &[RuleAt]) -> Verdict {
    let action = |at: &RuleAt| policies.get(at.policy).map(|policy| &policy.action);
    let first = |wanted: Action| matched.iter().find(|at| action(at) == Some(&wanted)).copied();
    if let Some(at) = first(Action::Deny) {
        return Verdict { outcome: Outcome::Denied, because: Because::Rule(at), asks: Vec::new() };
    }
    let has_allow = policies.iter().any(|policy| policy.action == Action::Allow);
    let asks: BTreeSet<SmolStr> = matched
        .iter()
        .filter_map(|at| match action(at) {
            Some(Action::Custom { provider }) => Some(provider.clone()),
            Some(Action::Allow | Action::Deny) | None => None,
        })
        .collect();
    match (first(Action::Allow), has_allow) {
        (Some(at), _) => {
            Verdict { outcome: Outcome::Allowed, because: Because::Rule(at), asks: asks.into_iter().collect() }
        }
        (None, false) => {
            Verdict { outcome: Outcome::Allowed, because: Because::NothingAllows, asks: asks.into_iter().collect() }
        }
        (None, true) => Verdict { outcome: Outcome::Denied, because: Because::NoRule, asks: Vec::new() },
    }
}
