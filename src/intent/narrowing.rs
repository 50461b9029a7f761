use super::Said;
use super::access::{each_once, list};
use super::conditions::{self, HeaderMatch, TextMatch};
use super::decode::{Decoder, argument, arguments, property};
use super::from_text::BAD_HEADER;
use super::grammar::{MANY, Place, Repeats, Word};
use super::token::{self, RequireToken};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{HeaderName, HeaderValue, HostPattern, Method, Path, Port};
use thin_vec::ThinVec;

const NARROWED: &[Place] =
    &[Place::Allow, Place::Deny, Place::DenyNot, Place::Authorize, Place::AuthorizeNot, Place::RateLimit];
const HTTP: &[Place] = &[
    Place::Allow,
    Place::Deny,
    Place::DenyNot,
    Place::Authorize,
    Place::AuthorizeNot,
    Place::Token,
    Place::TokenNot,
    Place::DoorToken,
    Place::DoorTokenNot,
    Place::RateLimit,
];
const ADDRESSED: &[Place] =
    &[Place::Allow, Place::Deny, Place::DenyNot, Place::Authorize, Place::AuthorizeNot, Place::Token, Place::TokenNot];

/// A row of a condition.
const fn row(name: &'static str, places: &'static [Place], shape: &'static str, meaning: &'static str) -> Word {
    Word { arguments: (1, MANY), ..Word::once(name, places, shape, meaning) }
}

/// A row of `not`.
const fn except(places: &'static [Place], block: Place, meaning: &'static str) -> Word {
    Word { arguments: (0, 0), block: Some(block), ..row("not", places, "{ CONDITION+ }", meaning) }
}

pub(super) const WORDS: &[Word] = &[
    row("path", HTTP, "PATH+", "Paths of the request, without its query."),
    row(
        "method",
        &[
            Place::Allow,
            Place::Deny,
            Place::DenyNot,
            Place::Authorize,
            Place::AuthorizeNot,
            Place::Token,
            Place::TokenNot,
            Place::DoorToken,
            Place::DoorTokenNot,
            Place::RateLimit,
            Place::Expose,
        ],
        "METHOD+ | any",
        "Methods of the request.",
    ),
    row("port", ADDRESSED, "NUMBER+", "Ports of this service."),
    row(
        "host",
        ADDRESSED,
        "HOST+",
        "Hosts that the request names, with and without a port. What refuses `*.HOST` refuses an odd port behind any host, too.",
    ),
    Word {
        properties: &["prefix"],
        repeats: Repeats::Many,
        ..row("header", NARROWED, "NAME VALUE* | NAME prefix=TEXT", "A header; without a value: it is there.")
    },
    except(&[Place::Deny], Place::DenyNot, "Requests that are not denied: those of which any of these lines holds."),
    except(
        &[Place::Authorize],
        Place::AuthorizeNot,
        "Requests about which nobody is asked: those of which any of these lines holds.",
    ),
];

/// How a request must be, as it is written: every line must hold, and of a line's values any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// By which methods.
    pub methods: Said<Vec<Spanned<Method>>>,
    /// On which paths.
    pub paths: Said<Vec<Spanned<Path>>>,
    /// On which ports.
    pub ports: Said<Vec<Spanned<Port>>>,
    /// Under which hosts.
    pub hosts: Said<Vec<Spanned<HostPattern>>>,
    /// With which headers.
    pub headers: ThinVec<HeaderMatch>,
    /// With a token, of each of these.
    pub tokens: Vec<RequireToken>,
    /// None of the lines in here.
    pub not: Option<Box<Conditions>>,
}

impl Conditions {
    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        *self == Conditions::default()
    }
}

/// Reads one line of a block of conditions.
pub(super) fn take(decoder: &mut Decoder<'_>, into: &mut Conditions, word: &'static Word, node: &Node<'_>) {
    match word.name {
        "method" => into.methods = Some(list(decoder, node)),
        "path" => into.paths = Some(list(decoder, node)),
        "host" => into.hosts = Some(list(decoder, node)),
        "header" => header(decoder, &mut into.headers, node),
        "port" => {
            let ports: Vec<_> = arguments(node).filter_map(|entry| decoder.port(entry)).collect();
            each_once(decoder, &ports);
            into.ports = Some(Spanned::new(ports, node.span));
        }
        "require-token" => into.tokens.push(token::decode(decoder, node, Place::GrantToken)),
        _ => into.not = word.block.map(|place| Box::new(block(decoder, node, place))),
    }
}

/// Reads a block, which is a `place`, that holds nothing but conditions.
pub(super) fn block(decoder: &mut Decoder<'_>, node: &Node<'_>, place: Place) -> Conditions {
    let mut conditions = Conditions::default();
    decoder.children(node, place, |decoder, word, child| take(decoder, &mut conditions, word, child));
    conditions
}

fn header(decoder: &mut Decoder<'_>, into: &mut ThinVec<HeaderMatch>, node: &Node<'_>) {
    let before = into.len();
    conditions::add(decoder, into, node, HeaderName::parse);
    let Some(HeaderMatch { value, .. }) = into.get(before) else { return };
    match value {
        TextMatch::OneOf(values) => {
            for (value, entry) in values.iter().zip(arguments(node).skip(1)) {
                let is_alone = argument(node, 2).is_none();
                decoder.found.extend(star(value, entry.value_span, is_alone));
            }
        }
        TextMatch::Prefix(text) if text.text().starts_with('*') => {
            let span = property(node, "prefix").map_or(node.span, |entry| entry.value_span);
            decoder.found.extend(star(text, span, false));
        }
        TextMatch::Prefix(_) | TextMatch::Present | TextMatch::Regex(_) => {}
    }
}

/// Istio's access rules know no quoting: a `*` at the edge of a value is a pattern.
fn star(value: &HeaderValue, span: Span, is_alone: bool) -> Option<Diagnostic> {
    let text = value.text();
    if !text.starts_with('*') && !text.ends_with('*') {
        return None;
    }
    let fault = Diagnostic::new(&BAD_HEADER, format!("expected a value without `*` at its edge, found `{text}`"))
        .at(span, "a rule of Istio would take this for a pattern")
        .note("an AuthorizationPolicy reads a value that begins or ends with `*` as a suffix or a prefix, and knows no way to quote it");
    let begin = text.trim_end_matches('*');
    Some(match begin.is_empty() {
        true if is_alone => fault.help("leave the value out: then the header must be there, whatever it is"),
        false if is_alone && !begin.starts_with('*') => {
            fault.fix("say that the value begins so", span, format!("prefix=\"{begin}\""))
        }
        true | false => fault.help("compare another value, or the beginning alone: `prefix=TEXT`"),
    })
}
