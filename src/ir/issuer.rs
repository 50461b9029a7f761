use super::Waiver;
use crate::source::{Decided, Origin, Spanned};
use crate::value::{ClaimName, ClaimValue, Duration, HeaderName, Jwks, Url};
use smol_str::SmolStr;

/// Who signs tokens.
#[derive(Debug)]
pub struct Issuer {
    /// Its name.
    pub name: SmolStr,
    /// Where it is declared.
    pub origin: Origin,
    /// What its tokens say who they are from; none where that is a fault.
    pub iss: Option<Decided<ClaimValue>>,
    /// The keys that verify its tokens; none where that is a fault.
    pub keys: Option<Decided<Keys>>,
    /// Why keys are fetched in plain text, and until when.
    pub keys_waiver: Option<Box<Waiver>>,
    /// For whom its tokens are; `None`: nobody says; empty: for anybody.
    pub audiences: Option<Decided<Vec<SmolStr>>>,
    /// Why tokens for others count, and until when.
    pub audience_waiver: Option<Box<Waiver>>,
    /// Where a token is looked for.
    pub places: TokenPlaces,
    /// Claims that the service gets as headers.
    pub claims_to_headers: Vec<(Spanned<ClaimName>, Spanned<HeaderName>)>,
    /// The header in which the service gets all claims.
    pub payload_to_header: Option<Decided<HeaderName>>,
    /// Whether the service gets the token itself.
    pub forward: Decided<bool>,
    /// How long fetching the keys may take.
    pub fetch_timeout: Option<Decided<Duration>>,
    /// Claims that are lists with spaces between.
    pub space_delimited: Option<Decided<Vec<ClaimName>>>,
}

/// The keys that verify tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Fetched from here.
    At(Url),
    /// These.
    Here(Jwks),
}

/// Where a token is looked for; never empty.
#[derive(Clone, Debug)]
pub struct TokenPlaces {
    /// Headers.
    pub headers: Vec<TokenHeader>,
    /// Cookies.
    pub cookies: Vec<Spanned<HeaderName>>,
    /// Query parameters.
    pub queries: Vec<Spanned<HeaderName>>,
}

/// A header that holds a token.
#[derive(Clone, Debug)]
pub struct TokenHeader {
    /// Which.
    pub name: Decided<HeaderName>,
    /// What stands before the token.
    pub prefix: Option<Decided<SmolStr>>,
}
