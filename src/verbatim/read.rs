use super::node::{Entry, Node, Value};
use super::scalar;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Layer, Origin, Span, Text};
use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError};
use smol_str::SmolStr;
use std::ops::Range;

/// A text that is no YAML, or such YAML that readers do not read alike.
pub static BAD_YAML: Code =
    code!("bad-yaml", Error, "a text that is no YAML, or that readers of YAML read differently");

/// Maps and lists inside each other: no kind has half as many.
const DEPTH: usize = 64;

/// Reads the documents of a text, empty ones left out; nothing where there is a fault.
pub fn read(text: &Text, found: &mut Diagnostics) -> Option<Vec<Node>> {
    let mut options = Options::default();
    options.disallow_directives = true;
    options.block_nesting_limit = DEPTH;
    options.flow_nesting_limit = DEPTH;
    let mut parser = Parser::new_from_str_with_options(&text.text, options);
    let mut reader = Reader { text, open: Vec::new(), documents: Vec::new(), faults: Vec::new() };
    loop {
        match parser.next_event() {
            None => break,
            Some(Ok((event, span))) => reader.take(event, &span),
            Some(Err(error)) => {
                reader.faults.push(broken(text, &error));
                break;
            }
        }
        if reader.faults.len() >= MOST_FAULTS {
            break;
        }
    }
    let Reader { documents, faults, .. } = reader;
    let is_read = faults.is_empty();
    found.extend(faults);
    is_read.then_some(documents)
}

/// How many faults of one text are told of.
const MOST_FAULTS: usize = 20;

/// A document while its events come in.
struct Reader<'t> {
    text: &'t Text,
    open: Vec<Open>,
    documents: Vec<Node>,
    faults: Vec<Diagnostic>,
}

/// A map or list that has not ended.
enum Open {
    List(Vec<Node>, Span),
    Map {
        entries: Vec<Entry>,
        key: Option<(SmolStr, Span)>,
        span: Span,
    },
    /// A key that is a map or a list, which was reported: what is in it goes nowhere.
    Lost,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, at: &granit_parser::Span) {
        let place = self.place(at);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.properties(anchor, tag.is_some(), place);
                self.scalar(&text, style, place);
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.properties(anchor, tag.is_some(), place);
                self.open(Open::List(Vec::new(), place), place);
            }
            Event::MappingStart(_, anchor, tag) => {
                self.properties(anchor, tag.is_some(), place);
                self.open(Open::Map { entries: Vec::new(), key: None, span: place }, place);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.fault(place, "an alias", "write out what it stands for");
                self.put(Node::at(Value::Null, place));
            }
            // Beginnings and ends of documents, comments, and whatever a later release of the reader tells besides.
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(..)
            | Event::DocumentEnd
            | Event::Anchor(..)
            | _ => {}
        }
    }

    fn place(&self, at: &granit_parser::Span) -> Span {
        self.text.place(at.byte_range().unwrap_or(Range { start: 0, end: 0 }))
    }

    /// An anchor and a tag change what a value is; no object needs them.
    fn properties(&mut self, anchor: usize, has_tag: bool, place: Span) {
        if anchor != 0 {
            self.fault(place, "an anchor", "take it out, and write what refers to it in full");
        }
        if has_tag {
            self.fault(place, "a tag", "take it out; quotes make a text of a value");
        }
    }

    fn fault(&mut self, place: Span, what: &str, help: &str) {
        self.faults.push(
            Diagnostic::new(&BAD_YAML, format!("{what} may not stand here"))
                .at(place, "means what stands elsewhere, or another type")
                .note("what is carried into the mesh is read as it stands: every reader of it sees the same")
                .help(help),
        );
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, place: Span) {
        let is_key = matches!(self.open.last(), Some(Open::Map { key: None, .. }));
        let read = if style == ScalarStyle::Plain { scalar::plain(text) } else { Ok(Value::Text(text.into())) };
        match read {
            Err(scalar::Ambiguous) => {
                self.faults.push(ambiguous(text, place, self.open.is_empty()));
                if is_key { self.key(text, place) } else { self.put(Node::at(Value::Null, place)) }
            }
            Ok(Value::Text(key)) if is_key => self.key(&key, place),
            Ok(_) if is_key => {
                self.faults.push(
                    Diagnostic::new(&BAD_YAML, format!("the key `{text}` is no text"))
                        .at(place, "a key of an object is a text")
                        .fix("quote it", place, format!("\"{text}\"")),
                );
                self.key(text, place);
            }
            Ok(value) => self.put(Node::at(value, place)),
        }
    }

    fn key(&mut self, text: &str, place: Span) {
        let Some(Open::Map { entries, key, .. }) = self.open.last_mut() else { return };
        let first = entries.iter().find(|entry| entry.key == *text).and_then(|entry| entry.origin?.span);
        *key = Some((text.into(), place));
        if let Some(first) = first {
            self.faults.push(
                Diagnostic::new(&BAD_YAML, format!("the key `{text}` stands twice in one map"))
                    .at(place, "said again here")
                    .related(first, "said first here")
                    .help("keep one of the two"),
            );
        }
    }

    fn open(&mut self, what: Open, place: Span) {
        if matches!(self.open.last(), Some(Open::Map { key: None, .. })) {
            self.faults.push(
                Diagnostic::new(&BAD_YAML, "a map or a list may not be a key")
                    .at(place, "a key of an object is a text")
                    .help("write a text as the key"),
            );
            self.key("", place);
            return self.open.push(Open::Lost);
        }
        self.open.push(what);
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Open::List(items, span)) => self.put(Node::at(Value::List(items), span)),
            Some(Open::Map { entries, span, .. }) => self.put(Node::at(Value::Map(entries), span)),
            Some(Open::Lost) | None => {}
        }
    }

    /// Puts a value where it belongs.
    fn put(&mut self, node: Node) {
        match self.open.last_mut() {
            None if node.value == Value::Null => {}
            None => self.documents.push(node),
            Some(Open::List(items, _)) => items.push(node),
            Some(Open::Map { entries, key, .. }) => {
                if let Some((key, span)) = key.take() {
                    entries.push(Entry { key, origin: Some(Origin::new(Layer::Own, span)), node });
                }
            }
            Some(Open::Lost) => {}
        }
    }
}

fn ambiguous(text: &str, place: Span, is_whole: bool) -> Diagnostic {
    let fault = Diagnostic::new(&BAD_YAML, format!("`{text}` is a text to one reader of YAML and something else to another"))
        .at(place, "stands without quotes")
        .note("Kubernetes reads YAML 1.1 in parts, others YAML 1.2: `on`, `yes`, `010`, `1e3` and `12:30` are not the same to them")
        .help("write `true`, `false` or a number in plain digits");
    // A text that is nothing else has no place for quotes of its own; and single ones stand in every string of KDL.
    if is_whole { fault } else { fault.fix("or quote it, if it is a text", place, format!("'{text}'")) }
}

fn broken(text: &Text, error: &ScanError) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(text.text.len()).min(text.text.len());
    Diagnostic::new(&BAD_YAML, "this text is no YAML")
        .at(text.place(at..at), said(error))
        .help("write it as Kubernetes would take it from a file")
}

/// The reader's own words, in a form that fits ours.
pub(super) fn said(error: &ScanError) -> String {
    let words = error.kind().to_string();
    let ours = words.split(' ').map(|word| if word.starts_with("inval") { "unexpected" } else { word });
    ours.collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Text, read};
    use crate::diagnostic::Diagnostics;
    use crate::source::FileId;
    use crate::verbatim::{Node, Value};
    use std::time::Instant;

    fn documents(text: &str) -> Result<Vec<Node>, Vec<String>> {
        let mut found = Diagnostics::default();
        let documents = read(&Text::of_file(FileId::new(0), text), &mut found);
        if let Some(documents) = documents {
            Ok(documents)
        } else {
            Err(found.sorted().iter().map(|fault| fault.title.clone()).collect())
        }
    }

    #[test]
    fn a_document_is_a_tree() {
        let read = documents("a: {b: [1, two, 2.5]}\nc: |\n  x\n  y\nd:\n").unwrap();
        let [one] = read.as_slice() else { panic!("{read:?}") };
        let Value::List(items) = &one.path("a.b").unwrap().value else { panic!("{one:?}") };
        assert_eq!(items[0].value, Value::Integer(1));
        assert_eq!(items[1].value, Value::Text("two".into()));
        assert_eq!(one.get("c").unwrap().value, Value::Text("x\ny\n".into()));
        assert_eq!(one.get("d").unwrap().value, Value::Null);
        assert_eq!(documents("---\na: b\n---\n# nothing\n---\nc: d\n").unwrap().len(), 2);
        assert_eq!(documents("").unwrap().len(), 0);
    }

    #[test]
    fn what_is_not_read_alike_is_refused() {
        for text in [
            "a: on",
            "a: 010",
            "yes: b",
            "1: b",
            "~: b",
            "a: 1\na: 2",
            "? [a]\n: b",
            "? {a: b}\n: c",
            "a: &x 1",
            "a: *x",
            "a: !!str 1",
            "a: &x 1\nb: *x",
            "<<: {a: 1}",
            "a: [",
            "a: \"",
            "%YAML 1.1\n---\na: b",
            "a:\n\tb: c",
            "a: b: c",
            "\u{0}",
        ] {
            assert!(documents(text).is_err(), "{text:?} gives {:?}", documents(text));
        }
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "measures how long it takes")]
    fn hostile_texts_end_soon() {
        let begun = Instant::now();
        let lol = (0..20)
            .fold("a0: &a0 [x]\n".to_owned(), |text, at| format!("{text}a{}: &a{} [*a{at}, *a{at}]\n", at + 1, at + 1));
        let many = "- *x\n".repeat(50_000);
        for text in [
            "[".repeat(250_000),
            "{a: ".repeat(60_000),
            "- ".repeat(120_000),
            "? ".repeat(120_000),
            "a:\n ".repeat(50_000),
            lol,
            format!("- &x y\n{many}"),
            "\"".repeat(250_001),
            "&a ".repeat(80_000),
            "!t ".repeat(80_000),
            "{a: b".to_owned() + &",a: b".repeat(40_000) + "}",
            "|\n".repeat(100_000),
            "#".repeat(250_000),
            ": ".repeat(100_000),
        ] {
            _ = documents(&text);
        }
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}
