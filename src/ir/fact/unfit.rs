//! Defaults that do not reach a service: what it would be told of them, and why they do not hold.

use super::{Fact, Facts};
use crate::ir::Service;
use crate::source::{Layer, Origin};
use smol_str::SmolStr;

/// A default that a service cannot honour, so that it does not hold of it.
#[derive(Clone, Debug)]
pub struct Unfit {
    /// Its path, as [`Fact::path`] has it.
    pub path: SmolStr,
    /// The value.
    pub value: SmolStr,
    /// Who says it.
    pub origin: Origin,
    /// Why it does not hold.
    pub why: &'static str,
}

impl Service {
    /// What defaults say of it.
    pub fn defaulted(&self) -> Vec<Fact> {
        let mut facts = Facts::default();
        facts.option("timeout", self.timeout.as_ref());
        facts.retry("retry", &self.retry);
        facts.actions("", self.actions.as_deref());
        facts.resilience("", Some(&self.resilience));
        if self.mtls.mode.origin.layer != Layer::BuiltIn {
            facts.mtls("mtls", &self.mtls);
        }
        for rule in &self.tokens {
            facts.said("require-token", "asked of every caller", rule.token.origin);
        }
        facts.0.retain(|fact| fact.origin.layer < Layer::Own);
        facts.0
    }

    /// Remembers which of the defaults that it was told do not hold of it any more.
    pub fn note_unfit(&mut self, told: Vec<Fact>, why: &'static str) {
        let kept = self.defaulted();
        let is_kept = |fact: &Fact| kept.iter().any(|other| other.path == fact.path && other.origin == fact.origin);
        let gone = told.into_iter().filter(|fact| !is_kept(fact));
        let unfit = |fact: Fact| Unfit { path: fact.path.into(), value: fact.value.into(), origin: fact.origin, why };
        self.unfit.extend(gone.map(unfit));
    }

    /// Remembers a default that does not hold of it, by its path alone.
    pub fn note_unfit_word(&mut self, path: &str, value: &str, origin: Origin, why: &'static str) {
        self.unfit.push(Unfit { path: path.into(), value: value.into(), origin, why });
    }
}

impl Facts {
    /// The defaults that do not hold of a service.
    pub(super) fn unfit(&mut self, service: &Service) {
        for Unfit { path, value, origin, why } in &service.unfit {
            self.said(path, value.as_str(), *origin);
            if let Some(fact) = self.0.last_mut() {
                fact.unfit = Some(why);
            }
        }
    }
}
