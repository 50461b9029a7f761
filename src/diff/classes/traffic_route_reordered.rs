use super::Class;
use crate::diff::view::routing::Why;
use crate::diff::view::words;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.route_reordered", find };

/// The first rule that takes a request has it: order counts only where two rules take the same.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, table) in comparison.routing() {
        for step in table.moves.iter().filter(|step| step.why == Why::Reordered) {
            let rules =
                step.from.and_then(|from| table.before.get(from)).zip(step.to.and_then(|to| table.after.get(to)));
            let Some((old, new)) = rules else { continue };
            let what = format!("{} stands before {} now, and both take: {}", new.told(), old.told(), step.witness);
            let finding = Finding::new(&CLASS, Risk::High, change, &new.pointer, what)
                .effect(words::now_and_before(new, old))
                .safe("keep the order, or narrow the route that is to come later");
            found.push(finding.exact(table.is_exact));
        }
    }
}
