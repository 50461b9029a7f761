use super::Said;
use super::access::{each_once, list};
use super::decode::{Decoder, argument, arguments, fitted, head, property, push_keyed};
use super::grammar::{MANY, Place, Repeats, Word};
use super::narrowing::{self, Conditions};
use super::waiver::{self, Waiver};
use super::words::Removal;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{ClaimName, ClaimValue};
use smol_str::SmolStr;

/// The blocks that say what a token has.
const BLOCKS: &[Place] = &[Place::Token, Place::DoorToken, Place::GrantToken];

/// A row of `require-token`, which means the same wherever it stands.
const fn row(places: &'static [Place], block: Place, shape: &'static str, meaning: &'static str) -> Word {
    Word {
        arguments: (1, MANY),
        properties: &["optional", "reason", "until"],
        block: Some(block),
        repeats: Repeats::Adds,
        ..Word::once("require-token", places, shape, meaning)
    }
}

/// A row of what a token has.
const fn line(name: &'static str, shape: &'static str, least: usize, meaning: &'static str) -> Word {
    Word { arguments: (least, MANY), repeats: Repeats::Many, ..Word::once(name, BLOCKS, shape, meaning) }
}

/// A row of `not`.
const fn not(places: &'static [Place], block: Place) -> Word {
    Word {
        name: "not",
        places,
        shape: "{ CONDITION+ }",
        arguments: (0, 0),
        properties: &[],
        block: Some(block),
        repeats: Repeats::Once,
        meaning: "Requests that need no token: none of these lines holds of those that do.",
    }
}

pub(super) const WORDS: &[Word] = &[
    row(
        &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service],
        Place::Token,
        "ISSUER+ optional=BOOL { scope S+; claim NAME V+; path P+; method M+; host H+; port N+; not { } }",
        "Whoever calls must show a token of one of these issuers; several nodes must all hold.",
    ),
    row(
        &[Place::Expose],
        Place::DoorToken,
        "ISSUER+ optional=BOOL { scope S+; claim NAME V+; path P+; method M+; not { } }",
        "What comes through this door must show a token of one of these issuers.",
    ),
    Word {
        properties: &["optional"],
        repeats: Repeats::Many,
        ..row(
            &[Place::Allow],
            Place::GrantToken,
            "ISSUER+ optional=BOOL { scope S+; claim NAME V+ }",
            "This grant is for requests that show a token of one of these issuers.",
        )
    },
    not(&[Place::Token], Place::TokenNot),
    not(&[Place::DoorToken], Place::DoorTokenNot),
    line("scope", "SCOPE+", 1, "The token has one of these scopes; several lines must all hold."),
    line("claim", "NAME VALUE+", 2, "The token has the claim with one of these values; `a.b` is the claim `b` in `a`."),
];

/// `require-token`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequireToken {
    /// By whom it is signed: one of these.
    pub issuers: Vec<Spanned<SmolStr>>,
    /// Whether a request without any token passes too.
    pub optional: Said<bool>,
    /// What it has.
    pub claims: Vec<ClaimMatch>,
    /// Which requests must show it.
    pub conditions: Conditions,
    /// Why it is for some of them alone, and until when.
    pub waiver: Option<Box<Waiver>>,
    /// The node's word and values.
    pub span: Span,
}

/// `claim`, or `scope`, which is the claim of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimMatch {
    /// The claim.
    pub name: Spanned<ClaimName>,
    /// One of these.
    pub values: Vec<Spanned<ClaimValue>>,
}

/// Reads `require-token`; `place` is the block it opens.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>, place: Place) -> RequireToken {
    let issuers: Vec<Spanned<SmolStr>> = fitted(arguments(node).filter_map(|entry| decoder.value(entry)));
    each_once(decoder, &issuers);
    let optional = property(node, "optional").and_then(|entry| decoder.boolean(entry));
    let waiver = waiver::decode(decoder, node);
    let (mut claims, mut scopes, mut conditions) = (Vec::new(), Vec::new(), Conditions::default());
    decoder.children(node, place, |decoder, word, child| match word.name {
        "scope" => scopes.extend(scope(decoder, child)),
        "claim" => claim(decoder, &mut claims, child),
        _ => narrowing::take(decoder, &mut conditions, word, child),
    });
    claims.append(&mut scopes);
    RequireToken { issuers, optional, claims, conditions, waiver, span: head(node) }
}

/// Reads `-require-token ISSUER+`: the issuers together are the key of a node.
pub(super) fn removal(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Removal> {
    let issuers: Vec<Spanned<SmolStr>> = arguments(node).filter_map(|entry| decoder.value(entry)).collect();
    let (first, last) = (issuers.first()?, issuers.last()?);
    let names: Vec<&str> = issuers.iter().map(|name| name.value.as_str()).collect();
    let key = Spanned::new(names.join(" ").into(), first.span.to(last.span));
    Some(Removal { word: "require-token", key })
}

fn scope(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<ClaimMatch> {
    let values = list(decoder, node).value;
    let name = ClaimName::parse("scope").ok()?;
    (!values.is_empty()).then(|| ClaimMatch { name: Spanned::new(name, node.name.span), values })
}

/// Reads `claim`, and adds it to those of its block.
pub(super) fn claim(decoder: &mut Decoder<'_>, into: &mut Vec<ClaimMatch>, node: &Node<'_>) {
    let Some(name) = argument(node, 0).and_then(|entry| decoder.value::<ClaimName>(entry)) else { return };
    let values: Vec<_> = fitted(arguments(node).skip(1).filter_map(|entry| decoder.value(entry)));
    each_once(decoder, &values);
    if !values.is_empty() {
        let what = format!("`claim {}`", name.value);
        push_keyed(decoder, into, &what, ClaimMatch { name, values }, |line| &line.name);
    }
}
