use super::access::conditions;
use super::faults::Use;
use super::index::Index;
use super::layers::Level;
use super::removals::Removals;
use super::repeats::Added;
use super::words::waiver;
use crate::diagnostic::Diagnostics;
use crate::intent::{ClaimMatch, Removal, RequireToken};
use crate::ir::{Claim, IssuerId, Signer, Token, TokenRule};
use crate::source::{Layer, Origin, Span, Spanned};
use std::collections::BTreeSet;

/// Lays the `require-token` of a layer over the weaker ones.
pub(super) fn lay(index: &Index<'_>, level: &Level<'_>, into: &mut Vec<TokenRule>, found: &mut Diagnostics) {
    let removals = Removals::of(level, "require-token", |removal| removed(index, removal, found));
    // A profile may be used by several layers of one node: what it says is in the set already.
    let said_before: BTreeSet<Option<Span>> =
        if level.is_profile() { into.iter().map(|rule| rule.token.origin.span).collect() } else { BTreeSet::new() };
    let said = level.bodies.iter().flat_map(|body| &body.words.tokens);
    let said = said.filter(|node| !said_before.contains(&Some(node.span)));
    add(index, level.layer, (said, removals), into, found);
}

/// Adds the rules of one layer to those of weaker ones, after it has taken away what it removes.
pub(super) fn add<'i>(
    index: &Index<'_>,
    layer: Layer,
    (said, mut removals): (impl Iterator<Item = &'i RequireToken>, Removals<'_, Key>),
    into: &mut Vec<TokenRule>,
    found: &mut Diagnostics,
) {
    removals.take(|issuers| {
        let before = into.len();
        into.retain(|rule| key(&rule.token) != *issuers);
        into.len() < before
    });
    let mut added = Added::new("required");
    for node in said {
        let Some(rule) = rule(index, layer, node, found) else { continue };
        let names: Vec<&str> = node.issuers.iter().map(|said| said.value.as_str()).collect();
        let shown = Spanned::new(names.join(" "), node.span);
        removals.check_added(&key(&rule.token), &format_args!("require-token {}", shown.value), node.span, found);
        // Of rules that say no more, two for the same issuers are one.
        if is_bare(&rule) {
            added.add(key(&rule.token), &shown, None, found);
        }
        into.push(rule);
    }
    removals.finish(found);
}

/// What a rule is known by: its issuers.
type Key = BTreeSet<IssuerId>;

fn key(token: &Token) -> Key {
    token.issuers.iter().map(|signer| signer.issuer).collect()
}

fn is_bare(rule: &TokenRule) -> bool {
    rule.token.claims.is_empty() && rule.conditions.is_empty()
}

/// The issuers that a removal names.
pub(super) fn removed(index: &Index<'_>, removal: &Removal, found: &mut Diagnostics) -> Option<Key> {
    let names = removal.key.value.split(' ');
    names.map(|name| index.issuer(&Use::whole(name, removal.key.span), found)).collect()
}

fn rule(index: &Index<'_>, layer: Layer, node: &RequireToken, found: &mut Diagnostics) -> Option<TokenRule> {
    let token = token(index, layer, node, found)?;
    Some(TokenRule { token, conditions: conditions(&node.conditions), waiver: waiver(node.waiver.as_deref()) })
}

/// A token as the mesh knows it; nothing where none of its issuers is known.
pub(super) fn token(index: &Index<'_>, layer: Layer, node: &RequireToken, found: &mut Diagnostics) -> Option<Token> {
    let RequireToken { issuers, optional, claims, conditions: _, waiver: _, span } = node;
    let signer = |said: &crate::source::Spanned<smol_str::SmolStr>, found: &mut Diagnostics| {
        let issuer = index.issuer(&Use::whole(&said.value, said.span), found)?;
        Some(Signer { issuer, span: said.span })
    };
    let mut known: BTreeSet<IssuerId> = BTreeSet::new();
    let issuers = issuers.iter().filter_map(|said| signer(said, found));
    let issuers: Vec<Signer> = issuers.filter(|signer| known.insert(signer.issuer)).collect();
    let claims = self::claims(claims);
    let is_optional = optional.as_ref().is_some_and(|said| said.value);
    (!issuers.is_empty()).then(|| Token { issuers, claims, is_optional, origin: Origin::new(layer, *span) })
}

/// Claims as the mesh knows them, in one order.
pub(super) fn claims(said: &[ClaimMatch]) -> Vec<Claim> {
    let claim = |line: &ClaimMatch| {
        let mut values: Vec<_> = line.values.iter().map(|value| value.value.clone()).collect();
        values.sort();
        values.dedup();
        Claim { name: line.name.clone(), values }
    };
    let mut claims: Vec<Claim> = said.iter().map(claim).collect();
    claims.sort_by(|a, b| (&a.name.value, &a.values).cmp(&(&b.name.value, &b.values)));
    claims
}
