use crate::ir::{HeaderChanges, HeaderEdits};
use crate::manifest::Traced;
use crate::manifest::istio::{HeaderOperations, Headers};
use crate::source::{Decided, Origin};
use crate::value::{HeaderName, HeaderValue, Host, Port};
use smol_str::{SmolStr, format_smolstr};
use std::collections::BTreeMap;

/// The header that names whom a request is for.
const HOST: &str = "host";

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

/// The Host header of requests that are led to a host outside: as somebody who asks there would write it.
pub(super) fn host(host: &Host, port: Port, origin: Origin) -> Headers {
    const UNWRITTEN: u16 = 80;
    let value = match port.number() {
        UNWRITTEN => host.text().clone(),
        number => format_smolstr!("{host}:{number}"),
    };
    set_host(Traced::new(value, origin))
}

/// A Host header in place of what is there.
pub(super) fn set_host(value: Traced<SmolStr>) -> Headers {
    let set = vec![(SmolStr::new_static(HOST), value)];
    Headers { request: Some(HeaderOperations { set, ..HeaderOperations::default() }), response: None }
}

/// The Host header that a destination sets.
pub(super) fn host_of(headers: Option<&Headers>) -> Option<&SmolStr> {
    let set = headers?.request.as_ref()?.set.iter();
    set.clone().find(|(name, _)| name == HOST).map(|(_, value)| &value.value)
}

/// What a share says of headers, with the Host that its target needs.
pub(super) fn both(share: Option<Headers>, target: Option<Headers>) -> Option<Headers> {
    let (Some(mut share), Some(target)) = (share.clone(), target.clone()) else { return share.or(target) };
    let request = share.request.get_or_insert_default();
    request.set.extend(target.request.into_iter().flat_map(|operations| operations.set));
    request.set.sort_by(|a, b| a.0.cmp(&b.0));
    Some(share)
}

/// A value as Envoy reads it, to which `%NAME%` is a formatter and `%%` a percent sign.
pub(super) fn literal(text: &SmolStr) -> SmolStr {
    if text.contains('%') { text.replace('%', "%%").into() } else { text.clone() }
}
