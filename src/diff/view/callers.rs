//! Sets of requests as people say them: who sends them, and how they are.

use crate::access::{Dimension, Part, Region, Term, Values};

/// `web.shop with method POST, path /pay`.
pub(in crate::diff) fn told(region: &Region) -> String {
    let is_who = |dimension: &Dimension| *dimension == Dimension::Principal;
    let who = region.0.iter().find(|(dimension, _)| is_who(dimension)).map(|(_, values)| callers(values));
    let how: Vec<String> = region
        .0
        .iter()
        .filter(|(dimension, _)| !is_who(dimension))
        .map(|(dimension, values)| requests(dimension, values))
        .collect();
    let who = who.unwrap_or_else(|| "anybody".to_owned());
    if how.is_empty() { who } else { format!("{who} with {}", how.join(", ")) }
}

fn callers(values: &Values) -> String {
    let list = |terms: &[Term]| terms.iter().map(|term| whole(&term.value)).collect::<Vec<_>>().join(", ");
    let one = |part: &Part| match part {
        Part::Absent => "whoever has no identity".to_owned(),
        Part::Within { term: None, except } if except.is_empty() => "anybody".to_owned(),
        Part::Within { term: None, except } => format!("anybody but {}", list(except)),
        Part::Within { term: Some(term), except } if except.is_empty() => whole(&term.value),
        Part::Within { term: Some(term), except } => format!("{} but not {}", whole(&term.value), list(except)),
        Part::Like(value) => format!("identities such as {value}"),
    };
    values.0.iter().map(one).collect::<Vec<_>>().join(" or ")
}

/// A caller by name, with the name of its trust domain where that is not the one that Istio has by itself.
fn whole(principal: &str) -> String {
    let domain = principal.split_once("/ns/").map_or("", |(domain, _)| domain);
    match domain {
        "" | "*" | "cluster.local" => caller(principal),
        other => format!("{} of {other}", caller(principal)),
    }
}

/// `cluster.local/ns/prod/sa/web` is `web.prod`.
pub(in crate::diff) fn caller(principal: &str) -> String {
    if principal == "*" {
        return "anybody with an identity".to_owned();
    }
    let Some((_, rest)) = principal.split_once("/ns/") else { return principal.to_owned() };
    match (rest.split_once("/sa/"), rest.strip_suffix("/*")) {
        (Some((namespace, "*")), _) | (None, Some(namespace)) => format!("namespace {namespace}"),
        (Some((namespace, account)), _) => format!("{account}.{namespace}"),
        (None, None) => principal.to_owned(),
    }
}

fn requests(dimension: &Dimension, values: &Values) -> String {
    let list = |terms: &[Term]| terms.iter().map(|term| term.value.to_string()).collect::<Vec<_>>().join(", ");
    let one = |part: &Part| match part {
        Part::Absent => format!("no {dimension}"),
        Part::Within { term: None, except } if except.is_empty() => format!("any {dimension}"),
        Part::Within { term: None, except } => format!("any {dimension} but {}", list(except)),
        Part::Within { term: Some(term), except } if except.is_empty() => format!("{dimension} {}", term.value),
        Part::Within { term: Some(term), except } => format!("{dimension} {} but not {}", term.value, list(except)),
        Part::Like(value) => format!("{dimension} such as {value}"),
    };
    values.0.iter().map(one).collect::<Vec<_>>().join(" or ")
}
