use super::Said;
use super::decode::Decoder;
use super::from_text::BAD_SELECTOR;
use super::grammar::{ANY_KEY, Place, Repeats, Word};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node};
use crate::value::{is_label_key, is_label_value};
use smol_str::SmolStr;

pub(super) const WORDS: &[Word] = &[Word {
    name: "selector",
    places: &[Place::Service, Place::Workload, Place::Version, Place::Gateway],
    shape: "KEY=VALUE+",
    arguments: (0, 0),
    properties: ANY_KEY,
    block: None,
    repeats: Repeats::Once,
    meaning: "The labels by which its pods are found; unsaid, the mesh's pod label with its name.",
}];

/// Labels, as they are written: keys with their values.
pub type Pairs = Vec<(SmolStr, SmolStr)>;

/// Reads `KEY=VALUE+`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Spanned<Pairs> {
    pairs(decoder, node, is_label_value)
}

/// Reads `KEY=VALUE+` whose values `fits` takes.
pub(super) fn pairs(decoder: &mut Decoder<'_>, node: &Node<'_>, fits: impl Fn(&str) -> bool) -> Spanned<Pairs> {
    let mut pairs = Pairs::new();
    for entry in &node.entries {
        let Some(key) = &entry.key else { continue };
        if !is_label_key(&key.value) {
            decoder.found.push(bad_key(&key.value, key.span));
        }
        let Some(value) = decoder.text(entry) else { continue };
        if !fits(&value.value) {
            let title = format!("expected the value of a label, found `{}`", value.value);
            let because = "at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends";
            decoder.found.push(Diagnostic::new(&BAD_SELECTOR, title).at(value.span, because));
        }
        pairs.push((key.value.as_ref().into(), value.value.as_ref().into()));
    }
    pairs.sort();
    Spanned::new(pairs, node.span)
}

/// Reads the key of a label.
pub(super) fn key(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Said<SmolStr> {
    let key = decoder.text(entry)?;
    if !is_label_key(&key.value) {
        decoder.found.push(bad_key(&key.value, key.span));
        return None;
    }
    Some(key.map(|key| key.as_ref().into()))
}

fn bad_key(key: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&BAD_SELECTOR, format!("expected the key of a label, found `{key}`"))
        .at(span, "Kubernetes takes a name such as `app`, or one below a domain, such as `example.com/app`")
}
