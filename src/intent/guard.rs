use super::Said;
use super::codes::MISSING_NODE;
use super::decode::{Decoder, argument, property};
use super::grammar::{Place, Repeats, Word};
use super::kind::{self, Kind};
use crate::diagnostic::Diagnostic;
use crate::source::{Spanned, Text};
use crate::syntax::Node;
use crate::value::Name;
use smol_str::SmolStr;

/// A row of a line of a guard.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word {
        name,
        places: &[Place::Guard],
        shape,
        arguments: (1, 1),
        properties: &[],
        block: None,
        repeats: Repeats::Once,
        meaning,
    }
}

pub(super) const WORDS: &[Word] = &[
    row("when", "CEL", "For which of them it holds; unsaid: for all."),
    row("require", "CEL", "What must be true of each."),
    row("message", "TEXT", "What is told of one of which it is not."),
];

/// `guard NAME { }`: a rule of the house.
#[derive(Clone, Debug)]
pub struct Guard {
    /// Its name.
    pub name: Spanned<Name>,
    /// What it is for.
    pub kind: Said<Kind>,
    /// Whether what fails it compiles all the same.
    pub is_warning: Said<bool>,
    /// For which of them it holds.
    pub when: Option<Text>,
    /// What must be true.
    pub require: Text,
    /// What is told.
    pub message: Said<SmolStr>,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// Reads `guard`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Guard> {
    let name = decoder.name::<Name>(argument(node, 0)?);
    let kind = kind::decode(decoder, node);
    let severity = property(node, "severity");
    let is_warning = severity.and_then(|entry| decoder.choice(entry, &[("error", false), ("warning", true)]));
    let (mut when, mut require, mut message, mut says) = (None, None, None, false);
    let knows_all = decoder.children(node, Place::Guard, |decoder, word, child| {
        let Some(entry) = argument(child, 0) else { return };
        match word.name {
            "when" => when = decoder.quoted(entry),
            "message" => message = decoder.prose(entry),
            _ => {
                says = true;
                require = decoder.quoted(entry);
            }
        }
    });
    if !says && knows_all {
        decoder.found.push(
            Diagnostic::new(&MISSING_NODE, "a guard without `require`")
                .at(node.name.span, "no `require` in this block")
                .note("what is required of nothing is kept by everything")
                .help("say what must be true: `require \"service.timeout != null\"`"),
        );
    }
    Some(Guard { name: name?, kind, is_warning, when, require: require?, message, only_in: Vec::new() })
}
