use super::codes::PLATFORM_DENY;
use super::index::Index;
use super::layers::Level;
use super::peers::{self, Named};
use super::removals::Removals;
use super::repeats::Added;
use super::token;
use super::words::waiver;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, Removal};
use crate::ir::{Caller, Conditions, Grant, HeaderCondition, Narrowing, Wanted};
use crate::source::{Layer, Origin, Span, Spanned};
use crate::value::Mismatch;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// Which collection is laid.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Grant,
    Denial,
}

/// Lays the `allow` or `deny` of a layer over the weaker ones.
pub(super) fn lay(index: &Index<'_>, level: &Level<'_>, side: Side, into: &mut Vec<Grant>, found: &mut Diagnostics) {
    let (word, verb) = if side == Side::Grant { ("allow", "allowed") } else { ("deny", "denied") };
    let mut removals = Removals::of(level, word, |removal| removed(index, level, removal, found));
    removals.take_said(|named, removal| take_away(index, *named, removal, (&mut *into, &mut *found)));
    // A profile may be used by several layers of one node: what it says is in the set already.
    let said_before: BTreeSet<Option<Span>> =
        if level.is_profile() { into.iter().map(|grant| grant.origin.span).collect() } else { BTreeSet::new() };
    let mut added = Added::new(verb);
    for body in &level.bodies {
        let said = if side == Side::Grant { &body.words.allow } else { &body.words.deny };
        for node in said.iter().filter(|node| !said_before.contains(&Some(node.span))) {
            if let Some((grant, named)) = grant(index, level, node, &mut removals, found) {
                // Where a name is unknown, what the others say is not the whole.
                if named.len() == node.peers.len() {
                    warn_of_repeats(&named, &grant, &mut added, found);
                }
                into.push(grant);
            }
        }
    }
    removals.finish(found);
}

/// Takes callers out of what weaker layers collected. What the platform denies stays denied.
fn take_away(
    index: &Index<'_>,
    named: Named,
    removal: &Removal,
    (into, found): (&mut Vec<Grant>, &mut Diagnostics),
) -> bool {
    let is_denial = removal.word == "deny";
    let mut takes_something = false;
    for grant in into.iter_mut() {
        let is_fixed = is_denial && grant.origin.layer == Layer::Platform;
        if is_fixed && grant.callers.iter().any(|caller| named.holds(index, caller)) {
            found.push(platform_denies(removal, grant.origin.span));
            takes_something = true;
            continue;
        }
        if is_fixed {
            continue;
        }
        let before = grant.callers.len();
        grant.callers.retain(|caller| !named.holds(index, caller));
        takes_something |= grant.callers.len() < before;
    }
    into.retain(|grant| !grant.callers.is_empty());
    takes_something
}

fn platform_denies(removal: &Removal, denied: Option<Span>) -> Diagnostic {
    let key = &removal.key;
    let fault = Diagnostic::new(&PLATFORM_DENY, format!("what the platform denies to `{}` stays denied", key.value))
        .at(key.span, "taken away here");
    let fault = match denied {
        Some(span) => fault.related(span, "denied here"),
        None => fault,
    };
    fault
        .note("a DENY rule wins over every grant, and those of `platform` are there for what no team decides alone")
        .help("take this line out, or narrow the denial in `platform`")
}

/// Grants without conditions that name one peer are the same grant.
fn warn_of_repeats(
    named: &[(Named, &Spanned<intent::Peer>)],
    grant: &Grant,
    added: &mut Added<Named>,
    found: &mut Diagnostics,
) {
    if !grant.conditions.is_empty() {
        return;
    }
    let mut before = None;
    for (named, said) in named {
        added.add(*named, said, before, found);
        before = Some(said.span);
    }
}

fn removed(index: &Index<'_>, level: &Level<'_>, removal: &Removal, found: &mut Diagnostics) -> Option<Named> {
    let Removal { word, key } = removal;
    match intent::Peer::parse(&key.value) {
        Ok(said) => peers::named(index, level.into(), &Spanned::new(said, key.span), found),
        Err(mismatch) => {
            found.push(not_a_key(word, key, mismatch));
            None
        }
    }
}

/// A key that cannot be one.
pub(super) fn not_a_key(word: &str, key: &Spanned<SmolStr>, mismatch: Mismatch) -> Diagnostic {
    Diagnostic::new(&intent::BAD_REFERENCE, format!("expected {}, found `{}`", mismatch.expected, key.value))
        .at(key.span, mismatch.because)
        .help(format!("name what `{word}` in a weaker layer names"))
}

/// The words for callers of a node, each with whom it names.
type Words<'n> = Vec<(Named, &'n Spanned<intent::Peer>)>;

/// A grant, and whom its words name; nothing where they name nobody.
fn grant<'n>(
    index: &Index<'_>,
    level: &Level<'_>,
    node: &'n intent::Grant,
    removals: &mut Removals<'_, Named>,
    found: &mut Diagnostics,
) -> Option<(Grant, Words<'n>)> {
    let mut all = Vec::with_capacity(node.peers.len());
    let mut callers: Vec<Caller> = Vec::with_capacity(node.peers.len());
    for said in &node.peers {
        let Some(named) = peers::named(index, level.into(), said, found) else { continue };
        removals.check_added(&named, &said.value, said.span, found);
        all.push((named, said));
        callers.append(&mut named.callers(index, said.span));
    }
    if callers.is_empty() {
        return None;
    }
    let mut conditions = node.conditions.as_deref().map(narrowing).unwrap_or_default();
    let tokens = node.conditions.iter().flat_map(|said| &said.tokens);
    conditions.tokens = tokens.filter_map(|said| token::token(index, level.layer, said, found)).collect();
    let conditions = conditions.into();
    let origin = Origin::new(level.layer, node.span);
    Some((Grant { callers, conditions, origin, waiver: waiver(node.waiver.as_deref()) }, all))
}

/// Conditions as the mesh knows them.
pub(super) fn conditions(said: &intent::Conditions) -> Conditions {
    narrowing(said).into()
}

fn narrowing(said: &intent::Conditions) -> Narrowing {
    let intent::Conditions { methods, paths, ports, hosts, headers, tokens: _, not } = said;
    let mut headers: Vec<HeaderCondition> = headers.iter().filter_map(header).collect();
    headers.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    Narrowing {
        methods: methods.clone().map(|list| list.map(|list| list.into_iter().map(|said| said.value).collect())),
        paths: list(paths),
        ports: list(ports),
        hosts: list(hosts),
        headers,
        tokens: Vec::new(),
        not: not.as_deref().map(|not| Box::new(conditions(not))),
    }
}

/// A header of a rule of access, where the grammar has no expressions.
fn header(said: &intent::HeaderMatch) -> Option<HeaderCondition> {
    let value = match &said.value {
        intent::TextMatch::Present => Wanted::Present,
        intent::TextMatch::OneOf(values) => Wanted::OneOf(values.clone()),
        intent::TextMatch::Prefix(text) => Wanted::Prefix(text.clone()),
        intent::TextMatch::Regex(_) => return None,
    };
    Some(HeaderCondition { name: said.name.clone(), value })
}

fn list<T: Clone>(said: &intent::Said<Vec<T>>) -> Vec<T> {
    said.as_ref().map(|list| list.value.clone()).unwrap_or_default()
}
