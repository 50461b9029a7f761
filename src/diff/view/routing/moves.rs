use super::predicate::Predicate;
use super::space::{Request, Space};
use super::table::Rule;

/// Requests that another rule takes than before.
#[derive(Debug)]
pub(in crate::diff) struct Move {
    /// The rule that took them; none: nobody did.
    pub(in crate::diff) from: Option<usize>,
    /// The rule that takes them; none: nobody does.
    pub(in crate::diff) to: Option<usize>,
    /// Why.
    pub(in crate::diff) why: Why,
    /// One of them, as people say it.
    pub(in crate::diff) witness: String,
    /// Whether they went past all rules, before and after.
    pub(in crate::diff) is_past: [bool; 2],
}

/// Why another rule takes requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diff) enum Why {
    /// Their rule is gone.
    Removed,
    /// A rule is new.
    Added,
    /// Their rule does not ask for them any more.
    Narrowed,
    /// Another rule asks for them too.
    Widened,
    /// Both ask for them as before, and stand in another order.
    Reordered,
}

/// The kinds of requests that another rule takes than before, where that does another thing; one of each. And whether
/// all kinds of requests were looked at.
pub(super) fn moves(
    before: &[Rule<'_>],
    after: &[Rule<'_>],
    became: &[Option<usize>],
    gateways: &[Vec<String>; 2],
) -> (Vec<Move>, bool) {
    let predicates: Vec<&Predicate> = before.iter().chain(after).flat_map(|rule| &rule.takes).collect();
    let space = Space::of(&predicates, &gateways.concat());
    let (requests, is_exact) = space.requests(&predicates);
    let mut moves: Vec<Move> = Vec::new();
    for request in &requests {
        let (from, to) = (first(&space, before, request), first(&space, after, request));
        let partner = from.and_then(|from| became.get(from).copied().flatten());
        if (partner.is_some() && partner == to) || (from.is_none() && to.is_none()) {
            continue;
        }
        let rules = (from.and_then(|from| before.get(from)), to.and_then(|to| after.get(to)));
        if let (Some(old), Some(new)) = rules
            && old.does_as(new)
        {
            continue;
        }
        let why = if from.is_some() && partner.is_none() {
            Why::Removed
        } else {
            why(&Seen { space: &space, before, after, became, request }, partner, to)
        };
        if !moves.iter().any(|known| (known.from, known.to, known.why) == (from, to, why)) {
            let is_past = [before, after].map(|rules| is_past(&space, rules, request, gateways));
            moves.push(Move { from, to, why, witness: space.told(request), is_past });
        }
    }
    (moves, is_exact)
}

/// Whether a caller inside the mesh has none of the rules at all: Istio leaves out those for other gateways, ports and
/// callers before it looks at requests, and where none is left the service is reached as it is.
/// <https://github.com/istio/istio/blob/master/pilot/pkg/networking/core/route/route.go>
fn is_past(space: &Space, rules: &[Rule<'_>], request: &Request, gateways: &[Vec<String>; 2]) -> bool {
    const OF_PROXIES: [&str; 3] = ["gateway", "port", "namespace"];
    let is_of_proxy = |of: &str| OF_PROXIES.contains(&of) || of.starts_with("label ");
    let is_inside = match space.value("gateway", request) {
        Some(gateway) => gateway == "mesh",
        None => gateways.iter().flatten().all(|gateway| gateway == "mesh"),
    };
    let is_left_out = |rule: &Rule<'_>| {
        !rule.takes.is_empty()
            && rule.takes.iter().all(|predicate| {
                let mut own = predicate.conditions.iter().filter(|condition| is_of_proxy(&condition.of));
                own.any(|condition| !condition.takes(space.value(&condition.of, request)))
            })
    };
    let is_http = rules.first().is_none_or(|rule| rule.list == "http");
    is_inside && is_http && rules.iter().all(is_left_out)
}

fn takes(space: &Space, rule: &Rule<'_>, request: &Request) -> bool {
    rule.takes.is_empty() || rule.takes.iter().any(|predicate| space.takes(predicate, request))
}

fn first(space: &Space, rules: &[Rule<'_>], request: &Request) -> Option<usize> {
    rules.iter().position(|rule| takes(space, rule, request))
}

struct Seen<'m, 's> {
    space: &'m Space,
    before: &'m [Rule<'s>],
    after: &'m [Rule<'s>],
    became: &'m [Option<usize>],
    request: &'m Request,
}

/// Why a request whose rule still stands, as `partner`, or that no rule took, is taken by `to`.
fn why(seen: &Seen<'_, '_>, partner: Option<usize>, to: Option<usize>) -> Why {
    let Seen { space, before, after, became, request } = seen;
    let Some(to) = to else { return Why::Narrowed };
    let Some(old) = became.iter().position(|became| *became == Some(to)).and_then(|old| before.get(old)) else {
        return Why::Added;
    };
    let is_left = partner.and_then(|partner| after.get(partner)).is_some_and(|rule| !takes(space, rule, request));
    if is_left {
        Why::Narrowed
    } else if takes(space, old, request) {
        Why::Reordered
    } else {
        Why::Widened
    }
}
