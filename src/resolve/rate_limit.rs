use super::access::conditions;
use super::layers::Level;
use super::laying::Laying;
use super::removals::Removals;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, MISSING_ARGUMENT, MISSING_PROPERTY, OUT_OF_RANGE};
use crate::ir::{Conditions, Narrowing, RateLimit};
use crate::source::{Decided, Origin, Span};
use crate::value::Duration;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Envoy fills a bucket no more often than this.
const SHORTEST: Duration = Duration::of_milliseconds(50);

/// What the layers said of `rate-limit` so far, by name.
#[derive(Default)]
pub(super) struct Laid(BTreeMap<SmolStr, One>);

struct One {
    requests: Option<Decided<u32>>,
    per: Option<Decided<Duration>>,
    burst: Option<Decided<u32>>,
    conditions: Conditions,
    origin: Origin,
    span: Span,
}

/// Takes away what weaker layers said, as this one says.
pub(super) fn remove(level: &Level<'_>, laid: &mut Laid, found: &mut Diagnostics) {
    let mut removals = Removals::of(level, "rate-limit", |removal| Some(removal.key.value.clone()));
    removals.take(|name| laid.0.remove(name).is_some());
    for said in level.bodies.iter().flat_map(|body| &body.own.rate_limits) {
        removals.check_added(&said.name.value, &said.name.value, said.name.span, found);
    }
    removals.finish(found);
}

/// Lays the `rate-limit` nodes of a block over the weaker ones: each by its name, part by part.
pub(super) fn lay(laying: &mut Laying<'_>, laid: &mut Laid, said: &[intent::RateLimit]) {
    for node in said {
        let intent::RateLimit { name, requests, per, burst, conditions: own, span } = node;
        let origin = laying.origin(*span);
        let fresh =
            || One { requests: None, per: None, burst: None, conditions: Conditions::default(), origin, span: *span };
        let one = laid.0.entry(name.value.clone()).or_insert_with(fresh);
        one.span = *span;
        laying.part(&mut one.requests, requests, "the number of requests");
        laying.part(&mut one.per, per, "`per`");
        laying.part(&mut one.burst, burst, "`burst`");
        lay_conditions(&mut one.conditions, conditions(own));
    }
}

/// Each line is a part of its own, and a header each.
fn lay_conditions(weaker: &mut Conditions, own: Conditions) {
    let Narrowing { methods, paths, headers, ports: _, hosts: _, tokens: _, not: _ } = own.into();
    weaker.methods = methods.or_else(|| weaker.methods.take());
    if !paths.is_empty() {
        weaker.paths = paths;
    }
    weaker.headers.retain(|old| headers.iter().all(|new| new.name.value != old.name.value));
    weaker.headers.extend(headers);
    weaker.headers.sort_by(|one, other| one.name.value.cmp(&other.name.value));
}

/// Closes the limits of a service, by name.
pub(super) fn complete(laid: Laid, found: &mut Diagnostics) -> Vec<RateLimit> {
    laid.0.into_iter().filter_map(|(name, one)| close(name, one, found)).collect()
}

fn close(name: SmolStr, one: One, found: &mut Diagnostics) -> Option<RateLimit> {
    let One { requests, per, burst, conditions, origin, span } = one;
    if requests.is_none() {
        found.push(
            Diagnostic::new(&MISSING_ARGUMENT, format!("`rate-limit {name}` needs a number of requests"))
                .at(span, "no layer says how many")
                .help(format!("write `rate-limit {name} 100 per=\"1s\"`")),
        );
    }
    if per.is_none() {
        found.push(
            Diagnostic::new(&MISSING_PROPERTY, format!("`rate-limit {name}` needs `per=`"))
                .at(span, "no layer says in which time")
                .help("say it: `per=\"1s\"`"),
        );
    }
    let (requests, per) = (requests?, per?);
    check_burst(&requests, burst.as_ref(), found);
    if per.value < SHORTEST {
        found.push(
            Diagnostic::new(&OUT_OF_RANGE, format!("expected at least `{SHORTEST}`, found `{}`", per.value))
                .at_known(per.span(), "shorter than what can be kept")
                .note("Envoy refills the bucket of a limit no more often than every 50 ms, and refuses a shorter time")
                .help("say how many in a longer time"),
        );
    }
    Some(RateLimit { name, requests, per, burst, conditions, origin })
}

fn check_burst(requests: &Decided<u32>, burst: Option<&Decided<u32>>, found: &mut Diagnostics) {
    let Some(burst) = burst.filter(|burst| burst.value < requests.value) else { return };
    let fault = Diagnostic::new(
        &OUT_OF_RANGE,
        format!("expected a `burst` of at least {}, found `{}`", requests.value, burst.value),
    )
    .at_known(burst.span(), "fewer than what comes in each time")
    .note("the bucket would overflow each time it is refilled, so that fewer requests than said would pass");
    let fault = match requests.span() {
        Some(span) => fault.related(span, "so many come in each time"),
        None => fault,
    };
    found.push(match burst.span() {
        Some(span) => fault.fix("let as many pass at once", span, requests.value.to_string()),
        None => fault,
    });
}
