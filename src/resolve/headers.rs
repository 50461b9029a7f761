use super::codes::ADDED_AND_REMOVED;
use super::laying::Laying;
use super::removals;
use crate::diagnostic::Diagnostic;
use crate::intent::{self, HeaderChange, HeadersSaid, Switch};
use crate::ir::{HeaderChanges, HeaderEdits};
use crate::source::{Decided, Span, Spanned};
use crate::value::{HeaderName, HeaderValue};
use smol_str::{SmolStr, ToSmolStr};
use std::collections::BTreeMap;

/// Lays `headers` over the weaker ones.
pub(super) fn lay(laying: &mut Laying<'_>, slot: &mut Option<Box<HeaderChanges>>, said: Option<&HeadersSaid>) {
    let Some(said) = said else { return };
    let changes = match &said.value {
        Switch::Off => {
            *slot = None;
            return;
        }
        Switch::On(changes) => changes,
    };
    let intent::HeaderChanges { request, response } = &**changes;
    let laid = slot.get_or_insert_default();
    lay_edits(laying, &mut laid.request, request);
    lay_edits(laying, &mut laid.response, response);
    slot.take_if(|laid| laid.is_empty());
}

fn lay_edits(laying: &mut Laying<'_>, laid: &mut HeaderEdits, said: &intent::HeaderEdits) {
    let intent::HeaderEdits { set, add, remove, removals } = said;
    removals::lay(laying, (removals, "set"), given(set), |name| {
        laid.set.remove(&named(name)?).map(|value| value.origin)
    });
    removals::lay(laying, (removals, "add"), given(add), |name| {
        laid.add.remove(&named(name)?).map(|value| value.origin)
    });
    let taken = remove.iter().map(|name| (name.value.to_smolstr(), &name.span));
    removals::lay(laying, (removals, "remove"), taken, |name| laid.remove.remove(&named(name)?));
    for name in remove {
        if let Some(again) = set.iter().chain(add).find(|change| change.name.value == name.value) {
            laying.found.push(added_and_removed(&again.name, name));
        }
        lay_removal(laying, laid, name);
    }
    for HeaderChange { name, value } in set {
        // What is removed goes first, so that a weaker layer's removal says nothing any more.
        laid.remove.remove(&name.value);
        lay_value(laying, &mut laid.set, ("set", name), value);
    }
    for HeaderChange { name, value } in add {
        lay_value(laying, &mut laid.add, ("add", name), value);
    }
}

fn given(list: &[HeaderChange]) -> impl Iterator<Item = (SmolStr, &Span)> {
    list.iter().map(|change| (change.name.value.to_smolstr(), &change.name.span))
}

fn named(name: &str) -> Option<HeaderName> {
    HeaderName::parse(name).ok()
}

/// A proxy removes before it sets, so what weaker layers set or add goes here.
fn lay_removal(laying: &mut Laying<'_>, laid: &mut HeaderEdits, name: &Spanned<HeaderName>) {
    let what = format!("the header `{}`", name.value);
    for values in [&mut laid.set, &mut laid.add] {
        if let Some(weaker) = values.remove(&name.value) {
            laying.check_first(weaker.span(), name.span, &what);
        }
    }
    let origin = laying.origin(name.span);
    if let Some(weaker) = laid.remove.insert(name.value.clone(), origin) {
        laying.check_first(weaker.span, name.span, &format!("`remove {}`", name.value));
    }
}

fn lay_value(
    laying: &mut Laying<'_>,
    values: &mut BTreeMap<HeaderName, Decided<HeaderValue>>,
    (word, name): (&str, &Spanned<HeaderName>),
    value: &Spanned<HeaderValue>,
) {
    let mut slot = values.remove(&name.value);
    laying.value(&mut slot, value.value.clone(), value.span, &format!("`{word} {}`", name.value));
    values.extend(slot.map(|slot| (name.value.clone(), slot)));
}

fn added_and_removed(set: &Spanned<HeaderName>, removed: &Spanned<HeaderName>) -> Diagnostic {
    Diagnostic::new(&ADDED_AND_REMOVED, format!("the header `{}` is given and removed in one block", set.value))
        .at(set.span, "given here")
        .related(removed.span, "removed here")
        .note("a proxy removes before it sets or adds, so the removal would do nothing")
        .help("keep one of the two: `set` replaces what is there by itself")
}
