//! What labels a selector of Kubernetes asks for.

use super::At;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked of one label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    /// It has one of these values.
    In(BTreeSet<String>),
    /// It has none of these, or is not there.
    NotIn(BTreeSet<String>),
    Exists,
    Absent,
}

/// All that a selector asks for, in one spelling; nothing: everything has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::diff) struct Selector(BTreeMap<String, BTreeSet<Need>>);

impl Need {
    /// Whether a label that is as `other` asks for is as this one does.
    fn follows_from(&self, other: &Need) -> bool {
        match (self, other) {
            (Need::In(wide), Need::In(own)) => own.is_subset(wide),
            (Need::NotIn(out), Need::NotIn(more)) => out.is_subset(more),
            (Need::NotIn(out), Need::In(own)) => out.is_disjoint(own),
            (Need::NotIn(_) | Need::Absent, Need::Absent) | (Need::Exists, Need::In(_) | Need::Exists) => true,
            (Need::In(_), Need::NotIn(_) | Need::Exists | Need::Absent)
            | (Need::NotIn(_), Need::Exists)
            | (Need::Exists, Need::NotIn(_) | Need::Absent)
            | (Need::Absent, Need::In(_) | Need::NotIn(_) | Need::Exists) => false,
        }
    }

    fn holds(&self, value: Option<&String>) -> bool {
        match self {
            Need::In(values) => value.is_some_and(|value| values.contains(value)),
            Need::NotIn(values) => !value.is_some_and(|value| values.contains(value)),
            Need::Exists => value.is_some(),
            Need::Absent => value.is_none(),
        }
    }

    fn told(&self, key: &str) -> String {
        let list = |values: &BTreeSet<String>| values.iter().cloned().collect::<Vec<_>>().join(" or ");
        match self {
            Need::In(values) => format!("{key}={}", list(values)),
            Need::NotIn(values) => format!("{key} not {}", list(values)),
            Need::Exists => format!("{key} there"),
            Need::Absent => format!("{key} not there"),
        }
    }
}

impl Selector {
    /// Of `matchLabels` and `matchExpressions`.
    pub(in crate::diff) fn of(at: At<'_>) -> Self {
        let mut all = Selector::default();
        for entry in at.key("matchLabels").entries() {
            let value = At::of(Some(&entry.node)).word().unwrap_or_default();
            all.add(entry.key.to_string(), Need::In([value].into()));
        }
        for at in at.key("matchExpressions").items() {
            let values: BTreeSet<String> = at.key("values").items().filter_map(At::word).collect();
            let need = match at.key("operator").text() {
                Some("In") => Need::In(values),
                Some("NotIn") => Need::NotIn(values),
                Some("Exists") => Need::Exists,
                _ => Need::Absent,
            };
            all.add(at.key("key").text().unwrap_or_default().to_owned(), need);
        }
        all
    }

    fn add(&mut self, key: String, need: Need) {
        self.0.entry(key).or_default().insert(need);
    }

    /// Whether it asks for nothing.
    pub(in crate::diff) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How much it asks for.
    pub(in crate::diff) fn len(&self) -> usize {
        self.0.values().map(BTreeSet::len).sum()
    }

    /// Whether it selects all that another does.
    pub(in crate::diff) fn covers(&self, other: &Selector) -> bool {
        let follows = |key: &String, need: &Need| {
            other.0.get(key).is_some_and(|own| own.iter().any(|other| need.follows_from(other)))
        };
        self.0.iter().all(|(key, needs)| needs.iter().all(|need| follows(key, need)))
    }

    /// Whether it selects what has these labels.
    pub(in crate::diff) fn selects(&self, labels: &BTreeMap<String, String>) -> bool {
        self.0.iter().all(|(key, needs)| needs.iter().all(|need| need.holds(labels.get(key))))
    }

    /// The same for each single value that it takes, where it takes one of several of one label.
    pub(in crate::diff) fn singles(&self) -> Vec<Selector> {
        let several = self.0.iter().find_map(|(key, needs)| match needs.iter().next() {
            Some(Need::In(values)) if needs.len() == 1 && values.len() > 1 => Some((key, values)),
            Some(_) | None => None,
        });
        let Some((key, values)) = several else { return vec![self.clone()] };
        let with = |value: &String| {
            let mut one = self.clone();
            one.0.insert(key.clone(), [Need::In([value.clone()].into())].into());
            one
        };
        values.iter().flat_map(|value| with(value).singles()).collect()
    }

    /// What it selects and another does not, where both ask for the same but for the values of one label.
    pub(in crate::diff) fn without(&self, other: &Selector) -> Option<Selector> {
        let mut differing = self.0.iter().filter(|(key, needs)| other.0.get(*key) != Some(needs));
        let (key, needs) = differing.next()?;
        let is_alone = differing.next().is_none() && self.0.len() == other.0.len();
        let single = |needs: &BTreeSet<Need>| match (needs.iter().next(), needs.len()) {
            (Some(Need::In(values)), 1) => Some(values.clone()),
            _ => None,
        };
        let (own, theirs) = (single(needs)?, single(other.0.get(key)?)?);
        let left: BTreeSet<String> = own.difference(&theirs).cloned().collect();
        if !is_alone || left.is_empty() {
            return None;
        }
        let mut rest = self.clone();
        rest.0.insert(key.clone(), [Need::In(left)].into());
        Some(rest)
    }

    /// The value of the only label that it asks for, if that is this one.
    pub(in crate::diff) fn only(&self, key: &str) -> Option<&str> {
        match (self.0.len(), self.0.get(key)?.iter().next()?) {
            (1, Need::In(values)) if values.len() == 1 => values.iter().next().map(String::as_str),
            _ => None,
        }
    }

    /// As people say it: `app=web,tier=front`.
    pub(in crate::diff) fn told(&self) -> String {
        let all = self.0.iter().flat_map(|(key, needs)| needs.iter().map(move |need| need.told(key)));
        all.collect::<Vec<_>>().join(",")
    }
}
