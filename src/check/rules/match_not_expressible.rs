use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::RequestMatch;
use crate::source::Span;

pub(super) static CODE: Code = code!("match-not-expressible", Error, "conditions that Istio cannot join");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let canaries = subject.mesh.services.iter().filter_map(|service| service.canary.as_deref());
    for request in canaries.flat_map(|canary| &canary.matches) {
        check(request, found);
    }
}

/// All cookies travel in one header.
fn check(request: &RequestMatch, found: &mut Diagnostics) {
    let cookies = request.cookies.iter().map(|(name, _)| (format!("cookie {}", name.value), name.span));
    let headers = request.headers.iter().filter(|(name, _)| name.value.text() == "cookie");
    let mut lines: Vec<(String, Span)> =
        cookies.chain(headers.map(|(name, _)| ("header cookie".to_owned(), name.span))).collect();
    lines.sort_by_key(|(_, span)| *span);
    let [(one, first), .., (other, last)] = lines.as_slice() else { return };
    found.push(
        Diagnostic::new(&CODE, format!("`{one}` and `{other}` cannot both be asked for"))
            .at(*last, "a second condition of the header `cookie`")
            .related(*first, "the first condition of this header")
            .note("all cookies of a request are one header, and Istio has one pattern for each header")
            .help("keep one of them; another `match { }` is an alternative, not a further condition"),
    );
}
