//! How the service behind an exposure sees its requests: the gateway may rewrite their paths on the way.

use super::{Conditions, Door, Exposure, NewPath, Paths, RequestMatch, Route, Service};
use crate::source::Spanned;
use crate::value::{Host, HostPattern, Path, PathKind, ProtocolKind};
use std::borrow::Cow;

impl Exposure {
    /// What takes the place of the paths on the way to the service.
    pub fn new_path(&self) -> Option<&NewPath> {
        self.rewrite.as_ref().and_then(|rewrite| rewrite.value.path.as_ref())
    }

    /// What the service sees of one of the exposure's paths; nothing where an expression makes it, which may be anything.
    pub fn seen(&self, path: &Path) -> Option<Path> {
        match self.new_path() {
            None => Some(path.clone()),
            Some(NewPath::Whole(whole)) => Some(whole.clone()),
            Some(NewPath::Prefix(prefix)) if path.kind() == PathKind::Below => Some(Path::below(prefix)),
            Some(NewPath::Prefix(prefix)) => Some(prefix.clone()),
            Some(NewPath::Regex { .. }) => None,
        }
    }

    /// What an expression may make of a path: whatever begins as its replacement does; and the path itself, which an
    /// expression that does not match leaves alone.
    fn made_of(&self, path: &Path) -> Vec<Path> {
        let Some(NewPath::Regex { to, .. }) = self.new_path() else { return vec![Path::all()] };
        let written = to.split('\\').next().unwrap_or_default();
        let root = written.rsplit_once('/').map(|(root, _)| root).filter(|root| root.starts_with('/'));
        match root.and_then(|root| Path::parse(&format!("{root}/*")).ok()) {
            Some(below) => vec![path.clone(), below],
            None => vec![Path::all()],
        }
    }

    /// The exposure as its service sees it: with every path that may come of an expression where one makes them.
    pub fn as_seen(&self) -> Cow<'_, Exposure> {
        if self.rewrite.is_none() {
            return Cow::Borrowed(self);
        }
        let seen = |path: &Spanned<Path>| {
            let seen = self.seen(&path.value).map_or_else(|| self.made_of(&path.value), |seen| vec![seen]);
            seen.into_iter().map(|seen| Spanned::new(seen, path.span)).collect::<Vec<_>>()
        };
        let paths = self.paths.iter().flat_map(seen).collect();
        Cow::Owned(self.rewritten(self.rewrite.as_ref().and_then(|said| said.value.host.as_ref()), paths))
    }

    /// Every form in which its requests arrive at its service: as it hands them on, and as routes of the service change
    /// them, which happens before they arrive.
    pub fn arrivals(&self, service: &Service) -> Vec<Cow<'_, Exposure>> {
        let plain = self.as_seen();
        let routes = service.routes.iter().filter(|route| route.kind == ProtocolKind::Http);
        let changed: Vec<Exposure> = routes.filter_map(|route| plain.changed_by(route)).collect();
        let mut all = vec![plain];
        for exposure in changed {
            let is_known =
                |known: &Cow<'_, Exposure>| known.door.value == exposure.door.value && known.opens(&exposure.paths);
            if !all.iter().any(is_known) {
                all.push(Cow::Owned(exposure));
            }
        }
        all
    }

    fn opens(&self, paths: &[Spanned<Path>]) -> bool {
        paths.iter().all(|path| self.paths.iter().any(|own| own.value.covers(&path.value)))
    }

    fn rewritten(&self, host: Option<&Host>, paths: Vec<Spanned<Path>>) -> Exposure {
        let mut found = Exposure { paths, rewrite: None, ..self.clone() };
        if let Some(host) = host {
            found.door.value = Door::Host(HostPattern::Exact(host.clone()));
        }
        found
    }

    /// Its requests after a route has changed them; nothing where the route changes none of them.
    fn changed_by(&self, route: &Route) -> Option<Exposure> {
        let rewrite = &route.rewrite.as_ref()?.value;
        let paths: Vec<Spanned<Path>> = match &rewrite.path {
            None => self.paths.clone(),
            Some(NewPath::Whole(whole)) => vec![Spanned::new(whole.clone(), route.name.span)],
            Some(NewPath::Regex { .. }) => vec![Spanned::new(Path::all(), route.name.span)],
            Some(NewPath::Prefix(prefix)) => {
                let patterns = patterns(route);
                let pairs = patterns.iter().flat_map(|pattern| self.paths.iter().map(move |own| (pattern, &own.value)));
                let moved = pairs.filter_map(|(pattern, own)| own.moved(pattern, prefix));
                moved.map(|path| Spanned::new(path, route.name.span)).collect()
            }
        };
        (!paths.is_empty()).then(|| self.rewritten(rewrite.host.as_ref(), paths))
    }

    /// Conditions that are said of what the service sees, as they are of what is asked for at the door.
    pub fn at_door<'c>(&self, conditions: &'c Conditions) -> Cow<'c, Conditions> {
        if self.new_path().is_none() {
            return Cow::Borrowed(conditions);
        }
        let asked = |said: &Spanned<Path>| {
            let all = self.paths.iter().flat_map(|own| self.asked_at(&own.value, &said.value));
            all.map(|path| Spanned::new(path, said.span)).collect::<Vec<_>>()
        };
        let mut found = conditions.clone();
        found.paths = conditions.paths.iter().flat_map(asked).collect();
        if let Some(not) = &mut found.not {
            not.paths = not.paths.iter().flat_map(asked).collect();
        }
        Cow::Owned(found)
    }

    /// Which requests on one of the exposure's paths are on `asked` for the service.
    pub fn asked_at(&self, path: &Path, asked: &Path) -> Vec<Path> {
        let Some(new) = self.new_path() else { return path.common(asked).into_iter().collect() };
        let Some(common) = self.seen(path).and_then(|seen| seen.common(asked)) else { return Vec::new() };
        match new {
            NewPath::Prefix(prefix) if path.kind() == PathKind::Below => {
                let root = prefix.text().trim_end_matches('/');
                let mut found: Vec<Path> = common.rebased(root, path.stem()).into_iter().collect();
                // `/a` and `/a/` are both the root where `/a/*` is put in its place.
                let is_root = common.kind() == PathKind::Exact && common.stem() == prefix.text().as_str();
                if is_root && prefix.text().ends_with('/') {
                    found.extend(common.rebased(prefix.text(), path.stem()));
                }
                found
            }
            NewPath::Prefix(_) | NewPath::Whole(_) => vec![path.clone()],
            NewPath::Regex { .. } => Vec::new(),
        }
    }

    /// A kind of request as the service knows it, as it is asked for on one of the exposure's paths; nothing where none is
    /// of this kind. Expressions are left as they are: a rule refuses them behind a rewrite.
    pub fn request_at(&self, path: &Path, request: &RequestMatch) -> Option<RequestMatch> {
        let mut found = request.clone();
        for set in &mut found.lines.paths {
            *set = self.paths_at(path, set)?;
        }
        if let Some(not) = &mut found.not {
            not.paths = not.paths.iter().filter_map(|set| self.paths_at(path, set)).collect();
        }
        Some(found)
    }

    fn paths_at(&self, path: &Path, set: &Paths) -> Option<Paths> {
        match set {
            Paths::Patterns { patterns, ignore_case } => {
                let at = |asked: &Spanned<Path>| {
                    let found = self.asked_at(path, &asked.value);
                    found.into_iter().map(|path| Spanned::new(path, asked.span)).collect::<Vec<_>>()
                };
                let patterns: Vec<_> = patterns.iter().flat_map(at).collect();
                (!patterns.is_empty()).then_some(Paths::Patterns { patterns, ignore_case: *ignore_case })
            }
            Paths::Regex(_) => Some(set.clone()),
        }
    }
}

/// The patterns of paths that a route is for.
fn patterns(route: &Route) -> Vec<Path> {
    let of = |request: &RequestMatch| match request.lines.paths.first() {
        Some(Paths::Patterns { patterns, ignore_case: false }) => {
            patterns.iter().map(|path| path.value.clone()).collect()
        }
        Some(Paths::Patterns { patterns: _, ignore_case: true } | Paths::Regex(_)) | None => vec![Path::all()],
    };
    match route.matches.as_slice() {
        [] => vec![Path::all()],
        several => several.iter().flat_map(of).collect(),
    }
}
