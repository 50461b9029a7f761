//! One order of what layers collect. These are sets; were they left in the order of the files, to rename a file would
//! change the output.

use crate::ir::{
    Call, Claim, Conditions, Exposure, Grant, HeaderCondition, IssuerId, Lines, Narrowing, Paths, Peer, Predicate,
    RequestMatch, Token, TokenRule, Wanted,
};
use crate::source::Spanned;
use crate::value::{self, ClaimName, ClaimValue, HeaderName, HostPattern, Method, Path, Regex, Scheme};
use std::cmp::Ordering;

/// Puts grants or denials in order: by callers, then by conditions.
pub(super) fn grants(grants: &mut [Grant]) {
    grants.sort_by(|a, b| {
        let callers = a.callers.iter().map(|caller| caller.peer).cmp(b.callers.iter().map(|caller| caller.peer));
        callers.then_with(|| conditions(&a.conditions, &b.conditions))
    });
}

fn conditions(a: &Conditions, b: &Conditions) -> Ordering {
    let Narrowing { methods, paths, ports, hosts, headers, tokens, not } = &**a;
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

/// Exposures in order: by gateway, door and paths.
pub(super) fn exposures(exposures: impl Iterator<Item = Exposure>) -> Vec<Exposure> {
    let mut exposures: Vec<Exposure> = exposures.collect();
    exposures.sort_by(|a, b| {
        let door = (a.gateway, &a.door.value).cmp(&(b.gateway, &b.door.value));
        door.then_with(|| values(&a.paths, &b.paths))
    });
    exposures
}

/// Puts the matches of a canary in order, by their parts.
pub(super) fn matches(matches: &mut [RequestMatch]) {
    matches.sort_by(|a, b| request(a).cmp(&request(b)));
}

type Pairs<'m> = Vec<(&'m HeaderName, &'m Predicate)>;

/// The lines of a match: what is said of headers, of the rest of a request, and of where it comes from and goes to.
type LinesKey<'m> = ([Pairs<'m>; 3], Claims<'m>, OfRequest<'m>, OfPlace<'m>);
type Claims<'m> = Vec<(&'m ClaimName, &'m [ClaimValue])>;
type OfRequest<'m> = (&'m [Method], Vec<&'m Path>, bool, Option<&'m Regex>, &'m [Scheme]);
type OfPlace<'m> = (Vec<&'m HostPattern>, Vec<&'m value::Port>, Vec<Peer>);

fn request(request: &RequestMatch) -> (LinesKey<'_>, Option<LinesKey<'_>>) {
    (key(&request.lines), request.not.as_deref().map(key))
}

fn key(lines: &Lines) -> LinesKey<'_> {
    // A canary has no condition of a connection, so there is none to sort by.
    let Lines {
        headers,
        cookies,
        queries,
        claims,
        methods,
        paths,
        hosts,
        schemes,
        ports,
        from,
        server_names: _,
        destinations: _,
    } = lines;
    let (patterns, ignore_case, regex) = match paths.first() {
        None => (Vec::new(), false, None),
        Some(Paths::Patterns { patterns, ignore_case }) => (bare(patterns), *ignore_case, None),
        Some(Paths::Regex(regex)) => (Vec::new(), false, Some(&regex.value)),
    };
    (
        [pairs(headers), pairs(cookies), pairs(queries)],
        claims.iter().map(claim).collect(),
        (methods, patterns, ignore_case, regex, schemes),
        (bare(hosts), bare(ports), from.iter().map(|caller| caller.peer).collect()),
    )
}

fn bare<T>(list: &[Spanned<T>]) -> Vec<&T> {
    list.iter().map(|said| &said.value).collect()
}

fn pairs(list: &[(Spanned<HeaderName>, Predicate)]) -> Pairs<'_> {
    list.iter().map(|(name, predicate)| (&name.value, predicate)).collect()
}
