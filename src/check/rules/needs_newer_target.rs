use crate::check::Subject;
use crate::check::actions::handled;
use crate::check::resilience::{breakers, resilience};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Action, Mesh, NewPath, Resilience, Resolution, Retry};
use crate::source::Span;
use crate::value::{Decimal, Target};
use crate::verbatim::{self, Entry, Kind, Node, Value};

pub(super) static CODE: Code = code!("needs-newer-target", Error, "a word that the target's release does not know");

/// `retryBudget` came into Istio's API in June 2025; 1.27 is the first release made after that.
const RETRY_BUDGET: Target = Target::of_minor(27);
/// `retryBudget.budgetInterval` came in June 2026. Late patches of 1.30 have it too, and a target does not name patches.
const BUDGET_INTERVAL: Target = Target::of_minor(31);
/// `credentialNames` came in April 2025; 1.27 is the first release that has it for certain.
const TWO_CERTIFICATES: Target = Target::of_minor(27);
/// `spaceDelimitedClaims` came with 1.28.
const SPACE_DELIMITED: Target = Target::of_minor(28);
/// `http2KeepAlive` is in no release before the late patches of 1.30, and a target does not name patches.
const HTTP2_KEEPALIVE: Target = Target::of_minor(31);
/// `warmup` took the place of `warmupDurationSecs` in 1.24.
const WARM_UP: Target = Target::of_minor(24);
/// Before 1.29 Istio refuses an `aggression` below 1.
const GENTLE_WARM_UP: Target = Target::of_minor(29);

/// `retries.backoff` and `retryIgnorePreviousHosts` came with 1.26.
const RETRY_PARTS: Target = Target::of_minor(26);
/// `redirect.prefixRewrite` is in no release of 1.30: the API server would drop it, and the redirect would lead to itself.
const REDIRECT_PREFIX: Target = Target::of_minor(31);
/// `corsPolicy.unmatchedPreflights` came with 1.23.
const UNMATCHED_PREFLIGHT: Target = Target::of_minor(23);

/// `DYNAMIC_DNS` came to sidecars with 1.31.
const DYNAMIC_DNS: Target = Target::of_minor(31);

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for budget in mesh.services.iter().flat_map(breakers).filter_map(|breaker| breaker.retry_budget.as_ref()) {
        match &budget.value.interval {
            Some(_) => need(mesh, "the `interval` of a `retry-budget`", BUDGET_INTERVAL, budget.span(), found),
            None => need(mesh, "`retry-budget`", RETRY_BUDGET, budget.span(), found),
        }
    }
    for claims in mesh.issuers.iter().filter_map(|issuer| issuer.space_delimited.as_ref()) {
        need(mesh, "`space-delimited`", SPACE_DELIMITED, claims.span(), found);
    }
    for said in mesh.services.iter().flat_map(resilience) {
        check_resilience(mesh, said, found);
    }
    for external in mesh.externals.iter().filter(|external| external.resolution.value == Resolution::DynamicDns) {
        need(mesh, "`resolution dynamic-dns`", DYNAMIC_DNS, external.resolution.span(), found);
    }
    retries_and_routes(mesh, found);
    for patch in &mesh.patches {
        fields(mesh, patch.kind, &patch.body, found);
    }
    for carried in &mesh.carried {
        fields(mesh, carried.kind, &carried.body, found);
    }
    for listener in mesh.gateways.iter().flat_map(|gateway| &gateway.listeners) {
        if let Some(second) = listener.certificates.get(1) {
            need(mesh, "a second certificate", TWO_CERTIFICATES, second.span(), found);
        }
    }
}

fn retries_and_routes(mesh: &Mesh, found: &mut Diagnostics) {
    let of_services = mesh.services.iter().flat_map(|service| {
        let routes = service.routes.iter().map(|route| &route.handling.retry);
        [&service.retry].into_iter().chain(routes).chain(service.exposures.iter().map(|exposure| &exposure.retry))
    });
    for retry in of_services.chain(mesh.externals.iter().map(|external| &external.retry)).chain([&mesh.defaults.retry])
    {
        let Retry::On(retries) = retry else { continue };
        if let Some(backoff) = &retries.backoff {
            need(mesh, "the `backoff` of a `retry`", RETRY_PARTS, backoff.span(), found);
        }
        if let Some(avoid) = &retries.avoid_tried {
            need(mesh, "`avoid-tried`", RETRY_PARTS, avoid.span(), found);
        }
    }
    for action in mesh.services.iter().flat_map(|service| &service.routes).filter_map(|route| route.action.as_ref()) {
        if matches!(&action.value, Action::Redirect(redirect) if matches!(redirect.path, Some(NewPath::Prefix(_)))) {
            need(mesh, "the `prefix` of a `redirect`", REDIRECT_PREFIX, action.span(), found);
        }
    }
    for cors in handled(mesh).filter_map(|handled| handled.actions.cors.as_deref()) {
        if let Some(forwards) = &cors.forwards_unmatched {
            need(mesh, "`unmatched-preflight`", UNMATCHED_PREFLIGHT, forwards.span(), found);
        }
    }
}

/// The fields of a text in a kind's own words.
fn fields(mesh: &Mesh, kind: &Kind, body: &Node, found: &mut Diagnostics) {
    let mut open = vec![(String::new(), body)];
    while let Some((path, node)) = open.pop() {
        if let Value::List(items) = &node.value {
            open.extend(items.iter().rev().map(|item| (path.clone(), item)));
        }
        for Entry { key, origin, node } in node.entries() {
            let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
            match verbatim::since(kind.name, &path).map(Target::of_minor).filter(|since| *since > mesh.target.value) {
                Some(since) => {
                    let span = origin.and_then(|origin| origin.span);
                    need(mesh, &format!("`{}.{path}`", kind.name), since, span, found);
                }
                None => open.push((path, node)),
            }
        }
    }
}

fn check_resilience(mesh: &Mesh, said: &Resilience, found: &mut Diagnostics) {
    if let Some(keepalive) = said.connection.as_ref().and_then(|connection| connection.http2_keepalive.as_ref()) {
        need(mesh, "`http2-keepalive`", HTTP2_KEEPALIVE, keepalive.span(), found);
    }
    if let Some(warm_up) = &said.warm_up {
        need(mesh, "`warm-up`", WARM_UP, warm_up.duration.span(), found);
        if let Some(aggression) = warm_up.aggression.as_ref().filter(|aggression| aggression.value < Decimal::ONE) {
            need(mesh, "an `aggression` below 1", GENTLE_WARM_UP, aggression.span(), found);
        }
    }
}

fn need(mesh: &Mesh, word: &str, since: Target, span: Option<Span>, found: &mut Diagnostics) {
    let target = &mesh.target;
    if target.value >= since {
        return;
    }
    let fault = Diagnostic::new(&CODE, format!("{word} needs Istio {since}, and the target is {}", target.value))
        .at_known(span, format!("unknown to Istio {}", target.value))
        .note("the API server drops or refuses a field that the installed release does not know")
        .help(format!("take it out, or raise the target to {since} if that is what runs"));
    found.push(match target.span() {
        Some(span) => fault.related(span, "the target"),
        None => fault,
    });
}
