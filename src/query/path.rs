//! What a proxy makes of a path before any rule sees it.

use crate::ir::PathNormalization;

/// The path without its query, as rules see it, and the query.
pub(super) fn normalized(path: &str, how: PathNormalization) -> (String, Option<String>) {
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query.to_owned())));
    let decoded = match how {
        PathNormalization::DecodeAndMergeSlashes => slashes_decoded(path),
        PathNormalization::Base | PathNormalization::MergeSlashes => path.to_owned(),
    };
    let resolved = without_dots(&plain_decoded(&decoded).replace('\\', "/"));
    let merged = match how {
        PathNormalization::Base => resolved,
        PathNormalization::MergeSlashes | PathNormalization::DecodeAndMergeSlashes => slashes_merged(&resolved),
    };
    (merged, query)
}

fn slashes_decoded(path: &str) -> String {
    ["%2f", "%2F", "%5c", "%5C"].iter().fold(path.to_owned(), |path, escape| path.replace(escape, "/"))
}

/// Escapes of letters, digits, `-`, `.`, `_` and `~` are the characters themselves.
fn plain_decoded(path: &str) -> String {
    let mut decoded = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        decoded.push_str(before);
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte.map(char::from).filter(|c| c.is_ascii_alphanumeric() || "-._~".contains(*c)) {
            Some(plain) => {
                decoded.push(plain);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                decoded.push('%');
                rest = after;
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

/// `.` and `..` are resolved, by whole segments.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let last = segments.len().saturating_sub(1);
    for (at, segment) in segments.iter().enumerate() {
        // A real Envoy takes `..;x` for `..`, and `.;x` for `.`.
        let plain = segment.split(';').next().unwrap_or_default();
        match plain {
            "." | ".." => {
                if plain == ".." {
                    kept.pop();
                }
                // What is resolved at the end leaves its slash.
                if at == last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

fn slashes_merged(path: &str) -> String {
    let mut merged = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !merged.ends_with('/') {
            merged.push(c);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::normalized;
    use crate::ir::PathNormalization::{Base, DecodeAndMergeSlashes, MergeSlashes};

    #[test]
    fn spellings_become_what_rules_see() {
        for (path, base, merged, decoded) in [
            ("/pay", "/pay", "/pay", "/pay"),
            ("//admin", "//admin", "/admin", "/admin"),
            ("/%61dmin", "/admin", "/admin", "/admin"),
            ("/./admin", "/admin", "/admin", "/admin"),
            ("/x/../admin", "/admin", "/admin", "/admin"),
            ("/admin\\x", "/admin/x", "/admin/x", "/admin/x"),
            ("/x/..%2fadmin", "/x/..%2fadmin", "/x/..%2fadmin", "/admin"),
            ("/admin%2Fx", "/admin%2Fx", "/admin%2Fx", "/admin/x"),
            ("/admin%3bx", "/admin%3bx", "/admin%3bx", "/admin%3bx"),
            ("/a/..", "/", "/", "/"),
            ("/a/..;/b", "/b", "/b", "/b"),
            ("/a/.;/b", "/a/b", "/a/b", "/a/b"),
            ("/a/.", "/a/", "/a/", "/a/"),
        ] {
            let of = |how| normalized(path, how).0;
            assert_eq!([of(Base), of(MergeSlashes), of(DecodeAndMergeSlashes)], [base, merged, decoded], "{path}");
        }
        assert_eq!(normalized("/a?b=/../c", Base), ("/a".to_owned(), Some("b=/../c".to_owned())));
    }
}
