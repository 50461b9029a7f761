use super::codes::{ADDED_AND_REMOVED, NOTHING_TO_REMOVE};
use super::layers::Level;
use super::laying::Laying;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::Removal;
use crate::source::{Origin, Span};
use smol_str::SmolStr;
use std::fmt::Display;

/// What one layer takes away of a collection, by key.
pub(super) struct Removals<'l, K> {
    all: Vec<Taken<'l, K>>,
    /// Whether a weaker layer says the same, by the same profile.
    is_again: bool,
}

struct Taken<'l, K> {
    key: K,
    said: &'l Removal,
    /// Whether it had an effect, or its fault is told already.
    is_settled: bool,
}

impl<'l, K: PartialEq> Removals<'l, K> {
    /// The `-word` of a layer; `key` reads what one names, and reports where that is nothing.
    pub(super) fn of(level: &Level<'l>, word: &str, key: impl FnMut(&'l Removal) -> Option<K>) -> Self {
        let said = level.bodies.iter().flat_map(|body| &body.words.removals);
        Removals { is_again: level.is_again, ..Removals::among(said, word, key) }
    }

    /// The `-word` among these.
    pub(super) fn among(
        said: impl Iterator<Item = &'l Removal>,
        word: &str,
        mut key: impl FnMut(&'l Removal) -> Option<K>,
    ) -> Self {
        let said = said.filter(|removal| removal.word == word);
        let all = said.filter_map(|said| Some(Taken { key: key(said)?, said, is_settled: false })).collect();
        Removals { all, is_again: false }
    }

    /// Takes away what weaker layers said; `take` does it for one key and tells whether there was something.
    pub(super) fn take(&mut self, mut take: impl FnMut(&K) -> bool) {
        self.take_said(|key, _| take(key));
    }

    /// The same, with where the key was written.
    pub(super) fn take_said(&mut self, mut take: impl FnMut(&K, &Removal) -> bool) {
        for removal in &mut self.all {
            removal.is_settled |= take(&removal.key, removal.said);
        }
    }

    /// Whether nothing is taken away.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Reports what this very layer adds although it takes it away.
    pub(super) fn check_added(&mut self, key: &K, shown: &dyn Display, span: Span, found: &mut Diagnostics) {
        self.check_added_where(|removed| removed == key, shown, span, found);
    }

    /// The same of keys that stand for more than themselves.
    pub(super) fn check_added_where(
        &mut self,
        is_removed: impl Fn(&K) -> bool,
        shown: &dyn Display,
        span: Span,
        found: &mut Diagnostics,
    ) {
        for removal in self.all.iter_mut().filter(|removal| is_removed(&removal.key)) {
            removal.is_settled = true;
            found.push(added_and_removed(shown, span, removal.said.key.span));
        }
    }

    /// Reports what found nothing to take away.
    pub(super) fn finish(self, found: &mut Diagnostics) {
        if self.is_again {
            return;
        }
        for Taken { said, .. } in self.all.iter().filter(|removal| !removal.is_settled) {
            found.push(nothing_to_remove(said));
        }
    }
}

/// Lays the `-word` of a block whose parts are known by a text: `take` takes away what is known by it, and tells where
/// that was said; `added` is what the same block says with the word.
pub(super) fn lay<'a>(
    laying: &mut Laying<'_>,
    (said, word): (&[Removal], &str),
    added: impl Iterator<Item = (SmolStr, &'a Span)>,
    mut take: impl FnMut(&str) -> Option<Origin>,
) {
    if said.is_empty() {
        return;
    }
    let removals = Removals::among(said.iter(), word, |removal| Some(removal.key.value.clone()));
    let mut removals = Removals { is_again: laying.is_again, ..removals };
    let mut of_this_layer = Vec::new();
    removals.take_said(|key, removal| {
        let taken = take(key);
        // A later block says it, which is told.
        if laying.apart.iter().any(|apart| apart.removed == removal.key.span) {
            return true;
        }
        let span = taken.and_then(|origin| origin.span).filter(|span| laying.is_of_this_layer(*span));
        of_this_layer.extend(span.map(|span| added_and_removed(&format_args!("{word} {key}"), span, removal.key.span)));
        taken.is_some()
    });
    laying.found.extend(of_this_layer);
    for (key, span) in added {
        removals.check_added(&key, &format_args!("{word} {key}"), *span, laying.found);
    }
    removals.finish(laying.found);
}

/// One key, said and taken away in one layer.
pub(super) fn added_and_removed(shown: &dyn Display, added: Span, removed: Span) -> Diagnostic {
    Diagnostic::new(&ADDED_AND_REMOVED, format!("`{shown}` is added and removed in one layer"))
        .at(added, "added here")
        .related(removed, "removed here")
        .note("`-word` takes away what weaker layers say, and a layer is not weaker than itself")
        .help("keep one of the two")
}

fn nothing_to_remove(removal: &Removal) -> Diagnostic {
    let key = &removal.key.value;
    Diagnostic::new(&NOTHING_TO_REMOVE, format!("no weaker layer says `{} {key}`", removal.word))
        .at(removal.key.span, "nothing is taken away here")
        .note("`-word` takes away what the mesh, the namespace, a profile or the node below an overlay says under that very key")
        .help("take this line out, or name the key as the weaker layer does")
}
