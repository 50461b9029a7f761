//! What becomes of the requests of a route: `to`, `split`, `redirect`, `respond`, `rewrite`.

use crate::diagnostic::Diagnostic;
use crate::intent::Said;
use crate::intent::codes::{CHOOSE_ONE, MISSING_NODE, MISSING_PROPERTY, OUT_OF_RANGE};
use crate::intent::decode::{Decoder, argument, head, property};
use crate::intent::from_text::{BAD_PATH, BAD_REFERENCE, BAD_REGEX};
use crate::intent::grammar::{Place, Repeats, Word};
use crate::intent::headers::{self, HeadersSaid};
use crate::source::{Span, Spanned};
use crate::syntax::{Entry, Node};
use crate::value::{Host, Label, Mismatch, Path, PathKind, Percent, Port, Regex, Scheme};
use smol_str::SmolStr;
use std::fmt;

const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word { arguments: (0, 0), ..Word::once(name, &[Place::Route], shape, meaning) }
}

pub(in crate::intent) const WORDS: &[Word] = &[
    Word {
        arguments: (1, 1),
        properties: &["version", "port"],
        ..row("to", "TARGET version=VERSION port=NUMBER", "Where the requests go: a version, or another service.")
    },
    Word {
        block: Some(Place::Split),
        ..row(
            "split",
            "{ TARGET PERCENT version=VERSION port=NUMBER { headers } }",
            "Where the requests go, by shares that sum to 100.",
        )
    },
    Word {
        properties: &["scheme", "host", "port", "path", "prefix", "status"],
        ..row(
            "redirect",
            "scheme=http|https host=HOST port=NUMBER path=PATH prefix=PATH status=301|302|303|307|308",
            "Sends the client elsewhere; `prefix` replaces the part of the path that the route's pattern names.",
        )
    },
    Word {
        arguments: (1, 1),
        properties: &["body"],
        ..row("respond", "STATUS body=TEXT", "Answers on the spot; the text has at most 64 KiB, as every string.")
    },
    Word {
        places: &[Place::Route, Place::Expose],
        properties: &["path", "prefix", "regex", "to", "host"],
        ..row(
            "rewrite",
            "path=PATH | prefix=PATH | regex=RE to=TEXT, host=HOST",
            "Changes the request before it is sent; the query is kept.",
        )
    },
];

/// What becomes of a request.
#[derive(Clone, Debug)]
pub enum Action {
    /// `to`.
    To(TargetNode),
    /// `split`.
    Split(Vec<SplitShare>),
    /// `redirect`.
    Redirect(Box<Redirect>),
    /// `respond`.
    Respond(Box<Response>),
}

/// The name of a version or of a service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TargetName {
    /// Its name.
    pub name: Label,
    /// Its namespace, where it is said.
    pub namespace: Option<Label>,
}

/// A target with its version and port.
#[derive(Clone, Debug)]
pub struct TargetNode {
    /// A version or a service.
    pub name: Spanned<TargetName>,
    /// `version=` of another service.
    pub version: Said<Label>,
    /// `port=`.
    pub port: Said<Port>,
}

/// One share of `split`.
#[derive(Clone, Debug)]
pub struct SplitShare {
    /// Where it goes.
    pub target: TargetNode,
    /// How much of 100.
    pub percent: Spanned<Percent>,
    /// Which headers of these requests change.
    pub headers: Option<HeadersSaid>,
}

/// `redirect`.
#[derive(Clone, Debug)]
pub struct Redirect {
    /// By which scheme.
    pub scheme: Said<Scheme>,
    /// To which host.
    pub host: Said<Host>,
    /// To which port.
    pub port: Said<Port>,
    /// To which path.
    pub path: Option<NewPath>,
    /// With which status.
    pub status: Said<u32>,
}

/// `respond`.
#[derive(Clone, Debug)]
pub struct Response {
    /// Its status.
    pub status: Spanned<u32>,
    /// Its text.
    pub body: Said<SmolStr>,
}

/// `rewrite`.
#[derive(Clone, Debug)]
pub struct Rewrite {
    /// Its path.
    pub path: Option<NewPath>,
    /// Its host.
    pub host: Said<Host>,
}

/// What takes the place of a path.
#[derive(Clone, Debug)]
pub enum NewPath {
    /// `path=`.
    Whole(Spanned<Path>),
    /// `prefix=`.
    Prefix(Spanned<Path>),
    /// `regex= to=`.
    Regex(Spanned<Regex>, Spanned<SmolStr>),
}

/// One share of `split`, whose word is the name of its target.
static SHARE: Word = Word {
    name: "TARGET",
    places: &[Place::Split],
    shape: "PERCENT version=VERSION port=NUMBER { headers }",
    arguments: (1, 1),
    properties: &["version", "port"],
    block: Some(Place::Share),
    repeats: Repeats::Keyed,
    meaning: "A target and its share.",
};

impl TargetName {
    /// Reads `name` or `name.namespace`.
    pub(in crate::intent) fn parse(text: &str) -> Result<Self, Mismatch> {
        const EXPECTED: &str = "a version such as `v2`, or a service such as `payments` or `payments.shop`";
        let (name, namespace) = text.split_once('.').map_or((text, None), |(name, namespace)| (name, Some(namespace)));
        let of = |mismatch: Mismatch| Mismatch { expected: EXPECTED.to_owned(), ..mismatch };
        let namespace = namespace.map(Label::parse).transpose().map_err(of)?;
        Ok(TargetName { name: Label::parse(name).map_err(of)?, namespace })
    }
}

impl fmt::Display for TargetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{}.{namespace}", self.name),
            None => write!(f, "{}", self.name),
        }
    }
}

/// Reads one of the words of which a route has one.
pub(super) fn decode(decoder: &mut Decoder<'_>, into: &mut Said<Action>, word: &'static Word, node: &Node<'_>) {
    if let Some(first) = into {
        decoder.found.push(
            Diagnostic::new(&CHOOSE_ONE, "a route has one of `to`, `split`, `redirect` and `respond`")
                .at(node.name.span, "one too many")
                .related(first.span, "this is what becomes of its requests already")
                .help("keep one of them"),
        );
        return;
    }
    let action = match word.name {
        "to" => {
            argument(node, 0).and_then(|entry| decoder.value(entry)).map(|name| Action::To(target(decoder, name, node)))
        }
        "split" => split(decoder, node).map(Action::Split),
        "redirect" => redirect(decoder, node).map(|redirect| Action::Redirect(Box::new(redirect))),
        _ => respond(decoder, node).map(|response| Action::Respond(Box::new(response))),
    };
    *into = action.map(|action| Spanned::new(action, head(node)));
}

/// A target of this name with what `node` says of it.
pub(in crate::intent) fn target(decoder: &mut Decoder<'_>, name: Spanned<TargetName>, node: &Node<'_>) -> TargetNode {
    let version = property(node, "version").and_then(|entry| decoder.value(entry));
    let port = property(node, "port").and_then(|entry| decoder.port(entry));
    TargetNode { name, version, port }
}

fn split(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Vec<SplitShare>> {
    let mut shares = Vec::new();
    for child in node.children() {
        let (text, span) = (child.name.value.as_ref(), child.name.span);
        let name = match TargetName::parse(text) {
            Ok(name) => Spanned::new(name, span),
            Err(mismatch) => {
                decoder.mismatch(&BAD_REFERENCE, (text, span), mismatch);
                continue;
            }
        };
        if !decoder.shape(child, &SHARE) {
            continue;
        }
        let percent = argument(child, 0).and_then(|entry| decoder.percent(entry));
        let target = target(decoder, name, child);
        let mut headers = None;
        decoder.children(child, Place::Share, |decoder, _, node| headers = Some(headers::decode(decoder, node)));
        if let Some(percent) = percent {
            shares.push(SplitShare { target, percent, headers });
        }
    }
    if node.children().is_empty() {
        decoder.found.push(
            Diagnostic::new(&MISSING_NODE, "`split` says nothing")
                .at(head(node), "no target is named in its block")
                .help("write `split { v1 90; v2 10 }`"),
        );
        return None;
    }
    Some(shares)
}

/// The statuses with which Envoy sends a client elsewhere.
const REDIRECTS: [u32; 5] = [301, 302, 303, 307, 308];

fn redirect(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Redirect> {
    let scheme = property(node, "scheme").and_then(|entry| decoder.choice(entry, &Scheme::ALL));
    let host = property(node, "host").and_then(|entry| decoder.value(entry));
    let port = property(node, "port").and_then(|entry| decoder.port(entry));
    let path = new_path(decoder, node);
    let status = property(node, "status").and_then(|entry| decoder.integer(entry, 100..=599));
    if let Some(said) = status.as_ref().filter(|said| !REDIRECTS.contains(&said.value)) {
        decoder.found.push(
            Diagnostic::new(&OUT_OF_RANGE, format!("expected 301, 302, 303, 307 or 308, found `{}`", said.value))
                .at(said.span, "no redirect has this status")
                .note("Istio takes other statuses, and Envoy then refuses the routes of every service on that port")
                .help("308 keeps the method for good, 307 for now; 301 and 302 let clients change POST to GET"),
        );
    }
    let says_where = ["scheme", "host", "port", "path", "prefix"].iter().any(|key| property(node, key).is_some());
    if !says_where {
        decoder.found.push(
            Diagnostic::new(&MISSING_PROPERTY, "`redirect` does not say where to")
                .at(head(node), "the client would be sent where it is")
                .help("say what changes: `redirect host=shop.example`, `redirect path=\"/new\"`"),
        );
        return None;
    }
    Some(Redirect { scheme, host, port, path, status })
}

fn respond(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Response> {
    let status = argument(node, 0).and_then(|entry| decoder.integer(entry, 200..=599));
    let body = property(node, "body")
        .and_then(|entry| decoder.text(entry))
        .map(|body| Spanned::new(SmolStr::from(body.value), body.span));
    Some(Response { status: status?, body })
}

/// Reads `rewrite`.
pub(in crate::intent) fn decode_rewrite(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Said<Box<Rewrite>> {
    let path = new_path(decoder, node);
    let host = property(node, "host").and_then(|entry| decoder.value(entry));
    if path.is_none() && host.is_none() {
        return None;
    }
    Some(Spanned::new(Box::new(Rewrite { path, host }), head(node)))
}

/// Reads `path=`, `prefix=` or `regex=` with `to=`, of which a node has one.
fn new_path(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<NewPath> {
    let said: Vec<_> = ["path", "prefix", "regex"].iter().filter_map(|key| property(node, key)).collect();
    if let [first, second, ..] = said.as_slice() {
        decoder.found.push(
            Diagnostic::new(&CHOOSE_ONE, format!("`{}` says twice what becomes of the path", node.name.value))
                .at(second.span, "one too many")
                .related(first.span, "said here already")
                .help("keep one of them"),
        );
        return None;
    }
    if let Some(entry) = property(node, "path") {
        return fixed_path(decoder, entry).map(NewPath::Whole);
    }
    if let Some(entry) = property(node, "prefix") {
        return fixed_path(decoder, entry).map(NewPath::Prefix);
    }
    match (property(node, "regex"), property(node, "to")) {
        (Some(regex), Some(to)) => {
            let (regex, to): (Said<Regex>, _) = (decoder.value(regex), decoder.text(to));
            let (regex, to) = (regex?, to.map(|to| Spanned::new(SmolStr::from(to.value), to.span))?);
            check_groups(decoder, &regex.value, &to);
            Some(NewPath::Regex(regex, to))
        }
        (Some(regex), None) => {
            decoder.found.push(missing_pair("regex", "to", regex.span));
            None
        }
        (None, Some(to)) => {
            decoder.found.push(missing_pair("to", "regex", to.span));
            None
        }
        (None, None) => None,
    }
}

/// Whether a text in place of a path uses groups alone that the expression has.
fn check_groups(decoder: &mut Decoder<'_>, regex: &Regex, to: &Spanned<SmolStr>) {
    let groups = regex.groups();
    let mut parts = to.value.split('\\').skip(1);
    let mut fault = None;
    while let Some(part) = parts.next() {
        match part.chars().next().map(|first| (first, first.to_digit(10))) {
            // Two in a row are one of the text.
            None => _ = parts.next(),
            Some((first, Some(group))) if group as usize > groups => {
                fault = Some(format!("the expression has no group `\\{first}`"));
            }
            Some((_, Some(_))) => {}
            Some((first, None)) => fault = Some(format!("`\\{first}` names no group")),
        }
    }
    if let Some(because) = fault {
        let mismatch = Mismatch::new("a path with `\\1` for the first group of the expression", because);
        decoder.mismatch(&BAD_REGEX, (&to.value, to.span), mismatch);
    }
}

fn missing_pair(said: &str, missing: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&MISSING_PROPERTY, format!("`{said}=` needs `{missing}=`"))
        .at(span, "half of a rewrite")
        .help("write for example `rewrite regex=\"/v1/(.*)\" to=#\"/\\1\"#`")
}

/// A path without a `*`.
fn fixed_path(decoder: &mut Decoder<'_>, entry: &Entry<'_>) -> Said<Path> {
    let path: Spanned<Path> = decoder.value(entry)?;
    if path.value.kind() == PathKind::Exact {
        return Some(path);
    }
    let mismatch = Mismatch::new("a path without `*`", "this is what the path becomes, so it is one path");
    decoder.mismatch(&BAD_PATH, (path.value.text(), path.span), mismatch);
    None
}
