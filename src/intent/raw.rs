use super::codes::CHOOSE_ONE;
use super::decode::{Decoder, argument, head, property};
use super::grammar::{Place, Repeats, Word};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::WorkspacePath;
use crate::verbatim::{self, BAD_YAML, Door};
use smol_str::SmolStr;

pub(super) const WORDS: &[Word] = &[Word {
    name: "raw",
    places: &[Place::Top],
    shape: "YAML | file=FILE",
    arguments: (0, 1),
    properties: &["file"],
    block: None,
    repeats: Repeats::Many,
    meaning: "Objects that are carried through as they are written, held against the fields of their kinds: what the language has no word for.",
}];

/// `raw YAML` or `raw file=FILE`.
#[derive(Clone, Debug)]
pub struct Raw {
    /// The objects.
    pub said: RawText,
    /// The node.
    pub span: Span,
    /// The environments in which alone they exist; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// Where the text of objects stands.
#[derive(Clone, Debug)]
pub enum RawText {
    /// In the page.
    Here(Vec<verbatim::Object>),
    /// In a file of the workspace.
    File(Spanned<WorkspacePath>),
}

/// Reads the objects of a text that is said at `said`.
pub fn objects(bodies: Vec<verbatim::Node>, said: Span, found: &mut Diagnostics) -> Vec<verbatim::Object> {
    if bodies.is_empty() {
        found.push(
            Diagnostic::new(&BAD_YAML, "expected an object, found nothing")
                .at(said, "holds no object")
                .help("write the object, or take `raw` out"),
        );
    }
    bodies.into_iter().filter_map(|body| object(body, said, found)).collect()
}

/// Reads one object, which has to say where it belongs.
fn object(body: verbatim::Node, said: Span, found: &mut Diagnostics) -> Option<verbatim::Object> {
    let object = verbatim::object(body, Door::Raw, said, found)?;
    if object.namespace.is_none() {
        found.push(verbatim::missing("metadata.namespace", object.body.span().unwrap_or(said)));
        return None;
    }
    Some(object)
}

/// Reads `raw`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Raw> {
    let (text, file) = (argument(node, 0), property(node, "file"));
    if let (Some(text), Some(file)) = (text, file) {
        decoder.found.push(
            Diagnostic::new(&CHOOSE_ONE, "`raw` has a text or a file, not both")
                .at(file.span, "a file")
                .related(text.span, "a text")
                .help("keep one of the two; a second `raw` takes the other"),
        );
        return None;
    }
    let said = match (text, file) {
        (Some(entry), _) => {
            let text = decoder.quoted(entry)?;
            RawText::Here(objects(verbatim::read(&text, decoder.found)?, entry.value_span, decoder.found))
        }
        (None, entry) => RawText::File(decoder.value(entry?)?),
    };
    Some(Raw { said, span: head(node), only_in: Vec::new() })
}
