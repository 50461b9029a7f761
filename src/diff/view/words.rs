//! Values as people say them.

use super::At;
use super::routing::{Part, Rule, destinations};
use crate::diff::Object;

/// `12.5 %`.
pub(in crate::diff) fn percent(share: f64) -> String {
    let text = format!("{share:.2}");
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A span of time of so many milliseconds: `1.5s`, `200ms`.
pub(in crate::diff) fn span(milliseconds: f64) -> String {
    match milliseconds {
        1000.0.. => format!("{}s", milliseconds / 1000.0),
        _ => format!("{milliseconds}ms"),
    }
}

/// What lists of things said and say, where they differ: `timeout 1s -> timeout 2s`, `x is new`, `x is gone`.
pub(in crate::diff) fn differing(old: &[String], new: &[String], nothing: &str) -> String {
    let lone = |these: &[String], those: &[String]| {
        these.iter().filter(|own| !those.contains(own)).cloned().collect::<Vec<_>>().join(", ")
    };
    let (gone, come) = (lone(old, new), lone(new, old));
    match (old.is_empty(), new.is_empty()) {
        (true, _) => format!("{nothing} -> {come}"),
        (false, true) => format!("{gone} -> {nothing}"),
        (false, false) if come.is_empty() => format!("{gone} is gone"),
        (false, false) if gone.is_empty() => format!("{come} is new"),
        (false, false) => format!("{gone} -> {come}"),
    }
}

/// `by the gateway shop/public`.
pub(in crate::diff) fn by_gateway(gateway: &str) -> String {
    if gateway == "mesh" { "from inside the mesh".to_owned() } else { format!("by the gateway {gateway}") }
}

/// What no list of routes takes: `are answered with 404`.
pub(in crate::diff) fn untaken(list: &str) -> &'static str {
    if list == "http" || list == "rules" {
        "are answered with 404"
    } else {
        "find no route: their connections are closed"
    }
}

/// What becomes of requests now that another rule takes them, and what before; where they go to the same place, by what
/// else the two differ.
pub(in crate::diff) fn now_and_before(new: &Rule<'_>, old: &Rule<'_>) -> String {
    let (now, before) = (lead(new), lead(old));
    if now != before {
        return format!("those requests {now}; before, they {before}");
    }
    let all = Part::ALL.into_iter().filter(|part| new.part(*part) != old.part(*part));
    let names: Vec<&str> = all.map(Part::name).collect();
    format!("those requests {now} as before, with the {} of {} instead", names.join(" and "), new.told())
}

/// What becomes of the requests of a rule, and what became of them: `requests go to a now; before, they go to b`.
pub(in crate::diff) fn requests(new: &Rule<'_>, old: &Rule<'_>) -> String {
    format!("requests {} now; before, they {}", lead(new), lead(old))
}

/// What the requests of a rule do: `go to reviews subset v2`.
pub(in crate::diff) fn lead(rule: &Rule<'_>) -> String {
    let all = destinations(rule);
    if let [one] = all.as_slice() {
        return format!("go to {}", one.told());
    }
    if all.is_empty() {
        let answer = rule.part(Part::Redirect);
        let delegate = rule.part(Part::Destinations);
        return match (answer.is_empty(), delegate.is_empty()) {
            (false, _) => format!("are answered by the proxy ({answer})"),
            (true, false) => format!("are handed on to {}", delegate.trim_start_matches("delegate ")),
            // https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref
            (true, true) if rule.list == "rules" => "are answered with 500".to_owned(),
            (true, true) => "go nowhere".to_owned(),
        };
    }
    let shares: Vec<String> = all.iter().map(|to| format!("{} {}", to.told(), percent(to.share))).collect();
    format!("go to {}", shares.join(", "))
}

/// What a policy names instead of pods: `Service reviews`; nothing: an empty text.
pub(in crate::diff) fn targets(object: &Object) -> String {
    let spec = At::spec(object);
    let one = |at: At<'_>| {
        let text = |key: &str| at.key(key).text().unwrap_or_default().to_owned();
        let namespace = at.key("namespace").text().map(|name| format!(" of {name}")).unwrap_or_default();
        format!("{} {}{namespace}", text("kind"), text("name"))
    };
    let single = Some(spec.key("targetRef")).filter(|at| at.is_there());
    let mut all: Vec<String> = spec.key("targetRefs").items().chain(single).map(one).collect();
    all.sort();
    all.join(", ")
}
