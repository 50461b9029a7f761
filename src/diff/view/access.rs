//! Who may call whom, before and after: every difference with one request of it.

use super::grants::{Guard, Guarded, concerned, guards, holding, policy};
use super::{At, callers, mtls};
use crate::access::{
    Action, Because, Difference, Dimension, Outcome, Part, Policy, STEPS, Values, Verdict, Verdicts, Wire,
};
use crate::diff::{Change, Comparison, Object, Which};
use std::collections::BTreeSet;

/// A set of requests that are let in now and were not, or the other way round.
#[derive(Debug)]
pub(in crate::diff) struct Step<'c, 's> {
    /// The change that does it.
    pub(in crate::diff) change: &'c Change<'s>,
    /// The rule.
    pub(in crate::diff) pointer: String,
    /// Which side has it: the earlier one where it is gone.
    pub(in crate::diff) side: Which,
    /// To whom, as people say it.
    pub(in crate::diff) to: String,
    /// Which requests, as people say it.
    pub(in crate::diff) requests: String,
    /// One of them.
    pub(in crate::diff) witness: String,
    /// Whether they are let in now.
    pub(in crate::diff) is_wider: bool,
    /// Who may send them.
    pub(in crate::diff) senders: Senders,
    /// Whether it hangs on nothing that cannot be known.
    pub(in crate::diff) is_exact: bool,
    /// How many more there are like it.
    pub(in crate::diff) more: usize,
    /// Who is asked about them now, and who was, where that is all that changes.
    pub(in crate::diff) asked: Option<[String; 2]>,
}

/// Who may send requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diff) enum Senders {
    /// Anybody.
    Anybody,
    /// Those whom something names.
    Named,
    /// Nobody: they have no identity, and mutual TLS lets only those with one get as far as these rules.
    Nobody,
}

/// How many differences of pods are told each by itself.
const TOLD: usize = 3;

/// The objects and what they say, on one side.
struct Own<'g, 's> {
    guards: Vec<&'g Guard<'s>>,
    policies: Vec<Policy>,
}

fn own<'g, 's>(guards: &'g [Guard<'s>], of: &'g Guarded) -> Own<'g, 's> {
    let mut own = Own { guards: Vec::new(), policies: Vec::new() };
    for guard in holding(guards, of) {
        if let Some(policy) = policy(guard.object) {
            own.policies.push(policy);
            own.guards.push(guard);
        }
    }
    own
}

/// Every difference in who may call whom, but for those that come from the first or the last grant.
pub(in crate::diff) fn steps<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Step<'c, 's>> {
    let concerned = concerned(comparison);
    if concerned.is_empty() {
        return Vec::new();
    }
    let (before, after) = (guards(comparison.before), guards(comparison.after));
    let mut steps = Vec::new();
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    for of in &concerned {
        let (old, new) = (own(&before, of), own(&after, of));
        let names = |own: &Own<'_, '_>| own.guards.iter().map(|guard| guard.object.id.to_string()).collect::<Vec<_>>();
        let changed = |own: &Own<'_, '_>| {
            own.guards.iter().any(|guard| comparison.changes.iter().any(|change| *change.id == guard.object.id))
        };
        let mut key = names(&old);
        key.push(String::new());
        key.extend(names(&new));
        if !seen.insert(key) || !(changed(&old) || changed(&new)) {
            continue;
        }
        compare(comparison, of, (&old, &new), &mut steps);
    }
    steps
}

fn compare<'c, 's>(
    comparison: &'c Comparison<'s>,
    of: &Guarded,
    (old, new): (&Own<'_, 's>, &Own<'_, 's>),
    steps: &mut Vec<Step<'c, 's>>,
) {
    let Ok(differences) = Verdicts::compare_in_short(&old.policies, &new.policies, Wire::Http, STEPS) else {
        let own = new.guards.iter().chain(&old.guards).find_map(|guard| change(comparison, guard.object));
        steps.extend(own.map(|change| too_much(change, of)));
        return;
    };
    let grants = |own: &Own<'_, '_>| own.policies.iter().any(|policy| policy.action == Action::Allow);
    let is_flip = grants(old) != grants(new);
    let is_of_flip = |verdict: &Verdict| is_flip && verdict.because == Because::NothingAllows;
    for is_wider in [true, false] {
        let all: Vec<&Difference> = differences
            .all
            .iter()
            .filter(|own| is_more(own) == is_wider && !is_of_flip(&own.before) && !is_of_flip(&own.after))
            .collect();
        for (index, difference) in all.iter().take(TOLD).enumerate() {
            let more = if index + 1 == TOLD { all.len() - TOLD } else { 0 };
            steps.extend(step(comparison, of, (old, new), difference).map(|step| Step { more, ..step }));
        }
    }
}

/// Whether more is let in, or may be: another authorizer decides otherwise.
fn is_more(difference: &Difference) -> bool {
    let (was, is) = (&difference.before, &difference.after);
    let is_let_in = was.outcome == Outcome::Allowed && is.outcome == Outcome::Allowed;
    difference.is_wider() || (is_let_in && !was.asks.iter().all(|asked| is.asks.contains(asked)))
}

/// Who is asked about requests that come in anyhow, before and after.
fn asked(difference: &Difference) -> Option<[String; 2]> {
    let both = [&difference.before, &difference.after];
    let is_let_in = both.iter().all(|verdict| verdict.outcome == Outcome::Allowed);
    is_let_in.then(|| both.map(|verdict| verdict.asks.join(" and ")))
}

fn change<'c, 's>(comparison: &'c Comparison<'s>, object: &Object) -> Option<&'c Change<'s>> {
    comparison.changes.iter().find(|change| *change.id == object.id)
}

/// How many rules a policy has.
fn rules(policy: Option<&Object>) -> usize {
    At::spec_of(policy).key("rules").items().count()
}

fn step<'c, 's>(
    comparison: &'c Comparison<'s>,
    of: &Guarded,
    (old, new): (&Own<'_, 's>, &Own<'_, 's>),
    difference: &Difference,
) -> Option<Step<'c, 's>> {
    let by = |own: &Own<'_, 's>, verdict: &Verdict| match verdict.because {
        Because::Rule(at) => {
            let guard = own.guards.get(at.policy)?;
            Some((change(comparison, guard.object)?, format!("/spec/rules/{}", at.rule)))
        }
        Because::NothingAllows | Because::NoRule => None,
    };
    let any = || {
        let mut all = new.guards.iter().chain(&old.guards);
        all.find_map(|guard| change(comparison, guard.object)).map(|change| (change, "/spec/rules".to_owned()))
    };
    let of_new = by(new, &difference.after);
    let is_old = of_new.is_none();
    let (change, pointer) = of_new.or_else(|| by(old, &difference.before)).or_else(any)?;
    let principal = difference.requests.0.iter().find(|(dimension, _)| *dimension == Dimension::Principal);
    let is_named = |(dimension, values): &(Dimension, Values)| {
        let is_source =
            matches!(dimension, Dimension::PeerAddress | Dimension::RemoteAddress | Dimension::RequestPrincipal);
        is_source && values.0.iter().all(|part| matches!(part, Part::Within { term: Some(_), .. } | Part::Like(_)))
    };
    let is_anybody = principal.is_none_or(|(_, values)| {
        values.0.iter().any(|part| match part {
            Part::Absent => true,
            Part::Within { term, .. } => term.as_ref().is_none_or(|term| term.value == "*"),
            Part::Like(_) => false,
        })
    });
    let is_wider = is_more(difference);
    let side = if is_wider { comparison.after } else { comparison.before };
    let has_none = |(_, values): &(Dimension, Values)| values.0.iter().all(|part| matches!(part, Part::Absent));
    let is_of_nobody =
        principal.is_some_and(has_none) && of.targets.is_empty() && mtls::is_strict_throughout(side, &of.scope);
    Some(Step {
        side: if is_old && rules(change.after) < rules(change.before) { Which::Before } else { Which::After },
        change,
        pointer,
        to: of.told(),
        requests: match (difference.is_but_for_others, is_wider) {
            (false, _) => callers::told(&difference.requests),
            (true, true) => format!("{}, where no other rule refuses them", callers::told(&difference.requests)),
            (true, false) => format!("{}, where no other rule lets them in", callers::told(&difference.requests)),
        },
        witness: difference.witness.to_string(),
        is_wider,
        senders: match is_anybody && !difference.requests.0.iter().any(is_named) {
            _ if is_of_nobody => Senders::Nobody,
            true => Senders::Anybody,
            false => Senders::Named,
        },
        is_exact: difference.unknown().next().is_none(),
        more: 0,
        asked: asked(difference),
    })
}

fn too_much<'c, 's>(change: &'c Change<'s>, of: &Guarded) -> Step<'c, 's> {
    Step {
        change,
        pointer: "/spec/rules".to_owned(),
        side: Which::After,
        to: of.told(),
        requests: "callers that could not be worked out: the rules are too many to compare".to_owned(),
        witness: String::new(),
        is_wider: true,
        senders: Senders::Named,
        is_exact: false,
        more: 0,
        asked: None,
    }
}
