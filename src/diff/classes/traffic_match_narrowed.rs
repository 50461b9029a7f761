use super::Class;
use crate::diff::view::routing::{Why, told};
use crate::diff::view::words;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.match_narrowed", find };

/// What a rule does not ask for any more goes to the next one that does; to 404 where there is none.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, table) in comparison.routing() {
        for (before, after) in table.pairs() {
            let place = |index: Option<usize>| index.and_then(|index| table.before.get(index));
            let mut moves: Vec<_> = table
                .moves
                .iter()
                .filter(|step| {
                    step.why == Why::Narrowed && place(step.from).is_some_and(|rule| rule.pointer == before.pointer)
                })
                .collect();
            moves.sort_by_key(|step| step.to.is_some());
            let Some(step) = moves.first() else { continue };
            let next = step.to.and_then(|to| table.after.get(to));
            let (risk, effect) = match next {
                Some(next) => (Risk::Medium, format!("those requests {} now, by {}", words::lead(next), next.told())),
                None if step.is_past[1] => {
                    (Risk::High, "those requests go to the service as it is now, past all routes".to_owned())
                }
                None => (Risk::High, format!("those requests {} now", words::untaken(after.list))),
            };
            let what = format!("{} takes less, not any more: {}", after.told(), step.witness);
            let finding =
                Finding::new(&CLASS, risk, change, format!("{}/{}", after.pointer, after.named("match")), what)
                    .effect(effect)
                    .safe("add a route for what it leaves first")
                    .values(Some(told(&before.takes)), Some(told(&after.takes)));
            found.push(finding.exact(table.is_exact));
        }
    }
}
