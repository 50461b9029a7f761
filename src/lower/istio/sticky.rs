use super::headers::literal;
use crate::ir::{Canary, Lines, Predicate, RequestMatch, Service, Sticky};
use crate::manifest::Traced;
use crate::manifest::istio::{HeaderOperations, Headers, RouteDestination};
use crate::source::{Decided, Spanned};
use crate::value::HeaderValue;
use smol_str::{SmolStr, format_smolstr};

/// Requests that stay with a version, and which: those that bring its cookie back. A hash does not hold a split, since
/// Envoy draws the share before it looks at the hash.
pub(super) fn kept(service: &Service) -> Vec<(usize, RequestMatch)> {
    let Some((canary, sticky)) = splitting(service) else { return Vec::new() };
    let origin = sticky.origin;
    let Some(span) = sticky.cookie.span().or(origin.span) else { return Vec::new() };
    let name = Spanned::new(sticky.cookie.value.clone(), span);
    let versions = [canary.candidate.value, canary.stable.value];
    let request = |at: usize| {
        let cookie = (name.clone(), Predicate::OneOf(vec![value(service, at)?]));
        let lines = Lines { cookies: vec![cookie], ..Lines::default() };
        Some((at, RequestMatch { lines, not: None, origin }))
    };
    versions.into_iter().filter_map(request).collect()
}

/// Adds to each share of the canary the cookie that leads back to it.
pub(super) fn mark(service: &Service, shares: Vec<RouteDestination>) -> Vec<RouteDestination> {
    let Some((_, sticky)) = splitting(service) else { return shares };
    let marked = |share: RouteDestination| {
        let version = share.destination.subset.as_deref().cloned();
        let headers = version.map(|version| setting(sticky, &version));
        RouteDestination { headers: headers.or(share.headers), ..share }
    };
    shares.into_iter().map(marked).collect()
}

/// The canary whose clients stay, while there is something to stay with: a client that is marked before a split begins
/// would never be part of it.
fn splitting(service: &Service) -> Option<(&Canary, &Sticky)> {
    let canary = service.canary.as_deref().filter(|canary| canary.is_split())?;
    Some((canary, canary.sticky.as_ref()?))
}

fn value(service: &Service, at: usize) -> Option<HeaderValue> {
    HeaderValue::parse(&service.versions.get(at)?.name.value).ok()
}

fn setting(sticky: &Sticky, version: &SmolStr) -> Headers {
    let age = sticky.ttl.as_ref().map(|ttl: &Decided<_>| ttl.value.milliseconds() / 1_000);
    let age = age.map_or(SmolStr::default(), |seconds| format_smolstr!("; Max-Age={seconds}"));
    let cookie = format_smolstr!("{}={version}; Path=/{age}; HttpOnly; SameSite=Lax", sticky.cookie.value);
    let add = vec![(SmolStr::new_static("set-cookie"), Traced::new(literal(&cookie), sticky.origin))];
    let response = Some(HeaderOperations { add, ..HeaderOperations::default() });
    Headers { request: None, response }
}
