//! Tokens: which issuers are checked where.

use super::{At, mtls, names, words};
use crate::diff::{Change, Comparison, Object, Operation, Side};

/// What a `RequestAuthentication` holds for, in one spelling.
fn scope(object: &Object) -> (String, mtls::Labels, String) {
    let targets = words::targets(object);
    (names::namespace(object).to_owned(), mtls::selector(object), targets)
}

/// A rule of tokens of an issuer, before and after.
#[derive(Debug)]
pub(in crate::diff) struct Step<'c, 's> {
    /// The change.
    pub(in crate::diff) change: &'c Change<'s>,
    /// Where it stands: after, or before where it goes.
    pub(in crate::diff) pointer: String,
    /// The rule before.
    pub(in crate::diff) old: Option<At<'s>>,
    /// The rule after.
    pub(in crate::diff) new: Option<At<'s>>,
}

impl Step<'_, '_> {
    /// The issuer.
    pub(in crate::diff) fn issuer(&self) -> &str {
        self.new.or(self.old).and_then(|at| at.key("issuer").text()).unwrap_or("any issuer")
    }
}

/// Every rule of tokens that changes.
pub(in crate::diff) fn steps<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Step<'c, 's>> {
    let changes: Vec<&Change<'s>> = comparison.of_kind("security.istio.io", "RequestAuthentication").collect();
    let mut steps = Vec::new();
    let mut is_joined = Vec::new();
    for change in changes.iter().filter(|change| change.operation() != Operation::Delete) {
        let moved = || {
            changes.iter().find(|gone| {
                gone.operation() == Operation::Delete
                    && !is_joined.contains(&gone.id)
                    && gone.before.map(scope) == change.after.map(scope)
            })
        };
        let before = match change.before {
            Some(before) => Some(before),
            None => moved().and_then(|gone| gone.before),
        };
        is_joined.extend(before.filter(|_| change.before.is_none()).map(|object| &object.id));
        of_pair(change, before, change.after, &mut steps);
    }
    for change in changes.iter().filter(|change| change.operation() == Operation::Delete) {
        if !is_joined.contains(&change.id) {
            of_pair(change, change.before, None, &mut steps);
        }
    }
    steps
}

fn of_pair<'c, 's>(
    change: &'c Change<'s>,
    before: Option<&'s Object>,
    after: Option<&'s Object>,
    steps: &mut Vec<Step<'c, 's>>,
) {
    let rules = |object| At::spec_of(object).key("jwtRules").items().enumerate();
    let pointer = |index: usize| format!("/spec/jwtRules/{index}");
    let mut old: Vec<(usize, At<'s>)> = rules(before).collect();
    let mut lone = Vec::new();
    for (index, new) in rules(after) {
        match old.iter().position(|(_, old)| old.key("issuer").text() == new.key("issuer").text()) {
            Some(place) => {
                let (_, was) = old.remove(place);
                steps.push(Step { change, pointer: pointer(index), old: Some(was), new: Some(new) });
            }
            None => lone.push((index, new)),
        }
    }
    for (index, new) in lone {
        let was = (!old.is_empty()).then(|| old.remove(0).1);
        steps.push(Step { change, pointer: pointer(index), old: was, new: Some(new) });
    }
    let gone = old.into_iter().map(|(index, was)| Step { change, pointer: pointer(index), old: Some(was), new: None });
    steps.extend(gone);
}

/// Whether a rule of access asks for who a token is of.
pub(in crate::diff) fn is_asked_for(side: &Side) -> bool {
    side.of_kind("security.istio.io", "AuthorizationPolicy").any(|policy| {
        let rules = At::spec(policy).key("rules").canonical();
        ["requestPrincipals", "notRequestPrincipals", "request.auth."].iter().any(|word| rules.contains(word))
    })
}
