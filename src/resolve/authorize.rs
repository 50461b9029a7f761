use super::access::conditions;
use super::faults::Use;
use super::index::Index;
use super::layers::Level;
use super::laying::said_twice;
use super::removals::Removals;
use crate::diagnostic::Diagnostics;
use crate::ir::{Ask, AuthorizerId, Conditions, Narrowing};
use crate::source::{Origin, Span};
use std::collections::BTreeMap;

/// Lays the `authorize` of a layer over the weaker ones: one for each authorizer, whose lines win one by one.
pub(super) fn lay(index: &Index<'_>, level: &Level<'_>, into: &mut Vec<Ask>, found: &mut Diagnostics) {
    let mut removals = Removals::of(level, "authorize", |removal| {
        let key = &removal.key;
        index.authorizer(&Use::whole(&key.value, key.span), found)
    });
    removals.take(|authorizer| {
        let before = into.len();
        into.retain(|ask| ask.authorizer != *authorizer);
        into.len() < before
    });
    let mut own: BTreeMap<AuthorizerId, Span> = BTreeMap::new();
    for said in level.bodies.iter().flat_map(|body| &body.words.authorize) {
        let name = &said.authorizer;
        let Some(authorizer) = index.authorizer(&Use::whole(name.value.text(), name.span), found) else { continue };
        removals.check_added(&authorizer, &name.value, name.span, found);
        if let Some(first) = own.insert(authorizer, said.span) {
            found.push(said_twice(&format!("`authorize {}`", name.value), said.span, first));
            continue;
        }
        let (origin, said) = (Origin::new(level.layer, said.span), conditions(&said.conditions));
        match into.iter_mut().find(|ask| ask.authorizer == authorizer) {
            Some(ask) => *ask = Ask { authorizer, conditions: over(std::mem::take(&mut ask.conditions), said), origin },
            None => into.push(Ask { authorizer, conditions: said, origin }),
        }
    }
    removals.finish(found);
}

/// Lines over weaker ones; a list is one part.
fn over(weaker: Conditions, said: Conditions) -> Conditions {
    let weaker = Narrowing::from(weaker);
    let Narrowing { methods, paths, ports, hosts, mut headers, not, tokens } = said.into();
    let list = |said: Vec<_>, weaker| if said.is_empty() { weaker } else { said };
    let unsaid =
        weaker.headers.into_iter().filter(|weaker| headers.iter().all(|said| said.name.value != weaker.name.value));
    let mut kept: Vec<_> = unsaid.collect();
    headers.append(&mut kept);
    headers.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    let all = Narrowing {
        methods: methods.or(weaker.methods),
        paths: list(paths, weaker.paths),
        ports: if ports.is_empty() { weaker.ports } else { ports },
        hosts: if hosts.is_empty() { weaker.hosts } else { hosts },
        headers,
        tokens,
        not: match (not, weaker.not) {
            (Some(said), Some(weaker)) => Some(Box::new(over(*weaker, *said))),
            (said, weaker) => said.or(weaker),
        },
    };
    all.into()
}
