use super::Decoder;
use crate::diagnostic::Diagnostic;
use crate::intent::codes::VALUE_SET_TWICE;
use crate::source::{Span, Spanned};

impl Decoder<'_> {
    /// Reports a part that is said again; both places are shown.
    pub(super) fn twice(&mut self, what: &str, first: Span, second: Span) {
        self.found.push(
            Diagnostic::new(&VALUE_SET_TWICE, format!("{what} is said twice in one layer"))
                .at(second, "said again here")
                .related(first, "said first here")
                .help("keep one of the two"),
        );
    }
}

/// Adds a node to those of its kind, which are told apart by `key`; `what` names one of them in messages.
pub(in crate::intent) fn push_keyed<T, K: PartialEq>(
    decoder: &mut Decoder<'_>,
    list: &mut Vec<T>,
    what: &str,
    node: T,
    key: impl Fn(&T) -> &Spanned<K>,
) {
    let first = list.iter().map(&key).find(|other| other.value == key(&node).value).map(|first| first.span);
    match first {
        Some(first) => decoder.twice(what, first, key(&node).span),
        None => list.push(node),
    }
}
