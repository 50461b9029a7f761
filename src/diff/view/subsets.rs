//! Subsets: which a host has, and who names them.

use super::routing::{self, Destination, destinations, mirrors};
use super::{At, names};
use crate::diff::{Change, Comparison, Object, Side};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// The subsets of a `DestinationRule` by name, each with where it stands and its labels.
pub(in crate::diff) fn of(rule: Option<&Object>) -> BTreeMap<&str, (String, At<'_>)> {
    let items = At::spec_of(rule).key("subsets").items().enumerate();
    let named = items.filter_map(|(index, at)| Some((at.key("name").text()?, (format!("/spec/subsets/{index}"), at))));
    named.collect()
}

/// The host of a `DestinationRule`.
pub(in crate::diff) fn host(rule: &Object) -> Option<String> {
    Some(names::fqdn(At::spec(rule).key("host").text()?, names::namespace(rule)))
}

/// The destination rules that speak for a host; those of its own namespace first, so that others need not be read where
/// one of them answers.
fn rules<'s>(side: &'s Side, host: &str) -> impl Iterator<Item = &'s Object> {
    let namespace = names::service(host).map(|(_, namespace)| namespace);
    let all = || side.of_kind("networking.istio.io", "DestinationRule");
    let is_near = move |rule: &Object| Some(names::namespace(rule)) == namespace;
    let rules = all().filter(move |rule| is_near(rule)).chain(all().filter(move |rule| !is_near(rule)));
    rules.filter(move |rule| self::host(rule).is_some_and(|own| names::covers(&own, host)))
}

/// Whether a subset of a host is defined.
pub(in crate::diff) fn is_defined(side: &Side, host: &str, subset: &str) -> bool {
    rules(side, host).any(|rule| of(Some(rule)).contains_key(subset))
}

/// Whether a destination names a subset that no `DestinationRule` has, although some speak for its host.
pub(in crate::diff) fn is_lacking(comparison: &Comparison<'_>, to: &Destination) -> bool {
    let Some(subset) = &to.subset else { return false };
    !is_defined(comparison.after, &to.host, subset) && rules(comparison.after, &to.host).next().is_some()
}

/// A route that sends requests to a subset.
#[derive(Debug)]
pub(in crate::diff) struct User<'s> {
    /// The object that says it.
    pub(in crate::diff) object: &'s Object,
    /// The route, as people name it.
    pub(in crate::diff) route: String,
    /// Percent of its requests; of copies, percent that are copied.
    pub(in crate::diff) share: f64,
}

/// The routes of a side by the subsets that they send requests to.
#[derive(Debug, Default)]
pub(in crate::diff) struct Users<'s>(BTreeMap<(String, SmolStr), Vec<User<'s>>>);

impl<'s> Users<'s> {
    pub(in crate::diff) fn of(side: &'s Side) -> Self {
        let mut all: BTreeMap<(String, SmolStr), Vec<User<'s>>> = BTreeMap::new();
        for object in routing::of_side(side) {
            for rule in routing::rules(object) {
                let mut shares: BTreeMap<(String, SmolStr), f64> = BTreeMap::new();
                for to in destinations(&rule).into_iter().chain(mirrors(&rule)) {
                    if let Some(subset) = to.subset {
                        *shares.entry((to.host, subset.as_str().into())).or_default() += to.share;
                    }
                }
                for (subset, share) in shares.into_iter().filter(|(_, share)| *share > 0.0) {
                    all.entry(subset).or_default().push(User { object, route: rule.told(), share });
                }
            }
        }
        Users(all)
    }

    /// Those that send requests to a subset of a host.
    pub(in crate::diff) fn of_subset(&self, host: &str, subset: &str) -> &[User<'s>] {
        self.0.get(&(host.to_owned(), subset.into())).map_or(&[], Vec::as_slice)
    }
}

/// A subset that is not defined any more.
#[derive(Debug)]
pub(in crate::diff) struct Gone<'c, 's> {
    /// The change that removes it.
    pub(in crate::diff) change: &'c Change<'s>,
    /// Its host.
    pub(in crate::diff) host: String,
    /// Its name.
    pub(in crate::diff) name: &'s str,
    /// Where it stood.
    pub(in crate::diff) pointer: String,
}

/// The subsets that no `DestinationRule` defines any more.
pub(in crate::diff) fn gone<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Gone<'c, 's>> {
    let mut all = Vec::new();
    for change in comparison.of_kind("networking.istio.io", "DestinationRule") {
        let Some(host) = change.before.and_then(self::host) else { continue };
        for (name, (pointer, _)) in of(change.before) {
            if !is_defined(comparison.after, &host, name) {
                all.push(Gone { change, host: host.clone(), name, pointer });
            }
        }
    }
    all
}
