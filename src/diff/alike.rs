use super::{Change, Comparison, Id, Object};

/// An object that means the same on both sides, and is written in another way.
#[derive(Debug)]
pub struct Alike<'s> {
    /// What identifies it.
    pub id: &'s Id,
    /// As it was.
    pub before: &'s Object,
    /// As it becomes.
    pub after: &'s Object,
}

impl<'s> Alike<'s> {
    /// The object as a change without a field that changes.
    pub const fn change(&self) -> Change<'s> {
        Change { id: self.id, before: Some(self.before), after: Some(self.after), fields: Vec::new() }
    }

    /// Whether it says another version of its API.
    pub fn is_of_another_version(&self) -> bool {
        self.before.api != self.after.api
    }

    /// Whether its values are spelled otherwise, or its lists stand in another order.
    pub fn is_of_another_form(&self) -> bool {
        self.before.body.written().form != self.after.body.written().form
    }

    /// Whether it says to come from elsewhere.
    pub fn is_of_another_provenance(&self) -> bool {
        self.before.body.written().provenance != self.after.body.written().provenance
    }
}

impl<'s> Comparison<'s> {
    /// The objects that mean the same, and are written in another way; what a cluster has is always written in its own.
    pub fn alike(&self) -> impl Iterator<Item = Alike<'s>> {
        let alike = |(before, after): &(&'s Object, &'s Object)| {
            let is_changed = || self.changes.binary_search_by_key(&&after.id, |change| change.id).is_ok();
            if before.body.is(&after.body) || is_changed() {
                return None;
            }
            let alike = Alike { id: &after.id, before, after };
            let differs =
                alike.is_of_another_version() || alike.is_of_another_form() || alike.is_of_another_provenance();
            differs.then_some(alike)
        };
        let is_live = self.before.is_live || self.after.is_live;
        self.pairs.iter().filter(move |_| !is_live).filter_map(alike)
    }
}
