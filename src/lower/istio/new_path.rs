//! What takes the place of a path, in a redirect and in a rewrite.

use crate::ir::{self, NewPath, Paths, RequestMatch};
use crate::manifest::Traced;
use crate::manifest::istio::{HttpMatch, RegexRewrite, Rewrite, StringMatch};
use crate::source::Decided;
use crate::value::{Path, PathKind, Regex};
use smol_str::{SmolStr, format_smolstr};

/// What is changed of requests before they are sent.
pub(super) fn rewritten(
    said: &Decided<Box<ir::Rewrite>>,
    entries: &[&HttpMatch],
    matches: &[&RequestMatch],
) -> Traced<Box<Rewrite>> {
    let ir::Rewrite { path, host } = &*said.value;
    let rewrite = path.as_ref().map(|path| rewrite(path, entries, matches)).unwrap_or_default();
    let authority = host.as_ref().map(|host| host.text().clone());
    Traced::new(Box::new(Rewrite { authority, ..rewrite }), said.origin)
}

/// The path of a rewrite. Istio replaces what an entry matched: the whole of an exact path and the prefix of a prefix,
/// so that `/a/x` would become `/bx`; an expression says what is meant for both.
pub(super) fn rewrite(path: &NewPath, entries: &[&HttpMatch], matches: &[&RequestMatch]) -> Rewrite {
    put(path, entries, || stems(matches))
}

/// The same where what is replaced is one pattern.
pub(super) fn rewrite_of(path: &NewPath, entries: &[&HttpMatch], pattern: &Path) -> Rewrite {
    put(path, entries, || stem(pattern))
}

fn put(path: &NewPath, entries: &[&HttpMatch], stems: impl FnOnce() -> String) -> Rewrite {
    let is_exact = |entry: &&HttpMatch| matches!(entry.uri, Some(StringMatch::Exact(_)));
    let regex = |matches: SmolStr, rewrite: SmolStr| Rewrite {
        uri_regex_rewrite: Some(RegexRewrite { matches, rewrite }),
        ..Rewrite::default()
    };
    match path {
        NewPath::Whole(path) if !entries.is_empty() && entries.iter().all(is_exact) => {
            Rewrite { uri: Some(path.text().clone()), ..Rewrite::default() }
        }
        NewPath::Whole(path) => regex(SmolStr::new_static("^/.*$"), path.text().clone()),
        NewPath::Prefix(path) => {
            let stems = stems();
            match path.text().strip_suffix('/') {
                Some(_) => regex(format_smolstr!("^{stems}/?(.*)$"), format_smolstr!(r"{path}\1")),
                None => regex(format_smolstr!("^{stems}(/.*)?$"), format_smolstr!(r"{path}\1")),
            }
        }
        NewPath::Regex { from, to } => regex(format_smolstr!("^(?:{from})$"), to.clone()),
    }
}

/// What the patterns of a route name, as one expression without a group that counts: the longest first, since the first
/// that fits is taken.
fn stems(matches: &[&RequestMatch]) -> String {
    let mut stems: Vec<String> = Vec::new();
    let mut folds = false;
    for request in matches {
        for set in &request.lines.paths {
            if let Paths::Patterns { patterns, ignore_case } = set {
                folds |= ignore_case;
                stems.extend(patterns.iter().map(|path| stem(&path.value)));
            }
        }
        if request.lines.paths.is_empty() {
            stems.push(String::new());
        }
    }
    stems.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    stems.dedup();
    let all = match stems.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        several => format!("(?:{})", several.join("|")),
    };
    if folds { format!("(?i){all}") } else { all }
}

fn stem(path: &Path) -> String {
    let segment = |segment: &str| if segment == "{*}" { "[^/]+".to_owned() } else { Regex::escape(segment) };
    match path.kind() {
        PathKind::Exact | PathKind::Below => Regex::escape(path.stem()),
        PathKind::Template => path.text().split('/').map(segment).collect::<Vec<_>>().join("/"),
    }
}

/// The part of a redirect that stands for what an entry matched as a prefix, `/a/` of `/a/*`.
pub(super) fn below(path: &Path) -> SmolStr {
    if path.text().ends_with('/') { path.text().clone() } else { format_smolstr!("{path}/") }
}
