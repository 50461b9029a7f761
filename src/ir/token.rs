use super::{Conditions, Exposure, GatewayId, IssuerId, Mesh, Service, Waiver};
use crate::source::{Origin, Span, Spanned};
use crate::value::{ClaimName, ClaimValue};
use std::collections::BTreeSet;

/// A token that a request must show: by any of these issuers, with all of these claims.
#[derive(Clone, Debug)]
pub struct Token {
    /// By whom; never empty.
    pub issuers: Vec<Signer>,
    /// With what.
    pub claims: Vec<Claim>,
    /// Whether a request without any token passes too.
    pub is_optional: bool,
    /// Who said it.
    pub origin: Origin,
}

/// An issuer as it was named.
#[derive(Clone, Copy, Debug)]
pub struct Signer {
    /// Which.
    pub issuer: IssuerId,
    /// Where it was named.
    pub span: Span,
}

/// A claim with its values, of which a token must have one.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its name.
    pub name: Spanned<ClaimName>,
    /// Its values.
    pub values: Vec<ClaimValue>,
}

/// A token, and which requests must show it.
#[derive(Clone, Debug)]
pub struct TokenRule {
    /// The token.
    pub token: Token,
    /// Which requests; all where nothing is said.
    pub conditions: Conditions,
    /// Why it is only for some of them, and until when.
    pub waiver: Option<Box<Waiver>>,
}

impl Token {
    /// Whether a token of this issuer will do.
    pub fn takes(&self, issuer: IssuerId) -> bool {
        self.issuers.iter().any(|signer| signer.issuer == issuer)
    }
}

impl Conditions {
    /// The one token that a request must show where several are asked for: Istio reads one token of a request, so it is
    /// by an issuer that all of them take, and has the claims of all. Nothing where none is needed.
    pub fn token(&self) -> Option<Token> {
        let mut needed = self.tokens.iter().filter(|token| !token.is_optional);
        let mut token = needed.next()?.clone();
        for other in needed {
            token.issuers.retain(|signer| other.takes(signer.issuer));
            token.claims.extend(other.claims.iter().cloned());
        }
        Some(token)
    }
}

impl Exposure {
    /// Whether the tokens of its requests are read where they come in, so that their claims are known there.
    pub fn checks_tokens(&self) -> bool {
        !self.tokens.is_empty()
    }
}

impl Service {
    /// Every token that somebody must show to it, wherever that is said.
    pub fn tokens(&self) -> impl Iterator<Item = &Token> {
        let own = self.tokens.iter().map(|rule| &rule.token);
        let doors = self.exposures.iter().flat_map(|exposure| &exposure.tokens).map(|rule| &rule.token);
        own.chain(doors).chain(self.grants.iter().flat_map(|grant| &grant.conditions.tokens))
    }

    /// The issuers whose tokens it reads.
    pub fn issuers(&self) -> BTreeSet<IssuerId> {
        self.tokens().flat_map(|token| &token.issuers).map(|signer| signer.issuer).collect()
    }
}

impl Mesh {
    /// The issuers whose tokens a gateway reads: those that it or its exposures ask for. Then also those that the
    /// services behind it ask for themselves: a gateway that reads tokens refuses each that it does not know.
    pub fn issuers_at(&self, gateway: GatewayId) -> BTreeSet<IssuerId> {
        let tokens = self.gateway(gateway).grants.iter().flat_map(|grant| &grant.conditions.tokens);
        let own: BTreeSet<IssuerId> = tokens.flat_map(|token| &token.issuers).map(|signer| signer.issuer).collect();
        let through = |service: &Service| service.exposures.iter().any(|exposure| exposure.gateway == gateway);
        let checks = |exposure: &Exposure| exposure.gateway == gateway && exposure.checks_tokens();
        if own.is_empty() && !self.services.iter().any(|service| service.exposures.iter().any(checks)) {
            return BTreeSet::new();
        }
        self.services.iter().filter(|service| through(service)).flat_map(Service::issuers).chain(own).collect()
    }
}
