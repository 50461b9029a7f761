use super::laying::Laying;
use super::ports::over;
use crate::diagnostic::Diagnostics;
use crate::intent::{self, Said, Switch};
use crate::ir::{Breaker, Labels, Version};
use crate::source::{Decided, Layer};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// What the layers said of `versions` so far.
#[derive(Default)]
pub(super) struct Laid<'i> {
    names: Vec<Decided<SmolStr>>,
    selectors: BTreeMap<&'i SmolStr, Decided<Labels>>,
    breakers: BTreeMap<&'i SmolStr, Vec<(Layer, &'i Said<Switch<Box<intent::Breaker>>>)>>,
}

/// Lays `versions` over the weaker ones: the list of names is one part, each version's words merge alone.
pub(super) fn lay<'i>(laying: &mut Laying<'_>, laid: &mut Laid<'i>, said: Option<&'i intent::Versions>) {
    let Some(intent::Versions { names, nodes, span }) = said else { return };
    if !names.is_empty() {
        laying.check_first(laid.names.first().and_then(Decided::span), *span, "`versions`");
        laid.names =
            names.iter().map(|name| Decided::new(name.value.text().clone(), laying.origin(name.span))).collect();
    }
    for intent::VersionNode { name, selector, breaker } in nodes {
        if let Some(selector) = selector {
            laid.selectors
                .insert(name.value.text(), Decided::new(selector.value.clone(), laying.origin(selector.span)));
        }
        if breaker.is_some() {
            laid.breakers.entry(name.value.text()).or_default().push((laying.layer, breaker));
        }
    }
}

/// Closes the versions of a service, whose own breaker is `base`.
pub(super) fn complete(laid: Laid<'_>, base: &Breaker, label: &SmolStr, found: &mut Diagnostics) -> Vec<Version> {
    let Laid { names, mut selectors, breakers } = laid;
    let close = |name: Decided<SmolStr>| {
        let default = || Decided::new(vec![(label.clone(), name.value.clone())], name.origin);
        let selector = selectors.remove(&name.value).unwrap_or_else(default);
        let breaker = breakers.get(&name.value).and_then(|said| over(base, said, found));
        Version { name, selector, breaker }
    };
    names.into_iter().map(close).collect()
}
