use super::Laid;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, Switch};
use crate::ir::{Action, NewPath, Paths, Redirect, Rewrite};
use crate::resolve::codes::ACTION_CLASH;
use crate::source::{Decided, Span};

/// Reports words of a route that have no effect beside what becomes of its requests.
pub(super) fn check(
    laid: &Laid<'_>,
    action: Option<&Decided<Action>>,
    rewrite: Option<&Decided<Box<Rewrite>>>,
    found: &mut Diagnostics,
) {
    let on_the_spot = action.and_then(|action| match &action.value {
        Action::To(_) | Action::Split(_) => None,
        Action::Redirect(_) => Some(("redirect", action)),
        Action::Respond(_) => Some(("respond", action)),
    });
    if let Some((word, action)) = on_the_spot {
        for (other, span) in laid.pieces.iter().flat_map(|(_, node)| of_what_is_sent(node)) {
            found.push(clash(other, span, (word, action.span())));
        }
    }
    let redirected = action.and_then(|action| match &action.value {
        Action::Redirect(redirect) => replaces_prefix(redirect).then_some(("redirect", action.span())),
        Action::To(_) | Action::Split(_) | Action::Respond(_) => None,
    });
    let rewritten = rewrite.filter(|rewrite| matches!(rewrite.value.path, Some(NewPath::Prefix(_))));
    let rewritten = rewritten.map(|rewrite| ("rewrite", rewrite.span()));
    if let (Some((word, span)), Some(regex)) = (redirected.or(rewritten), expression(laid)) {
        found.push(no_prefix(word, span, regex));
    }
}

fn replaces_prefix(redirect: &Redirect) -> bool {
    matches!(redirect.path, Some(NewPath::Prefix(_)))
}

/// The words of a route about requests that are sent on.
fn of_what_is_sent(node: &intent::Route) -> Vec<(&'static str, Span)> {
    let retries = |said: &&intent::RetrySaid| !said.value.is_off();
    let fault = node.actions.as_ref().and_then(|actions| actions.fault.as_ref());
    let said = [
        fault.filter(|said| !said.value.is_off()).map(|said| ("fault", said.span)),
        node.rewrite.as_ref().map(|said| ("rewrite", said.span)),
        node.timeout.as_ref().filter(|said| !matches!(said.value, Switch::Off)).map(|said| ("timeout", said.span)),
        node.retry.as_ref().filter(retries).map(|said| ("retry", said.span)),
    ];
    let mirrors = node.mirrors.iter().filter(|mirror| !mirror.target.is_off());
    said.into_iter().flatten().chain(mirrors.map(|mirror| ("mirror", mirror.span))).collect()
}

fn clash(word: &str, span: Span, (action, said): (&str, Option<Span>)) -> Diagnostic {
    let fault = Diagnostic::new(&ACTION_CLASH, format!("`{word}` has no effect beside `{action}`"))
        .at(span, "about requests that are sent on")
        .note("Istio refuses a rule that answers a request and says how to send it on");
    match said {
        Some(said) => fault.related(said, "these requests are answered on the spot"),
        None => fault,
    }
    .help("take one of the two out, or give each a route of its own")
}

/// The expression of paths that a match of the route asks for.
fn expression(laid: &Laid<'_>) -> Option<Span> {
    let mut sets = laid.matches.iter().flat_map(|request| &request.lines.paths);
    sets.find_map(|set| match set {
        Paths::Regex(regex) => Some(regex.span),
        Paths::Patterns { .. } => None,
    })
}

fn no_prefix(word: &str, span: Option<Span>, regex: Span) -> Diagnostic {
    Diagnostic::new(&ACTION_CLASH, "`prefix` replaces what a pattern names, and an expression names nothing")
        .at_known(span, "which part of the path is meant is not said")
        .related(regex, "an expression matches the whole path")
        .help(match word {
            "rewrite" => "write `rewrite regex=... to=...`, or `path` with a pattern such as `/a/*`",
            _ => "write `path` with a pattern such as `/a/*`, or `redirect path=`",
        })
}
