//! Reads YAML and JSON as Kubernetes does: what people have, not what they should write.
//!
//! Scalars are those of YAML 1.1, aliases and merge keys are expanded under a bound, of two equal keys the later counts,
//! and keys that are numbers or booleans become texts, as `kubectl` shows them.

use super::node::{Entry, Node, Value};
use super::read::{BAD_YAML, said};
use super::resolved::resolved;
use super::{block, json};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Layer, Origin, Span};
use granit_parser::{Event, Options, Parser, ScalarStyle, Tag};
use smol_str::{SmolStr, format_smolstr};
use std::collections::{BTreeMap, BTreeSet};

/// Maps and lists inside each other.
const DEPTH: usize = 128;

/// How many values of a file may come from aliases.
const EXPANDED: usize = 200_000;

/// Reads the documents of a file, empty ones left out; those before the first fault where there is one.
pub fn decode(file: FileId, text: &str, found: &mut Diagnostics) -> Vec<Node> {
    if text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).starts_with('{')
        && let Some(documents) = json::decode(file, text)
    {
        return documents;
    }
    block::decode(file, text).unwrap_or_else(|| any(file, text, found))
}

/// The same for whatever YAML can say.
pub(super) fn any(file: FileId, text: &str, found: &mut Diagnostics) -> Vec<Node> {
    let mut options = Options::default();
    options.block_nesting_limit = DEPTH;
    options.flow_nesting_limit = DEPTH;
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut decoder = Decoder { file, open: Vec::new(), documents: Vec::new(), anchors: BTreeMap::new(), expanded: 0 };
    loop {
        let (place, reason) = match parser.next_event() {
            None => break,
            Some(Ok((event, at))) => {
                let at = at.byte_range().unwrap_or(0..0);
                let place = Span::new(file, number(at.start), number(at.end));
                match decoder.take(event, place) {
                    Ok(()) => continue,
                    Err(reason) => (place, reason),
                }
            }
            Some(Err(error)) => {
                let at = number(error.marker().byte_offset().unwrap_or(text.len()).min(text.len()));
                (Span::new(file, at, at), said(&error))
            }
        };
        found.push(
            Diagnostic::new(&BAD_YAML, "this document cannot be read as Kubernetes reads it")
                .at(place, reason)
                .help("put it right, or leave the file out"),
        );
        break;
    }
    decoder.documents
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// A document while its events come in.
struct Decoder {
    file: FileId,
    open: Vec<Open>,
    documents: Vec<Node>,
    anchors: BTreeMap<usize, Node>,
    expanded: usize,
}

/// A map or list that has not ended.
struct Open {
    span: Span,
    anchor: usize,
    what: What,
}

enum What {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<Key> },
}

/// A key whose value is still to come.
struct Key {
    text: SmolStr,
    span: Span,
    /// Whether it is `<<` without quotes: what its value holds is held by the map.
    is_merge: bool,
}

impl Decoder {
    fn take(&mut self, event: Event<'_>, place: Span) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, (style, tag.as_deref()), anchor, place),
            Event::SequenceStart(_, anchor, _) => self.begin(What::List(Vec::new()), anchor, place),
            Event::MappingStart(_, anchor, _) => {
                self.begin(What::Map { entries: Vec::new(), key: None }, anchor, place)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => self.alias(anchor),
            Event::DocumentEnd => {
                self.anchors.clear();
                Ok(())
            }
            // Beginnings, comments, and whatever a later release of the reader tells besides.
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(..)
            | Event::Anchor(..)
            | Event::UnresolvedAlias(_)
            | _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        (style, tag): (ScalarStyle, Option<&Tag>),
        anchor: usize,
        place: Span,
    ) -> Result<(), String> {
        let is_plain = style == ScalarStyle::Plain;
        let value = match tag {
            None if is_plain => resolved(text).ok_or("a number that JSON does not have")?,
            None => Value::Text(text.into()),
            Some(tag) => tagged(text, tag)?,
        };
        if matches!(&self.open.last(), Some(Open { what: What::Map { key: None, .. }, .. })) {
            let is_merge = is_plain && tag.is_none() && text == "<<";
            return self.key(&value, is_merge, place);
        }
        let node = Node::at(value, place);
        self.keep(anchor, &node);
        self.put(node)
    }

    fn key(&mut self, value: &Value, is_merge: bool, span: Span) -> Result<(), String> {
        let text = match value {
            Value::Text(text) => text.clone(),
            Value::Integer(number) => format_smolstr!("{number}"),
            Value::Decimal(number) => format_smolstr!("{number}"),
            Value::Boolean(flag) => format_smolstr!("{flag}"),
            Value::Null | Value::List(_) | Value::Map(_) => return Err(format!("{} as a key", value.words())),
        };
        if let Some(Open { what: What::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(Key { text, span, is_merge });
        }
        Ok(())
    }

    fn begin(&mut self, what: What, anchor: usize, span: Span) -> Result<(), String> {
        if matches!(self.open.last(), Some(Open { what: What::Map { key: None, .. }, .. })) {
            return Err("a map or a list as a key".to_owned());
        }
        self.open.push(Open { span, anchor, what });
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let Some(Open { span, anchor, what }) = self.open.pop() else { return Ok(()) };
        let value = match what {
            What::List(items) => Value::List(items),
            What::Map { entries, .. } => Value::Map(last_of_each(entries)),
        };
        let node = Node::at(value, span);
        self.keep(anchor, &node);
        self.put(node)
    }

    fn keep(&mut self, anchor: usize, node: &Node) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
    }

    fn alias(&mut self, anchor: usize) -> Result<(), String> {
        let node = self.anchors.get(&anchor).cloned().ok_or("an alias inside of what it stands for")?;
        self.expanded += size(&node);
        if self.expanded > EXPANDED {
            return Err(format!("aliases that make more than {EXPANDED} values of one file"));
        }
        if matches!(self.open.last(), Some(Open { what: What::Map { key: None, .. }, .. })) {
            let span = node.span().unwrap_or(Span::new(self.file, 0, 0));
            return self.key(&node.value, false, span);
        }
        self.put(node)
    }

    /// Puts a value where it belongs.
    fn put(&mut self, node: Node) -> Result<(), String> {
        match self.open.last_mut().map(|open| &mut open.what) {
            None if node.value == Value::Null => {}
            None => self.documents.push(node),
            Some(What::List(items)) => items.push(node),
            Some(What::Map { entries, key }) => match key.take() {
                Some(Key { is_merge: true, .. }) => merge(node, entries)?,
                Some(Key { text, span, .. }) => {
                    entries.push(Entry { key: text, origin: Some(Origin::new(Layer::Own, span)), node });
                }
                None => {}
            },
        }
        Ok(())
    }
}

/// A scalar whose type a tag says.
fn tagged(text: &str, tag: &Tag) -> Result<Value, String> {
    let kind = if tag.is_yaml_core_schema() { tag.suffix() } else { "str" };
    let value = match kind {
        "int" | "float" | "bool" | "null" => resolved(text).ok_or("a number that JSON does not have")?,
        _ if tag.to_string().ends_with("binary") => return Err("a value in base 64".to_owned()),
        _ => return Ok(Value::Text(text.into())),
    };
    let is_so = match kind {
        "int" => matches!(value, Value::Integer(_)),
        "float" => matches!(value, Value::Integer(_) | Value::Decimal(_)),
        "bool" => matches!(value, Value::Boolean(_)),
        _ => value == Value::Null,
    };
    is_so.then_some(value).ok_or_else(|| format!("no {kind}, as its tag says"))
}

/// Adds what a map under `<<` holds, or several maps, of which the first is the strongest.
fn merge(node: Node, entries: &mut Vec<Entry>) -> Result<(), String> {
    match node.value {
        Value::Map(merged) => entries.extend(merged),
        Value::List(items) => {
            for item in items.into_iter().rev() {
                let Value::Map(merged) = item.value else { return Err("no map to merge".to_owned()) };
                entries.extend(merged);
            }
        }
        Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => {
            return Err("no map to merge".to_owned());
        }
    }
    Ok(())
}

/// The last of the entries of each key.
pub(super) fn last_of_each(mut entries: Vec<Entry>) -> Vec<Entry> {
    const FEW: usize = 24;
    let is_unique = |(at, entry): (usize, &Entry)| entries.iter().take(at).all(|other| other.key != entry.key);
    if entries.len() <= FEW && entries.iter().enumerate().all(is_unique) {
        return entries;
    }
    let mut seen = BTreeSet::new();
    entries.reverse();
    entries.retain(|entry| seen.insert(entry.key.clone()));
    entries.reverse();
    entries
}

/// How many values a tree has.
fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(|entry| size(&entry.node)).sum(),
        Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;
    use crate::diagnostic::Diagnostics;
    use crate::source::FileId;
    use crate::verbatim::{Node, Value};
    use std::fmt::Write;

    fn json(node: &Node) -> String {
        match &node.value {
            Value::Null => "null".to_owned(),
            Value::Boolean(flag) => flag.to_string(),
            Value::Integer(number) => number.to_string(),
            Value::Decimal(number) => number.to_string(),
            Value::Text(text) => format!("{text:?}"),
            Value::List(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(",")),
            Value::Map(entries) => {
                let mut parts: Vec<String> = entries.iter().map(|e| format!("{:?}:{}", e.key, json(&e.node))).collect();
                parts.sort();
                format!("{{{}}}", parts.join(","))
            }
        }
    }

    fn read(text: &str) -> Result<String, String> {
        let mut found = Diagnostics::default();
        let documents = decode(FileId::new(0), text, &mut found);
        match found.sorted().first() {
            Some(fault) => Err(format!("{fault:?}")),
            None => Ok(documents.iter().map(json).collect::<Vec<_>>().join(" ")),
        }
    }

    /// Each as kubectl reads it.
    #[test]
    fn reads_what_people_have() {
        for (text, expected) in [
            ("a: 1\na: 2", r#"{"a":2}"#),
            (
                "x: &x {a: 1, b: 2}\ny1: {a: 9, <<: *x}\nz: {<<: *x, a: 9}",
                r#"{"x":{"a":1,"b":2},"y1":{"a":1,"b":2},"z":{"a":9,"b":2}}"#,
            ),
            (
                "x: &x {a: 1}\nw: &y {a: 2, c: 3}\nz: {<<: [*x, *y]}",
                r#"{"w":{"a":2,"c":3},"x":{"a":1},"z":{"a":1,"c":3}}"#,
            ),
            ("1: 2\non: 3\n1.50: 4\n0x10: 5\n1e3: 6", r#"{"1":2,"1.5":4,"1000":6,"16":5,"true":3}"#),
            ("\"<<\": {a: 1}", r#"{"<<":{"a":1}}"#),
            ("a: !!str 1\nb: !!int \"1\"\nc: !foo x", r#"{"a":"1","b":1,"c":"x"}"#),
            ("\"1\": a\n1: b", r#"{"1":"b"}"#),
            ("# only a comment\n---\n# and another\n---\na: b\n...\n---\nc: 'no'\n", r#"{"a":"b"} {"c":"no"}"#),
            ("{\"a\": \"\\ud83d\\ude00\\/\",\n\t\"b\": 1.0}\n{\"c\": 2}", "{\"a\":\"😀/\",\"b\":1} {\"c\":2}"),
            ("{a: b, c: [d]}", r#"{"a":"b","c":["d"]}"#),
            ("", ""),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
        for text in
            ["a: *x", "~: a", "? [a]\n: b", "a: .inf", "a: !!int 1.5", "a: !!null x", "a: [", "a: &a [*a]", "<<: 1"]
        {
            assert!(read(text).is_err(), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn bombs_end_soon() {
        let mut bomb = "a0: &a0 [x, x]\n".to_owned();
        for at in 0..40 {
            writeln!(bomb, "a{}: &a{} [*a{at}, *a{at}]", at + 1, at + 1).unwrap();
        }
        assert!(read(&bomb).is_err());
        assert!(read(&format!("x: &x [{}]\ny:\n{}", "1,".repeat(1000), "- *x\n".repeat(10_000))).is_err());
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read(&"{\"a\":".repeat(100_000)).is_err());
        assert!(read(&"- ".repeat(100_000)).is_err());
        let keys = (0..100_000).fold(String::new(), |keys, at| keys + &format!("k{at}: 1\n"));
        assert!(read(&keys).is_ok());
    }
}
