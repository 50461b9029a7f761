//! What no request reaches in a list of rules, since an earlier rule takes it whatever else it is. Istio warns of it, and
//! whoever reads the list would take it for a way.

use crate::manifest::Traced;
use crate::manifest::istio::{HttpMatch, HttpRoute, StringMatch};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The rules without the entries that earlier ones take whole, and without those that then have none.
pub(super) fn leave_out(rules: Vec<HttpRoute>) -> Vec<HttpRoute> {
    let mut taken = Taken::default();
    let mut kept = Vec::with_capacity(rules.len());
    for rule in rules {
        if rule.matches.is_empty() {
            kept.push(rule);
            break;
        }
        let mut matches: Vec<Traced<HttpMatch>> = Vec::with_capacity(rule.matches.len());
        for entry in rule.matches {
            if entry.value.uri.as_ref().is_some_and(|uri| taken.holds(uri)) {
                continue;
            }
            taken.add(&entry.value);
            matches.push(entry);
        }
        if !matches.is_empty() {
            kept.push(HttpRoute { matches, ..rule });
        }
    }
    kept
}

/// What earlier entries take whatever else is asked: exact paths, beginnings up to a slash, expressions.
#[derive(Default)]
struct Taken {
    exact: BTreeSet<SmolStr>,
    prefixes: BTreeSet<SmolStr>,
    regexes: BTreeSet<SmolStr>,
}

impl Taken {
    fn add(&mut self, entry: &HttpMatch) {
        let bare = HttpMatch { uri: entry.uri.clone(), ..HttpMatch::default() };
        if bare != *entry {
            return;
        }
        match &entry.uri {
            Some(StringMatch::Exact(path)) => _ = self.exact.insert(path.clone()),
            Some(StringMatch::Prefix(prefix)) => _ = self.prefixes.insert(prefix.clone()),
            Some(StringMatch::Regex(regex)) => _ = self.regexes.insert(regex.clone()),
            Some(StringMatch::Present) | None => {}
        }
    }

    fn holds(&self, uri: &StringMatch) -> bool {
        match uri {
            StringMatch::Exact(path) => self.exact.contains(path) || self.begins(path),
            StringMatch::Prefix(prefix) => self.begins(prefix),
            StringMatch::Regex(regex) => self.regexes.contains(regex),
            StringMatch::Present => false,
        }
    }

    /// Whether a path begins with one of the prefixes, which end with a slash.
    fn begins(&self, path: &str) -> bool {
        let slashes = path.match_indices('/').map(|(at, _)| at);
        slashes.filter_map(|at| path.get(..=at)).any(|beginning| self.prefixes.contains(beginning))
    }
}
