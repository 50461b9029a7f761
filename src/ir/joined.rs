use super::{Caller, Claim, Lines, Mesh, Predicate, RequestMatch};
use crate::source::{Span, Spanned};
use crate::value::{HeaderName, HeaderValue, HostPattern, Method};
use thin_vec::ThinVec;

/// Two matches that must both hold.
#[derive(Clone, Debug)]
pub enum Joined {
    /// As one match.
    One(Box<RequestMatch>),
    /// No request is of both.
    Never,
    /// Two patterns of one field that are no third pattern: where they stand.
    Apart(Span, Span),
}

/// Two lines of one field.
enum Line<T> {
    One(T),
    Never,
    Apart,
}

impl RequestMatch {
    /// This match and `other`, as one.
    pub fn and(&self, other: &RequestMatch, mesh: &Mesh) -> Joined {
        let mut lines = self.lines.clone();
        match lines.narrow(&other.lines, mesh) {
            Ok(true) => {}
            Ok(false) => return Joined::Never,
            Err((one, other)) => return Joined::Apart(one, other),
        }
        let not = match (&self.not, &other.not) {
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => Some(one.clone()),
            (Some(one), Some(other)) => Some(Box::new(one.or(other))),
        };
        Joined::One(Box::new(RequestMatch { lines, not, origin: self.origin }))
    }
}

impl Lines {
    /// Adds what `other` asks for; whether anything is left.
    fn narrow(&mut self, other: &Lines, mesh: &Mesh) -> Result<bool, (Span, Span)> {
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
            server_names,
            destinations,
        } = other;
        let named = named(&mut self.headers, headers)?
            && named(&mut self.cookies, cookies)?
            && named(&mut self.queries, queries)?
            && narrow_claims(&mut self.claims, claims);
        self.paths.extend(paths.iter().cloned());
        Ok(named
            && common(&mut self.methods, &without_any(methods), |a, b| (a == b).then(|| a.clone()))
            && common(&mut self.hosts, hosts, narrower_host)
            && common(&mut self.schemes, schemes, |a, b| (a == b).then_some(*a))
            && common(&mut self.ports, ports, |a, b| (a.value == b.value).then(|| a.clone()))
            && common(&mut self.from, from, |a, b| narrower_caller(a, b, mesh))
            && common(&mut self.server_names, server_names, narrower_host)
            && common(&mut self.destinations, destinations, |a, b| (a.value == b.value).then(|| a.clone())))
    }

    /// The lines of both, of which a request has one.
    fn or(&self, other: &Lines) -> Lines {
        fn both<T: Clone>(one: &[T], other: &[T]) -> ThinVec<T> {
            one.iter().chain(other).cloned().collect()
        }
        Lines {
            headers: both(&self.headers, &other.headers),
            cookies: both(&self.cookies, &other.cookies),
            queries: both(&self.queries, &other.queries),
            claims: both(&self.claims, &other.claims),
            methods: both(&self.methods, &other.methods),
            paths: both(&self.paths, &other.paths),
            hosts: both(&self.hosts, &other.hosts),
            schemes: both(&self.schemes, &other.schemes),
            ports: both(&self.ports, &other.ports),
            from: both(&self.from, &other.from),
            server_names: both(&self.server_names, &other.server_names),
            destinations: both(&self.destinations, &other.destinations),
        }
    }
}

/// Adds claims of `other`, which are told apart by name; whether anything is left.
fn narrow_claims(list: &mut ThinVec<Claim>, other: &[Claim]) -> bool {
    for claim in other {
        match list.iter_mut().find(|own| own.name.value == claim.name.value) {
            Some(own) => own.values.retain(|value| claim.values.contains(value)),
            None => list.push(claim.clone()),
        }
    }
    list.iter().all(|claim| !claim.values.is_empty())
}

/// `any` says nothing.
fn without_any(methods: &[Method]) -> Vec<Method> {
    if methods.contains(&Method::Any) { Vec::new() } else { methods.to_vec() }
}

/// What two lists have in common, where an empty one says nothing; whether anything is left.
fn common<T: Clone>(list: &mut ThinVec<T>, other: &[T], both: impl Fn(&T, &T) -> Option<T>) -> bool {
    if other.is_empty() {
        return true;
    }
    if list.is_empty() {
        *list = other.into();
        return true;
    }
    let pairs = list.iter().flat_map(|one| other.iter().map(move |other| (one, other)));
    *list = pairs.filter_map(|(one, other)| both(one, other)).collect();
    !list.is_empty()
}

fn narrower_host(one: &Spanned<HostPattern>, other: &Spanned<HostPattern>) -> Option<Spanned<HostPattern>> {
    match (one.value.covers(&other.value), other.value.covers(&one.value)) {
        (true, _) => Some(other.clone()),
        (false, true) => Some(one.clone()),
        (false, false) => None,
    }
}

fn narrower_caller(one: &Caller, other: &Caller, mesh: &Mesh) -> Option<Caller> {
    match (one.peer.holds(other.peer, mesh), other.peer.holds(one.peer, mesh)) {
        (true, _) => Some(other.clone()),
        (false, true) => Some(one.clone()),
        (false, false) => None,
    }
}

type Pair = (Spanned<HeaderName>, Predicate);

/// Adds lines of `other` to those of one kind, which are told apart by name; whether anything is left.
fn named(list: &mut ThinVec<Pair>, other: &[Pair]) -> Result<bool, (Span, Span)> {
    for (name, predicate) in other {
        let Some((own, before)) = list.iter_mut().find(|(own, _)| own.value == name.value) else {
            list.push((name.clone(), predicate.clone()));
            continue;
        };
        match both(before, predicate) {
            Line::One(one) => *before = one,
            Line::Never => return Ok(false),
            Line::Apart => return Err((own.span, name.span)),
        }
    }
    Ok(true)
}

fn both(one: &Predicate, other: &Predicate) -> Line<Predicate> {
    match (one, other) {
        (Predicate::Present, rest) | (rest, Predicate::Present) => Line::One(rest.clone()),
        (Predicate::OneOf(a), Predicate::OneOf(b)) => some(a, |value| b.contains(value)),
        (Predicate::OneOf(values), Predicate::Prefix(prefix))
        | (Predicate::Prefix(prefix), Predicate::OneOf(values)) => {
            some(values, |value| value.text().starts_with(prefix.text().as_str()))
        }
        (Predicate::Prefix(a), Predicate::Prefix(b)) => {
            let (long, short) = if a.text().len() < b.text().len() { (b, a) } else { (a, b) };
            let is_inside = long.text().starts_with(short.text().as_str());
            if is_inside { Line::One(Predicate::Prefix(long.clone())) } else { Line::Never }
        }
        (Predicate::Regex(a), Predicate::Regex(b)) if a == b => Line::One(one.clone()),
        (Predicate::Regex(_), Predicate::Regex(_) | Predicate::OneOf(_) | Predicate::Prefix(_))
        | (Predicate::OneOf(_) | Predicate::Prefix(_), Predicate::Regex(_)) => Line::Apart,
    }
}

fn some(values: &[HeaderValue], fits: impl Fn(&HeaderValue) -> bool) -> Line<Predicate> {
    let kept: Vec<HeaderValue> = values.iter().filter(|value| fits(value)).cloned().collect();
    if kept.is_empty() { Line::Never } else { Line::One(Predicate::OneOf(kept)) }
}
