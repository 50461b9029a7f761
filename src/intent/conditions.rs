use super::Said;
use super::access::list;
use super::codes::{CHOOSE_ONE, MISSING_NODE, VALUE_SET_TWICE};
use super::decode::{Decoder, argument, arguments, property, set};
use super::grammar::{MANY, Place, Repeats, Word};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{HeaderName, HeaderValue, Method, Path, Regex};

/// A row of a condition of a request.
const fn row(
    name: &'static str,
    shape: &'static str,
    properties: &'static [&'static str],
    meaning: &'static str,
) -> Word {
    let arguments = (1, MANY);
    Word { name, places: &[Place::Match], shape, arguments, properties, block: None, repeats: Repeats::Once, meaning }
}

pub(super) const WORDS: &[Word] = &[
    row(
        "header",
        "NAME VALUE* | NAME prefix=TEXT | NAME regex=RE",
        &["prefix", "regex"],
        "A header; without a value: it is there.",
    ),
    row("cookie", "NAME VALUE+", &[], "A cookie."),
    row("query", "NAME VALUE* | NAME regex=RE", &["regex"], "A query parameter; without a value: it is there."),
    row("method", "METHOD+ | any", &[], "Methods of the request."),
    row("path", "PATH+", &[], "Paths of the request, without its query."),
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
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Match> {
    let mut found = Match {
        headers: Vec::new(),
        cookies: Vec::new(),
        queries: Vec::new(),
        methods: None,
        paths: None,
        span: node.span,
    };
    decoder.children(node, Place::Match, |decoder, word, child| match word.name {
        "header" => add(decoder, &mut found.headers, child, HeaderName::parse),
        "cookie" => add(decoder, &mut found.cookies, child, HeaderName::parse_cookie),
        "query" => add(decoder, &mut found.queries, child, HeaderName::parse_cookie),
        "method" => {
            let said = list(decoder, child);
            set(decoder, &mut found.methods, "`method`", Some(said));
        }
        _ => {
            let said = list(decoder, child);
            set(decoder, &mut found.paths, "`path`", Some(said));
        }
    });
    if node.block.as_ref().is_none_or(|block| block.nodes.is_empty()) {
        let fault = Diagnostic::new(&MISSING_NODE, "`match` needs a condition")
            .at(node.name.span, "this would be every request");
        decoder.found.push(fault.help("write for example `match { header x-canary \"true\" }`"));
        return None;
    }
    found.headers.shrink_to_fit();
    Some(found)
}

type ReadName = fn(&str) -> Result<HeaderName, crate::value::Mismatch>;

fn add(decoder: &mut Decoder<'_>, list: &mut Vec<HeaderMatch>, node: &Node<'_>, read: ReadName) {
    let Some(entry) = argument(node, 0) else { return };
    // The type's own reader gives the message; the cookie's reader keeps the case.
    let Some(name) = decoder.value::<HeaderName>(entry) else { return };
    let name = match decoder.text(entry).map(|text| read(&text.value)) {
        Some(Ok(exact)) => Spanned::new(exact, name.span),
        Some(Err(_)) | None => name,
    };
    let Some(value) = text_match(decoder, node) else { return };
    if let Some(first) = list.iter().find(|other| other.name.value == name.value) {
        decoder.found.push(
            Diagnostic::new(
                &VALUE_SET_TWICE,
                format!("`{} {}` is said twice in one block", node.name.value, name.value),
            )
            .at(name.span, "said again here")
            .related(first.name.span, "said first here")
            .help("the values of one line are alternatives; for another request write another `match`"),
        );
        return;
    }
    list.push(HeaderMatch { name, value });
}

fn text_match(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<TextMatch> {
    let values: Vec<_> = arguments(node).skip(1).collect();
    let (prefix, regex) = (property(node, "prefix"), property(node, "regex"));
    let kinds = usize::from(!values.is_empty()) + usize::from(prefix.is_some()) + usize::from(regex.is_some());
    if kinds > 1 {
        decoder.found.push(
            Diagnostic::new(&CHOOSE_ONE, format!("`{}` takes values, a prefix or an expression", node.name.value))
                .at(node.span, "more than one of them")
                .help("keep one"),
        );
        return None;
    }
    if let Some(entry) = prefix {
        return decoder.value(entry).map(|text| TextMatch::Prefix(text.value));
    }
    if let Some(entry) = regex {
        return decoder.value(entry).map(|text| TextMatch::Regex(text.value));
    }
    if values.is_empty() {
        if node.name.value == "cookie" {
            let fault = Diagnostic::new(&super::codes::MISSING_ARGUMENT, "`cookie` needs a value");
            decoder.found.push(fault.at(node.span, "a value is missing here").help("write `cookie NAME VALUE`"));
            return None;
        }
        return Some(TextMatch::Present);
    }
    let read: Vec<HeaderValue> =
        values.iter().filter_map(|entry| decoder.value(entry)).map(|text| text.value).collect();
    (read.len() == values.len()).then_some(TextMatch::OneOf(read))
}
