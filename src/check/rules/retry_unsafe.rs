use crate::check::Subject;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Grant, RequestMatch, Retries, Retry, Service};
use crate::value::Method;

pub(super) static CODE: Code = code!("retry-unsafe", Warning, "a retry that may do a thing twice");

/// Failures after which the service may have done what was asked.
const UNSAFE: [&str; 2] = ["5xx", "reset"];
/// Failures after which it has not.
const SAFE: [&str; 3] = ["connect-failure", "refused-stream", "reset-before-request"];
/// Methods whose repetition is not the same as one request (RFC 9110 calls the others idempotent).
const NOT_IDEMPOTENT: [&str; 2] = ["POST", "PATCH"];

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for service in &subject.mesh.services {
        if service.grants.iter().any(|grant| takes_posts(service, grant)) {
            check(service, &service.retry, found);
        }
        for route in service.routes.iter().filter(|route| route.handling.retry.origin() != service.retry.origin()) {
            let lets = |request: &RequestMatch| lets_posts(&request.lines.methods);
            let is_open = service.grants.iter().any(|grant| takes_posts(service, grant));
            if is_open && (route.matches.is_empty() || route.matches.iter().any(lets)) {
                check(service, &route.handling.retry, found);
            }
        }
        for exposure in service.exposures.iter().filter(|exposure| lets_posts(&exposure.methods)) {
            check(service, &exposure.retry, found);
        }
    }
}

fn takes_posts(service: &Service, grant: &Grant) -> bool {
    let ports = &grant.conditions.ports;
    let mut open = service
        .http_ports()
        .filter(|port| ports.is_empty() || ports.iter().any(|named| named.value == port.number.value));
    open.next().is_some() && grant.conditions.methods.as_ref().is_none_or(|methods| lets_posts(&methods.value))
}

fn lets_posts(methods: &[Method]) -> bool {
    let is_one = |method: &Method| match method {
        Method::Any => true,
        Method::Named(name) => NOT_IDEMPOTENT.contains(&name.as_str()),
    };
    methods.is_empty() || methods.iter().any(is_one)
}

fn check(service: &Service, retry: &Retry, found: &mut Diagnostics) {
    let Retry::On(retries) = retry else { return };
    let Some(condition) = UNSAFE.into_iter().find(|condition| retries.on.value.iter().any(|on| on == condition)) else {
        return;
    };
    let fault = Diagnostic::new(&CODE, format!("a retry on `{condition}` can do the same thing twice"))
        .at_known(retries.on.span(), "retried after the service may have done what was asked")
        .note("the proxies retry a POST like a GET, whatever had been done before the failure");
    let fault = match retries.on.span() {
        Some(span) => fault.fix("retry only what cannot have reached the service", span, safe(retries)),
        None => fault,
    };
    found.push(reaching(fault, retries.on.origin, service));
}

/// The same `on` with what is safe in place of what is not.
fn safe(retries: &Retries) -> String {
    let kept = retries.on.value.iter().map(smol_str::SmolStr::as_str).filter(|on| !UNSAFE.contains(on));
    let mut words: Vec<String> = vec!["on".to_owned()];
    words.extend(SAFE.map(str::to_owned));
    words.extend(
        kept.filter(|on| !SAFE.contains(on))
            .map(|on| if on == "envoy-ratelimited" { "rate-limited".to_owned() } else { on.to_owned() }),
    );
    words.join(" ")
}
