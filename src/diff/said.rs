use super::{Finding, Id, Place};
use std::collections::{BTreeMap, BTreeSet};

/// How many things are named before the rest is counted.
const MOST_NAMED: usize = 5;

impl Finding {
    /// What it says by itself: `route "default": timeout 3s -> 2s`.
    pub fn said(&self) -> String {
        if self.of.is_empty() { self.what.clone() } else { format!("{}: {}", self.of, self.what) }
    }

    /// What it says with all that is told of in the same breath, a clause for each change, with everything that changes
    /// so: `2 routes ("canary", "default"): timeout 3s -> 2s`.
    pub fn clauses(&self) -> Vec<String> {
        let changes = grouped(self.all().map(|one| (one.what.as_str(), one)));
        changes.into_iter().map(|(what, alike)| self.clause(what, &alike)).collect()
    }

    /// What changes, each once, in the order of its [clauses](Self::clauses).
    pub fn changes(&self) -> Vec<&str> {
        once(self.all().map(|one| one.what.as_str()))
    }

    /// What it does by itself, with a request that meets it: `such a request is refused with 403: method "PUT"`.
    pub fn effect_said(&self) -> String {
        if self.example.is_empty() { self.effect.clone() } else { format!("{}: {}", self.effect, self.example) }
    }

    /// What it does, with all that is told of in the same breath.
    pub fn does(&self) -> Vec<&str> {
        once(self.all().map(|one| one.effect.as_str()).filter(|effect| !effect.is_empty()))
    }

    /// The same with examples: of alike effects one of the first.
    pub fn effects(&self) -> Vec<String> {
        let effects = grouped(self.all().filter(|one| !one.effect.is_empty()).map(|one| (one.effect.as_str(), one)));
        effects.into_iter().filter_map(|(_, alike)| alike.first().map(|first| first.effect_said())).collect()
    }

    /// How to do all of it safely.
    pub fn safely(&self) -> Vec<&str> {
        once(self.all().map(|one| one.safe.as_str()).filter(|safe| !safe.is_empty()))
    }

    /// The objects that it is of, the first one first.
    pub fn objects(&self) -> Vec<&Id> {
        once(self.all().map(|one| &one.object))
    }

    /// Where it is and all that is told of in the same breath, each place once.
    pub fn places(&self) -> Vec<Place> {
        once(self.all().filter_map(|one| one.place))
    }

    /// Its object, and how many others: `VirtualService/shop/web and 2 more`.
    pub fn of_objects(&self) -> String {
        match self.objects().len() {
            0 | 1 => self.object.to_string(),
            count => format!("{} and {} more", self.object, count - 1),
        }
    }

    fn clause(&self, what: &str, alike: &[&Finding]) -> String {
        let objects = grouped(alike.iter().map(|one| (&one.object, one.of.as_str())));
        let is_own = objects.iter().all(|(object, _)| **object == self.object);
        let of = objects.into_iter().map(|(object, parts)| match (parts_told(&parts), is_own) {
            (parts, true) => parts,
            (parts, false) if parts.is_empty() => object.to_string(),
            (parts, false) => format!("{parts} of {object}"),
        });
        let of: Vec<String> = of.filter(|of| !of.is_empty()).collect();
        match of.len() {
            0 => what.to_owned(),
            1 => format!("{}: {what}", listed(of)),
            _ => format!("{what} ({})", listed(of)),
        }
    }
}

/// Parts of an object: `2 routes ("canary", "default")`.
fn parts_told(parts: &[&str]) -> String {
    let names = once(parts.iter().copied().filter(|part| !part.is_empty()));
    let routes: Vec<String> = names.iter().filter_map(|name| name.strip_prefix("route ")).map(str::to_owned).collect();
    if names.len() > 1 && routes.len() == names.len() {
        return format!("{} routes ({})", names.len(), listed(routes));
    }
    listed(names.into_iter().map(str::to_owned).collect())
}

/// Each once, in the order in which they come: a default can change the objects of thousands of services.
fn once<T: Copy + Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    all.filter(|one| seen.insert(*one)).collect()
}

/// What belongs to each, in the order in which they come.
fn grouped<K: Copy + Ord, V>(all: impl Iterator<Item = (K, V)>) -> Vec<(K, Vec<V>)> {
    let mut groups: Vec<(K, Vec<V>)> = Vec::new();
    let mut known: BTreeMap<K, usize> = BTreeMap::new();
    for (key, value) in all {
        let at = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, values)) => values.push(value),
            None => groups.push((key, vec![value])),
        }
    }
    groups
}

/// The first of them, and how many more there are.
fn listed(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(MOST_NAMED);
    if more > 1 {
        names.truncate(MOST_NAMED);
        names.push(format!("{more} more"));
    }
    names.join(", ")
}
