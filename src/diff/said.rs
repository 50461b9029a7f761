use super::{Finding, Id, Place};

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
        let mut changes: Vec<(&str, Vec<&Finding>)> = Vec::new();
        for one in self.all() {
            match changes.iter_mut().find(|(what, _)| *what == one.what) {
                Some((_, alike)) => alike.push(one),
                None => changes.push((&one.what, vec![one])),
            }
        }
        changes.into_iter().map(|(what, alike)| self.clause(what, &alike)).collect()
    }

    /// What it does by itself, with a request that meets it: `such a request is refused with 403: method "PUT"`.
    pub fn effect_said(&self) -> String {
        if self.example.is_empty() { self.effect.clone() } else { format!("{}: {}", self.effect, self.example) }
    }

    /// What it does, with all that is told of in the same breath; of alike effects an example of the first.
    pub fn effects(&self) -> Vec<String> {
        let mut firsts: Vec<&Finding> = Vec::new();
        for one in self.all().filter(|one| !one.effect.is_empty()) {
            if !firsts.iter().any(|first| first.effect == one.effect) {
                firsts.push(one);
            }
        }
        firsts.into_iter().map(Finding::effect_said).collect()
    }

    /// How to do all of it safely.
    pub fn safely(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for one in self.all().filter(|one| !one.safe.is_empty()) {
            if !all.contains(&one.safe.as_str()) {
                all.push(&one.safe);
            }
        }
        all
    }

    /// The objects that it is of, the first one first.
    pub fn objects(&self) -> Vec<&Id> {
        let mut objects: Vec<&Id> = Vec::new();
        for one in self.all() {
            if !objects.contains(&&one.object) {
                objects.push(&one.object);
            }
        }
        objects
    }

    /// Where it is and all that is told of in the same breath, each place once.
    pub fn places(&self) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for place in self.all().filter_map(|one| one.place) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }

    /// Its object, and how many others: `VirtualService/shop/web and 2 more`.
    pub fn of_objects(&self) -> String {
        match self.objects().len() {
            0 | 1 => self.object.to_string(),
            count => format!("{} and {} more", self.object, count - 1),
        }
    }

    fn clause(&self, what: &str, alike: &[&Finding]) -> String {
        let mut objects: Vec<(&Id, Vec<&str>)> = Vec::new();
        for one in alike {
            match objects.iter_mut().find(|(object, _)| **object == one.object) {
                Some((_, parts)) => parts.push(&one.of),
                None => objects.push((&one.object, vec![&one.of])),
            }
        }
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
    let mut names: Vec<&str> = Vec::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if !names.contains(part) {
            names.push(part);
        }
    }
    let routes: Vec<String> = names.iter().filter_map(|name| name.strip_prefix("route ")).map(str::to_owned).collect();
    if names.len() > 1 && routes.len() == names.len() {
        return format!("{} routes ({})", names.len(), listed(routes));
    }
    listed(names.into_iter().map(str::to_owned).collect())
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
