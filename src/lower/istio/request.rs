use crate::ir::{Predicate, RequestMatch};
use crate::manifest::istio::{HttpMatch, StringMatch};
use crate::value::{HeaderName, HeaderValue, Method, Path, PathKind, Regex};
use smol_str::{SmolStr, format_smolstr};

/// The entries that match a kind of request, of which any must: one for each form of each path. `within` are the paths
/// of the exposure that the rule stands in; none in the mesh.
pub(super) fn matches(request: &RequestMatch, within: Option<&[Path]>) -> Vec<HttpMatch> {
    let paths = match within {
        Some(within) => joined(&request.paths, within),
        None if request.paths.is_empty() => vec![Path::all()],
        None => request.paths.clone(),
    };
    let base = without_path(request);
    paths.iter().flat_map(uris).map(|uri| HttpMatch { uri, ..base.clone() }).collect()
}

/// The forms of a path; nothing for all paths. A bare prefix `/a` would take `/ab` too.
pub(super) fn uris(path: &Path) -> Vec<Option<StringMatch>> {
    match path.kind() {
        PathKind::Below if path.is_all() => vec![None],
        PathKind::Exact => vec![Some(StringMatch::Exact(path.text().clone()))],
        PathKind::Template => vec![Some(StringMatch::Regex(template(path)))],
        PathKind::Below => vec![
            Some(StringMatch::Exact(path.stem().into())),
            Some(StringMatch::Prefix(format_smolstr!("{}/", path.stem()))),
        ],
    }
}

fn template(path: &Path) -> SmolStr {
    let segments: Vec<String> = path
        .text()
        .split('/')
        .map(|segment| if segment == "{*}" { "[^/]+".to_owned() } else { Regex::escape(segment) })
        .collect();
    segments.join("/").into()
}

/// The paths that are in both lists, as far as one of two patterns holds the other.
fn joined(asked: &[Path], within: &[Path]) -> Vec<Path> {
    if asked.is_empty() {
        return within.to_vec();
    }
    let pairs = asked.iter().flat_map(|a| within.iter().map(move |b| (a, b)));
    pairs
        .filter_map(|(a, b)| match (a.covers(b), b.covers(a)) {
            (true, _) => Some(b.clone()),
            (false, true) => Some(a.clone()),
            (false, false) => None,
        })
        .collect()
}

fn without_path(request: &RequestMatch) -> HttpMatch {
    let mut found = HttpMatch { method: method(&request.methods), ..HttpMatch::default() };
    for (name, predicate) in &request.headers {
        found.headers.push((name.value.text().clone(), text(predicate)));
    }
    for (name, predicate) in &request.cookies {
        found.headers.push((SmolStr::new_static("cookie"), cookie(&name.value, predicate)));
    }
    for (name, predicate) in &request.queries {
        let value = match predicate {
            Predicate::Present => StringMatch::Regex(SmolStr::new_static(".*")),
            Predicate::OneOf(_) | Predicate::Prefix(_) | Predicate::Regex(_) => text(predicate),
        };
        found.query_params.push((name.value.text().clone(), value));
    }
    found
}

fn method(methods: &[Method]) -> Option<StringMatch> {
    let mut names = Vec::with_capacity(methods.len());
    for method in methods {
        match method {
            Method::Any => return None,
            Method::Named(name) => names.push(name.as_str()),
        }
    }
    match names.as_slice() {
        [] => None,
        [one] => Some(StringMatch::Exact((*one).into())),
        several => Some(StringMatch::Regex(
            several.iter().map(|name| Regex::escape(name)).collect::<Vec<_>>().join("|").into(),
        )),
    }
}

fn text(predicate: &Predicate) -> StringMatch {
    match predicate {
        Predicate::Present => StringMatch::Present,
        Predicate::Prefix(value) => StringMatch::Prefix(value.text().clone()),
        Predicate::Regex(regex) => StringMatch::Regex(regex.text().clone()),
        Predicate::OneOf(values) => match values.as_slice() {
            [one] => StringMatch::Exact(one.text().clone()),
            several => StringMatch::Regex(any_of(several).into()),
        },
    }
}

fn any_of(values: &[HeaderValue]) -> String {
    values.iter().map(|value| Regex::escape(value.text())).collect::<Vec<_>>().join("|")
}

/// A cookie among others: `notNAME=` does not match.
fn cookie(name: &HeaderName, predicate: &Predicate) -> StringMatch {
    let values = match predicate {
        Predicate::OneOf(values) => any_of(values),
        Predicate::Prefix(value) => format!("{}[^;]*", Regex::escape(value.text())),
        Predicate::Regex(regex) => regex.text().to_string(),
        Predicate::Present => "[^;]*".to_owned(),
    };
    StringMatch::Regex(format_smolstr!(r"(?:.*;\s*)?{}=(?:{values})(?:;.*)?", Regex::escape(name.text())))
}
