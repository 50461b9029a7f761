//! Reads the YAML that tools write, in one pass and many times as fast as a reader of all of it: maps and lists by their
//! indentation, and values that end with their line. Whatever else a text holds is left to that reader.

mod judge;
mod line;
mod skim;

pub use self::skim::Head;
pub(super) use self::skim::skim;

use self::line::{Held, held, lines};
use super::decode::last_of_each;
use super::node::{Entry, Node, Value};
use super::resolved::resolved;
use crate::source::{FileId, Layer, Origin, Span, is_usual};
use smol_str::SmolStr;
use std::ops::Range;

/// Maps and lists inside each other.
const DEPTH: usize = 64;

/// The longest key.
const KEY: usize = 256;

/// The documents of a text, as [`decode`](super::decode()) reads them, empty ones left out; none where it is not so plain
/// throughout.
pub(super) fn decode(file: FileId, text: &str) -> Option<Vec<Node>> {
    read(file, text, 0)
}

/// The document that stands at a place of a text.
pub(super) fn document(file: FileId, text: &str, at: &Range<usize>) -> Option<Node> {
    read(file, text.get(at.clone())?, at.start)?.into_iter().next()
}

fn read(file: FileId, text: &str, from: usize) -> Option<Vec<Node>> {
    let mut reader = Reader { file, open: Vec::new(), documents: Vec::new(), has_root: false };
    lines(text, |line| match line.content {
        None => reader.end_document(),
        Some(content) => match held(content)? {
            // A text of one value is none of an object.
            Held::Scalar => None,
            held @ (Held::Item(_) | Held::Entry { .. }) => {
                reader.take(from + line.start + line.indent, line.indent, content, &held)
            }
        },
    })?;
    reader.end_document()?;
    Some(reader.documents)
}

/// A text while its lines come in.
struct Reader {
    file: FileId,
    open: Vec<Open>,
    documents: Vec<Node>,
    /// Whether the document has a value by now.
    has_root: bool,
}

/// A map or list that has not ended.
struct Open {
    indent: usize,
    span: Span,
    what: What,
}

enum What {
    /// A list, and whether an item is still to come.
    List(Vec<Node>, bool),
    /// A map, and the key whose value is still to come.
    Map(Vec<Entry>, Option<(SmolStr, Span)>),
}

impl Reader {
    /// Takes in what stands at a place and so many columns from the left.
    fn take(&mut self, at: usize, indent: usize, content: &str, held: &Held<'_>) -> Option<()> {
        match held {
            Held::Item(rest) => {
                self.go_to(at, indent, true)?;
                self.item(at, indent, content.len() - rest.len(), rest)
            }
            Held::Entry { key, is_quoted, rest } => {
                self.go_to(at, indent, false)?;
                let span = self.span(at, key.len() + if *is_quoted { 2 } else { 0 });
                let key = self::key(key, *is_quoted)?;
                if let Some(Open { what: What::Map(_, said), .. }) = self.open.last_mut() {
                    *said = Some((key, span));
                }
                if rest.is_empty() { Some(()) } else { self.value(at + content.len() - rest.len(), rest) }
            }
            Held::Scalar => self.value(at, content),
        }
    }

    /// Takes in what stands `further` on from a dash.
    fn item(&mut self, at: usize, indent: usize, further: usize, rest: &str) -> Option<()> {
        let (at, indent, is_flush) = (at + further, indent + further, self.is_flush());
        let place = self.span(at, 0);
        if let Some(Open { span, what: What::List(items, is_awaited), .. }) = self.open.last_mut() {
            *is_awaited = true;
            // A list below the key itself begins with its first item, not with the dash.
            if is_flush && items.is_empty() {
                *span = (!rest.is_empty()).then_some(place)?;
            }
        }
        if rest.is_empty() { Some(()) } else { self.take(at, indent, rest, &held(rest)?) }
    }

    /// Whether what is open last is a list that stands below the key itself that it is the value of.
    fn is_flush(&self) -> bool {
        matches!(self.open.as_slice(), [.., map, list] if map.indent == list.indent)
    }

    fn value(&mut self, at: usize, text: &str) -> Option<()> {
        let (value, length) = match text {
            "{}" => (Value::Map(Vec::new()), 1),
            "[]" => (Value::List(Vec::new()), 1),
            _ => (scalar(text)?, text.len()),
        };
        let span = self.span(at, length);
        self.put(Node::at(value, span));
        Some(())
    }

    /// Ends what ends before something that stands `indent` columns from the left, and begins what it begins.
    fn go_to(&mut self, at: usize, indent: usize, is_item: bool) -> Option<()> {
        loop {
            let Some(open) = self.open.last() else {
                let is_first = !self.has_root;
                self.has_root = true;
                return is_first.then(|| self.begin(at, indent, is_item));
            };
            let is_list = matches!(open.what, What::List(..));
            if open.awaits() {
                // The items of a list may stand below the key itself.
                if indent > open.indent || indent == open.indent && is_item && !is_list {
                    self.begin(at, indent, is_item);
                    return (self.open.len() <= DEPTH).then_some(());
                }
                self.nothing()?;
                continue;
            }
            if indent > open.indent {
                return None;
            }
            if indent == open.indent && is_item == is_list {
                return Some(());
            }
            if indent == open.indent && is_item {
                return None;
            }
            self.end();
        }
    }

    fn begin(&mut self, at: usize, indent: usize, is_item: bool) {
        let what = if is_item { What::List(Vec::new(), false) } else { What::Map(Vec::new(), None) };
        self.open.push(Open { indent, span: self.span(at, 0), what });
    }

    fn end(&mut self) {
        let Some(Open { span, what, .. }) = self.open.pop() else { return };
        let value = match what {
            What::List(items, _) => Value::List(items),
            What::Map(entries, _) => Value::Map(last_of_each(entries)),
        };
        self.put(Node::at(value, span));
    }

    fn end_document(&mut self) -> Option<()> {
        while let Some(open) = self.open.last() {
            if open.awaits() {
                self.nothing()?;
            }
            self.end();
        }
        self.has_root = false;
        Some(())
    }

    /// Puts nothing where something was still to come: under a key. A dash without an item is no plain text.
    fn nothing(&mut self) -> Option<()> {
        let Some(Open { what: What::Map(_, Some((_, key))), .. }) = self.open.last() else { return None };
        let place = key.end();
        self.put(Node::at(Value::Null, place));
        Some(())
    }

    /// Puts a value where it belongs.
    fn put(&mut self, node: Node) {
        match self.open.last_mut().map(|open| &mut open.what) {
            None => self.documents.push(node),
            Some(What::List(items, is_awaited)) => {
                *is_awaited = false;
                items.push(node);
            }
            Some(What::Map(entries, said)) => {
                if let Some((key, span)) = said.take() {
                    entries.push(Entry { key, origin: Some(Origin::new(Layer::Own, span)), node });
                }
            }
        }
    }

    fn span(&self, at: usize, length: usize) -> Span {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, number(at), number(at + length))
    }
}

impl Open {
    /// Whether something is still to come in it.
    const fn awaits(&self) -> bool {
        match &self.what {
            What::List(_, is_awaited) => *is_awaited,
            What::Map(_, said) => said.is_some(),
        }
    }
}

/// The text of a key; none where it could be something else.
fn key(text: &str, is_quoted: bool) -> Option<SmolStr> {
    if text.len() > KEY {
        return None;
    }
    if is_quoted {
        return Some(SmolStr::new(text));
    }
    if let Value::Text(text) = resolved(text)? { Some(text) } else { None }
}

/// Whether a key is itself: no word that means something else is so long, or begins so.
fn is_word(key: &str) -> bool {
    let [first, ..] = key.as_bytes() else { return false };
    let is_other = || matches!(first | 0x20, b'f' | b'n' | b'o' | b't' | b'y');
    first.is_ascii_alphabetic() && key.len() <= KEY && (key.len() >= 6 || !is_other())
}

/// What ends with its line.
fn is_value(text: &str) -> bool {
    matches!(text, "{}" | "[]") || is_scalar(text)
}

/// A value that ends with its line; none where it could be something else.
fn scalar(text: &str) -> Option<Value> {
    if !is_scalar(text) {
        return None;
    }
    match text.as_bytes().first() {
        Some(b'"' | b'\'') => text.get(1..text.len() - 1).map(|inner| Value::Text(SmolStr::new(inner))),
        Some(_) | None => resolved(text),
    }
}

/// Whether a text is a value that ends with its line, whatever stands before and behind it.
fn is_scalar(text: &str) -> bool {
    let bytes = text.as_bytes();
    let [first, rest @ ..] = bytes else { return false };
    if first.is_ascii_alphabetic() && is_usual(bytes) {
        return true;
    }
    if let b'"' | b'\'' = first {
        let Some((last, inner)) = rest.split_last() else { return false };
        return last == first && !inner.iter().any(|byte| byte == first || *byte == b'\\' && *first == b'"');
    }
    let begins = match first {
        b'-' => rest.first().is_some_and(u8::is_ascii_alphanumeric),
        _ => first.is_ascii_alphanumeric() || matches!(first, b'_' | b'.' | b'/' | b'+' | b'$' | b'^' | b'('),
    };
    let is_cut = || bytes.iter().zip(rest).any(|pair| matches!(pair, (b':', b' ') | (b' ', b'#')));
    // What JSON does not have begins so.
    let is_odd = || matches!(first, b'.' | b'+' | b'-') && resolved(text).is_none();
    begins && !bytes.ends_with(b" ") && !bytes.ends_with(b":") && !is_cut() && !is_odd()
}

#[cfg(test)]
mod tests;
