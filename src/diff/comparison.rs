use super::view::drift::{self, Drift};
use super::view::routing::{Rule, Tables, tables};
use super::view::subsets::{User, Users};
use super::{FieldChange, Id, Object, Side, Sides, Which, field_changes};
use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Two sides, and the objects in which they differ: what every class of changes looks at.
#[derive(Debug)]
pub struct Comparison<'s> {
    /// The side that is left.
    pub before: &'s Side,
    /// The side that is gone to.
    pub after: &'s Side,
    /// What the cluster has to which `before` was applied, if one was asked.
    pub live: Option<&'s Side>,
    /// The objects in which they differ, by identity.
    pub changes: Vec<Change<'s>>,
    /// The objects that are on both sides, whether they differ or not, by identity.
    pub(super) pairs: Vec<(&'s Object, &'s Object)>,
    drift: OnceCell<Vec<Drift<'s>>>,
    routing: OnceCell<Vec<Tables<'s>>>,
    users: [OnceCell<Users<'s>>; 2],
}

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// It comes.
    Add,
    /// It says something else.
    Change,
    /// It goes.
    Delete,
}

impl Operation {
    /// Its sign in front of an object.
    pub const fn sign(self) -> char {
        match self {
            Operation::Add => '+',
            Operation::Change => '~',
            Operation::Delete => '-',
        }
    }

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Operation::Add => "add",
            Operation::Change => "change",
            Operation::Delete => "delete",
        }
    }
}

/// An object in which the sides differ.
#[derive(Debug)]
pub struct Change<'s> {
    /// What identifies it.
    pub id: &'s Id,
    /// As it was.
    pub before: Option<&'s Object>,
    /// As it becomes.
    pub after: Option<&'s Object>,
    /// The fields in which it differs; none where it comes or goes.
    pub fields: Vec<FieldChange<'s>>,
}

impl Change<'_> {
    /// What happens to it.
    pub const fn operation(&self) -> Operation {
        match (self.before, self.after) {
            (None, _) => Operation::Add,
            (Some(_), None) => Operation::Delete,
            (Some(_), Some(_)) => Operation::Change,
        }
    }
}

impl<'s> Comparison<'s> {
    /// Pairs the objects of two sides. Where one side could not be read, nothing comes and nothing goes.
    pub fn of(Sides { before, after, live }: Sides<'s>) -> Self {
        let owner = after.owner().or_else(|| before.owner());
        // A cluster has no values of the control plane, and no patches of pods: it says nothing of them.
        let is_compared = before.has_settings() && after.has_settings();
        let is_seen = |id: &Id| is_compared || !id.is_setting();
        // In a cluster are objects of others, which nobody here takes away.
        let is_kept = |old: &Object| before.is_live && !owner.is_some_and(|owner| owner.is_same(&old.owner));
        let (mut changes, mut pairs) = (Vec::new(), Vec::new());
        let whole = |id, before, after| Change { id, before, after, fields: Vec::new() };
        let all = both(before, after);
        for (old, new) in all.filter(|(old, new)| old.or(*new).is_some_and(|object| is_seen(&object.id))) {
            match (old, new) {
                (Some(old), Some(new)) => {
                    pairs.push((old, new));
                    changes.extend(change(old, new));
                }
                (Some(old), None) if !is_kept(old) && !after.is_unknown(&old.id) => {
                    changes.push(whole(&old.id, Some(old), None));
                }
                (None, Some(new)) if !before.is_unknown(&new.id) => changes.push(whole(&new.id, None, Some(new))),
                (Some(_) | None, None) | (None, Some(_)) => {}
            }
        }
        let changes = of_default(changes, &mut pairs);
        Comparison {
            before,
            after,
            live,
            changes,
            pairs,
            drift: OnceCell::new(),
            routing: OnceCell::new(),
            users: Default::default(),
        }
    }

    /// Where the cluster is not what was applied to it.
    pub(super) fn drift(&self) -> &[Drift<'s>] {
        self.drift.get_or_init(|| drift::of(self))
    }

    /// The tables of routes that change.
    pub(super) fn routing(&self) -> impl Iterator<Item = (&Change<'s>, &Tables<'s>)> {
        self.all_routing().filter(|(_, table)| table.rival.is_none())
    }

    /// The tables of routes that come and hold for nobody.
    pub(super) fn idle_routing(&self) -> impl Iterator<Item = (&Change<'s>, &Tables<'s>)> {
        self.all_routing().filter(|(_, table)| table.rival.is_some())
    }

    fn all_routing(&self) -> impl Iterator<Item = (&Change<'s>, &Tables<'s>)> {
        let tables = self.routing.get_or_init(|| tables(self)).iter();
        tables.filter_map(|table| Some((self.changes.get(table.change)?, table)))
    }

    /// The routes of a side that send requests to a subset of a host.
    pub(super) fn users(&self, side: Which, host: &str, subset: &str) -> &[User<'s>] {
        let [before, after] = &self.users;
        let (users, side) = match side {
            Which::Before => (before, self.before),
            Which::After => (after, self.after),
        };
        users.get_or_init(|| Users::of(side)).of_subset(host, subset)
    }

    /// The routes that stand on both sides of an object that changes.
    pub(super) fn routes(&self) -> impl Iterator<Item = (&Change<'s>, &Rule<'s>, &Rule<'s>)> {
        self.routing().flat_map(|(change, table)| table.pairs().map(move |(before, after)| (change, before, after)))
    }

    /// The objects that are on both sides, whether they differ or not.
    pub fn standing(&self) -> impl Iterator<Item = Change<'s>> {
        let pair = |(before, after): &(&'s Object, &'s Object)| Change {
            id: &after.id,
            before: Some(before),
            after: Some(after),
            fields: Vec::new(),
        };
        self.pairs.iter().map(pair)
    }

    /// The changes of objects of a kind.
    pub fn of_kind<'c>(&'c self, group: &'static str, kind: &'static str) -> impl Iterator<Item = &'c Change<'s>> {
        self.changes.iter().filter(move |change| change.id.kind == kind && change.id.group == group)
    }
}

/// Pairs what only says on one side that it is in `default`: Kubernetes takes what names no namespace for one of it.
fn of_default<'s>(changes: Vec<Change<'s>>, pairs: &mut Vec<(&'s Object, &'s Object)>) -> Vec<Change<'s>> {
    let is_lone = |change: &Change<'_>| change.operation() != Operation::Change;
    if !changes.iter().any(|change| is_lone(change) && change.id.namespace.is_none()) {
        return changes;
    }
    let is_of_default = |id: &Id| id.namespace.as_ref().is_none_or(|name| name == "default");
    let (lone, mut all): (Vec<_>, Vec<_>) =
        changes.into_iter().partition(|change| is_lone(change) && is_of_default(change.id));
    let mut alike: BTreeMap<(&str, &str, &str), Vec<Change<'s>>> = BTreeMap::new();
    for change in lone {
        alike.entry((&change.id.group, &change.id.kind, &change.id.name)).or_default().push(change);
    }
    for group in alike.into_values() {
        let old = group.iter().find_map(|change| change.before);
        match (group.len(), old.zip(group.iter().find_map(|change| change.after))) {
            (2, Some((old, new))) => {
                pairs.push((old, new));
                all.extend(change(old, new));
            }
            _ => all.extend(group),
        }
    }
    all.sort_by_key(|change| change.id);
    pairs.sort_by_key(|(_, new)| &new.id);
    all
}

/// The label of the program that an object is of.
const INSTANCE: &str = "/metadata/labels/app.kubernetes.io~1instance";

/// The objects of two sides by identity, those of one identity together.
pub(super) fn both<'s>(
    before: &'s Side,
    after: &'s Side,
) -> impl Iterator<Item = (Option<&'s Object>, Option<&'s Object>)> {
    let (mut before, mut after) = (before.objects().peekable(), after.objects().peekable());
    std::iter::from_fn(move || {
        let order = match (before.peek(), after.peek()) {
            (Some(old), Some(new)) => old.id.cmp(&new.id),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        let old = if order.is_le() { before.next() } else { None };
        let new = if order.is_ge() { after.next() } else { None };
        (old.is_some() || new.is_some()).then_some((old, new))
    })
}

fn change<'s>(old: &'s Object, new: &'s Object) -> Option<Change<'s>> {
    if old.body.is(&new.body) {
        return None;
    }
    let mut fields = field_changes(&old.id, &old.body, &new.body);
    // Argo CD writes it on what it applied, if it tracks by labels.
    fields.retain(|field| field.pointer != INSTANCE || field.before.is_some() == field.after.is_some());
    fields.retain(|field| field.pointer != "/metadata/namespace");
    (!fields.is_empty()).then_some(Change { id: &new.id, before: Some(old), after: Some(new), fields })
}
