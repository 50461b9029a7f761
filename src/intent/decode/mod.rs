//! Reads nodes by the grammar table: shape first (word, place, number of arguments, properties), then typed values.

mod block;
mod here;
mod keyed;
mod mismatch;
mod shape;
mod values;
mod variables;

use super::scope::Scope;
use crate::diagnostic::Diagnostics;
use crate::source::Span;
use crate::syntax::{Entry, Node};

pub(super) use keyed::{each_once, push_keyed};

/// The state of reading one file for one environment.
pub(super) struct Decoder<'d> {
    /// The environment; none while it is not yet known, when variables are left alone.
    pub(super) scope: &'d Scope,
    /// Whether blocks for other environments are left out, because their variables are not known here.
    pub(super) is_for_one_environment: bool,
    /// The file's text, to quote what was written.
    pub(super) text: &'d str,
    /// The faults.
    pub(super) found: &'d mut Diagnostics,
}

impl<'d> Decoder<'d> {
    /// What is written at `span`, byte for byte.
    fn written(&self, span: Span) -> &'d str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The space between two values, if nothing else stands there: they are neighbours on one line.
    pub(super) fn between(&self, before: Span, after: Span) -> Option<Span> {
        let gap = Span { start: before.end, end: after.start, ..before };
        let is_space = self.written(gap).chars().all(|character| matches!(character, ' ' | '\t'));
        (gap.start <= gap.end && is_space).then_some(gap)
    }
}

/// A list that takes no more room than it needs: a workspace of ten thousand pages has many short ones.
pub(super) fn fitted<T>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = items.collect();
    list.shrink_to_fit();
    list
}

/// The entries of a node without a key.
pub(super) fn arguments<'n, 's>(node: &'n Node<'s>) -> impl Iterator<Item = &'n Entry<'s>> {
    node.entries.iter().filter(|entry| entry.key.is_none())
}

/// The argument at `index`, from 0.
pub(super) fn argument<'n, 's>(node: &'n Node<'s>, index: usize) -> Option<&'n Entry<'s>> {
    arguments(node).nth(index)
}

/// The property `key`.
pub(super) fn property<'n, 's>(node: &'n Node<'s>, key: &str) -> Option<&'n Entry<'s>> {
    node.entries.iter().find(|entry| entry.key.as_ref().is_some_and(|name| name.value == key))
}

/// A node without its block: where its word and values stand.
pub(super) fn head(node: &Node<'_>) -> Span {
    node.entries.last().map_or(node.name.span, |last| node.name.span.to(last.span))
}
