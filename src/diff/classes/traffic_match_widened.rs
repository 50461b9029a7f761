use super::Class;
use crate::diff::view::routing::{Why, told};
use crate::diff::view::words;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.match_widened", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, table) in comparison.routing() {
        for (before, after) in table.pairs() {
            let place = |index: Option<usize>| index.and_then(|index| table.after.get(index));
            let mut moves = table.moves.iter().filter(|step| {
                step.why == Why::Widened && place(step.to).is_some_and(|rule| rule.pointer == after.pointer)
            });
            let Some(step) = moves.next() else { continue };
            let what = format!("{} takes more: {}", after.told(), step.witness);
            let is_public = table.gateways[1].iter().all(|gateway| gateway != "mesh");
            let (risk, effect) = match step.from.and_then(|from| table.before.get(from)) {
                Some(old) => (Risk::Medium, words::now_and_before(after, old)),
                None if step.is_past[0] => {
                    let lead = words::lead(after);
                    (Risk::Medium, format!("those requests {lead}; before, they went to the service as it is"))
                }
                None if is_public => {
                    let lead = words::lead(after);
                    (Risk::High, format!("those requests {lead} from outside; before, no route let them in"))
                }
                None => (Risk::Medium, format!("those requests {}; before, no route took them", words::lead(after))),
            };
            let finding =
                Finding::new(&CLASS, risk, change, format!("{}/{}", after.pointer, after.named("match")), what)
                    .effect(effect)
                    .safe("widen it step by step, and look at the error rate of where they go")
                    .values(Some(told(&before.takes)), Some(told(&after.takes)));
            found.push(finding.exact(table.is_exact));
        }
    }
}
