use super::headers::literal;
use crate::ir::{Service, Sticky};
use crate::manifest::Traced;
use crate::manifest::istio::{HeaderOperations, Headers, RouteDestination};
use crate::source::Decided;
use smol_str::{SmolStr, format_smolstr};

/// Adds to each share of the canary the cookie that leads back to it.
pub(super) fn mark(service: &Service, shares: Vec<RouteDestination>) -> Vec<RouteDestination> {
    let Some((_, sticky)) = service.splitting() else { return shares };
    let marked = |share: RouteDestination| {
        let version = share.destination.subset.as_deref().cloned();
        let headers = version.map(|version| setting(sticky, &version));
        RouteDestination { headers: headers.or(share.headers), ..share }
    };
    shares.into_iter().map(marked).collect()
}

fn setting(sticky: &Sticky, version: &SmolStr) -> Headers {
    let age = sticky.ttl.as_ref().map(|ttl: &Decided<_>| ttl.value.milliseconds() / 1_000);
    let age = age.map_or(SmolStr::default(), |seconds| format_smolstr!("; Max-Age={seconds}"));
    let cookie = format_smolstr!("{}={version}; Path=/{age}; HttpOnly; SameSite=Lax", sticky.cookie.value);
    let add = vec![(SmolStr::new_static("set-cookie"), Traced::new(literal(&cookie), sticky.origin))];
    let response = Some(HeaderOperations { add, ..HeaderOperations::default() });
    Headers { request: None, response }
}
