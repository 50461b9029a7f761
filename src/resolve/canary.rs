use super::index::Index;
use super::layers::Level;
use super::laying::Laying;
use super::{order, request, versions};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::intent::{self, CanarySaid, MISSING_ARGUMENT, Switch};
use crate::ir::{Canary, CanaryOwner, RequestMatch, Sticky, Version};
use crate::source::{Decided, Origin, Span};
use crate::value::{Duration, HeaderName, Percent};
use smol_str::SmolStr;

/// What the layers said of `canary` so far.
#[derive(Default)]
pub(super) struct Laid {
    candidate: Option<Decided<SmolStr>>,
    stable: Option<Decided<SmolStr>>,
    percent: Option<Decided<Percent>>,
    matches: Vec<RequestMatch>,
    steps: Vec<Decided<Percent>>,
    cookie: Option<Decided<HeaderName>>,
    ttl: Option<Decided<Duration>>,
    sticky: Option<Origin>,
    owner: Option<Decided<CanaryOwner>>,
    /// The word that said something last.
    span: Option<Span>,
}

/// Lays `canary` over the weaker ones.
pub(super) fn lay(
    (index, level): (&Index<'_>, &Level<'_>),
    laying: &mut Laying<'_>,
    laid: &mut Laid,
    said: Option<&CanarySaid>,
) {
    let Some(said) = said else { return };
    let parts = match &said.value {
        Switch::Off => {
            *laid = Laid::default();
            return;
        }
        Switch::On(parts) => parts,
    };
    let intent::Canary { candidate, percent, stable, matches, steps, sticky, owner } = &**parts;
    laid.span = Some(said.span);
    let text = |name: &intent::Said<crate::value::Label>| name.clone().map(|name| name.map(|name| name.text().clone()));
    laying.part(&mut laid.candidate, &text(candidate), "the candidate");
    laying.part(&mut laid.stable, &text(stable), "`stable`");
    laying.part(&mut laid.percent, percent, "`percent`");
    laid.matches.extend(matches.iter().map(|said| request::complete(index, level, said, laying.found)));
    laid.matches.shrink_to_fit();
    if let Some(steps) = steps {
        laying.check_first(laid.steps.first().and_then(Decided::span), steps.span, "`steps`");
        laid.steps = steps.value.iter().map(|step| Decided::new(step.value, laying.origin(step.span))).collect();
    }
    if let Some(intent::Sticky { cookie, ttl, span }) = sticky.as_deref() {
        laying.part(&mut laid.cookie, cookie, "`cookie`");
        laying.part(&mut laid.ttl, ttl, "`ttl`");
        laid.sticky = Some(laying.origin(*span));
    }
    if let Some(said) = owner {
        let owner = match said.value {
            intent::CanaryOwner::ArgoRollouts => CanaryOwner::ArgoRollouts,
            intent::CanaryOwner::Flagger => CanaryOwner::Flagger,
        };
        laying.value(&mut laid.owner, owner, said.span, "`owner`");
    }
}

/// Closes the canary of a service of this name with these versions.
pub(super) fn complete(
    laid: Laid,
    service: &str,
    versions: &[Version],
    found: &mut Diagnostics,
) -> Option<Box<Canary>> {
    let Laid { candidate, stable, percent, mut matches, steps, cookie, ttl, sticky, owner, span } = laid;
    let span = span?;
    let Some(candidate) = candidate else {
        found.push(
            Diagnostic::new(&MISSING_ARGUMENT, "`canary` needs the version that is tried out")
                .at(span, "no layer names it")
                .help("write `canary v2 percent=10`"),
        );
        return None;
    };
    let candidate = place(candidate, versions, found);
    let stable = match stable {
        Some(stable) => place(stable, versions, found),
        None => Some(Decided::built_in(0)),
    };
    let percent = percent.unwrap_or_else(|| Decided::built_in(Percent::NONE));
    order::matches(&mut matches);
    let sticky = sticky
        .map(|origin| Box::new(Sticky { cookie: cookie.unwrap_or_else(|| default_cookie(service)), ttl, origin }));
    Some(Box::new(Canary { candidate: candidate?, stable: stable?, percent, matches, steps, sticky, owner }))
}

/// The name of a service is a token, as that of a cookie must be.
#[allow(clippy::expect_used, reason = "a prefix of letters and the name of a service")]
fn default_cookie(service: &str) -> Decided<HeaderName> {
    Decided::built_in(HeaderName::parse_cookie(&format!("mesh-{service}")).expect("a name is a token"))
}

fn place(name: Decided<SmolStr>, versions: &[Version], found: &mut Diagnostics) -> Option<Decided<usize>> {
    let at = versions.iter().position(|version| version.name.value == name.value);
    if at.is_none() {
        // The first version is the stable one, which is never what is tried out.
        let near = nearest(&name.value, versions.iter().skip(1).map(|version| version.name.value.as_str()));
        let known = versions.iter().map(|version| version.name.value.as_str());
        found.push(versions::unknown(&name.value, name.span(), near, known));
    }
    at.map(|at| name.map(|_| at))
}
