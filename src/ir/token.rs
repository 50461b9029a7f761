use super::{Conditions, Exposure, Gateway, GatewayId, IssuerId, Mesh, Service, Waiver};
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
    /// Whether it asks for tokens itself.
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

    /// The issuers whose tokens it asks for.
    pub fn issuers(&self) -> BTreeSet<IssuerId> {
        self.tokens().flat_map(|token| &token.issuers).map(|signer| signer.issuer).collect()
    }
}

impl Mesh {
    /// Whether the claims of what comes through an exposure are known where it comes in.
    pub fn knows_claims(&self, exposure: &Exposure) -> bool {
        let gateway = self.gateway(exposure.gateway);
        exposure.checks_tokens() || gateway.grants.iter().any(|grant| !grant.conditions.tokens.is_empty())
    }
}

/// Which tokens are read where. Whoever reads tokens refuses each that he does not know, so a gateway that reads any
/// knows those that the services behind it ask for, and a service that reads any knows those that pass its gateways.
pub struct Readers {
    at_gateways: Vec<BTreeSet<IssuerId>>,
}

impl Readers {
    /// Of a mesh.
    pub fn of(mesh: &Mesh) -> Self {
        let granted = |gateway: &Gateway| -> BTreeSet<IssuerId> {
            let tokens = gateway.grants.iter().flat_map(|grant| &grant.conditions.tokens);
            tokens.flat_map(|token| &token.issuers).map(|signer| signer.issuer).collect()
        };
        let mut at_gateways: Vec<BTreeSet<IssuerId>> = mesh.gateways.iter().map(granted).collect();
        if mesh.issuers.is_empty() {
            return Readers { at_gateways };
        }
        let mut reads: Vec<bool> = at_gateways.iter().map(|issuers| !issuers.is_empty()).collect();
        for service in &mesh.services {
            let asked = service.issuers();
            for exposure in &service.exposures {
                let at = exposure.gateway.0 as usize;
                at_gateways.get_mut(at).into_iter().for_each(|known| known.extend(&asked));
                reads.get_mut(at).into_iter().for_each(|reads| *reads |= exposure.checks_tokens());
            }
        }
        for (known, _) in at_gateways.iter_mut().zip(reads).filter(|(_, reads)| !reads) {
            known.clear();
        }
        Readers { at_gateways }
    }

    /// The issuers that a gateway knows.
    pub fn at_gateway(&self, gateway: GatewayId) -> BTreeSet<IssuerId> {
        self.at_gateways.get(gateway.0 as usize).cloned().unwrap_or_default()
    }

    /// The issuers that a service knows.
    pub fn at_service(&self, service: &Service) -> BTreeSet<IssuerId> {
        let mut known = service.issuers();
        if !known.is_empty() {
            known.extend(service.exposures.iter().flat_map(|exposure| self.at_gateway(exposure.gateway)));
        }
        known
    }
}
