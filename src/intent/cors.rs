use super::access::list;
use super::codes::UNKNOWN_VALUE;
use super::decode::{Decoder, argument};
use super::grammar::{MANY, Place, Word};
use super::waiver::{self, Waiver};
use super::{Said, Switch};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::{Duration, HeaderName, Method, WebOrigin};

/// A row of a word of `cors`.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word { arguments: (1, MANY), ..Word::once(name, &[Place::Cors], shape, meaning) }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        places: &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service, Place::Route, Place::Expose],
        arguments: (0, 1),
        block: Some(Place::Cors),
        ..row(
            "cors",
            "{ origin ORIGIN+; method METHOD+; header NAME+; max-age DURATION } | off",
            "Whose pages may call from a browser. It protects readers, not the service: whoever is no browser passes.",
        )
    },
    Word {
        properties: waiver::PROPERTIES,
        ..row("origin", "ORIGIN+ | any reason=TEXT", "Pages of these schemes and hosts: `\"https://*.shop.example\"`.")
    },
    row("method", "METHOD+ | any", "Methods that these pages may use."),
    row("header", "NAME+", "Headers that these pages may send."),
    row("expose-header", "NAME+", "Headers of an answer that these pages may read."),
    Word { arguments: (1, 1), ..row("max-age", "DURATION", "How long a browser remembers this, in whole seconds.") },
    Word { arguments: (0, 1), ..row("credentials", "BOOL", "Whether these pages may send cookies and the like.") },
    Word {
        arguments: (1, 1),
        ..row("unmatched-preflight", "forward | ignore", "What becomes of other pages' questions; forward.")
    },
];

/// `cors`: its parts, or `off`.
pub type CorsSaid = Spanned<Switch<Box<Cors>>>;

/// `origin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorsOrigins {
    /// Whose pages.
    pub list: Spanned<Vec<Spanned<WebOrigin>>>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// The parts of `cors`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cors {
    /// Whose pages.
    pub origins: Option<CorsOrigins>,
    /// By which methods.
    pub methods: Said<Vec<Spanned<Method>>>,
    /// With which headers.
    pub headers: Said<Vec<Spanned<HeaderName>>>,
    /// Which headers of an answer they read.
    pub exposed_headers: Said<Vec<Spanned<HeaderName>>>,
    /// How long a browser remembers it.
    pub max_age: Said<Duration>,
    /// Whether they send cookies.
    pub credentials: Said<bool>,
    /// Whether other pages' questions reach the service.
    pub forwards_unmatched: Said<bool>,
}

/// Istio knows these methods here and no others.
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"];

/// Reads `cors`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<CorsSaid> {
    if let Some(span) = decoder.off(node) {
        return Some(Spanned::new(Switch::Off, span));
    }
    if let Some(entry) = argument(node, 0) {
        decoder.choice(entry, &[("off", ())]);
        return None;
    }
    let mut cors = Cors::default();
    decoder.children(node, Place::Cors, |decoder, word, child| part(decoder, &mut cors, word, child));
    Some(Spanned::new(Switch::On(Box::new(cors)), node.name.span))
}

fn part(decoder: &mut Decoder<'_>, cors: &mut Cors, word: &'static Word, node: &Node<'_>) {
    match word.name {
        "origin" => {
            cors.origins = Some(CorsOrigins { list: list(decoder, node), waiver: waiver::decode(decoder, node) });
        }
        "method" => cors.methods = Some(methods(decoder, node)),
        "header" => cors.headers = Some(list(decoder, node)),
        "expose-header" => cors.exposed_headers = Some(list(decoder, node)),
        "max-age" => {
            let because = "browsers count in seconds, and Istio refuses a part of one";
            cors.max_age = argument(node, 0).and_then(|entry| decoder.whole_seconds(entry, because));
        }
        "credentials" => cors.credentials = decoder.flag(node),
        _ => {
            let choices = [("forward", true), ("ignore", false)];
            cors.forwards_unmatched = argument(node, 0).and_then(|entry| decoder.choice(entry, &choices));
        }
    }
}

fn methods(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Spanned<Vec<Spanned<Method>>> {
    let said: Spanned<Vec<Spanned<Method>>> = list(decoder, node);
    for method in &said.value {
        if let Method::Named(name) = &method.value
            && !METHODS.contains(&name.as_str())
        {
            let title = format!("expected a method that `cors` knows, found `{name}`");
            decoder.found.push(
                Diagnostic::new(&UNKNOWN_VALUE, title)
                    .at(method.span, "no such choice")
                    .note(format!("Istio takes {} here, and no others", METHODS.join(", ")))
                    .help("write `method any`, or take it out"),
            );
        }
    }
    said
}
