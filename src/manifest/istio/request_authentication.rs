use super::Selector;
use crate::manifest::Traced;
use serde::Serialize;
use smol_str::SmolStr;

/// How the tokens of requests are read. It refuses a bad token and lets a missing one pass: what asks for one is an
/// [`AuthorizationPolicy`](super::AuthorizationPolicy).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestAuthentication {
    /// Whose requests.
    pub selector: Selector,
    /// Each issuer.
    pub jwt_rules: Vec<Traced<JwtRule>>,
}

/// An issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JwtRule {
    /// The `iss` of its tokens.
    pub issuer: Traced<SmolStr>,
    /// For whom its tokens are; none: anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audiences: Option<Traced<Vec<SmolStr>>>,
    /// Where its keys are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<Traced<SmolStr>>,
    /// Its keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Traced<SmolStr>>,
    /// Headers that hold a token.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from_headers: Vec<FromHeader>,
    /// Query parameters that hold a token.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from_params: Vec<SmolStr>,
    /// Cookies that hold a token.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from_cookies: Vec<SmolStr>,
    /// Whether the token is passed on; always written, since Istio's own default is that it is not.
    pub forward_original_token: Traced<bool>,
    /// The header that gets all claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_payload_to_header: Option<Traced<SmolStr>>,
    /// Headers that get single claims.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub output_claim_to_headers: Vec<Traced<ClaimToHeader>>,
    /// How long fetching the keys may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Traced<String>>,
    /// Claims that are lists with spaces between.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub space_delimited_claims: Vec<SmolStr>,
}

/// A header that holds a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FromHeader {
    /// Which.
    pub name: Traced<SmolStr>,
    /// What stands before the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<Traced<SmolStr>>,
}

/// A header that gets a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimToHeader {
    /// The header.
    pub header: SmolStr,
    /// The claim.
    pub claim: SmolStr,
}
