use super::Class;
use crate::diff::view::{At, names, subsets};
use crate::diff::{Change, Comparison, Finding, Pointer, Which};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.subset_selector_changed", find };

/// A subset whose labels no pod has answers 503.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    found.extend(unused(comparison, &subsets::gone(comparison)));
    for change in comparison.of_kind("networking.istio.io", "DestinationRule") {
        let (old, new) = (subsets::of(change.before), subsets::of(change.after));
        for (name, (pointer, at)) in &new {
            let Some((_, was)) = old.get(name) else {
                found.extend(defined(comparison, change, name, pointer));
                continue;
            };
            let (before, after) = (labels(*was), labels(*at));
            if before == after {
                continue;
            }
            let host = change.after.and_then(subsets::host).unwrap_or_default();
            let what = format!("subset \"{name}\" of {}: pods with {before} -> {after}", names::short(&host));
            let users = comparison.users(Which::After, &host, name).len();
            let (risk, effect) = match users {
                0 => (Risk::Medium, "no route here names it; one that does leads to other pods".to_owned()),
                1 => (
                    Risk::High,
                    "the requests of one route go to other pods; where no pod has these labels they fail with 503"
                        .to_owned(),
                ),
                users => (
                    Risk::High,
                    format!(
                        "the requests of {users} routes go to other pods; where no pod has these labels they fail with 503"
                    ),
                ),
            };
            found.push(
                Finding::new(&CLASS, risk, change, format!("{pointer}/labels"), what)
                    .effect(effect)
                    .safe("add a subset with the new labels, lead requests to it, then remove the old one")
                    .values(Some(before), Some(after)),
            );
        }
    }
}

/// Subsets that go, which no route here names before or after.
fn unused(comparison: &Comparison<'_>, gone: &[subsets::Gone<'_, '_>]) -> Vec<Finding> {
    let is_named = |gone: &subsets::Gone<'_, '_>| {
        let sides = [Which::Before, Which::After];
        sides.into_iter().any(|side| !comparison.users(side, &gone.host, gone.name).is_empty())
    };
    let told = |gone: &subsets::Gone<'_, '_>| {
        let pointer = Pointer::on(Which::Before, &gone.pointer);
        Finding::new(&CLASS, Risk::Low, gone.change, pointer, "gone, and no route here names it")
            .of(format!("subset \"{}\" of {}", gone.name, names::short(&gone.host)))
            .effect("a route elsewhere that names it fails with 503")
    };
    gone.iter().filter(|gone| !is_named(gone)).map(told).collect()
}

/// A subset that comes although routes name it already.
fn defined(comparison: &Comparison<'_>, change: &Change<'_>, name: &str, pointer: &str) -> Option<Finding> {
    let host = change.after.and_then(subsets::host)?;
    let users = comparison.users(Which::Before, &host, name);
    let user = users.first().filter(|_| !subsets::is_defined(comparison.before, &host, name))?;
    let what = format!(
        "subset \"{name}\" of {} is defined, which {} {} names already",
        names::short(&host),
        user.object.id,
        user.route
    );
    let finding = Finding::new(&CLASS, Risk::Medium, change, pointer, what);
    Some(finding.effect("requests that failed with 503 go to its pods"))
}

fn labels(at: At<'_>) -> String {
    let text = at.key("labels").canonical();
    if text.is_empty() || text == "{}" { "any labels".to_owned() } else { text }
}
