use super::action::Part;
use super::table::Rule;
use crate::diff::classes::Class;
use crate::diff::view::words;
use crate::diff::{Change, Comparison, Finding, Pointer, Which};
use crate::value::Risk;

/// A part of a rule that says something else than before.
#[derive(Debug)]
pub(in crate::diff) struct Step<'c, 's> {
    change: &'c Change<'s>,
    /// The rule before.
    pub(in crate::diff) before: &'c Rule<'s>,
    /// The rule after.
    pub(in crate::diff) after: &'c Rule<'s>,
    /// What the part said.
    pub(in crate::diff) old: String,
    /// What it says.
    pub(in crate::diff) new: String,
    field: &'static str,
    part: Part,
}

impl Rule<'_> {
    /// Where a field of this rule stands; of the one that it was before, where it stands there alone.
    pub(in crate::diff) fn field(&self, before: &Rule<'_>, key: &str) -> Pointer {
        let key = self.named(key);
        let is_here = self.at.key(key).is_there() || !before.at.key(key).is_there();
        let (side, rule) = if is_here { (Which::After, self) } else { (Which::Before, before) };
        Pointer::on(side, format!("{}/{key}", rule.pointer))
    }
}

/// Every rule in which a part says something else.
pub(in crate::diff) fn steps<'c, 's>(
    comparison: &'c Comparison<'s>,
    part: Part,
    fields: &'static [&'static str],
) -> impl Iterator<Item = Step<'c, 's>> {
    comparison.routes().filter_map(move |(change, before, after)| {
        let (old, new) = (before.part(part), after.part(part));
        let says = |key: &&&str| {
            let key = after.named(key);
            before.at.key(key).canonical() != after.at.key(key).canonical()
        };
        let field = fields.iter().find(says).or(fields.first())?;
        (old != new).then_some(Step { change, before, after, old, new, field, part })
    })
}

impl Step<'_, '_> {
    /// Whether the part said nothing before.
    pub(in crate::diff) fn begins(&self) -> bool {
        self.old.is_empty()
    }

    /// Whether the part says nothing any more.
    pub(in crate::diff) fn ends(&self) -> bool {
        self.new.is_empty()
    }

    /// What it said and says where that differs, in words where it is nothing.
    pub(in crate::diff) fn told(&self, nothing: &str) -> String {
        words::differing(&self.before.parts(self.part), &self.after.parts(self.part), nothing)
    }

    /// What it says that it did not, or the other way round.
    pub(in crate::diff) fn differing(&self) -> impl Iterator<Item = String> {
        let (old, new) = (self.before.parts(self.part), self.after.parts(self.part));
        let both: Vec<String> = old.iter().filter(|own| new.contains(own)).cloned().collect();
        old.into_iter().chain(new).filter(move |own| !both.contains(own))
    }

    /// A finding of it.
    pub(in crate::diff) fn finding(&self, class: &'static Class, risk: Risk, what: String) -> Finding {
        let shown = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Finding::new(class, risk, self.change, self.after.field(self.before, self.field), what)
            .of(self.after.told())
            .values(shown(&self.old), shown(&self.new))
    }
}
