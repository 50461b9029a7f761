use super::Said;
use super::access::list;
use super::codes::CHOOSE_ONE;
use super::decode::{Decoder, argument, arguments, head, property, push_keyed};
use super::from_text::BAD_HEADER;
use super::grammar::{MANY, Place, Repeats, Word};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{HeaderName, HeaderValue, Method, Mismatch, Path, Regex};

/// A row of a condition of a request.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    let (places, arguments, repeats) = (&[Place::Match], (1, MANY), Repeats::Once);
    Word { name, places, shape, arguments, properties: &[], block: None, repeats, meaning }
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
    row("method", "METHOD+ | any", "Methods of the request."),
    row("path", "PATH+", "Paths of the request, without its query."),
];

/// Requests of a kind: every line must hold, and of a line's values any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Headers.
    pub headers: Vec<HeaderMatch>,
    /// Cookies, each with its values.
    pub cookies: Vec<HeaderMatch>,
    /// Query parameters.
    pub queries: Vec<HeaderMatch>,
    /// Methods.
    pub methods: Said<Vec<Spanned<Method>>>,
    /// Paths.
    pub paths: Said<Vec<Spanned<Path>>>,
    /// The node.
    pub span: Span,
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

/// Reads `match { }`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Match {
    let (headers, cookies, queries) = (Vec::new(), Vec::new(), Vec::new());
    let mut found = Match { headers, cookies, queries, methods: None, paths: None, span: node.span };
    decoder.children(node, Place::Match, |decoder, word, child| match word.name {
        "header" => add(decoder, &mut found.headers, child, HeaderName::parse),
        "cookie" => add(decoder, &mut found.cookies, child, HeaderName::parse_cookie),
        "query" => add(decoder, &mut found.queries, child, HeaderName::parse_cookie),
        "method" => found.methods = Some(list(decoder, child)),
        _ => found.paths = Some(list(decoder, child)),
    });
    found.headers.shrink_to_fit();
    found
}

/// How a name is read: that of a header, or that of a cookie.
type ReadName = fn(&str) -> Result<HeaderName, Mismatch>;

/// Reads a line with a name, and adds it to those of its kind.
pub(super) fn add(decoder: &mut Decoder<'_>, list: &mut Vec<HeaderMatch>, node: &Node<'_>, read: ReadName) {
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
            let read = values.iter().filter_map(|entry| decoder.value(entry)).map(|text| text.value);
            Some(TextMatch::OneOf(read.collect()))
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
