use super::Said;
use super::access::list;
use super::decode::{Decoder, argument, head, property};
use super::from_text::BAD_PATH;
use super::grammar::{MANY, Place, Repeats, Word};
use super::peer::Reference;
use super::waiver::{self, Waiver};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node};
use crate::value::{Duration, HeaderName, Mismatch, Name, Path, PathKind, Port};

/// A row of a word of an authorizer.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word::once(name, &[Place::Authorizer], shape, meaning)
}

/// A row of a list of headers.
const fn headers(name: &'static str, meaning: &'static str) -> Word {
    Word { arguments: (1, MANY), ..row(name, "HEADER+", meaning) }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        places: &[Place::Mesh],
        arguments: (1, 2),
        properties: &["service", "port"],
        block: Some(Place::Authorizer),
        repeats: Repeats::Keyed,
        ..row(
            "authorizer",
            "NAME http|grpc service=SERVICE port=PORT { }",
            "A service that is asked whether requests may pass; `authorize NAME` asks it.",
        )
    },
    row("timeout", "DURATION", "How long it may take to answer; `600ms` unless said."),
    Word {
        arguments: (0, 1),
        properties: waiver::PROPERTIES,
        ..row("fail-open", "BOOL", "Whether requests pass where it does not answer; unsaid, they do not.")
    },
    row("path-prefix", "PATH", "What stands before the path of the request that it is asked with; `http` alone."),
    headers("send-header", "Headers of the request that it gets to see; `http` alone."),
    Word {
        properties: &["max"],
        arguments: (0, 0),
        ..row("send-body", "max=BYTES", "The beginning of the body, so much of it, that it gets to see.")
    },
    headers("pass-header", "Headers of its answer that the service gets; `http` alone."),
    headers("return-header", "Headers of its answer that the caller gets; `http` alone."),
];

/// What an authorizer speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizerProtocol {
    /// It is asked with the request itself, without its body.
    Http,
    /// It speaks Envoy's protocol.
    Grpc,
}

/// `authorizer`; parts that one layer leaves out, another says.
#[derive(Clone, Debug)]
pub struct Authorizer {
    /// Its name.
    pub name: Spanned<Name>,
    /// What it speaks.
    pub protocol: Said<AuthorizerProtocol>,
    /// The service that is asked.
    pub service: Said<Reference>,
    /// The port of that service.
    pub port: Said<Port>,
    /// How long it may take.
    pub timeout: Said<Duration>,
    /// Whether requests pass where it does not answer.
    pub fail_open: Option<(Spanned<bool>, Option<Box<Waiver>>)>,
    /// What stands before the path.
    pub path_prefix: Said<Path>,
    /// Headers that it sees.
    pub send_headers: Said<Vec<Spanned<HeaderName>>>,
    /// How much of the body it sees, in bytes.
    pub send_body: Said<u32>,
    /// Headers that the service gets.
    pub pass_headers: Said<Vec<Spanned<HeaderName>>>,
    /// Headers that the caller gets.
    pub return_headers: Said<Vec<Spanned<HeaderName>>>,
    /// The node's word and values.
    pub span: Span,
}

/// The most of a body that is sent on: Envoy holds it in memory meanwhile.
const LARGEST_BODY: u32 = 16 * 1024 * 1024;

/// Reads `authorizer`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Authorizer> {
    let name = decoder.name(argument(node, 0)?);
    let protocols = [("http", AuthorizerProtocol::Http), ("grpc", AuthorizerProtocol::Grpc)];
    let protocol = argument(node, 1).and_then(|entry| decoder.choice(entry, &protocols));
    let service = property(node, "service").and_then(|entry| decoder.value(entry));
    let port = property(node, "port").and_then(|entry| decoder.port(entry));
    let mut found = Authorizer {
        name: name?,
        protocol,
        service,
        port,
        timeout: None,
        fail_open: None,
        path_prefix: None,
        send_headers: None,
        send_body: None,
        pass_headers: None,
        return_headers: None,
        span: head(node),
    };
    decoder.children(node, Place::Authorizer, |decoder, word, child| part(decoder, &mut found, word.name, child));
    Some(found)
}

/// A path that is put before others: one, and no pattern of several.
fn prefix(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Said<Path> {
    let path = decoder.value::<Path>(entry)?;
    if path.value.kind() == PathKind::Exact {
        return Some(path);
    }
    let stem = path.value.stem().to_owned();
    let mismatch = Mismatch::new("one path such as `/check`", "it stands before the path of the request as it is");
    let mismatch = if stem.is_empty() || stem.contains('{') { mismatch } else { mismatch.instead(stem) };
    decoder.mismatch(&BAD_PATH, (path.value.text(), path.span), mismatch);
    None
}

fn part(decoder: &mut Decoder<'_>, into: &mut Authorizer, word: &str, node: &Node<'_>) {
    let first = argument(node, 0);
    match word {
        "timeout" => into.timeout = first.and_then(|entry| decoder.value(entry)),
        "fail-open" => {
            let on = decoder.flag(node);
            into.fail_open = on.map(|on| (on, waiver::decode(decoder, node)));
        }
        "path-prefix" => into.path_prefix = first.and_then(|entry| prefix(decoder, entry)),
        "send-header" => into.send_headers = Some(list(decoder, node)),
        "send-body" => {
            into.send_body = property(node, "max").and_then(|entry| decoder.integer(entry, 1..=LARGEST_BODY));
        }
        "pass-header" => into.pass_headers = Some(list(decoder, node)),
        _ => into.return_headers = Some(list(decoder, node)),
    }
}
