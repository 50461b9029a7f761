//! The requests that rules can tell apart, one of each.

use super::predicate::{Condition, Matcher, Predicate, symbol};
use super::sample::samples;
use std::collections::{BTreeMap, BTreeSet};

/// A request: a value for each thing that any rule asks of.
pub(super) type Request = Vec<Option<String>>;

/// How many requests are looked at, one by one.
const MOST: usize = 6_000;

/// All that rules ask of requests.
#[derive(Debug)]
pub(super) struct Space {
    /// What is asked of, sorted.
    pub(super) of: Vec<String>,
    /// For each of them the values that rules tell apart, the most ordinary first.
    values: Vec<Vec<Option<String>>>,
}

impl Space {
    /// What `predicates` can tell apart in requests that come by one of `gateways`.
    pub(super) fn of(predicates: &[&Predicate], gateways: &[String]) -> Self {
        let mut asked: BTreeMap<&str, BTreeMap<String, &Condition>> = BTreeMap::new();
        for condition in predicates.iter().flat_map(|predicate| &predicate.conditions) {
            asked.entry(&condition.of).or_default().insert(condition.key(), condition);
        }
        let values = asked.iter().map(|(of, conditions)| {
            let conditions: Vec<&Condition> = conditions.values().copied().collect();
            let of_gateways = || gateways.iter().cloned().map(Some).collect();
            distinct(if *of == "gateway" { of_gateways() } else { candidates(of, &conditions) }, &conditions)
        });
        Space { values: values.collect(), of: asked.keys().map(|of| (*of).to_owned()).collect() }
    }

    /// Whether a request meets a predicate.
    pub(super) fn takes(&self, predicate: &Predicate, request: &Request) -> bool {
        predicate.conditions.iter().all(|condition| {
            let place = self.of.binary_search(&condition.of);
            place.ok().and_then(|place| request.get(place)).is_some_and(|value| condition.takes(value.as_deref()))
        })
    }

    /// What a request has of something that is asked of.
    pub(super) fn value<'r>(&self, of: &str, request: &'r Request) -> Option<&'r str> {
        let place = self.of.binary_search_by(|own| own.as_str().cmp(of)).ok()?;
        request.get(place)?.as_deref()
    }

    /// The requests to look at, and whether they are all that rules can tell apart.
    pub(super) fn requests(&self, predicates: &[&Predicate]) -> (Vec<Request>, bool) {
        let size = self.values.iter().try_fold(1_usize, |size, values| size.checked_mul(values.len()));
        if size.is_some_and(|size| size <= MOST) {
            return (self.all(), true);
        }
        (self.of_pairs(predicates), false)
    }

    fn all(&self) -> Vec<Request> {
        let mut requests = vec![Vec::new()];
        for values in &self.values {
            let longer = requests.iter().flat_map(|request: &Request| {
                values.iter().map(move |value| request.iter().cloned().chain([value.clone()]).collect())
            });
            requests = longer.collect();
        }
        requests
    }

    /// The most ordinary request that meets each two predicates.
    fn of_pairs(&self, predicates: &[&Predicate]) -> Vec<Request> {
        let nothing = Predicate::default();
        let with_nothing: Vec<&Predicate> = predicates.iter().copied().chain([&nothing]).collect();
        let mut requests = Vec::new();
        for one in &with_nothing {
            for other in &with_nothing {
                requests.extend(self.meeting(one, other));
                if requests.len() > MOST {
                    return requests;
                }
            }
        }
        requests
    }

    fn meeting(&self, one: &Predicate, other: &Predicate) -> Option<Request> {
        let values = self.of.iter().zip(&self.values).map(|(of, values)| {
            let asked = || one.conditions.iter().chain(&other.conditions).filter(|condition| condition.of == *of);
            values.iter().find(|value| asked().all(|condition| condition.takes(value.as_deref()))).cloned()
        });
        values.collect()
    }

    /// A request as people say it.
    pub(super) fn told(&self, request: &Request) -> String {
        let told: Vec<String> =
            self.of.iter().zip(request).filter_map(|(of, value)| told(of, value.as_deref()?)).collect();
        if told.is_empty() { "any other request".to_owned() } else { told.join(", ") }
    }
}

/// A value as people say it; nothing of one that only stands for all others.
fn told(of: &str, value: &str) -> Option<String> {
    let colon = if of.contains(' ') { ":" } else { "" };
    let value = match (value.strip_suffix('~'), value.strip_prefix('\u{1}')) {
        (_, Some(pattern)) => format!("~ {pattern}"),
        (Some("" | "/"), None) if of.contains(' ') => "anything else".to_owned(),
        (Some("" | "/"), None) => return None,
        (Some(known), None) => format!("{known}..."),
        (None, None) if value.contains('~') => return None,
        (None, None) if value.is_empty() => "(empty)".to_owned(),
        (None, None) => value.to_owned(),
    };
    Some(format!("{of}{colon} {value}"))
}

/// Values of which at least one of each kind is wanted.
fn candidates(of: &str, conditions: &[&Condition]) -> Vec<Option<String>> {
    let is_path = of == "path";
    let mut found = Vec::new();
    if of.starts_with("header ") || of.starts_with("query ") || of.starts_with("label ") {
        found.push(None);
    }
    found.push(Some(if is_path { "/~" } else { "~" }.to_owned()));
    let matchers = || conditions.iter().flat_map(|condition| &condition.any);
    for matcher in matchers() {
        match matcher {
            Matcher::Exact(text) => found.extend([Some(text.clone()), Some(text.to_ascii_uppercase())]),
            Matcher::Prefix(text) => {
                let slash = format!("{}/~", text.trim_end_matches('/'));
                found.extend([text.clone(), slash, format!("{text}~"), text.to_ascii_uppercase()].map(Some));
            }
            Matcher::Suffix(text) => found.push(Some(format!("~{text}"))),
            Matcher::Regex(pattern) if pattern.regex().is_none() => found.push(Some(symbol(&pattern.text))),
            Matcher::Regex(pattern) => {
                let own = samples(&pattern.text);
                for matcher in matchers() {
                    if let Matcher::Prefix(prefix) = matcher {
                        found.extend(own.iter().map(|sample| Some(format!("{prefix}{sample}"))));
                    }
                }
                found.extend(own.into_iter().map(Some));
            }
            Matcher::Present => found.push(Some(String::new())),
        }
    }
    found
}

/// The first of those values that conditions cannot tell apart.
fn distinct(values: Vec<Option<String>>, conditions: &[&Condition]) -> Vec<Option<String>> {
    let mut kinds: BTreeSet<Vec<bool>> = BTreeSet::new();
    let mut kept = Vec::new();
    for value in values {
        let kind: Vec<bool> = conditions.iter().map(|condition| condition.takes(value.as_deref())).collect();
        if kinds.insert(kind) {
            kept.push(value);
        }
    }
    kept
}
