//! Where a cluster is not what was applied to it: what somebody changed there since, and what applying makes of that.

use crate::diff::classes::Class;
use crate::diff::render::value;
use crate::diff::{Change, Comparison, FieldChange, Finding, Object, Side, field_changes};
use crate::value::Risk;
use crate::verbatim::Node;

/// A field, or a whole object, in which a cluster differs from what was applied.
#[derive(Debug)]
pub(in crate::diff) struct Drift<'s> {
    /// The object as it was applied, and as it is applied next.
    pub(in crate::diff) change: Change<'s>,
    /// The field; empty: the whole object.
    pub(in crate::diff) pointer: String,
    /// What was applied.
    pub(in crate::diff) was: Option<&'s Node>,
    /// What the cluster has.
    pub(in crate::diff) live: Option<&'s Node>,
    /// What becomes of it.
    pub(in crate::diff) outcome: Outcome,
    /// Who wrote it, and when.
    pub(in crate::diff) by: Option<String>,
}

/// What applying makes of a change that was made in a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::diff) enum Outcome {
    /// It is undone.
    Overwritten,
    /// It stays: no intent says anything there.
    Kept,
    /// The intent says the same by now.
    AlreadyLive,
    /// It is the field of a controller of this name.
    Controlled(String),
}

impl Drift<'_> {
    /// What it is found as.
    pub(in crate::diff) fn finding(&self, class: &'static Class, risk: Risk) -> Finding {
        let shown = |node: Option<&Node>| node.map(value);
        let by = self.by.as_ref().map(|by| format!(", by {by}")).unwrap_or_default();
        let said = match (self.pointer.as_str(), shown(self.was), shown(self.live)) {
            ("", _, None) => "it is not in the cluster any more".to_owned(),
            ("", _, Some(_)) => format!("it is in the cluster, and was not applied from there{by}"),
            (pointer, Some(was), Some(live)) => {
                format!("{pointer} was applied as {was} and is {live} in the cluster{by}")
            }
            (pointer, None, Some(live)) => format!("{pointer} is {live} in the cluster, and was not applied{by}"),
            (pointer, _, None) => format!("{pointer} was applied, and is not in the cluster any more"),
        };
        let finding = Finding::new(class, risk, &self.change, self.pointer.clone(), said);
        if self.pointer.is_empty() { finding } else { finding.values(shown(self.was), shown(self.live)) }
    }
}

/// Everything in which a cluster differs from what was applied; nothing where no cluster is known.
pub(in crate::diff) fn of<'s>(comparison: &Comparison<'s>) -> Vec<Drift<'s>> {
    let Some(live) = comparison.live else { return Vec::new() };
    let mut found = Vec::new();
    for was in comparison.before.objects().filter(|was| was.owner.is_ours && !live.is_unknown(&was.id)) {
        let next = comparison.after.get(&was.id);
        match live.get(&was.id) {
            Some(is) => of_object(was, is, next, &mut found),
            None => found.push(gone(was, next)),
        }
    }
    let is_new = |is: &&'s Object| is.owner.is_ours && comparison.before.get(&is.id).is_none();
    for is in live.objects().filter(is_new) {
        found.push(come(is, comparison.after));
    }
    found
}

/// The fields of an object that are not what was applied.
fn of_object<'s>(was: &'s Object, is: &'s Object, next: Option<&'s Object>, found: &mut Vec<Drift<'s>>) {
    let still = next.map(|next| field_changes(&next.id, &next.body, &is.body));
    for FieldChange { pointer, before, after } in field_changes(&was.id, &was.body, &is.body) {
        let later = still.as_ref().map(|still| still.iter().find(|field| field.pointer == pointer));
        let who = if after.is_some() { is.body.managers().who(&pointer) } else { None };
        let outcome = match (who.filter(|manager| manager.is_for(&pointer)), later) {
            (Some(manager), _) => Outcome::Controlled(manager.name.to_string()),
            (None, Some(None)) => Outcome::AlreadyLive,
            (None, Some(Some(field))) if field.before.is_none() && !is_in_list(&pointer) => Outcome::Kept,
            (None, Some(Some(_)) | None) => Outcome::Overwritten,
        };
        let by = who.map(|manager| format!("{} at {}", manager.name, manager.time));
        let change = Change { id: &was.id, before: Some(was), after: next, fields: Vec::new() };
        found.push(Drift { change, pointer, was: before, live: after, outcome, by });
    }
}

/// An object that was applied and is not there any more.
fn gone<'s>(was: &'s Object, next: Option<&'s Object>) -> Drift<'s> {
    let outcome = if next.is_some() { Outcome::Overwritten } else { Outcome::AlreadyLive };
    let change = Change { id: &was.id, before: Some(was), after: next, fields: Vec::new() };
    Drift { change, pointer: String::new(), was: Some(&was.body), live: None, outcome, by: None }
}

/// An object that is there and was not applied, as it says itself by us.
fn come<'s>(is: &'s Object, after: &'s Side) -> Drift<'s> {
    let next = after.get(&is.id);
    let is_same = next.is_some_and(|next| field_changes(&is.id, &next.body, &is.body).is_empty());
    let outcome = if is_same { Outcome::AlreadyLive } else { Outcome::Overwritten };
    let by = is.body.managers().last().map(|manager| format!("{} at {}", manager.name, manager.time));
    let change = Change { id: &is.id, before: Some(is), after: next, fields: Vec::new() };
    Drift { change, pointer: String::new(), was: None, live: Some(&is.body), outcome, by }
}

/// Whether a field stands in a list: those are applied as a whole.
fn is_in_list(pointer: &str) -> bool {
    pointer.split('/').any(|step| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit()))
}
