//! A list of rules at a door of a gateway that changes requests on their way: what the service asks for is asked for
//! elsewhere, and what the door and a route change is one change.

use super::new_path;
use crate::ir::{self, Exposure, NewPath, Paths, RequestMatch};
use crate::manifest::Traced;
use crate::manifest::istio::{HttpMatch, Rewrite};
use crate::source::{Decided, Spanned};
use crate::value::{Path, PathKind};
use std::borrow::Cow;
use std::cmp::Reverse;
use thin_vec::thin_vec;

/// An exposure with the one path of it that the list is for, where the exposure changes paths.
#[derive(Clone, Copy)]
pub(super) struct Rewriting<'m> {
    pub(super) exposure: &'m Exposure,
    pub(super) path: Option<&'m Path>,
}

impl Rewriting<'_> {
    /// A kind of request as it is asked for here; nothing where none is of this kind.
    pub(super) fn asked<'r>(&self, request: &'r RequestMatch) -> Option<Cow<'r, RequestMatch>> {
        match self.path {
            Some(path) => self.exposure.request_at(path, request).map(Cow::Owned),
            None => Some(Cow::Borrowed(request)),
        }
    }

    /// A path of the service as its clients know it; as it is where it lies outside of what they can ask for here.
    pub(super) fn told(&self, path: &Path) -> Path {
        let asked = self.path.and_then(|own| self.exposure.asked_at(own, path).into_iter().next());
        asked.unwrap_or_else(|| path.clone())
    }

    /// The kinds of request that a rule is for, each inside of one pattern of its route, the longest first: where the door
    /// changes paths, what takes the place of a pattern differs with it. Nothing where one rule will do.
    pub(super) fn one_by_one(
        &self,
        own: Option<&ir::Rewrite>,
        matches: &[&RequestMatch],
        route: &[&RequestMatch],
    ) -> Option<Vec<(RequestMatch, RequestMatch)>> {
        let is_prefix = matches!(own.and_then(|own| own.path.as_ref()), Some(NewPath::Prefix(_)));
        if !is_prefix || self.path.is_none() {
            return None;
        }
        let mut found: Vec<_> =
            matches.iter().flat_map(|request| each_pattern(request, around(request, route))).collect();
        found.sort_by_key(|(_, inside)| Reverse(patterns(inside).next().map_or(0, |pattern| pattern.stem().len())));
        Some(found)
    }

    /// How requests are changed: by the route over what the door changes. `matches` are as the service knows them.
    pub(super) fn rewrite(
        &self,
        own: Option<&Decided<Box<ir::Rewrite>>>,
        entries: &[&HttpMatch],
        matches: &[&RequestMatch],
    ) -> Option<Traced<Box<Rewrite>>> {
        let said = own.or(self.exposure.rewrite.as_ref())?;
        let asked: Vec<Cow<'_, RequestMatch>> = matches.iter().filter_map(|request| self.asked(request)).collect();
        let asked: Vec<&RequestMatch> = asked.iter().map(|request| &**request).collect();
        let path = match (own.and_then(|own| own.value.path.as_ref()), self.exposure.new_path(), self.path) {
            // Who asks for no path asks for all that is open here.
            (Some(own), _, Some(path)) if asked.iter().all(|request| request.lines.paths.is_empty()) => {
                new_path::rewrite_of(&self.widened(own, matches), entries, path)
            }
            (Some(own), _, _) => new_path::rewrite(&self.widened(own, matches), entries, &asked),
            (None, Some(outer), Some(path)) => new_path::rewrite_of(outer, entries, path),
            (None, _, _) => Rewrite::default(),
        };
        let outer = self.exposure.rewrite.as_ref().and_then(|outer| outer.value.host.as_ref());
        let host = own.and_then(|own| own.value.host.as_ref()).or(outer);
        let rewrite = Rewrite { authority: host.map(|host| host.text().clone()), ..path };
        Some(Traced::new(Box::new(rewrite), said.origin))
    }

    /// What takes the place of a pattern that is wider than what comes by this door: with the part between the two. Where
    /// all that comes is on one path for the service, one path takes its place, whatever was asked for.
    fn widened(&self, own: &NewPath, matches: &[&RequestMatch]) -> NewPath {
        let NewPath::Prefix(prefix) = own else { return own.clone() };
        let seen = self.path.and_then(|path| self.exposure.seen(path));
        let holds = |pattern: &&Path| seen.as_ref().is_none_or(|seen| pattern.common(seen).is_some());
        let pattern = matches.iter().flat_map(|request| patterns(request)).filter(holds);
        let all = Path::all();
        let pattern = pattern.max_by_key(|pattern| pattern.stem().len()).unwrap_or(&all);
        let alone = seen.as_ref().filter(|seen| seen.kind() == PathKind::Exact);
        if let Some(path) = alone.and_then(|seen| seen.moved(pattern, prefix)) {
            return NewPath::Whole(path);
        }
        let is_wider = |seen: &Path| pattern.kind() == PathKind::Below && seen.stem().len() > pattern.stem().len();
        let moved = seen.filter(is_wider).and_then(|seen| {
            let root = prefix.text().trim_end_matches('/');
            Path::parse(seen.rebased(pattern.stem(), root)?.stem()).ok()
        });
        moved.map_or_else(|| own.clone(), NewPath::Prefix)
    }
}

/// The path of a redirect: as it is said, or as it is behind a door that changes paths.
pub(super) fn redirected(
    door: Option<Rewriting<'_>>,
    redirect: &ir::Redirect,
    matches: &[&RequestMatch],
) -> Option<NewPath> {
    let own = redirect.path.as_ref()?;
    Some(door.map_or_else(|| own.clone(), |door| door.widened(own, matches)))
}

/// The match of a route inside of which a kind of request lies: what a canary asks for besides stands before it.
fn around<'r>(request: &'r RequestMatch, route: &[&'r RequestMatch]) -> &'r RequestMatch {
    let own = route.iter().filter(|own| request.lines.paths.ends_with(&own.lines.paths));
    own.max_by_key(|own| own.lines.paths.len()).copied().unwrap_or(request)
}

/// A kind of request once for each pattern of the match around it, with that match on this pattern alone.
fn each_pattern(request: &RequestMatch, around: &RequestMatch) -> Vec<(RequestMatch, RequestMatch)> {
    let [Paths::Patterns { patterns, ignore_case }] = around.lines.paths.as_slice() else {
        return vec![(request.clone(), around.clone())];
    };
    let of_pattern = |pattern: &Spanned<Path>| {
        let one = Paths::Patterns { patterns: vec![pattern.clone()], ignore_case: *ignore_case };
        let (mut request, mut around) = (request.clone(), around.clone());
        request.lines.paths.pop();
        request.lines.paths.push(one.clone());
        around.lines.paths = thin_vec![one];
        (request, around)
    };
    patterns.iter().map(of_pattern).collect()
}

/// The patterns of a request that has one list of them.
fn patterns(request: &RequestMatch) -> impl Iterator<Item = &Path> {
    let said = match request.lines.paths.as_slice() {
        [Paths::Patterns { patterns, .. }] => patterns.as_slice(),
        _ => &[],
    };
    said.iter().map(|pattern| &pattern.value)
}
