use super::codes::UNKNOWN_NAME;
use super::faults::Use;
use super::index::{Index, Member};
use super::layers::{Level, namespace_needed};
use super::removals::Removals;
use super::repeats::Added;
use super::token;
use super::words::waiver;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, Removal};
use crate::ir::{Caller, Conditions, Grant, HeaderCondition, Peer, Wanted};
use crate::source::{Origin, Span, Spanned};
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
    removals.take(|peer| {
        let before: usize = into.iter().map(|grant| grant.callers.len()).sum();
        for grant in into.iter_mut() {
            grant.callers.retain(|caller| caller.peer != *peer);
        }
        into.retain(|grant| !grant.callers.is_empty());
        into.iter().map(|grant| grant.callers.len()).sum::<usize>() < before
    });
    // A profile may be used by several layers of one node: what it says is in the set already.
    let said_before: BTreeSet<Option<Span>> =
        if level.is_profile() { into.iter().map(|grant| grant.origin.span).collect() } else { BTreeSet::new() };
    let mut added = Added::new(verb);
    for body in &level.bodies {
        let said = if side == Side::Grant { &body.words.allow } else { &body.words.deny };
        for node in said.iter().filter(|node| !said_before.contains(&Some(node.span))) {
            if let Some(grant) = grant(index, level, node, &mut removals, found) {
                warn_of_repeats(node, &grant, &mut added, found);
                into.push(grant);
            }
        }
    }
    removals.finish(found);
}

/// Grants without conditions that name one peer are the same grant.
fn warn_of_repeats(node: &intent::Grant, grant: &Grant, added: &mut Added<Peer>, found: &mut Diagnostics) {
    let is_whole = grant.callers.len() == node.peers.len();
    if !is_whole || !grant.conditions.is_empty() {
        return;
    }
    let mut before = None;
    for (caller, said) in grant.callers.iter().zip(&node.peers) {
        added.add(caller.peer, said, before, found);
        before = Some(caller.span);
    }
}

fn removed(index: &Index<'_>, level: &Level<'_>, removal: &Removal, found: &mut Diagnostics) -> Option<Peer> {
    let Removal { word, key } = removal;
    match intent::Peer::parse(&key.value) {
        Ok(said) => peer(index, level, &said, key.span, found),
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

fn grant(
    index: &Index<'_>,
    level: &Level<'_>,
    node: &intent::Grant,
    removals: &mut Removals<'_, Peer>,
    found: &mut Diagnostics,
) -> Option<Grant> {
    let mut callers = Vec::with_capacity(node.peers.len());
    for said in &node.peers {
        let Some(peer) = peer(index, level, &said.value, said.span, found) else { continue };
        removals.check_added(&peer, &said.value, said.span, found);
        callers.push(Caller { peer, span: said.span });
    }
    if callers.is_empty() {
        return None;
    }
    let mut conditions = node.conditions.as_deref().map(conditions).unwrap_or_default();
    let tokens = node.conditions.iter().flat_map(|said| &said.tokens);
    conditions.tokens = tokens.filter_map(|said| token::token(index, level.layer, said, found)).collect();
    let origin = Origin::new(level.layer, node.span);
    Some(Grant { callers, conditions, origin, waiver: waiver(node.waiver.as_deref()) })
}

/// Conditions as the mesh knows them.
pub(super) fn conditions(said: &intent::Conditions) -> Conditions {
    let intent::Conditions { methods, paths, ports, hosts, headers, tokens: _, not } = said;
    let mut headers: Vec<HeaderCondition> = headers.iter().filter_map(header).collect();
    headers.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    Conditions {
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

/// What a peer names in a layer.
pub(super) fn peer(
    index: &Index<'_>,
    level: &Level<'_>,
    said: &intent::Peer,
    span: Span,
    found: &mut Diagnostics,
) -> Option<Peer> {
    let length = said.to_string().len();
    let used = |name| Use::end_of(name, length, span);
    match said {
        intent::Peer::Reference(reference) => match index.member(reference, level.home, span, found)? {
            Member::Service(id) => Some(Peer::Service(id)),
            Member::Workload(id) => Some(Peer::Workload(id)),
            Member::External(_) => {
                found.push(
                    Diagnostic::new(&UNKNOWN_NAME, format!("no service or workload is named `{reference}`"))
                        .at(span, "this is outside of the mesh: it is called, and does not call")
                        .help("who comes from outside comes through a gateway: `expose`"),
                );
                None
            }
        },
        intent::Peer::Namespace(name) => index.namespace(&used(name.text())).map(Peer::Namespace),
        intent::Peer::Gateway(name) => index.gateway(&used(name.text()), found).map(Peer::Gateway),
        intent::Peer::Address(range) => Some(Peer::Address(*range)),
        intent::Peer::SameNamespace => {
            if level.own.is_none() {
                found.push(namespace_needed("same-namespace", span));
            }
            level.own.map(Peer::Namespace)
        }
        intent::Peer::AnyoneInMesh => Some(Peer::AnyoneInMesh),
        intent::Peer::Anyone => Some(Peer::Anyone),
        intent::Peer::KubeApi => Some(Peer::KubeApi),
    }
}
