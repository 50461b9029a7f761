use super::{Decoder, head};
use crate::diagnostic::Diagnostic;
use crate::intent::Said;
use crate::intent::codes::{CHOOSE_ONE, VALUE_SET_TWICE};
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use std::collections::BTreeMap;

impl Decoder<'_> {
    /// Reports a part that is said again; both places are shown.
    pub(in crate::intent) fn twice(&mut self, what: &str, first: Span, second: Span) {
        self.found.push(
            Diagnostic::new(&VALUE_SET_TWICE, format!("{what} is said twice in one layer"))
                .at(second, "said again here")
                .related(first, "said first here")
                .help("keep one of the two"),
        );
    }

    /// Reports two words of which a block takes one.
    pub(in crate::intent) fn choose_one(&mut self, (first, at): (&str, Span), (second, span): (&str, Span)) {
        self.found.push(
            Diagnostic::new(&CHOOSE_ONE, format!("`{first}` and `{second}` are alternatives"))
                .at(span, "one of them is said already")
                .related(at, "said here")
                .help("keep one of the two"),
        );
    }

    /// Reads one of several nodes of which a block takes one; `slot` holds the one that was read, and where it stands.
    pub(in crate::intent) fn alternative<T>(
        &mut self,
        slot: &mut Said<T>,
        node: &Node<'_>,
        read: impl FnOnce(&mut Self, &Node<'_>) -> Option<T>,
    ) {
        let value = read(self, node);
        match slot {
            Some(first) => {
                let word = self.written(first.span).split_whitespace().next().unwrap_or_default();
                self.choose_one((word, first.span), (&node.name.value, head(node)));
            }
            None => *slot = value.map(|value| Spanned::new(value, head(node))),
        }
    }
}

/// So many nodes of a kind are compared one by one as they come; where there are more, all at once at the end of their
/// block: a page may hold thousands.
const FEW: usize = 32;

/// Adds a node to those of its kind, which are told apart by `key`; `what` names one of them in messages. At the end of
/// the block [`each_once`] looks at those that are many.
pub(in crate::intent) fn push_keyed<T, K: PartialEq>(
    decoder: &mut Decoder<'_>,
    list: &mut (impl AsRef<[T]> + Extend<T>),
    what: &str,
    node: T,
    key: impl Fn(&T) -> &Spanned<K>,
) {
    let few = list.as_ref().iter().take(if list.as_ref().len() < FEW { FEW } else { 0 });
    let first = few.map(&key).find(|other| other.value == key(&node).value).map(|first| first.span);
    match first {
        Some(first) => decoder.twice(what, first, key(&node).span),
        None => list.extend([node]),
    }
}

/// Reports the nodes whose key another of them has, where they are so many that [`push_keyed`] did not.
pub(in crate::intent) fn each_once<T, K: Ord>(
    decoder: &mut Decoder<'_>,
    list: &[T],
    what: &str,
    key: impl Fn(&T) -> &Spanned<K>,
) {
    if list.len() <= FEW {
        return;
    }
    let mut first: BTreeMap<&K, Span> = BTreeMap::new();
    for said in list.iter().map(key) {
        match first.get(&said.value) {
            Some(first) => decoder.twice(what, *first, said.span),
            None => _ = first.insert(&said.value, said.span),
        }
    }
}
