use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::REPEATED;
use crate::source::{Span, Spanned};
use std::collections::BTreeMap;
use std::fmt::Display;

/// What one layer adds to a collection, to warn of what it adds twice.
pub(super) struct Added<K> {
    verb: &'static str,
    first: BTreeMap<K, Span>,
}

impl<K: Ord> Added<K> {
    /// Nothing yet; `verb` says what is done to a member: `allowed`.
    pub(super) fn new(verb: &'static str) -> Self {
        Added { verb, first: BTreeMap::new() }
    }

    /// Adds a member as it was said; `before` is the one that stands before it in the same node.
    pub(super) fn add(&mut self, key: K, said: &Spanned<impl Display>, before: Option<Span>, found: &mut Diagnostics) {
        let Some(first) = self.first.get(&key) else {
            self.first.insert(key, said.span);
            return;
        };
        let fault = Diagnostic::new(&REPEATED, format!("`{}` is {} twice", said.value, self.verb))
            .at(said.span, "said again here")
            .related(*first, "said first here");
        found.push(match before {
            Some(before) => fault.fix("say it once", Span { start: before.end, ..said.span }, ""),
            None => fault.help("say it once"),
        });
    }
}
