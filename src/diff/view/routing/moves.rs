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
            moves.push(Move { from, to, why, witness: space.told(request) });
        }
    }
    (moves, is_exact)
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
