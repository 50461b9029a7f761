use super::Decoder;
use crate::diagnostic::Diagnostic;
use crate::intent::Said;
use crate::intent::codes::VALUE_SET_TWICE;
use crate::source::{Span, Spanned};

/// Puts a part in its place; a second word for it is a fault that shows both.
pub(in crate::intent) fn set<T>(decoder: &mut Decoder<'_>, slot: &mut Said<T>, name: &str, said: Said<T>) {
    let Some(said) = said else { return };
    match slot {
        Some(first) => twice(decoder, name, first.span, said.span),
        None => *slot = Some(said),
    }
}

/// Adds a keyed node to its list; a second node of the same key is a fault that shows both.
pub(in crate::intent) fn push_keyed<T, K: PartialEq>(
    decoder: &mut Decoder<'_>,
    list: &mut Vec<T>,
    name: &str,
    node: T,
    key: impl Fn(&T) -> &Spanned<K>,
) {
    let found = list.iter().map(&key).find(|other| other.value == key(&node).value).map(|first| first.span);
    match found {
        Some(first) => twice(decoder, name, first, key(&node).span),
        None => list.push(node),
    }
}

fn twice(decoder: &mut Decoder<'_>, name: &str, first: Span, second: Span) {
    decoder.found.push(
        Diagnostic::new(&VALUE_SET_TWICE, format!("{name} is said twice in one layer"))
            .at(second, "said again here")
            .related(first, "said first here")
            .help("keep one of the two"),
    );
}
