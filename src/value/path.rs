use super::Mismatch;
use smol_str::{SmolStr, format_smolstr};
use std::fmt;

/// A pattern of request paths, by whole segments.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    text: SmolStr,
    kind: PathKind,
}

/// How much a [`Path`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathKind {
    /// This path alone: `/a` is not `/a/`.
    Exact,
    /// This path and all below it: `/a/*` is `/a` and `/a/b`, not `/ab`.
    Below,
    /// `{*}` in it stands for exactly one segment.
    Template,
}

const EXPECTED: &str = "a path such as `/a`, `/a/*` or `/users/{*}/orders`";

impl Path {
    /// Every path: `/*`.
    pub fn all() -> Self {
        Path { text: SmolStr::new_static("/*"), kind: PathKind::Below }
    }

    /// This path and all below it: `/a/*` of `/a` and of `/a/`.
    pub fn below(path: &Path) -> Self {
        Path { text: format_smolstr!("{}/*", path.stem().trim_end_matches('/')), kind: PathKind::Below }
    }

    /// The same pattern with `to` in place of `from`, which its stem begins with by whole segments; nothing where it does
    /// not. `from` and `to` have no final slash.
    pub fn rebased(&self, from: &str, to: &str) -> Option<Self> {
        let rest = self.stem().strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
        let below = if self.kind == PathKind::Below { "/*" } else { "" };
        let text = format_smolstr!("{to}{rest}{below}");
        Some(Path { text: if text.is_empty() { SmolStr::new_static("/") } else { text }, kind: self.kind })
    }

    /// What becomes of its part that `pattern` holds, where a rule of that pattern puts `prefix` in its place.
    pub fn moved(&self, pattern: &Self, prefix: &Self) -> Option<Self> {
        let common = pattern.common(self)?;
        match pattern.kind {
            PathKind::Below => common.rebased(pattern.stem(), prefix.text().trim_end_matches('/')),
            PathKind::Exact | PathKind::Template => Some(prefix.clone()),
        }
    }

    /// Reads a path.
    ///
    /// # Errors
    /// It does not begin with `/`, or holds what a path cannot hold unescaped, or a `*` inside a segment.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let Some(body) = text.strip_prefix('/') else {
            return Err(Mismatch::new(EXPECTED, "it does not begin with `/`").instead(format!("/{text}")));
        };
        let (stem, below) = match body.strip_suffix('*') {
            Some(stem) if stem.is_empty() || stem.ends_with('/') => (stem.trim_end_matches('/'), true),
            _ => (body, false),
        };
        let mut template = false;
        if !stem.is_empty() {
            let mut segments = stem.split('/').peekable();
            while let Some(segment) = segments.next() {
                let last = segments.peek().is_none();
                template |= check_segment(segment, last && !below)?;
            }
        }
        if template && below {
            return Err(Mismatch::new(EXPECTED, "`{*}` and a final `/*` cannot stand in one path"));
        }
        let kind = match (below, template) {
            (true, _) => PathKind::Below,
            (false, true) => PathKind::Template,
            (false, false) => PathKind::Exact,
        };
        Ok(Path { text: text.into(), kind })
    }

    /// As it is written.
    pub fn text(&self) -> &SmolStr {
        &self.text
    }

    /// How much it holds.
    pub fn kind(&self) -> PathKind {
        self.kind
    }

    /// The path without its final `/*`: `/a` of `/a/*`, empty of `/*`.
    pub fn stem(&self) -> &str {
        match self.kind {
            PathKind::Below => self.text.strip_suffix("/*").unwrap_or(&self.text),
            PathKind::Exact | PathKind::Template => &self.text,
        }
    }

    /// Whether it is `/*`.
    pub fn is_all(&self) -> bool {
        self.kind == PathKind::Below && self.stem().is_empty()
    }

    /// Whether every path of `other` is one of this pattern's.
    pub fn covers(&self, other: &Path) -> bool {
        self.common(other).is_some_and(|common| common == *other)
    }

    /// The paths that both patterns hold; none where there is no such path.
    pub fn common(&self, other: &Path) -> Option<Path> {
        let (a, b) = (self.segments(), other.segments());
        let is_below = (self.kind == PathKind::Below, other.kind == PathKind::Below);
        let fits = match is_below {
            (false, false) => a.len() == b.len(),
            (true, false) => a.len() <= b.len(),
            (false, true) => a.len() >= b.len(),
            (true, true) => true,
        };
        if !fits {
            return None;
        }
        let mut text = String::with_capacity(self.text.len().max(other.text.len()));
        for at in 0..a.len().max(b.len()) {
            text.push('/');
            text.push_str(match (a.get(at).copied(), b.get(at).copied()) {
                (Some(one), None) | (None, Some(one)) => one,
                (Some(ANY_SEGMENT), Some(one)) | (Some(one), Some(ANY_SEGMENT)) if !one.is_empty() => one,
                (Some(one), Some(other)) if one == other => one,
                (Some(_), Some(_)) | (None, None) => return None,
            });
        }
        if is_below == (true, true) {
            text.push_str("/*");
        }
        Path::parse(&text).ok()
    }

    fn segments(&self) -> Vec<&str> {
        self.stem().split('/').skip(1).collect()
    }
}

/// What stands for one segment that is not empty.
const ANY_SEGMENT: &str = "{*}";

/// Checks one segment and says whether it is `{*}`.
fn check_segment(segment: &str, may_be_empty: bool) -> Result<bool, Mismatch> {
    match segment {
        "{*}" => return Ok(true),
        "" if may_be_empty => return Ok(false),
        "" => return Err(Mismatch::new(EXPECTED, "`//` in it: the proxy merges them before any rule sees the path")),
        "." | ".." => return Err(Mismatch::new(EXPECTED, "`.` and `..` are resolved before any rule sees the path")),
        _ => {}
    }
    match segment.chars().find(|c| !is_path_character(*c)) {
        Some('*') => Err(Mismatch::new(EXPECTED, "`*` stands only as the last segment, for all below")),
        Some('?') => Err(Mismatch::new(EXPECTED, "a query is no part of the path")),
        Some(c) => Err(Mismatch::new(EXPECTED, format!("`{}` may not stand in a path as it is", c.escape_debug()))),
        None => Ok(false),
    }
}

/// RFC 3986: unreserved, sub-delims but `*`, `:`, `@`, and `%` of an escape.
fn is_path_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~!$&'()+,;=:@%".contains(c)
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Path, PathKind};

    fn path(text: &str) -> Path {
        Path::parse(text).expect(text)
    }

    #[test]
    fn a_final_star_takes_the_path_and_all_below_by_whole_segments() {
        assert!(path("/a/*").covers(&path("/a")) && path("/a/*").covers(&path("/a/b/*")));
        assert!(!path("/a/*").covers(&path("/ab")) && path("/*").covers(&path("/ab")) && path("/*").is_all());
        assert!(path("/u/{*}").covers(&path("/u/7")) && !path("/u/{*}").covers(&path("/u/")));
        assert_eq!(path("/users/{*}/orders").kind(), PathKind::Template);
        assert_eq!((path("/a/").kind(), path("/").kind()), (PathKind::Exact, PathKind::Exact));
    }

    #[test]
    fn what_two_patterns_have_in_common_is_a_pattern() {
        for (one, other, common) in [
            ("/a", "/a", Some("/a")),
            ("/a", "/a/", None),
            ("/a/*", "/a", Some("/a")),
            ("/a/*", "/a/", Some("/a/")),
            ("/a/*", "/ab", None),
            ("/a/*", "/a/b/*", Some("/a/b/*")),
            ("/*", "/a/{*}", Some("/a/{*}")),
            ("/*", "/*", Some("/*")),
            ("/*", "/", Some("/")),
            ("/{*}/b", "/a/*", Some("/a/b")),
            ("/{*}/b", "/a/{*}", Some("/a/b")),
            ("/{*}", "/a/b/*", None),
            ("/a/{*}", "/a/", None),
        ] {
            let expected = common.map(path);
            assert_eq!(path(one).common(&path(other)), expected, "{one} {other}");
            assert_eq!(path(other).common(&path(one)), expected, "{other} {one}");
        }
    }

    #[test]
    fn a_pattern_moves_with_its_stem() {
        let moved = |text: &str, from, to| path(text).rebased(from, to).map(|path| path.to_string());
        assert_eq!(moved("/pay/*", "", "/checkout").as_deref(), Some("/checkout/pay/*"));
        assert_eq!(moved("/*", "", "/checkout").as_deref(), Some("/checkout/*"));
        assert_eq!(moved("/", "", "/checkout").as_deref(), Some("/checkout/"));
        assert_eq!(moved("/a", "/a", "").as_deref(), Some("/"));
        assert_eq!(moved("/a/{*}/b", "/a", "/c").as_deref(), Some("/c/{*}/b"));
        assert_eq!(moved("/ab", "/a", "/c"), None);
        assert_eq!(Path::below(&path("/")), Path::all());
        assert_eq!(Path::below(&path("/b/")), path("/b/*"));
    }

    #[test]
    fn refuses_what_no_rule_would_see() {
        for text in
            ["a", "", "//a", "/a//b", "/a/../b", "/./a", "/a?b", "/a#b", "/a*", "/*/a", "/a b", "/{x}", "/a/{*}/*"]
        {
            assert!(Path::parse(text).is_err(), "{text}");
        }
    }
}
