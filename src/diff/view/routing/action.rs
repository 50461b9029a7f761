//! What becomes of the requests of a rule, with what Istio fills in.

use super::gateway_api;
use super::table::Rule;
use crate::diff::view::{At, names, words};
use std::collections::BTreeSet;

/// A part of what a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::diff) enum Part {
    /// Where requests go, and in which shares.
    Destinations,
    /// An answer instead.
    Redirect,
    /// Headers that are set, added or removed.
    Headers,
    /// What is made of path and host.
    Rewrite,
    Timeout,
    Retries,
    Faults,
    Mirrors,
    Cors,
}

impl Part {
    /// As people say it.
    pub(in crate::diff) const fn name(self) -> &'static str {
        match self {
            Part::Destinations => "destinations",
            Part::Redirect => "answer",
            Part::Headers => "headers",
            Part::Rewrite => "rewrite",
            Part::Timeout => "timeout",
            Part::Retries => "retries",
            Part::Faults => "faults",
            Part::Mirrors => "copies",
            Part::Cors => "rules for pages of other origins",
        }
    }

    /// Every part.
    pub(in crate::diff) const ALL: [Part; 9] = [
        Part::Destinations,
        Part::Redirect,
        Part::Headers,
        Part::Rewrite,
        Part::Timeout,
        Part::Retries,
        Part::Faults,
        Part::Mirrors,
        Part::Cors,
    ];
}

/// Where a share of requests goes.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::diff) struct Destination {
    /// The host, whole.
    pub(in crate::diff) host: String,
    /// A subset of it.
    pub(in crate::diff) subset: Option<String>,
    /// A port of it.
    pub(in crate::diff) port: Option<i64>,
    /// The share of requests in percent.
    pub(in crate::diff) share: f64,
}

impl Destination {
    fn read(at: At<'_>, share: f64, namespace: &str) -> Option<Self> {
        Some(Destination {
            host: names::fqdn(at.get("host").text()?, namespace),
            subset: at.get("subset").text().filter(|name| !name.is_empty()).map(str::to_owned),
            port: at.get("port.number").whole(),
            share,
        })
    }

    /// Whether it is the same place, whatever its share.
    pub(in crate::diff) fn is_where(&self, other: &Destination) -> bool {
        (&self.host, &self.subset, self.port) == (&other.host, &other.subset, other.port)
    }

    /// `reviews subset v2`.
    pub(in crate::diff) fn told(&self) -> String {
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        let subset = self.subset.as_ref().map(|name| format!(" subset {name}")).unwrap_or_default();
        format!("{}{port}{subset}{}", names::short(&self.host), names::mark(&self.host))
    }
}

/// The destinations of a rule, those without a share too, each with its weight.
fn weighted(rule: &Rule<'_>) -> Vec<(Destination, f64)> {
    if rule.is_of_gateway_api() {
        return gateway_api::destinations(rule);
    }
    let read = |route: At<'_>| {
        let weight = route.key("weight").number().unwrap_or(0.0);
        Some((Destination::read(route.key("destination"), 0.0, rule.namespace)?, weight))
    };
    rule.at.key("route").items().filter_map(read).collect()
}

/// Where a rule says that requests could go: its destinations, those without a share too.
pub(in crate::diff) fn listed(rule: &Rule<'_>) -> Vec<Destination> {
    match &rule.implied {
        Some(to) => vec![to.clone()],
        None => weighted(rule).into_iter().map(|(to, _)| to).collect(),
    }
}

/// Where the requests of a rule go: a single destination takes all, else shares are of the sum. In the Gateway API one
/// without a weight of more than nothing takes none.
pub(in crate::diff) fn destinations(rule: &Rule<'_>) -> Vec<Destination> {
    if let Some(to) = &rule.implied {
        return vec![to.clone()];
    }
    let weighted = weighted(rule);
    let is_single = weighted.len() == 1 && !rule.is_of_gateway_api();
    let sum: f64 = weighted.iter().map(|(_, weight)| weight).sum();
    let mut found: Vec<Destination> = Vec::new();
    for (to, weight) in weighted.into_iter().filter(|(_, weight)| is_single || *weight > 0.0) {
        let one = Destination { share: if is_single { 100.0 } else { weight / sum * 100.0 }, ..to };
        match found.iter_mut().find(|other| other.is_where(&one)) {
            Some(same) => same.share += one.share,
            None => found.push(one),
        }
    }
    found
}

/// The copies of a rule; one without a percentage is of all requests.
pub(in crate::diff) fn mirrors(rule: &Rule<'_>) -> Vec<Destination> {
    if rule.is_of_gateway_api() {
        return gateway_api::mirrors(rule);
    }
    let old = ["mirrorPercent", "mirror_percent"].into_iter().find_map(|key| rule.at.key(key).number());
    let single = rule
        .at
        .key("mirrorPercentage")
        .get("value")
        .number()
        .or(if rule.at.key("mirrorPercentage").is_there() { Some(0.0) } else { old });
    let percent = |item: At<'_>| match item.key("percentage") {
        at if at.is_there() => at.key("value").number().unwrap_or(0.0),
        _ => 100.0,
    };
    let first = Destination::read(rule.at.key("mirror"), single.unwrap_or(100.0), rule.namespace);
    let several = rule.at.key("mirrors").items();
    let several = several.filter_map(|item| Destination::read(item.key("destination"), percent(item), rule.namespace));
    first.into_iter().chain(several).filter(|to| to.share > 0.0).collect()
}

/// Faults that are made up.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::diff) struct Fault {
    /// Percent of requests that are answered instead, and with what.
    pub(in crate::diff) abort: Option<(f64, String)>,
    /// Percent of requests that are held, and for how many milliseconds.
    pub(in crate::diff) delay: Option<(f64, f64)>,
}

/// The faults of a rule; where no percentage is said, no request meets them.
pub(in crate::diff) fn fault(rule: &Rule<'_>) -> Fault {
    let at = rule.at.key("fault");
    let percent = |at: At<'_>| {
        at.get("percentage.value").number().or(at.key("percent").number()).filter(|percent| *percent > 0.0)
    };
    let (abort, delay) = (at.key("abort"), at.key("delay"));
    let with = || ["httpStatus", "grpcStatus", "http2Error"].into_iter().find_map(|key| abort.key(key).word());
    let held = || delay.key("fixedDelay").milliseconds().filter(|held| *held > 0.0);
    Fault { abort: percent(abort).zip(with()), delay: percent(delay).zip(held()) }
}

/// How often requests are tried again.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::diff) struct Retries {
    /// Tries after the first.
    pub(in crate::diff) attempts: i64,
    /// The limit of a try in milliseconds.
    pub(in crate::diff) per_try: Option<f64>,
    /// After which failures.
    pub(in crate::diff) on: BTreeSet<String>,
    /// All else that is said of them.
    pub(in crate::diff) rest: Vec<String>,
}

/// After which failures Istio tries again where nothing is said. <https://istio.io/latest/docs/concepts/traffic-management/#retries>
const RETRIED: [&str; 4] = ["connect-failure", "refused-stream", "unavailable", "cancelled"];
/// What newer releases say besides.
const RETRIED_TOO: [&str; 2] = ["retriable-status-codes", "503"];

/// The retries of a rule: two where none are said.
pub(in crate::diff) fn retries(rule: &Rule<'_>) -> Retries {
    if let Some(own) = gateway_api::retries(rule, &RETRIED).filter(|_| rule.is_of_gateway_api()) {
        return own;
    }
    let at = rule.at.key("retries");
    let said = at.key("retryOn").text().filter(|on| !on.is_empty());
    let mut on: BTreeSet<String> = said.map_or_else(
        || RETRIED.map(str::to_owned).into(),
        |on| on.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect(),
    );
    if RETRIED.iter().all(|part| on.contains(*part))
        && on.iter().all(|part| RETRIED.iter().chain(&RETRIED_TOO).any(|own| own == part))
    {
        on = RETRIED.map(str::to_owned).into();
    }
    let attempts = if at.is_there() { at.key("attempts").whole().unwrap_or(0) } else { 2 };
    let per_try = at.key("perTryTimeout").milliseconds().filter(|limit| *limit > 0.0);
    if attempts == 0 {
        return Retries { attempts, per_try: None, on: BTreeSet::new(), rest: Vec::new() };
    }
    let rest =
        at.entries().iter().filter(|entry| !["attempts", "retryOn", "perTryTimeout"].contains(&entry.key.as_str()));
    let rest = rest.filter_map(|entry| rest_of_retries(&entry.key, At::of(Some(&entry.node))));
    Retries { attempts, per_try, on, rest: rest.collect() }
}

fn rest_of_retries(key: &str, at: At<'_>) -> Option<String> {
    let is_default = match key {
        "retryIgnorePreviousHosts" => at.flag(),
        "backoff" => at.milliseconds() == Some(25.0),
        _ => at.word().is_some_and(|word| word == "false"),
    };
    (!is_default).then(|| format!("{key} {}", at.canonical()))
}

/// Whose pages may call from a browser, each thing by itself; nothing where nobody looks.
pub(in crate::diff) fn cors(rule: &Rule<'_>) -> Vec<String> {
    let at =
        if rule.is_of_gateway_api() { gateway_api::cors(rule).unwrap_or_default() } else { rule.at.key("corsPolicy") };
    if !at.is_there() {
        return Vec::new();
    }
    let origin = |at: At<'_>| match (at.text(), at.key("exact").text()) {
        (Some(text), _) | (None, Some(text)) => format!("origin {text}"),
        (None, None) => {
            let said =
                at.entries().iter().map(|entry| format!("{} {}", entry.key, At::of(Some(&entry.node)).canonical()));
            format!("origin {}", said.collect::<Vec<_>>().join(", "))
        }
    };
    let origins = if at.key("allowOrigins").is_there() { at.key("allowOrigins") } else { at.key("allowOrigin") };
    let mut origins: Vec<String> = origins.items().map(origin).collect();
    origins.sort();
    origins.dedup();
    let mut parts = if origins.is_empty() { vec!["no origin".to_owned()] } else { origins };
    for (key, told) in [("allowMethods", "method"), ("allowHeaders", "header"), ("exposeHeaders", "shown header")] {
        let mut items: Vec<String> = at.key(key).texts().into_iter().map(|text| format!("{told} {text}")).collect();
        items.sort();
        items.dedup();
        parts.extend(items);
    }
    let age = at.key("maxAge");
    let age = age.milliseconds().or(age.number().map(|seconds| seconds * 1000.0));
    parts.extend(age.map(|age| format!("remembered for {}", words::span(age))));
    if at.key("allowCredentials").flag() {
        parts.push(CREDENTIALS.to_owned());
    }
    if at.key("unmatchedPreflights").text().is_some_and(|what| what != "UNSPECIFIED" && what != "FORWARD") {
        parts.push("unmatched preflights IGNORE".to_owned());
    }
    parts
}

/// What is said of rules for pages of other origins that let browsers send what they know of their user.
pub(in crate::diff) const CREDENTIALS: &str = "credentials";

/// What a part says, each thing by itself, where it is a list of such.
pub(super) fn parts(rule: &Rule<'_>, part: Part) -> Vec<String> {
    match part {
        Part::Redirect if rule.is_of_gateway_api() => gateway_api::answer(rule),
        Part::Headers if rule.is_of_gateway_api() => gateway_api::headers(rule),
        Part::Rewrite if rule.is_of_gateway_api() => gateway_api::rewrite(rule),
        Part::Redirect => answer(rule),
        Part::Headers => headers(rule),
        Part::Rewrite => {
            let entries = rule.at.key("rewrite").entries().iter();
            let mut all: Vec<String> =
                entries.map(|entry| format!("{} {}", entry.key, At::of(Some(&entry.node)).canonical())).collect();
            all.sort();
            all
        }
        Part::Cors => cors(rule),
        Part::Destinations | Part::Timeout | Part::Retries | Part::Faults | Part::Mirrors => {
            vec![self::part(rule, part)]
        }
    }
}

/// A part of a rule in one spelling; nothing said: an empty text.
pub(super) fn part(rule: &Rule<'_>, part: Part) -> String {
    match part {
        Part::Destinations => {
            let mut all: Vec<String> =
                destinations(rule).iter().map(|to| format!("{} {:.6} %", to.told(), to.share)).collect();
            all.sort();
            all.extend(rule.delegate().map(|(namespace, name)| format!("delegate {namespace}/{name}")));
            all.join(", ")
        }
        Part::Redirect | Part::Headers | Part::Rewrite | Part::Cors => parts(rule, part).join(", "),
        Part::Timeout => timeout(rule).map(|limit| limit.to_string()).unwrap_or_default(),
        Part::Retries => format!("{:?}", retries(rule)),
        Part::Faults => format!("{:?}", fault(rule)),
        Part::Mirrors => format!("{:?}", mirrors(rule)),
    }
}

/// The limit of a rule in milliseconds; none where there is none.
pub(in crate::diff) fn timeout(rule: &Rule<'_>) -> Option<f64> {
    if rule.is_of_gateway_api() {
        return gateway_api::timeout(rule);
    }
    rule.at.key("timeout").milliseconds().filter(|limit| *limit > 0.0)
}

/// A redirect, or an answer of the proxy's own.
fn answer(rule: &Rule<'_>) -> Vec<String> {
    let redirect = rule.at.key("redirect");
    let fields = redirect.entries().iter().filter(|entry| entry.key != "redirectCode");
    let mut said: Vec<String> = fields
        .map(|entry| format!("{} {}", entry.key, At::of(Some(&entry.node)).canonical()))
        .filter(|said| said != "derivePort FROM_PROTOCOL_DEFAULT")
        .collect();
    said.sort();
    if redirect.is_there() {
        said.push(format!("code {}", redirect.key("redirectCode").whole().filter(|code| *code != 0).unwrap_or(301)));
    }
    let direct = rule.at.key("directResponse");
    if direct.is_there() {
        said.push(format!("answer {}", direct.key("status").word().unwrap_or_default()));
        let body = direct.key("body");
        let text = body.key("string").text().map_or_else(|| body.canonical(), str::to_owned);
        said.extend(body.is_there().then(|| format!("body {text}")));
    }
    said
}

/// Headers of the rule and of its destinations; with a single destination it is one whether it or the rule says them.
fn headers(rule: &Rule<'_>) -> Vec<String> {
    let routes: Vec<At<'_>> = rule.at.key("route").items().collect();
    let is_single = routes.len() == 1;
    let mut all = operations(rule.at.key("headers"));
    for (index, route) in routes.iter().enumerate() {
        let place = if is_single { String::new() } else { format!("#{index} ") };
        all.extend(operations(route.key("headers")).into_iter().map(|own| format!("{place}{own}")));
    }
    all
}

fn operations(at: At<'_>) -> Vec<String> {
    let mut said = Vec::new();
    for side in ["request", "response"] {
        for what in ["set", "add"] {
            let mut own: Vec<String> = at
                .key(side)
                .key(what)
                .entries()
                .iter()
                .map(|entry| format!("{}={}", entry.key.to_ascii_lowercase(), At::of(Some(&entry.node)).canonical()))
                .collect();
            own.sort();
            said.extend(own.into_iter().map(|own| format!("{side} {what} {own}")));
        }
        let mut removed: Vec<String> =
            at.key(side).key("remove").texts().iter().map(|name| name.to_ascii_lowercase()).collect();
        removed.sort();
        said.extend(removed.into_iter().map(|name| format!("{side} remove {name}")));
    }
    said
}
