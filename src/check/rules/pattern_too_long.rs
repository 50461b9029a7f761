use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Lines, Mesh, Paths, Predicate, RequestMatch, Service, expression};
use crate::value::ProtocolKind;

pub(super) static CODE: Code = code!("pattern-too-long", Error, "values that are too many for one pattern");

/// What Istio takes, in bytes.
const LONGEST: usize = 1024;

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for service in &mesh.services {
        let canary = service.canary.iter().flat_map(|canary| &canary.matches);
        let routes = service.routes.iter().filter(|route| route.kind == ProtocolKind::Http);
        for request in canary.chain(routes.flat_map(|route| &route.matches)) {
            found.extend(judge(mesh, service, request));
        }
    }
}

fn judge(mesh: &Mesh, service: &Service, request: &RequestMatch) -> Option<Diagnostic> {
    let span = request.origin.span?;
    let wanted = wanted(mesh, service, &request.lines).into_iter().map(|(word, length)| (word, length, false));
    let excluded = request.not.iter().flat_map(|not| excluded(mesh, service, not));
    let mut all = wanted.chain(excluded.map(|(word, length)| (word, length, true)));
    let (word, length, is_excluded) = all.find(|(_, length, _)| *length > LONGEST)?;
    let help = match is_excluded {
        false => "spread the values over several `match` blocks, of which any must hold",
        true => "exclude fewer, or a prefix that they share",
    };
    Some(
        Diagnostic::new(&CODE, format!("{word} would be one pattern of {length} bytes"))
            .at(span, "more than 1,024 bytes in one of its lines")
            .note("Istio takes one pattern a field, so several values are joined to one expression, and of an expression at most 1,024 bytes")
            .help(help),
    )
}

/// The length of each pattern that must hold.
fn wanted(mesh: &Mesh, service: &Service, lines: &Lines) -> Vec<(String, usize)> {
    let headers = lines.headers.iter().map(|(name, said)| (format!("the values of `{}`", name.value), joined(said)));
    let queries = lines.queries.iter().map(|(name, said)| (format!("the values of `{}`", name.value), joined(said)));
    let cookies = lines
        .cookies
        .iter()
        .map(|(name, said)| (format!("the values of `{}`", name.value), expression::cookie(&name.value, said).len()));
    let hosts = hosts(mesh, service, lines).map(|length| ("these hosts".to_owned(), length));
    headers.chain(queries).chain(cookies).chain(hosts).collect()
}

/// The same of what may not hold, where all that is said of one header is one pattern.
fn excluded(mesh: &Mesh, service: &Service, not: &Lines) -> Vec<(String, usize)> {
    let headers = not.headers.iter().map(|(name, said)| (format!("the values of `{}`", name.value), joined(said)));
    let cookies = not.cookies.iter().map(|(name, said)| expression::cookie(&name.value, said).len());
    let paths = not.paths.iter().map(|set: &Paths| expression::path_header(set).len());
    let queries = not.queries.iter().map(|(name, said)| expression::query(&name.value, said).len());
    let hosts = hosts(mesh, service, not).map(|length| ("these hosts".to_owned(), length));
    let together = [
        ("these cookies".to_owned(), together(cookies)),
        ("these paths and parameters".to_owned(), together(paths.chain(queries))),
    ];
    headers.chain(hosts).chain(together).collect()
}

fn hosts(mesh: &Mesh, service: &Service, lines: &Lines) -> Option<usize> {
    let hosts = expression::hosts(mesh, service, &lines.hosts);
    (!hosts.is_empty()).then(|| expression::authority(&hosts).len())
}

/// Patterns of one header, each in brackets.
fn together(lengths: impl Iterator<Item = usize>) -> usize {
    lengths.reduce(|before, next| before + next + "()|()".len()).unwrap_or(0)
}

/// Several values are one expression; one is compared as it is.
fn joined(predicate: &Predicate) -> usize {
    match predicate {
        Predicate::OneOf(values) => match values.as_slice() {
            [] | [_] => 0,
            several => expression::any_of(several).len(),
        },
        Predicate::Present | Predicate::Prefix(_) | Predicate::Regex(_) => 0,
    }
}
