//! A list of rules at a door of a gateway that changes requests on their way: what the service asks for is asked for
//! elsewhere, and what the door and a route change is one change.

use super::new_path;
use crate::ir::{self, Exposure, NewPath, Paths, RequestMatch};
use crate::manifest::Traced;
use crate::manifest::istio::{HttpMatch, Rewrite};
use crate::source::Decided;
use crate::value::{Path, PathKind};
use std::borrow::Cow;
use std::cmp::Reverse;

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

    /// The kinds of request that a rule is for, each on one pattern, the longest first: where the door changes paths, what
    /// takes the place of a pattern differs with it. Nothing where one rule will do.
    pub(super) fn one_by_one(&self, own: Option<&ir::Rewrite>, matches: &[&RequestMatch]) -> Option<Vec<RequestMatch>> {
        let is_prefix = matches!(own.and_then(|own| own.path.as_ref()), Some(NewPath::Prefix(_)));
        if !is_prefix || self.path.is_none() {
            return None;
        }
        let mut found: Vec<(usize, RequestMatch)> = Vec::new();
        for request in matches {
            match request.lines.paths.as_slice() {
                [Paths::Patterns { patterns, ignore_case }] => {
                    for pattern in patterns {
                        let mut one = (*request).clone();
                        let patterns = vec![pattern.clone()];
                        one.lines.paths = vec![Paths::Patterns { patterns, ignore_case: *ignore_case }];
                        found.push((pattern.value.stem().len(), one));
                    }
                }
                _ => found.push((0, (*request).clone())),
            }
        }
        found.sort_by_key(|(length, _)| Reverse(*length));
        Some(found.into_iter().map(|(_, request)| request).collect())
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
            (Some(own), _, _) => new_path::rewrite(&self.widened(own, matches), entries, &asked),
            (None, Some(outer), Some(path)) => new_path::rewrite_of(outer, entries, path),
            (None, _, _) => Rewrite::default(),
        };
        let outer = self.exposure.rewrite.as_ref().and_then(|outer| outer.value.host.as_ref());
        let host = own.and_then(|own| own.value.host.as_ref()).or(outer);
        let rewrite = Rewrite { authority: host.map(|host| host.text().clone()), ..path };
        Some(Traced::new(Box::new(rewrite), said.origin))
    }

    /// What takes the place of a pattern that is wider than what comes by this door: with the part between the two.
    fn widened(&self, own: &NewPath, matches: &[&RequestMatch]) -> NewPath {
        let NewPath::Prefix(prefix) = own else { return own.clone() };
        let pattern = matches.iter().find_map(|request| match request.lines.paths.as_slice() {
            [Paths::Patterns { patterns, .. }] => patterns.first().map(|pattern| &pattern.value),
            _ => None,
        });
        let all = Path::all();
        let pattern = pattern.unwrap_or(&all);
        let seen = self.path.and_then(|path| self.exposure.seen(path));
        let is_wider = |seen: &Path| pattern.kind() == PathKind::Below && seen.stem().len() > pattern.stem().len();
        let moved = seen.filter(is_wider).and_then(|seen| {
            let root = prefix.text().trim_end_matches('/');
            Path::parse(seen.rebased(pattern.stem(), root)?.stem()).ok()
        });
        moved.map_or_else(|| own.clone(), NewPath::Prefix)
    }
}
