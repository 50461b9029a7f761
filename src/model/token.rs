use super::access::{Excluded, claims};
use super::said::{because, texts};
use super::schema::object;
use crate::ir::{self, Mesh};
use smol_str::SmolStr;

object! {
    /// A token that requests must show, and which requests.
    Token {
        /// By whom: any of these issuers.
        issuer: Vec<SmolStr>,
        /// Whether a request without any token passes too.
        optional: bool,
        /// The scopes of which it has one, of each list.
        scope: Vec<SmolStr>,
        /// Other claims that it has: all of them.
        claim: Vec<Claim>,
        /// On which paths; empty: any.
        path: Vec<SmolStr>,
        /// By which methods; empty: any.
        method: Vec<SmolStr>,
        /// On which ports; empty: any.
        port: Vec<i64>,
        /// Under which hosts; empty: any.
        host: Vec<SmolStr>,
        /// Which requests need none.
        not: Option<Excluded>,
        /// Why only some need one.
        reason: Option<SmolStr>,
        /// The last day on which that counts.
        until: Option<SmolStr>,
    }
}

object! {
    /// A claim, and the values of which a token has one.
    Claim {
        /// Its name.
        name: SmolStr,
        /// Its values.
        value: Vec<SmolStr>,
    }
}

impl Token {
    pub(super) fn of_rule(rule: &ir::TokenRule, mesh: &Mesh) -> Self {
        let ir::TokenRule { token, conditions, waiver } = rule;
        Token::of(token, Some(conditions), waiver.as_deref(), mesh)
    }

    pub(super) fn of(
        token: &ir::Token,
        conditions: Option<&ir::Conditions>,
        waiver: Option<&ir::Waiver>,
        mesh: &Mesh,
    ) -> Self {
        let ir::Token { issuers, claims: said, is_optional, origin: _ } = token;
        let (reason, until) = because(waiver);
        let everything = ir::Conditions::default();
        let conditions = conditions.unwrap_or(&everything);
        let Excluded { path, method, port, host, header: _ } = Excluded::of(conditions);
        let is_scope = |claim: &&ir::Claim| claim.name.value.to_string() == "scope";
        Token {
            issuer: issuers.iter().map(|signer| mesh.issuer(signer.issuer).name.clone()).collect(),
            optional: *is_optional,
            scope: texts(said.iter().filter(is_scope).flat_map(|claim| &claim.values)),
            claim: claims(said.iter().filter(|claim| !is_scope(claim))),
            path,
            method,
            port,
            host,
            not: conditions.not.as_deref().map(Excluded::of),
            reason,
            until,
        }
    }
}
