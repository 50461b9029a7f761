//! Arguments, properties and type annotations.

use super::document::{Entry, Node, Text, Value};
use super::reader::{Pending, Reader};
use super::word::Place;
use super::{faults, limits};
use crate::source::Span;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How many properties are compared pair by pair before a map is worth its allocation.
const FEW: usize = 8;

/// A value that was read, and where.
pub(super) struct Read<'s> {
    pub(super) value: Value<'s>,
    pub(super) span: Span,
    /// Whether it is a bare word.
    pub(super) bare: bool,
}

impl<'s> Reader<'s, '_> {
    /// Reads an argument or property and the space after it; says whether there was any.
    #[inline]
    pub(super) fn entry(&mut self, pending: &mut Pending<'s>) -> bool {
        let start = self.cursor.at;
        let annotation = self.annotation_ahead().then(|| self.annotation());
        if let Some(span) = annotation.filter(|_| self.nothing_here()) {
            self.report(faults::annotation_without_value(span));
            return true;
        }
        let Some(read) = self.value(Place::Entry) else {
            self.node_space();
            return true; // what is wrong was said
        };
        let spaced = self.node_space();
        if self.cursor.peek() == Some(b'=') {
            self.cursor.at += 1;
            if let Some(span) = annotation {
                self.report(faults::annotation_before_key(span, self.cursor.span(self.cursor.at, self.cursor.at)));
            }
            return self.property(start, read, pending);
        }
        if spaced && self.colon_for_equals(&read) {
            return self.property(start, without_colon(read), pending);
        }
        let Read { value, span, bare: _ } = read;
        let all = self.cursor.span(start, span.end as usize);
        self.push(Entry { span: all, annotation, key: None, value, value_span: span }, pending);
        spaced
    }

    /// Reads a property's value, after its `=`.
    fn property(&mut self, start: usize, key: Read<'s>, pending: &mut Pending<'s>) -> bool {
        let equals = self.cursor.span(start, self.cursor.at);
        self.node_space();
        if self.cursor.starts_with("/-") {
            self.report(faults::slashdash_before_value(self.cursor.span(self.cursor.at, self.cursor.at + 2), equals));
            self.cursor.at += 2;
            self.node_space();
        }
        let annotation = self.annotation_ahead().then(|| self.annotation());
        if self.nothing_here() {
            self.report(faults::property_without_value(equals, self.cursor.slice(start, key.span.end as usize)));
            return true;
        }
        let key = self.key(key);
        let (Some(Read { value, span, bare: _ }), Some(key)) = (self.value(Place::Entry), key) else {
            self.node_space();
            return true; // what is wrong was said
        };
        let all = self.cursor.span(start, span.end as usize);
        self.push(Entry { span: all, annotation, key: Some(key), value, value_span: span }, pending);
        self.node_space()
    }

    /// Takes a value that was read for a property's name, which only a string can be.
    fn key(&mut self, read: Read<'s>) -> Option<Text<'s>> {
        match read.value {
            Value::String(value) => Some(Text { value, span: read.span }),
            Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => {
                let written = self.cursor.slice(read.span.start as usize, read.span.end as usize);
                self.report(faults::name_not_text(read.span, written, "the name of a property"));
                None
            }
        }
    }

    /// Reads a node's name.
    pub(super) fn name(&mut self, annotation: Option<Span>) -> Option<Text<'s>> {
        if let Some(span) = annotation.filter(|_| self.nothing_here()) {
            self.report(faults::annotation_without_value(span));
            return None;
        }
        let read = self.value(Place::Name)?;
        let written = self.cursor.slice(read.span.start as usize, read.span.end as usize);
        let colon = read.bare && written.len() > 1 && written.ends_with(':') && self.cursor.peek() != Some(b'=');
        let read = if colon {
            self.report(faults::colon_after_name(&self.cursor, read.span));
            without_colon(read)
        } else {
            read
        };
        match read.value {
            Value::String(value) => Some(Text { value, span: read.span }),
            Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => {
                self.report(faults::name_not_text(read.span, written, "the name of a node"));
                None
            }
        }
    }

    /// Whether a bare word was meant for a property's name: `key: value`. That is said.
    fn colon_for_equals(&mut self, read: &Read<'s>) -> bool {
        let meant = match &read.value {
            Value::String(text) => read.bare && text.len() > 1 && text.ends_with(':') && !self.nothing_here(),
            Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => false,
        };
        if meant {
            self.report(faults::colon_for_equals(&self.cursor, read.span));
        }
        meant
    }

    /// Whether a type annotation is next.
    #[inline]
    pub(super) fn annotation_ahead(&self) -> bool {
        self.cursor.peek() == Some(b'(')
    }

    /// Reads a type annotation and the space after it.
    pub(super) fn annotation(&mut self) -> Span {
        let span = self.parentheses();
        self.node_space();
        span
    }

    /// Reads a type annotation.
    fn parentheses(&mut self) -> Span {
        let start = self.cursor.at;
        self.cursor.at += 1;
        self.node_space();
        let empty = matches!(self.cursor.peek(), Some(b')')) || self.nothing_here();
        if empty {
            self.report(faults::empty_annotation(self.cursor.span(start, start + 1)));
        } else {
            let read = self.value(Place::Annotation);
            self.annotation_text(read);
            self.node_space();
        }
        match self.cursor.peek() {
            Some(b')') => self.cursor.at += 1,
            Some(_) | None if empty => self.skip_to_parenthesis(),
            Some(_) | None => {
                let end = self.cursor.span(self.cursor.at, self.cursor.at);
                self.report(faults::unclosed_annotation(self.cursor.span(start, start + 1), end));
            }
        }
        self.cursor.span_from(start)
    }

    /// Passes what should have been an annotation, if it ends in this line.
    fn skip_to_parenthesis(&mut self) {
        if let Some(length) = self.cursor.line_ahead(self.cursor.at).find(')') {
            self.cursor.at += length + 1;
        }
    }

    /// An annotation is a string.
    fn annotation_text(&mut self, read: Option<Read<'s>>) {
        let Some(read) = read else { return };
        match read.value {
            Value::String(_) => {}
            Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => {
                let written = self.cursor.slice(read.span.start as usize, read.span.end as usize);
                self.report(faults::name_not_text(read.span, written, "a type annotation"));
            }
        }
    }

    /// Whether what is next cannot be a value.
    fn nothing_here(&self) -> bool {
        let at = self.cursor.at;
        matches!(self.cursor.peek(), None | Some(b';' | b'{' | b'}' | b')' | b'=' | b'('))
            || self.cursor.starts_with("//")
            || self.cursor.starts_with("/-")
            || self.cursor.newline_at(at) > 0
    }

    /// A `=` that follows no property's name: most often `node = value`.
    pub(super) fn stray_equals(&mut self, node: &Node<'s>) {
        let start = self.cursor.at;
        self.cursor.at += 1;
        let alone = self.entries.is_empty() && node.block.is_none();
        self.report(faults::stray_equals(self.cursor.span_from(start), alone.then_some(&node.name)));
    }

    /// Adds an entry to the node that is being read, up to the limit.
    #[inline]
    fn push(&mut self, entry: Entry<'s>, pending: &mut Pending<'s>) {
        if self.entries.len() < limits::LIST_LENGTH {
            self.entries.push(entry);
        } else if !pending.overlong {
            pending.overlong = true;
            self.report(faults::list_too_long(entry.span));
        }
    }

    /// Says which properties of the node that is being read are set twice.
    #[inline(never)]
    pub(super) fn report_duplicates(&mut self) {
        let keys = || self.entries.iter().filter_map(|entry| entry.key.as_ref());
        let count = keys().take(FEW + 1).count();
        let mut twice: Vec<(Span, Text<'s>)> = Vec::new();
        if count <= FEW {
            for (index, key) in keys().enumerate() {
                if let Some(first) = keys().take(index).find(|first| first.value == key.value) {
                    twice.push((first.span, key.clone()));
                }
            }
        } else {
            let mut seen: BTreeMap<&Cow<'s, str>, Span> = BTreeMap::new();
            for key in keys() {
                let first = *seen.entry(&key.value).or_insert(key.span);
                if first != key.span {
                    twice.push((first, key.clone()));
                }
            }
        }
        for (first, second) in twice {
            self.report(faults::duplicate_property(first, &second));
        }
    }
}

/// A bare word without the colon that it ends with.
fn without_colon(mut read: Read<'_>) -> Read<'_> {
    if let Value::String(Cow::Borrowed(text)) = &mut read.value {
        *text = text.strip_suffix(':').unwrap_or(text);
    }
    read
}
