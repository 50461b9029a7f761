use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::ir::{Conditions, Denial, Exposure, Mesh, PathNormalization, Service, TokenRule, Waiver};
use crate::source::Spanned;
use crate::value::{Path, PathKind};

pub(super) static CODE: Code = code!("path-bypass", Warning, "a denial by path, which other spellings pass");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    let is_weak = mesh.path_normalization.value < PathNormalization::DecodeAndMergeSlashes;
    for gateway in &mesh.gateways {
        if is_weak {
            let nodes = gateway.grants.iter().chain(&gateway.denials);
            let nodes = nodes.filter(|node| !has_reason(node.waiver.as_deref()));
            found.extend(nodes.filter_map(|node| decisive(&node.conditions)).map(|first| weak(mesh, first).help(WEAK)));
        } else {
            found.extend(gateway.denials.iter().filter_map(denial));
        }
    }
    for service in &mesh.services {
        if is_weak {
            found.extend(by_paths(service).map(|first| weak(mesh, first).help(WEAK)));
            let asks = service.asks.iter().filter_map(|ask| decisive(&ask.conditions));
            found.extend(asks.map(|first| unasked(weak(mesh, first))));
            continue;
        }
        found.extend(service.denials.iter().filter_map(denial));
        found.extend(service.tokens.iter().filter_map(token));
        for exposure in &service.exposures {
            found.extend(exposure.tokens.iter().filter_map(|rule| at_door(service, exposure, rule)));
        }
    }
}

fn has_reason(waiver: Option<&Waiver>) -> bool {
    waiver.is_some_and(Waiver::gives_reason)
}

/// The first path, unless one of them is every path.
fn by_path(paths: &[Spanned<Path>]) -> Option<&Spanned<Path>> {
    paths.first().filter(|_| !paths.iter().any(|path| path.value.is_all()))
}

fn denial(denial: &Denial) -> Option<Diagnostic> {
    let first = by_path(&denial.conditions.paths).filter(|_| !has_reason(denial.waiver.as_deref()))?;
    let fault = Diagnostic::new(&CODE, format!("a denial of `{}` does not catch every spelling of it", first.value))
        .at(first.span, "a second line of defence, not a first");
    Some(
        spelled(fault)
            .help("allow the paths that are meant instead; if this is the second line, say so with `reason=`"),
    )
}

/// A token that is asked for on some paths is a denial of them to whoever has none.
fn token(rule: &TokenRule) -> Option<Diagnostic> {
    let first = by_path(&rule.conditions.paths).filter(|_| !has_reason(rule.waiver.as_deref()))?;
    let title = format!("a token on `{}` is not asked for on every spelling of it", first.value);
    Some(spelled(Diagnostic::new(&CODE, title).at(first.span, "other spellings of it pass without")).help(EVERYWHERE))
}

const WEAK: &str = "take `path-normalization` out, or say with `reason=` why no application behind it decodes slashes";
const EVERYWHERE: &str = "ask for the token everywhere and name what needs none: `not { path \"/health\" }`; if the application checks too, say so with `reason=`";

/// Behind a door a path that is all that is open there is not by path; one inside a wider door of the service is, even
/// where it is a door of its own.
fn at_door(service: &Service, exposure: &Exposure, rule: &TokenRule) -> Option<Diagnostic> {
    let seen = exposure.as_seen();
    let meets = |path: &Spanned<Path>| {
        seen.paths.iter().any(|open| open.value.covers(&path.value) || path.value.covers(&open.value))
    };
    if !rule.conditions.paths.iter().all(meets) {
        return None;
    }
    let asked = |open: &Spanned<Path>| rule.conditions.paths.iter().any(|path| path.value.covers(&open.value));
    if !rule.conditions.paths.is_empty() && !seen.paths.iter().all(asked) {
        return token(rule);
    }
    if rule.token.is_optional || has_reason(rule.waiver.as_deref()) {
        return None;
    }
    let beside = service.exposures.iter().filter(|other| other.gateway == exposure.gateway);
    let beside = beside.filter(|other| other.door.value == exposure.door.value && !other.checks_tokens());
    let holds = |other: &&Exposure| {
        exposure.paths.iter().any(|own| other.paths.iter().any(|wide| wide.value.covers(&own.value)))
    };
    let wider = beside.filter(|other| !std::ptr::eq(*other, exposure)).find(holds)?;
    let path = exposure.paths.first()?;
    let title = format!("a token on `{}` is not asked for on every spelling of it", path.value);
    let fault =
        Diagnostic::new(&CODE, title).at_known(rule.token.origin.span, "other spellings come by the wider door");
    let fault = match wider.origin.span {
        Some(span) => fault.related(span, "opens the paths around it without a token"),
        None => fault,
    };
    Some(spelled(fault).help(EVERYWHERE))
}

fn spelled(fault: Diagnostic) -> Diagnostic {
    fault.note("Istio compares paths letter by letter after it has normalized them: upper case, `%3b`, `%20` or a final dot pass, and the application may read them as the same path")
}

/// The first path by which anything is decided without a reason, of each grant, denial, door and token.
fn by_paths(service: &Service) -> impl Iterator<Item = &Spanned<Path>> {
    let doors = service.exposures.iter().flat_map(|exposure| &exposure.tokens);
    let tokens = service.tokens.iter().chain(doors).map(|rule| (&rule.conditions, rule.waiver.as_deref()));
    let nodes = service.grants.iter().chain(&service.denials);
    let nodes = nodes.map(|node| (&node.conditions, node.waiver.as_deref()));
    let said = nodes.chain(tokens).map(|(conditions, waiver)| (decisive(conditions), waiver));
    let exposed = service.exposures.iter().map(|exposure| (by_path(&exposure.paths), exposure.waiver.as_deref()));
    said.chain(exposed).filter(|(_, waiver)| !has_reason(*waiver)).filter_map(|(path, _)| path)
}

/// The first path that decides, of those that are meant or those that are left out: `/open/..%2fsecret` is left out with
/// `/open/*`. One path alone has no other spelling that is left out with it.
fn decisive(conditions: &Conditions) -> Option<&Spanned<Path>> {
    let left_out = conditions.not.iter().flat_map(|not| &not.paths);
    let mut left_out = left_out.filter(|path| path.value.kind() != PathKind::Exact);
    by_path(&conditions.paths).or_else(|| left_out.next())
}

/// Of what an authorizer is asked about no reason can be given, and it may not mind: so it is a warning.
fn unasked(fault: Diagnostic) -> Diagnostic {
    let fault = fault
        .note("the authorizer is not asked about those spellings")
        .help("take `path-normalization` out, or ask about every path");
    Diagnostic { severity: Severity::Warning, ..fault }
}

/// Under a weaker normalization neither a grant nor a denial holds what it says.
fn weak(mesh: &Mesh, path: &Spanned<Path>) -> Diagnostic {
    let title = format!("a rule by `{}`, which other spellings of paths pass", path.value);
    let fault = Diagnostic::new(&CODE, title)
        .at(path.span, "compared before slashes are decoded")
        .note("without decoding, `/pay/..%2fsecret` passes a grant of `/pay/*` as it is, and `/x/..%2fadmin` a denial of `/admin/*`; the application may decode them");
    let fault = match mesh.path_normalization.span() {
        Some(span) => fault.related(span, "paths are normalized no further than this"),
        None => fault,
    };
    Diagnostic { severity: Severity::Error, ..fault }
}
