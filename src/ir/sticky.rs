use super::{Canary, Lines, Predicate, RequestMatch, Service, Sticky};
use crate::source::Spanned;
use crate::value::HeaderValue;
use thin_vec::thin_vec;

impl Service {
    /// Requests that stay with a version, and which: those that bring its cookie back. A hash does not hold a split,
    /// since Envoy draws the share before it looks at the hash.
    pub fn kept(&self) -> Vec<(usize, RequestMatch)> {
        let Some((canary, sticky)) = self.splitting() else { return Vec::new() };
        let origin = sticky.origin;
        let Some(span) = sticky.cookie.span().or(origin.span) else { return Vec::new() };
        let name = Spanned::new(sticky.cookie.value.clone(), span);
        let versions = [canary.candidate.value, canary.stable.value];
        let request = |at: usize| {
            let value = HeaderValue::parse(&self.versions.get(at)?.name.value).ok()?;
            let cookie = (name.clone(), Predicate::OneOf(vec![value]));
            let lines = Lines { cookies: thin_vec![cookie], ..Lines::default() };
            Some((at, RequestMatch { lines, not: None, origin }))
        };
        versions.into_iter().filter_map(request).collect()
    }

    /// The canary whose clients stay, while there is something to stay with: a client that is marked before a split
    /// begins would never be part of it.
    pub fn splitting(&self) -> Option<(&Canary, &Sticky)> {
        let canary = self.canary.as_deref().filter(|canary| canary.is_split())?;
        Some((canary, canary.sticky.as_ref()?))
    }
}
