use super::Decoder;
use super::here::not_here;
use crate::diagnostic::{Diagnostic, Severity};
use crate::intent::codes::REPEATED;
use crate::intent::grammar::{self, Place, Repeats, Word};
use crate::source::Span;
use crate::syntax::Node;
use std::collections::BTreeMap;

impl Decoder<'_> {
    /// Walks the nodes of a block: each that the table knows here, and whose shape is right, goes to `take`, a removal
    /// (`-word`) too. A word that may stand once goes there once. Whether every word was known.
    pub(in crate::intent) fn each<'n, 's: 'n>(
        &mut self,
        nodes: impl IntoIterator<Item = &'n Node<'s>>,
        place: Place,
        mut take: impl FnMut(&mut Self, &'static Word, &'n Node<'s>),
    ) -> bool {
        let mut knows_all = true;
        let mut said: Vec<(&'static str, Span)> = Vec::new();
        let mut collected: BTreeMap<(&'static str, String), Span> = BTreeMap::new();
        for node in nodes {
            let removed = node.name.value.strip_prefix('-');
            let word = grammar::find(place, removed.unwrap_or(&node.name.value));
            let fits = match word.filter(|word| removed.is_none() || word.repeats.can_be_removed()) {
                None => {
                    self.found.push_if_kept(Severity::Error, node.name.span, || not_here(node, place));
                    knows_all = false;
                    false
                }
                Some(word) if removed.is_some() => self.removal(node, word),
                Some(word) => self.shape(node, word) && self.is_first(&mut said, word, node),
            };
            if let Some(word) = word.filter(|_| fits) {
                self.warn_repeated(&mut collected, word, node);
                take(self, word, node);
            }
        }
        knows_all
    }

    /// The nodes of a node's block, walked like [`Decoder::each`].
    pub(in crate::intent) fn children<'n, 's: 'n>(
        &mut self,
        node: &'n Node<'s>,
        place: Place,
        take: impl FnMut(&mut Self, &'static Word, &'n Node<'s>),
    ) -> bool {
        self.each(node.children(), place, take)
    }

    /// Warns of conditions that stand in one block twice, letter by letter: of a collection the second adds nothing.
    fn warn_repeated(
        &mut self,
        collected: &mut BTreeMap<(&'static str, String), Span>,
        word: &'static Word,
        node: &Node<'_>,
    ) {
        let is_collected = match word.repeats {
            Repeats::Adds => !node.children().is_empty(),
            Repeats::Many => true,
            Repeats::Once | Repeats::Keyed => false,
        };
        if !is_collected || !word.block.is_some_and(Place::holds_conditions) || node.name.value.starts_with('-') {
            return;
        }
        let text = self.written(node.span).split_whitespace().collect::<Vec<_>>().join(" ");
        let first = *collected.entry((word.name, text)).or_insert(node.name.span);
        if first != node.name.span {
            self.found.push(
                Diagnostic::new(&REPEATED, format!("this `{}` is said twice", word.name))
                    .at(node.name.span, "said again here")
                    .related(first, "said first here")
                    .help("say it once"),
            );
        }
    }

    /// Whether a word that may stand once was not said before in this block; that it was is reported.
    fn is_first(&mut self, said: &mut Vec<(&'static str, Span)>, word: &'static Word, node: &Node<'_>) -> bool {
        if word.repeats != Repeats::Once {
            return true;
        }
        let first = said.iter().find(|(name, _)| *name == word.name).map(|(_, span)| *span);
        match first {
            Some(first) => self.twice(&format!("`{}`", word.name), first, node.name.span),
            None => said.push((word.name, node.name.span)),
        }
        first.is_none()
    }
}
