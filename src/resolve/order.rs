//! One order of what layers collect. These are sets; were they left in the order of the files, to rename a file would
//! change the output.

use crate::ir::{
    Call, Claim, Conditions, Exposure, Grant, HeaderCondition, IssuerId, Predicate, RequestMatch, Token, TokenRule,
    Wanted,
};
use crate::source::Spanned;
use crate::value::{ClaimName, ClaimValue, HeaderName, Method, Path};
use std::cmp::Ordering;

/// Puts grants or denials in order: by callers, then by conditions.
pub(super) fn grants(grants: &mut [Grant]) {
    grants.sort_by(|a, b| {
        let callers = a.callers.iter().map(|caller| caller.peer).cmp(b.callers.iter().map(|caller| caller.peer));
        callers.then_with(|| conditions(&a.conditions, &b.conditions))
    });
}

fn conditions(a: &Conditions, b: &Conditions) -> Ordering {
    let Conditions { methods, paths, ports, hosts, headers, tokens, not } = a;
    let methods = methods.as_ref().map(|said| &said.value).cmp(&b.methods.as_ref().map(|said| &said.value));
    methods
        .then_with(|| values(paths, &b.paths))
        .then_with(|| values(ports, &b.ports))
        .then_with(|| values(hosts, &b.hosts))
        .then_with(|| of_headers(headers).cmp(of_headers(&b.headers)))
        .then_with(|| tokens.iter().map(token).cmp(b.tokens.iter().map(token)))
        .then_with(|| match (not, &b.not) {
            (Some(not), Some(other)) => conditions(not, other),
            (None, None) => Ordering::Equal,
            (Some(_), None) => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
        })
}

fn of_headers(headers: &[HeaderCondition]) -> impl Iterator<Item = (&HeaderName, &Wanted)> {
    headers.iter().map(|header| (&header.name.value, &header.value))
}

/// Puts what is asked for in order: by issuers and claims, then by conditions.
pub(super) fn tokens(rules: &mut [TokenRule]) {
    rules.sort_by(|a, b| {
        let said = token(&a.token).cmp(&token(&b.token));
        said.then_with(|| conditions(&a.conditions, &b.conditions))
    });
}

type TokenKey<'m> = (Vec<IssuerId>, Vec<(&'m ClaimName, &'m [ClaimValue])>, bool);

fn token(token: &Token) -> TokenKey<'_> {
    let Token { issuers, claims, is_optional, origin: _ } = token;
    (issuers.iter().map(|signer| signer.issuer).collect(), claims.iter().map(claim).collect(), *is_optional)
}

fn claim(Claim { name, values }: &Claim) -> (&ClaimName, &[ClaimValue]) {
    (&name.value, values)
}

/// Compares what is said, wherever it is said.
fn values<T: Ord>(a: &[Spanned<T>], b: &[Spanned<T>]) -> Ordering {
    a.iter().map(|said| &said.value).cmp(b.iter().map(|said| &said.value))
}

/// Puts calls in order, by what is called.
pub(super) fn calls(calls: &mut [Call]) {
    calls.sort_by_key(|call| call.callee);
}

/// Puts exposures in order: by gateway, door and paths.
pub(super) fn exposures(exposures: &mut [Exposure]) {
    exposures.sort_by(|a, b| {
        let door = (a.gateway, &a.door.value).cmp(&(b.gateway, &b.door.value));
        door.then_with(|| values(&a.paths, &b.paths))
    });
}

/// Puts the matches of a canary in order, by their parts.
pub(super) fn matches(matches: &mut [RequestMatch]) {
    matches.sort_by(|a, b| request(a).cmp(&request(b)));
}

type Pairs<'m> = Vec<(&'m HeaderName, &'m Predicate)>;

type RequestKey<'m> = (Pairs<'m>, Pairs<'m>, Pairs<'m>, &'m [Method], &'m [Path]);

fn request(request: &RequestMatch) -> RequestKey<'_> {
    let RequestMatch { headers, cookies, queries, methods, paths, origin: _ } = request;
    (pairs(headers), pairs(cookies), pairs(queries), methods, paths)
}

fn pairs(list: &[(Spanned<HeaderName>, Predicate)]) -> Pairs<'_> {
    list.iter().map(|(name, predicate)| (&name.value, predicate)).collect()
}
