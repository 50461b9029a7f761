use super::words::waiver;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, MISSING_NODE};
use crate::ir::{Issuer, Keys, TokenHeader, TokenPlaces};
use crate::source::{Decided, Layer, Origin, Span, Spanned};
use crate::value::HeaderName;
use smol_str::SmolStr;

/// Closes one issuer; what it cannot do without and has not is reported.
pub(super) fn resolve(node: &intent::Issuer, found: &mut Diagnostics) -> Issuer {
    let intent::Issuer {
        name,
        iss,
        keys_at,
        keys,
        keys_waiver,
        audiences,
        audience_waiver,
        places,
        claims_to_headers,
        payload_to_header,
        forward,
        fetch_timeout,
        space_delimited,
        only_in: _,
    } = node;
    if iss.is_none() {
        found.push(missing("iss", name.span, "iss \"https://login.example\""));
    }
    let at = keys_at.as_ref().map(|said| own(&said.clone().map(Keys::At)));
    let here = || keys.as_ref().map(|said| own(&said.clone().map(Keys::Here)));
    let keys = at.or_else(here);
    if keys.is_none() {
        found.push(missing("jwks-uri", name.span, "jwks-uri \"https://login.example/jwks.json\""));
    }
    let pairs = claims_to_headers.iter().map(|line| (line.claim.clone(), line.header.clone()));
    Issuer {
        name: name.value.text().clone(),
        origin: Origin::new(Layer::Own, name.span),
        iss: iss.as_ref().map(own),
        keys,
        keys_waiver: waiver(keys_waiver.as_deref()),
        audiences: audiences.as_ref().map(named),
        audience_waiver: waiver(audience_waiver.as_deref()),
        places: token_places(places),
        claims_to_headers: pairs.collect(),
        payload_to_header: payload_to_header.as_ref().map(own),
        forward: forward.as_ref().map_or_else(|| Decided::built_in(true), own),
        fetch_timeout: fetch_timeout.as_ref().map(own),
        space_delimited: space_delimited.as_ref().map(|said| own(said).map(bare)),
    }
}

fn own<T: Clone>(said: &Spanned<T>) -> Decided<T> {
    Decided::new(said.value.clone(), Origin::new(Layer::Own, said.span))
}

fn bare<T>(list: Vec<Spanned<T>>) -> Vec<T> {
    list.into_iter().map(|said| said.value).collect()
}

/// The audiences; none where `any` is one of them.
fn named(said: &Spanned<Vec<Spanned<SmolStr>>>) -> Decided<Vec<SmolStr>> {
    own(said).map(bare).map(|names| if names.iter().any(|name| name == "any") { Vec::new() } else { names })
}

fn missing(word: &str, span: Span, example: &str) -> Diagnostic {
    Diagnostic::new(&MISSING_NODE, format!("`issuer` needs `{word}`"))
        .at(span, format!("no `{word}` in this block"))
        .help(format!("write for example `{example}`"))
}

/// The header of RFC 6750, with what stands before the token in it.
const AUTHORIZATION: &str = "authorization";
const BEARER: &str = "Bearer ";

/// Where a token is looked for. All of it is written out: Istio's own default reads a query parameter too, which ends
/// up in logs.
fn token_places(said: &intent::TokenPlaces) -> TokenPlaces {
    let intent::TokenPlaces { headers, cookies, queries } = said;
    let bearer = || Decided::built_in(SmolStr::new_static(BEARER));
    let mut headers: Vec<TokenHeader> = headers
        .iter()
        .map(|header| {
            let unsaid = (header.name.value.text() == AUTHORIZATION).then(bearer);
            TokenHeader { name: own(&header.name), prefix: header.prefix.as_ref().map(own).or(unsaid) }
        })
        .collect();
    if headers.is_empty() && cookies.is_empty() && queries.is_empty() {
        headers.extend(
            HeaderName::parse(AUTHORIZATION)
                .ok()
                .map(|name| TokenHeader { name: Decided::built_in(name), prefix: Some(bearer()) }),
        );
    }
    TokenPlaces { headers, cookies: cookies.clone(), queries: queries.clone() }
}
