//! What proxies tell: Telemetry, before and after.

use super::At;
use crate::diff::{Change, Comparison};

/// A list of a Telemetry that says something else than before.
#[derive(Debug)]
pub(in crate::diff) struct Step<'c, 's> {
    /// The change.
    pub(in crate::diff) change: &'c Change<'s>,
    /// The list before.
    pub(in crate::diff) old: Vec<At<'s>>,
    /// The list after.
    pub(in crate::diff) new: Vec<At<'s>>,
}

/// Every Telemetry of which a list says something else than before.
pub(in crate::diff) fn steps<'c, 's>(
    comparison: &'c Comparison<'s>,
    list: &'static str,
) -> impl Iterator<Item = Step<'c, 's>> {
    let changes = comparison.of_kind("telemetry.istio.io", "Telemetry");
    changes.filter_map(move |change| {
        let read = |object| At::spec_of(object).key(list);
        let (old, new) = (read(change.before), read(change.after));
        let is_other = old.canonical() != new.canonical();
        is_other.then(|| Step { change, old: old.items().collect(), new: new.items().collect() })
    })
}
