use super::said::{because, text, texts};
use super::schema::object;
use crate::ir::{self, Keys};
use crate::source::Spanned;
use crate::value::{ClaimName, HeaderName};
use smol_str::{SmolStr, ToSmolStr};

object! {
    /// Who signs tokens.
    Issuer {
        /// Its name.
        name: SmolStr,
        /// What its tokens say who they are from.
        iss: Option<SmolStr>,
        /// Where its keys are fetched.
        jwks_uri: Option<KeysUrl>,
        /// Its keys.
        jwks: Option<SmolStr>,
        /// For whom its tokens are.
        audience: Audience,
        /// Headers in which a token is looked for.
        header: Vec<TokenHeader>,
        /// Cookies in which a token is looked for.
        cookie: Vec<SmolStr>,
        /// Query parameters in which a token is looked for.
        query: Vec<SmolStr>,
        /// Claims that the service gets as headers.
        claim_to_header: Vec<ClaimToHeader>,
        /// The header in which the service gets all claims.
        payload_to_header: Option<SmolStr>,
        /// Whether the service gets the token itself.
        forward: bool,
        /// How long fetching the keys may take.
        fetch_timeout: SmolStr,
        /// Claims that are lists with spaces between.
        space_delimited: Vec<SmolStr>,
    }
}

object! {
    /// Where the keys of an issuer are fetched.
    KeysUrl {
        /// The address.
        url: SmolStr,
        /// Why in plain text.
        reason: Option<SmolStr>,
        /// The last day on which that counts.
        until: Option<SmolStr>,
    }
}

object! {
    /// For whom the tokens of an issuer are.
    Audience {
        /// By name; empty: for anybody.
        name: Vec<SmolStr>,
        /// Why for anybody.
        reason: Option<SmolStr>,
        /// The last day on which that counts.
        until: Option<SmolStr>,
    }
}

object! {
    /// A header that holds a token.
    TokenHeader {
        /// Its name.
        name: SmolStr,
        /// What stands before the token.
        prefix: Option<SmolStr>,
    }
}

object! {
    /// A claim that the service gets as a header.
    ClaimToHeader {
        /// The claim.
        claim: SmolStr,
        /// The header.
        header: SmolStr,
    }
}

impl Issuer {
    pub(super) fn of(issuer: &ir::Issuer) -> Self {
        let ir::Issuer {
            name,
            origin: _,
            iss,
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
        } = issuer;
        let ir::TokenPlaces { headers, cookies, queries } = places;
        let (jwks_uri, jwks) = match keys.as_ref().map(|said| &said.value) {
            None => (None, None),
            Some(Keys::At(url)) => {
                let (reason, until) = because(keys_waiver.as_deref());
                (Some(KeysUrl { url: url.to_smolstr(), reason, until }), None)
            }
            Some(Keys::Here(keys)) => (None, Some(keys.to_smolstr())),
        };
        let (reason, until) = because(audience_waiver.as_deref());
        Issuer {
            name: name.clone(),
            iss: text(iss.as_ref()),
            jwks_uri,
            jwks,
            audience: Audience {
                name: audiences.iter().flat_map(|said| said.value.iter().cloned()).collect(),
                reason,
                until,
            },
            header: headers.iter().map(TokenHeader::of).collect(),
            cookie: texts(cookies.iter().map(|name| &name.value)),
            query: texts(queries.iter().map(|name| &name.value)),
            claim_to_header: claims_to_headers.iter().map(ClaimToHeader::of).collect(),
            payload_to_header: text(payload_to_header.as_ref()),
            forward: forward.value,
            fetch_timeout: text(fetch_timeout.as_ref()).unwrap_or(SmolStr::new_static("5s")),
            space_delimited: texts(space_delimited.iter().flat_map(|said| &said.value)),
        }
    }
}

impl TokenHeader {
    fn of(header: &ir::TokenHeader) -> Self {
        let ir::TokenHeader { name, prefix } = header;
        TokenHeader { name: name.value.to_smolstr(), prefix: text(prefix.as_ref()) }
    }
}

impl ClaimToHeader {
    fn of((claim, header): &(Spanned<ClaimName>, Spanned<HeaderName>)) -> Self {
        ClaimToHeader { claim: claim.value.to_smolstr(), header: header.value.to_smolstr() }
    }
}
