use crate::check::Subject;
use crate::check::access::wider;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Caller, Conditions, Grant, Mesh, NamespaceId, Service, Token};
use crate::source::Spanned;
use crate::value::{HostPattern, Path};

pub(super) static CODE: Code = code!("token-bypassed", Warning, "a grant with a token beside a wider one without");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for service in &mesh.services {
        for (caller, token, other) in bypassed(mesh, &service.grants) {
            if !is_needed_anyway(service, &token) {
                let fault = fault(mesh, (&service.name, service.namespace), (caller, &token), other);
                found.push(reaching(fault, token.origin, service));
            }
        }
    }
    for gateway in &mesh.gateways {
        for (caller, token, other) in bypassed(mesh, &gateway.grants) {
            found.push(fault(mesh, (&gateway.name, gateway.namespace), (caller, &token), other));
        }
    }
}

/// Each caller whom one of these grants asks for a token, with the grant that lets it in without.
fn bypassed<'m>(mesh: &Mesh, grants: &'m [Grant]) -> Vec<(&'m Caller, Token, &'m Grant)> {
    let mut bypassed = Vec::new();
    for grant in grants {
        let Some(token) = grant.conditions.token() else { continue };
        for caller in &grant.callers {
            let other = grants.iter().find(|other| lets_in(mesh, other, (grant, caller)));
            bypassed.extend(other.map(|other| (caller, token.clone(), other)));
        }
    }
    bypassed
}

/// Whether the service itself asks everybody for such a token, so that no grant gets round it.
fn is_needed_anyway(service: &Service, token: &Token) -> bool {
    let asks = |other: &Token| !other.is_optional && other.issuers.iter().all(|it| token.takes(it.issuer));
    token.claims.is_empty() && service.tokens.iter().any(|rule| rule.conditions.is_empty() && asks(&rule.token))
}

/// Whether `other` lets in all that `grant` lets `caller` do, without a token.
fn lets_in(mesh: &Mesh, other: &Grant, (grant, caller): (&Grant, &Caller)) -> bool {
    let wider = wider(mesh, caller.peer);
    let holds = other.callers.iter().any(|other| other.peer == caller.peer || wider.contains(&other.peer));
    holds && other.conditions.token().is_none() && covers(&other.conditions, &grant.conditions)
}

/// Whether every request for which `inner` holds is one for which `outer` holds, tokens apart.
fn covers(outer: &Conditions, inner: &Conditions) -> bool {
    let methods: Vec<_> = outer.named_methods().collect();
    let mut named = inner.named_methods().peekable();
    let by_method = methods.is_empty() || (named.peek().is_some() && named.all(|method| methods.contains(&method)));
    by_method
        && list(&outer.paths, &inner.paths, Path::covers)
        && list(&outer.hosts, &inner.hosts, HostPattern::covers)
        && list(&outer.ports, &inner.ports, |a, b| a == b)
        && outer.headers.iter().all(|header| inner.headers.contains(header))
        && outer.not.is_none()
}

fn list<T>(outer: &[Spanned<T>], inner: &[Spanned<T>], covers: impl Fn(&T, &T) -> bool) -> bool {
    let held = |b: &Spanned<T>| outer.iter().any(|a| covers(&a.value, &b.value));
    outer.is_empty() || (!inner.is_empty() && inner.iter().all(held))
}

fn fault(
    mesh: &Mesh,
    (callee, home): (&str, NamespaceId),
    (caller, token): (&Caller, &Token),
    other: &Grant,
) -> Diagnostic {
    let name = caller.peer.name(mesh, home);
    let fault = Diagnostic::new(&CODE, format!("`{name}` gets into `{callee}` without this token too"))
        .at_known(token.origin.span, "another grant does not ask for it")
        .note("grants add up: a request is let in by the first that fits, and this one fits without a token");
    let fault = match other.origin.span {
        Some(span) => fault.related(span, format!("lets `{name}` in without")),
        None => fault,
    };
    fault.help("ask for the token in the wider grant too, or take one of the two out")
}
