use super::codes::UNKNOWN_VERSION;
use super::laying::Laying;
use super::resilience;
use crate::diagnostic::{Diagnostic, Diagnostics, and_list, nearest};
use crate::intent;
use crate::ir::{Labels, Version};
use crate::source::{Decided, Layer, Span};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// What the layers said of `versions` so far.
#[derive(Default)]
pub(super) struct Laid<'i> {
    names: Vec<Decided<SmolStr>>,
    /// Every version that has words of its own, and where.
    nodes: BTreeMap<&'i SmolStr, Span>,
    /// Every name that some layer lists, those included that a stronger list leaves out.
    listed: BTreeSet<SmolStr>,
    /// Where the word stands first.
    span: Option<Span>,
    selectors: BTreeMap<&'i SmolStr, Option<Decided<Labels>>>,
    resilience: BTreeMap<&'i SmolStr, Vec<(Layer, &'i intent::Resilience)>>,
}

/// Lays `versions` over the weaker ones: the list of names is one part, each version's words merge alone.
pub(super) fn lay<'i>(laying: &mut Laying<'_>, laid: &mut Laid<'i>, said: Option<&'i intent::Versions>) {
    let Some(intent::Versions { names, nodes, span }) = said else { return };
    if !names.is_empty() {
        laying.check_first(laid.names.first().and_then(Decided::span), *span, "`versions`");
        laid.names =
            names.iter().map(|name| Decided::new(name.value.text().clone(), laying.origin(name.span))).collect();
        laid.listed.extend(names.iter().map(|name| name.value.text().clone()));
    }
    laid.span = laid.span.or(Some(*span));
    for intent::VersionNode { name, selector, resilience } in nodes {
        laid.nodes.entry(name.value.text()).or_insert(name.span);
        laying.part(laid.selectors.entry(name.value.text()).or_default(), selector, "`selector`");
        if let Some(said) = resilience {
            laid.resilience.entry(name.value.text()).or_default().push((laying.layer, said));
        }
    }
}

/// Closes the versions of a service, of whose pods `base` is said.
pub(super) fn complete(
    laid: Laid<'_>,
    base: &resilience::Laid,
    label: &SmolStr,
    found: &mut Diagnostics,
) -> Vec<Version> {
    let Laid { names, nodes, listed, span, mut selectors, resilience } = laid;
    if let (true, Some(span), false) = (listed.is_empty(), span, nodes.is_empty()) {
        found.push(unlisted(span, nodes.keys().map(|name| name.as_str())));
        // Those who name them are right to.
        return nodes.into_keys().map(|name| bare(name, label)).collect();
    }
    for (name, span) in nodes.into_iter().filter(|(name, _)| !listed.contains(*name)) {
        let near = nearest(name, listed.iter().map(SmolStr::as_str));
        found.push(unknown(name, Some(span), near, listed.iter().map(SmolStr::as_str)));
    }
    let close = |name: Decided<SmolStr>| {
        let default = || Decided::new(vec![(label.clone(), name.value.clone())], name.origin);
        let selector = selectors.remove(&name.value).flatten().unwrap_or_else(default);
        let resilience = resilience.get(&name.value).and_then(|said| base.with(said, found));
        Version { name, selector, resilience }
    };
    names.into_iter().map(close).collect()
}

/// A version of which nothing more is known.
fn bare(name: &SmolStr, label: &SmolStr) -> Version {
    let selector = Decided::built_in(vec![(label.clone(), name.clone())]);
    Version { name: Decided::built_in(name.clone()), selector, resilience: None }
}

/// Words for versions in a block, and no list of them: their order decides which is the stable one.
fn unlisted<'v>(span: Span, names: impl Iterator<Item = &'v str>) -> Diagnostic {
    let names: Vec<&str> = names.collect();
    Diagnostic::new(&intent::MISSING_ARGUMENT, "`versions` needs the names of the versions, the stable one first")
        .at(span, "names none, though its block does")
        .fix("name them", span.end(), format!(" {}", names.join(" ")))
}

/// A name that no version has, the nearest that one has, and all that there are.
pub(super) fn unknown<'v>(
    name: &str,
    span: Option<Span>,
    near: Option<&str>,
    known: impl Iterator<Item = &'v str>,
) -> Diagnostic {
    let fault = Diagnostic::new(&UNKNOWN_VERSION, format!("no version is named `{name}`"))
        .at_known(span, "nothing has this name");
    if let (Some(near), Some(span)) = (near, span) {
        return fault.fix(format!("did you mean `{near}`?"), span, near);
    }
    let known: Vec<&str> = known.collect();
    match known.as_slice() {
        [] => fault.help("name the versions: `versions v1 v2`"),
        [one] => fault.help(format!("there is `{one}` alone")),
        several => fault.help(format!("the versions are {}", and_list(several.iter().copied()))),
    }
}
