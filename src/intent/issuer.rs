use super::Said;
use super::access::{each_once, list};
use super::codes::CHOOSE_ONE;
use super::decode::{Decoder, argument, arguments, property, push_keyed};
use super::from_text::BAD_HEADER;
use super::grammar::{MANY, Place, Repeats, Word};
use super::waiver::{self, Waiver};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{ClaimName, ClaimValue, Duration, HeaderName, Jwks, Mismatch, Name, Url};
use smol_str::SmolStr;

/// A row of a word of an issuer.
const fn row(name: &'static str, shape: &'static str, meaning: &'static str) -> Word {
    Word::once(name, &[Place::Issuer], shape, meaning)
}

pub(super) const WORDS: &[Word] = &[
    row("iss", "TEXT", "The `iss` of its tokens, letter by letter."),
    Word {
        properties: waiver::PROPERTIES,
        ..row("jwks-uri", "URL", "Where its public keys are; the control plane fetches them, not the proxies.")
    },
    row("jwks", "JSON", "Its public keys, instead of where they are."),
    Word {
        arguments: (1, MANY),
        properties: waiver::PROPERTIES,
        ..row("audience", "NAME+ | any", "For whom its tokens are: the `aud` of a token is one of these.")
    },
    Word {
        properties: &["prefix"],
        repeats: Repeats::Many,
        ..row(
            "header",
            "NAME prefix=TEXT",
            "A header that holds the token; with no place named, `authorization` with the prefix `Bearer `.",
        )
    },
    Word { repeats: Repeats::Many, ..row("cookie", "NAME", "A cookie that holds the token.") },
    Word { repeats: Repeats::Many, ..row("query", "NAME", "A query parameter that holds the token.") },
    Word {
        arguments: (2, 2),
        repeats: Repeats::Many,
        ..row(
            "claim-to-header",
            "CLAIM HEADER",
            "Gives the service a claim as a header, and takes away one that the caller made up.",
        )
    },
    row("payload-to-header", "HEADER", "Gives the service all claims as a header, in base64url."),
    Word { arguments: (0, 1), ..row("forward", "BOOL?", "Whether the service gets the token; unsaid, it does.") },
    row("fetch-timeout", "DURATION", "How long fetching the keys may take; 5s."),
    Word {
        arguments: (1, MANY),
        ..row(
            "space-delimited",
            "CLAIM+",
            "Claims that are lists with spaces between, beside `scope` and `permission`.",
        )
    },
];

/// `issuer NAME { }`.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// Its name.
    pub name: Spanned<Name>,
    /// `iss`.
    pub iss: Said<ClaimValue>,
    /// `jwks-uri`.
    pub keys_at: Said<Url>,
    /// `jwks`.
    pub keys: Said<Jwks>,
    /// Why keys are fetched in plain text, and until when.
    pub keys_waiver: Option<Box<Waiver>>,
    /// `audience`.
    pub audiences: Said<Vec<Spanned<SmolStr>>>,
    /// Why tokens for others count, and until when.
    pub audience_waiver: Option<Box<Waiver>>,
    /// Where the token is.
    pub places: TokenPlaces,
    /// `claim-to-header`.
    pub claims_to_headers: Vec<ClaimToHeader>,
    /// `payload-to-header`.
    pub payload_to_header: Said<HeaderName>,
    /// `forward`.
    pub forward: Said<bool>,
    /// `fetch-timeout`.
    pub fetch_timeout: Said<Duration>,
    /// `space-delimited`.
    pub space_delimited: Said<Vec<Spanned<ClaimName>>>,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// Where a token is looked for.
#[derive(Clone, Debug, Default)]
pub struct TokenPlaces {
    /// Headers, each with what stands before the token.
    pub headers: Vec<TokenHeader>,
    /// Cookies.
    pub cookies: Vec<Spanned<HeaderName>>,
    /// Query parameters.
    pub queries: Vec<Spanned<HeaderName>>,
}

/// `header`.
#[derive(Clone, Debug)]
pub struct TokenHeader {
    /// The header.
    pub name: Spanned<HeaderName>,
    /// What stands before the token.
    pub prefix: Said<SmolStr>,
}

/// `claim-to-header`.
#[derive(Clone, Debug)]
pub struct ClaimToHeader {
    /// The claim.
    pub claim: Spanned<ClaimName>,
    /// The header.
    pub header: Spanned<HeaderName>,
}

/// Reads `issuer`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Issuer> {
    let name = argument(node, 0).and_then(|entry| decoder.name(entry));
    let mut issuer = empty(name?);
    let mut fetched: Option<Span> = None;
    decoder.children(node, Place::Issuer, |decoder, word, child| {
        if word.name == "jwks" {
            fetched.get_or_insert(child.name.span);
        }
        part(decoder, &mut issuer, word, child);
    });
    check_keys(decoder, &issuer, fetched);
    Some(issuer)
}

fn empty(name: Spanned<Name>) -> Issuer {
    Issuer {
        name,
        iss: None,
        keys_at: None,
        keys: None,
        keys_waiver: None,
        audiences: None,
        audience_waiver: None,
        places: TokenPlaces::default(),
        claims_to_headers: Vec::new(),
        payload_to_header: None,
        forward: None,
        fetch_timeout: None,
        space_delimited: None,
        only_in: Vec::new(),
    }
}

fn part(decoder: &mut Decoder<'_>, issuer: &mut Issuer, word: &'static Word, node: &Node<'_>) {
    let first = argument(node, 0);
    match word.name {
        "iss" => issuer.iss = first.and_then(|entry| decoder.value(entry)),
        "jwks-uri" => {
            issuer.keys_at = first.and_then(|entry| decoder.value(entry));
            issuer.keys_waiver = waiver::decode(decoder, node);
        }
        "jwks" => issuer.keys = first.and_then(|entry| decoder.value(entry)),
        "audience" => {
            let audiences: Vec<_> = arguments(node).filter_map(|entry| decoder.value(entry)).collect();
            each_once(decoder, &audiences);
            any_alone(decoder, &audiences);
            issuer.audiences = Some(Spanned::new(audiences, node.span));
            issuer.audience_waiver = waiver::decode(decoder, node);
        }
        "payload-to-header" => issuer.payload_to_header = header_for_claims(decoder, node, 0),
        "forward" => issuer.forward = decoder.flag(node),
        "fetch-timeout" => issuer.fetch_timeout = first.and_then(|entry| decoder.value(entry)),
        "space-delimited" => issuer.space_delimited = Some(list(decoder, node)),
        "claim-to-header" => claim_to_header(decoder, &mut issuer.claims_to_headers, node),
        _ => place(decoder, &mut issuer.places, word, node),
    }
}

/// `any` takes all others in.
fn any_alone(decoder: &mut Decoder<'_>, audiences: &[Spanned<SmolStr>]) {
    let Some(any) = audiences.iter().find(|name| name.value == "any").filter(|_| audiences.len() > 1) else { return };
    decoder.found.push(
        Diagnostic::new(&CHOOSE_ONE, "`audience any` is every audience, and others are named beside it")
            .at(any.span, "takes tokens that are for others too")
            .help("keep the names, or `any` alone"),
    );
}

/// A place where the token may be.
fn place(decoder: &mut Decoder<'_>, places: &mut TokenPlaces, word: &'static Word, node: &Node<'_>) {
    if word.name == "header" {
        let prefix = property(node, "prefix").and_then(|entry| decoder.value(entry));
        if let Some(name) = argument(node, 0).and_then(|entry| decoder.value(entry)) {
            push_keyed(decoder, &mut places.headers, "this header", TokenHeader { name, prefix }, |header| {
                &header.name
            });
        }
        return;
    }
    let Some(name) = argument(node, 0).and_then(|entry| decoder.text(entry)) else { return };
    match HeaderName::parse_cookie(&name.value) {
        Ok(exact) => {
            let list = if word.name == "cookie" { &mut places.cookies } else { &mut places.queries };
            push_keyed(decoder, list, "this place", Spanned::new(exact, name.span), |name| name);
        }
        Err(mismatch) => decoder.mismatch(&BAD_HEADER, (&name.value, name.span), mismatch),
    }
}

fn claim_to_header(decoder: &mut Decoder<'_>, list: &mut Vec<ClaimToHeader>, node: &Node<'_>) {
    let claim = argument(node, 0).and_then(|entry| decoder.value(entry));
    let header = header_for_claims(decoder, node, 1);
    let (Some(claim), Some(header)) = (claim, header) else { return };
    let mut headers: Vec<Spanned<HeaderName>> = list.iter().map(|line| line.header.clone()).collect();
    push_keyed(decoder, &mut headers, "this header", header.clone(), |name| name);
    push_keyed(decoder, list, "this claim", ClaimToHeader { claim, header }, |line| &line.claim);
}

/// A header that claims are written into, which Istio holds to letters, digits, `-` and `_`.
fn header_for_claims(decoder: &mut Decoder<'_>, node: &Node<'_>, at: usize) -> Said<HeaderName> {
    let header: Spanned<HeaderName> = decoder.value(argument(node, at)?)?;
    let text = header.value.text();
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
        return Some(header);
    }
    let because = "Istio takes letters, digits, `-` and `_` in a header that it makes of claims";
    decoder.mismatch(&BAD_HEADER, (text, header.span), Mismatch::new("a header such as `x-user`", because));
    None
}

/// Keys are said once, and only fetching takes time.
fn check_keys(decoder: &mut Decoder<'_>, issuer: &Issuer, keys: Option<Span>) {
    let Some(keys) = keys else { return };
    if let Some(at) = &issuer.keys_at {
        decoder.found.push(
            Diagnostic::new(&CHOOSE_ONE, "`jwks` and `jwks-uri` say the same in two ways")
                .at(keys, "the keys themselves")
                .related(at.span, "where the keys are")
                .note("Istio refuses a rule that has both")
                .help("keep `jwks-uri`: keys that are fetched follow the issuer when it changes them"),
        );
    } else if let Some(timeout) = &issuer.fetch_timeout {
        decoder.found.push(
            Diagnostic::new(&CHOOSE_ONE, "`fetch-timeout` is about keys that are fetched, and `jwks` holds them")
                .at(timeout.span, "nothing is fetched")
                .related(keys, "the keys themselves")
                .help("take `fetch-timeout` out, or name the keys by `jwks-uri`"),
        );
    }
}
