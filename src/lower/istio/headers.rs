use crate::ir::{HeaderChanges, HeaderEdits};
use crate::manifest::Traced;
use crate::manifest::istio::{HeaderOperations, Headers};
use crate::source::Decided;
use crate::value::{HeaderName, HeaderValue};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Changes of headers, of a rule or of one destination.
pub(super) fn lower(changes: &HeaderChanges) -> Headers {
    let HeaderChanges { request, response } = changes;
    Headers { request: operations(request), response: operations(response) }
}

fn operations(edits: &HeaderEdits) -> Option<HeaderOperations> {
    let HeaderEdits { set, add, remove } = edits;
    let remove = remove.iter().map(|(name, origin)| Traced::new(name.text().clone(), *origin));
    let operations = HeaderOperations { set: values(set), add: values(add), remove: remove.collect() };
    (operations != HeaderOperations::default()).then_some(operations)
}

fn values(values: &BTreeMap<HeaderName, Decided<HeaderValue>>) -> Vec<(SmolStr, Traced<SmolStr>)> {
    let pair = |(name, value): (&HeaderName, &Decided<HeaderValue>)| {
        (name.text().clone(), Traced::new(literal(value.value.text()), value.origin))
    };
    values.iter().map(pair).collect()
}

/// A value as Envoy reads it, to which `%NAME%` is a formatter and `%%` a percent sign.
pub(super) fn literal(text: &SmolStr) -> SmolStr {
    if text.contains('%') { text.replace('%', "%%").into() } else { text.clone() }
}
