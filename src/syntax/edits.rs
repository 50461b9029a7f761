//! What was edited between two versions of a workspace: nodes that came, went, or say something else.

use super::{Document, Entry, Node, Value};
use crate::source::{Edit, Section, Span};
use std::collections::{BTreeMap, VecDeque};

/// How many words of an edit are told.
const MOST_WORDS: usize = 64;

/// The edits that make the later files of the earlier ones. A node at the top may stand in another file.
pub fn edits(before: &[Document<'_>], after: &[Document<'_>]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let (old, new) = (top(before), top(after));
    compare(&old, &new, &mut Around::default(), &mut edits);
    edits
}

/// A node with the file that it stands in.
#[derive(Clone, Copy)]
struct Placed<'d> {
    document: &'d Document<'d>,
    node: &'d Node<'d>,
}

fn top<'d>(documents: &'d [Document<'d>]) -> Vec<Placed<'d>> {
    let nodes = |document: &'d Document<'d>| document.nodes.iter().map(move |node| Placed { document, node });
    documents.iter().flat_map(nodes).collect()
}

impl<'d> Placed<'d> {
    fn children(self) -> Vec<Placed<'d>> {
        self.node.children().iter().map(|node| Placed { node, ..self }).collect()
    }

    /// All of it as it is written.
    fn text(self) -> &'d str {
        self.document.slice(self.node.span)
    }

    /// Its name, arguments and properties.
    fn header(self) -> Vec<String> {
        std::iter::once(self.node.name.value.to_string()).chain(self.node.entries.iter().map(entry)).collect()
    }

    fn section(self) -> Section {
        let whole = self.node.span;
        let head = self.node.block.as_ref().map_or(whole, |block| Span { end: block.span.start, ..whole });
        Section { head, whole }
    }

    /// Its first argument: most things are named by it.
    fn first(self) -> Option<String> {
        self.node.arguments().next().map(|argument| value(&argument.value))
    }

    /// Its name and its first argument, by which people tell it from its neighbours.
    fn title(self) -> Vec<String> {
        let first = self.node.arguments().next().map(entry);
        std::iter::once(self.node.name.value.to_string()).chain(first).collect()
    }

    /// The words of it and of all that is in it.
    fn words(self) -> Vec<String> {
        let mut words = vec![self.node.name.value.to_string()];
        words.extend(self.node.entries.iter().map(|entry| value(&entry.value)));
        for child in self.children() {
            if words.len() < MOST_WORDS {
                words.extend(child.words());
            }
        }
        words.truncate(MOST_WORDS);
        words
    }
}

fn entry(entry: &Entry<'_>) -> String {
    let value = value(&entry.value);
    entry.key.as_ref().map_or_else(|| value.clone(), |key| format!("{}={value}", key.value))
}

fn value(value: &Value<'_>) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Boolean(flag) => flag.to_string(),
        Value::Null => String::new(),
    }
}

/// What the nodes that are compared stand in.
#[derive(Default)]
struct Around {
    sections: Vec<[Section; 2]>,
    of: Option<String>,
}

impl Around {
    fn edit(&self, (before, after): (Option<Placed<'_>>, Option<Placed<'_>>), words: Vec<String>) -> Edit {
        let is_whole = before.is_none() || after.is_none();
        let span = |placed: Placed<'_>| if is_whole { placed.section().whole } else { placed.section().head };
        let own = || after.or(before)?.first();
        Edit {
            before: before.map(span),
            after: after.map(span),
            around: self.sections.clone(),
            of: self.of.clone().or_else(own),
            words,
        }
    }
}

/// Pairs what is the same, then what has the same header, title and name; what is left came or went.
fn compare(old: &[Placed<'_>], new: &[Placed<'_>], around: &mut Around, edits: &mut Vec<Edit>) {
    let mut left = (old.to_vec(), new.to_vec());
    pair(&mut left, Placed::text);
    let mut pairs = pair(&mut left, Placed::header);
    pairs.extend(pair(&mut left, Placed::title));
    let is_top = around.sections.is_empty();
    // At the top the next one of a kind is another thing.
    if !is_top {
        pairs.extend(pair(&mut left, |placed| placed.node.name.value.to_string()));
    }
    for (one, other) in pairs {
        if one.header() != other.header() {
            let words = changed(&one.node.entries, &other.node.entries);
            let words = [vec![other.node.name.value.to_string()], words].concat();
            edits.push(around.edit((Some(one), Some(other)), words));
        }
        around.sections.push([one.section(), other.section()]);
        if is_top {
            around.of = other.first();
        }
        compare(&one.children(), &other.children(), around, edits);
        around.sections.pop();
    }
    if is_top {
        around.of = None;
    }
    edits.extend(left.0.iter().map(|gone| around.edit((Some(*gone), None), gone.words())));
    edits.extend(left.1.iter().map(|new| around.edit((None, Some(*new)), new.words())));
}

/// Takes out the nodes of both sides that have the same key, in their order.
fn pair<'d, K: Ord>(
    (old, new): &mut (Vec<Placed<'d>>, Vec<Placed<'d>>),
    key: impl Fn(Placed<'d>) -> K,
) -> Vec<(Placed<'d>, Placed<'d>)> {
    let mut known: BTreeMap<K, VecDeque<usize>> = BTreeMap::new();
    for (at, placed) in old.iter().enumerate() {
        known.entry(key(*placed)).or_default().push_back(at);
    }
    let mut pairs = Vec::new();
    let mut taken = vec![false; old.len()];
    new.retain(|placed| {
        let at = known.get_mut(&key(*placed)).and_then(VecDeque::pop_front);
        let partner = at.and_then(|at| {
            *taken.get_mut(at)? = true;
            old.get(at)
        });
        pairs.extend(partner.map(|partner| (*partner, *placed)));
        partner.is_none()
    });
    let mut taken = taken.into_iter();
    old.retain(|_| !taken.next().unwrap_or_default());
    pairs
}

/// The values that only one of two headers has.
fn changed(old: &[Entry<'_>], new: &[Entry<'_>]) -> Vec<String> {
    let only = |these: &[Entry<'_>], those: &[Entry<'_>]| -> Vec<String> {
        let others: Vec<String> = those.iter().map(entry).collect();
        these.iter().filter(|own| !others.contains(&entry(own))).map(|own| value(&own.value)).collect()
    };
    let mut words = [only(old, new), only(new, old)].concat();
    words.truncate(MOST_WORDS);
    words
}
