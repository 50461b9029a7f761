use super::access::{each_once, list};
use super::codes::{CHOOSE_ONE, MISSING_ARGUMENT};
use super::decode::{Decoder, argument, arguments, head, property, push_keyed};
use super::from_text::BAD_HEADER;
use super::grammar::{MANY, Place, Repeats, Word};
use super::token::{self, ClaimMatch};
use super::{Peer, Said, Seldom};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{Cidr, HeaderName, HeaderValue, HostPattern, Method, Mismatch, Path, Port, Regex, Scheme};
use thin_vec::ThinVec;

/// Where conditions of a request stand that need not be of HTTP alone.
const ALL: &[Place] = &[Place::Match, Place::RouteMatch, Place::Not];

/// A row of a condition of a request.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word { arguments: (1, MANY), ..Word::once(name, ALL, shape, meaning) }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        properties: &["prefix", "regex"],
        repeats: Repeats::Many,
        ..row("header", "NAME VALUE* | NAME prefix=TEXT | NAME regex=RE", "A header; without a value: it is there.")
    },
    Word { arguments: (2, MANY), repeats: Repeats::Many, ..row("cookie", "NAME VALUE+", "A cookie.") },
    Word {
        properties: &["regex"],
        repeats: Repeats::Many,
        ..row("query", "NAME VALUE* | NAME regex=RE", "A query parameter; without a value: it is there.")
    },
    Word {
        arguments: (2, MANY),
        repeats: Repeats::Many,
        ..row("claim", "NAME VALUE+", "A claim of the token that a gateway has read; `a.b` is the claim `b` in `a`.")
    },
    row("method", "METHOD+ | any", "Methods of the request."),
    Word {
        arguments: (0, MANY),
        properties: &["ignore-case", "regex"],
        ..row("path", "PATH+ ignore-case=BOOL | regex=RE", "Paths of the request, without its query.")
    },
    row("host", "HOST+", "Hosts that the request names, with and without a port."),
    row("scheme", "http | https", "How the request travels."),
    row("port", "NUMBER+", "Ports of this service."),
    row(
        "from",
        "PEER+",
        "Who sends it, by the labels of its pods; `gateway:` is what comes through it, `anyone-in-mesh` what does not.",
    ),
    Word { places: &[Place::RouteMatch], ..row("sni", "HOST+", "Names of the server that a TLS client asks for.") },
    Word {
        places: &[Place::RouteMatch],
        ..row("destination", "CIDR+", "Addresses that are dialled; for TCP and TLS.")
    },
    Word {
        places: &[Place::Match, Place::RouteMatch],
        arguments: (0, 0),
        block: Some(Place::Not),
        ..row("not", "{ CONDITION+ }", "What may not hold: not even one of its lines.")
    },
];

/// Requests of a kind: every line must hold, and of a line's values any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// What must hold.
    pub lines: Lines,
    /// `not`: what may not hold.
    pub not: Option<Box<Lines>>,
    /// The node.
    pub span: Span,
}

/// The lines of a block of conditions. Most blocks have one of them, so one that is not there takes one word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Headers.
    pub headers: ThinVec<HeaderMatch>,
    /// Cookies, each with its values.
    pub cookies: ThinVec<HeaderMatch>,
    /// Query parameters.
    pub queries: ThinVec<HeaderMatch>,
    /// Claims of the token.
    pub claims: Vec<ClaimMatch>,
    /// Methods.
    pub methods: Seldom<Vec<Spanned<Method>>>,
    /// Paths.
    pub paths: Seldom<PathMatch>,
    /// Hosts.
    pub hosts: Seldom<Vec<Spanned<HostPattern>>>,
    /// Schemes.
    pub schemes: Seldom<Vec<Spanned<Scheme>>>,
    /// Ports of the service.
    pub ports: Seldom<Vec<Spanned<Port>>>,
    /// Who sends it.
    pub from: Seldom<Vec<Spanned<Peer>>>,
    /// Names of the server.
    pub server_names: Seldom<Vec<Spanned<HostPattern>>>,
    /// Addresses that are dialled.
    pub destinations: Seldom<Vec<Spanned<Cidr>>>,
}

/// What a path must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathMatch {
    /// One of these, whose case counts or not.
    Patterns(Vec<Spanned<Path>>, bool),
    /// Matching this as a whole.
    Regex(Spanned<Regex>),
}

/// A name with what its value must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderMatch {
    /// The name.
    pub name: Spanned<HeaderName>,
    /// What its value must be.
    pub value: TextMatch,
}

/// What a text must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextMatch {
    /// There, whatever it is.
    Present,
    /// One of these.
    OneOf(Vec<HeaderValue>),
    /// Beginning with this.
    Prefix(HeaderValue),
    /// Matching this as a whole.
    Regex(Regex),
}

/// Reads `match { }`, which is a `place`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>, place: Place) -> Match {
    let mut found = Match { lines: Lines::default(), not: None, span: node.span };
    decoder.children(node, place, |decoder, word, child| match word.name {
        "not" => {
            let mut lines = Box::<Lines>::default();
            decoder.children(child, Place::Not, |decoder, word, child| line(decoder, &mut lines, word, child));
            found.not = Some(lines);
        }
        _ => line(decoder, &mut found.lines, word, child),
    });
    found.lines.headers.shrink_to_fit();
    found
}

fn line(decoder: &mut Decoder<'_>, lines: &mut Lines, word: &'static Word, node: &Node<'_>) {
    match word.name {
        "header" => add(decoder, &mut lines.headers, node, HeaderName::parse),
        "cookie" => add(decoder, &mut lines.cookies, node, HeaderName::parse_cookie),
        "query" => add(decoder, &mut lines.queries, node, HeaderName::parse_cookie),
        "claim" => token::claim(decoder, &mut lines.claims, node),
        "method" => lines.methods = Some(Box::new(list(decoder, node))),
        "path" => lines.paths = path(decoder, node).map(Box::new),
        "host" => lines.hosts = Some(Box::new(list(decoder, node))),
        "scheme" => {
            let schemes: Vec<_> = arguments(node).filter_map(|entry| decoder.choice(entry, &Scheme::ALL)).collect();
            each_once(decoder, &schemes);
            lines.schemes = Some(Box::new(Spanned::new(schemes, node.span)));
        }
        "port" => {
            let ports: Vec<_> = arguments(node).filter_map(|entry| decoder.port(entry)).collect();
            each_once(decoder, &ports);
            lines.ports = Some(Box::new(Spanned::new(ports, node.span)));
        }
        "from" => lines.from = Some(Box::new(list(decoder, node))),
        "sni" => lines.server_names = Some(Box::new(list(decoder, node))),
        _ => lines.destinations = Some(Box::new(list(decoder, node))),
    }
}

/// Reads `path`: patterns or one expression.
fn path(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Said<PathMatch> {
    let regex = property(node, "regex");
    let ignore_case = property(node, "ignore-case");
    match (argument(node, 0), regex) {
        (Some(_), None) => {
            let ignore_case = ignore_case.and_then(|entry| decoder.boolean(entry)).is_some_and(|said| said.value);
            Some(list(decoder, node).map(|patterns| PathMatch::Patterns(patterns, ignore_case)))
        }
        (None, Some(regex)) => {
            if let Some(entry) = ignore_case {
                let fault = choose_one("`path regex=` takes no `ignore-case=`", entry.span);
                decoder.found.push(fault.help("begin the expression with `(?i)`"));
            }
            decoder.value(regex).map(|regex| Spanned::new(PathMatch::Regex(regex), node.span))
        }
        (Some(_), Some(regex)) => {
            let fault = choose_one("`path` takes patterns or an expression", regex.span);
            decoder.found.push(fault.help("keep one of them; another `match { }` is an alternative"));
            None
        }
        (None, None) => {
            decoder.found.push(
                Diagnostic::new(&MISSING_ARGUMENT, "`path` needs a pattern or an expression")
                    .at(head(node), "a value is missing here")
                    .help("write for example `path \"/a/*\"`"),
            );
            None
        }
    }
}

fn choose_one(title: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&CHOOSE_ONE, title).at(span, "one too many")
}

/// How a name is read: that of a header, or that of a cookie.
type ReadName = fn(&str) -> Result<HeaderName, Mismatch>;

/// Reads a line with a name, and adds it to those of its kind.
pub(super) fn add(decoder: &mut Decoder<'_>, list: &mut ThinVec<HeaderMatch>, node: &Node<'_>, read: ReadName) {
    let Some(name) = argument(node, 0).and_then(|entry| decoder.text(entry)) else { return };
    let value = text_match(decoder, node);
    match (read(&name.value), value) {
        (Ok(exact), Some(value)) => {
            let what = format!("`{} {}`", node.name.value, name.value);
            let line = HeaderMatch { name: Spanned::new(exact, name.span), value };
            push_keyed(decoder, list, &what, line, |line| &line.name);
        }
        (Ok(_), None) => {}
        (Err(mismatch), _) => decoder.mismatch(&BAD_HEADER, (&name.value, name.span), mismatch),
    }
}

fn text_match(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<TextMatch> {
    let values: Vec<_> = arguments(node).skip(1).collect();
    match (values.as_slice(), property(node, "prefix"), property(node, "regex")) {
        ([], None, None) => Some(TextMatch::Present),
        ([], Some(entry), None) => decoder.value(entry).map(|text| TextMatch::Prefix(text.value)),
        ([], None, Some(entry)) => decoder.value(entry).map(|text| TextMatch::Regex(text.value)),
        (values, None, None) => {
            let read: Vec<Spanned<HeaderValue>> = values.iter().filter_map(|entry| decoder.value(entry)).collect();
            each_once(decoder, &read);
            Some(TextMatch::OneOf(read.into_iter().map(|text| text.value).collect()))
        }
        (..) => {
            let title = format!("`{}` takes values, a prefix or an expression", node.name.value);
            decoder.found.push(
                Diagnostic::new(&CHOOSE_ONE, title).at(head(node), "more than one of them").help("keep one of them"),
            );
            None
        }
    }
}
