use super::decode::{Decoder, argument, arguments, each_once as keyed_once, push_keyed};
use super::from_text::BAD_HEADER;
use super::grammar::{MANY, Place, Repeats, Word};
use super::words::Removal;
use super::{Switch, body};
use crate::code;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Spanned;
use crate::syntax::{Entry, Node};
use crate::value::{HeaderName, HeaderValue};

pub(super) static RESERVED_HEADER: Code =
    code!("reserved-header", Error, "a header that the proxies keep for themselves");

/// A row of a word of `headers`.
const fn row(name: &'static str, place: &'static [Place], shape: &'static str, meaning: &'static str) -> Word {
    Word { arguments: (0, 0), ..Word::once(name, place, shape, meaning) }
}

const DIRECTION: &str = "{ set NAME VALUE; add NAME VALUE; remove NAME+ }";

pub(super) const WORDS: &[Word] = &[
    Word {
        arguments: (0, 1),
        block: Some(Place::Headers),
        ..row(
            "headers",
            &[
                Place::Mesh,
                Place::Namespace,
                Place::Profile,
                Place::Service,
                Place::Route,
                Place::Share,
                Place::Expose,
                Place::External,
            ],
            "{ request { }; response { } } | off",
            "Headers that the caller's proxy, or the gateway, changes; merged by direction, word and name.",
        )
    },
    Word {
        block: Some(Place::HeaderChanges),
        ..row("request", &[Place::Headers], DIRECTION, "Changes of the request, before the service gets it.")
    },
    Word {
        block: Some(Place::HeaderChanges),
        ..row("response", &[Place::Headers], DIRECTION, "Changes of the answer, before the caller gets it.")
    },
    Word {
        arguments: (2, 2),
        repeats: Repeats::Keyed,
        ..row("set", &[Place::HeaderChanges], "NAME VALUE", "A header in place of all of its name.")
    },
    Word {
        arguments: (2, 2),
        repeats: Repeats::Keyed,
        ..row("add", &[Place::HeaderChanges], "NAME VALUE", "A header beside those of its name, after `set`.")
    },
    Word {
        arguments: (1, MANY),
        repeats: Repeats::Adds,
        ..row(
            "remove",
            &[Place::HeaderChanges],
            "NAME+",
            "Headers that go, before `set` and `add`; of a weaker layer's `set` and `add` too.",
        )
    },
];

/// `headers`: its parts, or `off`.
pub type HeadersSaid = Spanned<Switch<Box<HeaderChanges>>>;

/// The parts of `headers`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderChanges {
    /// Of requests.
    pub request: HeaderEdits,
    /// Of answers.
    pub response: HeaderEdits,
}

/// The changes of one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderEdits {
    /// In place of what is there.
    pub set: Vec<HeaderChange>,
    /// Beside what is there.
    pub add: Vec<HeaderChange>,
    /// Taken away.
    pub remove: Vec<Spanned<HeaderName>>,
    /// `-set`, `-add` and `-remove`.
    pub removals: Vec<Removal>,
}

/// A header with its new value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderChange {
    /// The header.
    pub name: Spanned<HeaderName>,
    /// The value.
    pub value: Spanned<HeaderValue>,
}

/// Reads `headers`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> HeadersSaid {
    if let Some(span) = decoder.off(node) {
        return Spanned::new(Switch::Off, span);
    }
    if let Some(entry) = argument(node, 0) {
        decoder.choice(entry, &[("off", ())]);
    }
    let mut changes = HeaderChanges::default();
    decoder.children(node, Place::Headers, |decoder, word, child| match word.name {
        "request" => changes.request = edits(decoder, child),
        _ => changes.response = edits(decoder, child),
    });
    Spanned::new(Switch::On(Box::new(changes)), node.name.span)
}

fn edits(decoder: &mut Decoder<'_>, node: &Node<'_>) -> HeaderEdits {
    let mut edits = HeaderEdits::default();
    decoder.children(node, Place::HeaderChanges, |decoder, word, child| match word.name {
        _ if body::take_removal(decoder, &mut edits.removals, word, child) => {}
        "set" => change(decoder, &mut edits.set, child),
        "add" => change(decoder, &mut edits.add, child),
        _ => {
            for name in arguments(child).filter_map(|entry| changeable(decoder, entry)).collect::<Vec<_>>() {
                let what = format!("`remove {}`", name.value);
                push_keyed(decoder, &mut edits.remove, &what, name, |name| name);
            }
        }
    });
    keyed_once(decoder, &edits.set, "`set` of this header", |change| &change.name);
    keyed_once(decoder, &edits.add, "`add` of this header", |change| &change.name);
    keyed_once(decoder, &edits.remove, "`remove` of this header", |name| name);
    edits
}

fn change(decoder: &mut Decoder<'_>, list: &mut Vec<HeaderChange>, node: &Node<'_>) {
    let name = argument(node, 0).and_then(|entry| changeable(decoder, entry));
    let value = argument(node, 1).and_then(|entry| decoder.value(entry));
    if let (Some(name), Some(value)) = (name, value) {
        let what = format!("`{} {}`", node.name.value, name.value);
        push_keyed(decoder, list, &what, HeaderChange { name, value }, |change| &change.name);
    }
}

/// The name of a header that may be changed.
fn changeable(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Option<Spanned<HeaderName>> {
    let text = decoder.text(entry)?;
    let lower = text.value.to_ascii_lowercase();
    if lower.starts_with(':') || lower == "host" || lower.starts_with("x-envoy-") {
        decoder.found.push(reserved(&lower, &text));
        return None;
    }
    match HeaderName::parse(&text.value) {
        Ok(name) => Some(Spanned::new(name, text.span)),
        Err(mismatch) => {
            decoder.mismatch(&BAD_HEADER, (&text.value, text.span), mismatch);
            None
        }
    }
}

fn reserved(lower: &str, text: &Spanned<impl AsRef<str>>) -> Diagnostic {
    let (why, help) = match lower {
        "host" | ":authority" => (
            "Istio refuses a rule that changes the host among its headers",
            "say `rewrite host=NAME` in a route, or leave the host as the caller wrote it",
        ),
        ":path" => ("Istio refuses a rule that changes a pseudo header", "say `rewrite path=PATH` in a route"),
        _ if lower.starts_with(':') => ("Istio refuses a rule that changes a pseudo header", "take it out"),
        _ => (
            "Envoy steers itself by these headers: a retry, a timeout or a route would be another than intent says",
            "say it by the word that it stands for, such as `timeout` or `retry`; or choose another name",
        ),
    };
    Diagnostic::new(&RESERVED_HEADER, format!("the header `{}` cannot be changed", text.value.as_ref()))
        .at(text.span, "kept by the proxies")
        .note(why)
        .help(help)
}
