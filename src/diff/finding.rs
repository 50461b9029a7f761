use super::classes::Class;
use super::{Change, Id, Masks};
use crate::source::Span;
use crate::value::Risk;
use std::borrow::Cow;

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    /// The one that is left.
    Before,
    /// The one that is gone to.
    After,
}

/// A place in the intent of one of the sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Of which side.
    pub side: Which,
    /// Where.
    pub span: Span,
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// It follows from the objects.
    Exact,
    /// Something that it depends on could not be decided.
    Approximate,
}

impl Confidence {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Confidence::Exact => "exact",
            Confidence::Approximate => "approximate",
        }
    }
}

/// What a change does.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its class.
    pub class: &'static Class,
    /// Its risk.
    pub risk: Risk,
    /// The object.
    pub object: Id,
    /// The field: a JSON Pointer into the later side, into the earlier one where it goes; empty: the whole object.
    pub pointer: String,
    /// The line of intent that did it.
    pub place: Option<Place>,
    /// Where the later side says what it stood beside, for views that show later pages only.
    pub beside: Option<Span>,
    /// What of the object it is, where several parts of it can change alike: `route "default"`; else empty.
    pub of: String,
    /// What changes, as a clause: `subset "v1" is removed, but ... still sends 20 % to it`.
    pub what: String,
    /// What that does to requests or callers, as a clause; empty where `what` says it.
    pub effect: String,
    /// One of the requests that meet it, as people say it; empty where all do.
    pub example: String,
    /// How to do it safely, as a clause; empty where it is safe.
    pub safe: String,
    /// The value before, where there is one to show.
    pub before: Option<String>,
    /// The value after, where there is one to show.
    pub after: Option<String>,
    /// How sure it is.
    pub confidence: Confidence,
    /// The services that call what changes, by name.
    pub callers: Vec<String>,
    /// The public hosts that lead to what changes.
    pub hosts: Vec<String>,
    /// What else is told of in the same breath: the same of other parts, or of the same cause. None of them has others.
    pub also: Vec<Finding>,
}

/// A field of an object.
#[derive(Clone, Debug)]
pub struct Pointer {
    text: String,
    /// The side on which it is meant; none: the later one, or the earlier one where it is not there any more.
    side: Option<Which>,
}

impl Pointer {
    /// A field of one side: of a list, an item has another place on the other one.
    pub fn on(side: Which, text: impl Into<String>) -> Self {
        Pointer { text: text.into(), side: Some(side) }
    }
}

impl<T: Into<String>> From<T> for Pointer {
    fn from(text: T) -> Self {
        Pointer { text: text.into(), side: None }
    }
}

impl Finding {
    /// A finding in a field of a changed object.
    pub fn new(
        class: &'static Class,
        risk: Risk,
        change: &Change<'_>,
        pointer: impl Into<Pointer>,
        what: impl Into<String>,
    ) -> Self {
        let Pointer { text: pointer, side } = pointer.into();
        Finding {
            class,
            risk,
            object: change.id.clone(),
            place: side.and_then(|side| place_in(change, side, &pointer)).or_else(|| place(change, &pointer)),
            beside: change.after.and_then(|after| after.origin?.span),
            pointer,
            of: String::new(),
            what: what.into(),
            effect: String::new(),
            example: String::new(),
            safe: String::new(),
            before: None,
            after: None,
            confidence: Confidence::Exact,
            callers: Vec::new(),
            hosts: Vec::new(),
            also: Vec::new(),
        }
    }

    /// With what of the object it is.
    #[must_use]
    pub fn of(mut self, of: impl Into<String>) -> Self {
        self.of = of.into();
        self
    }

    /// It without what is told of in the same breath.
    #[must_use]
    pub fn alone(&self) -> Finding {
        Finding { also: Vec::new(), ..self.clone() }
    }

    /// It, and what is told of in the same breath.
    pub fn all(&self) -> impl Iterator<Item = &Finding> {
        std::iter::once(self).chain(&self.also)
    }

    /// With what it does to requests or callers.
    #[must_use]
    pub fn effect(mut self, effect: impl Into<String>) -> Self {
        self.effect = effect.into();
        self
    }

    /// With one of the requests that meet it.
    #[must_use]
    pub fn example(mut self, example: impl Into<String>) -> Self {
        self.example = example.into();
        self
    }

    /// With how to do it safely.
    #[must_use]
    pub fn safe(mut self, safe: impl Into<String>) -> Self {
        self.safe = safe.into();
        self
    }

    /// Exact, or not.
    #[must_use]
    pub(super) fn exact(mut self, is_exact: bool) -> Self {
        self.confidence = if is_exact { Confidence::Exact } else { Confidence::Approximate };
        self
    }

    /// The place in the pages of the later side: its own, or what it stood beside.
    pub(super) fn shown(&self) -> Option<Span> {
        let own = self.place.filter(|place| place.side == Which::After);
        own.map(|place| place.span).or(self.beside)
    }

    /// With its place on a side, where the field stands there.
    #[must_use]
    pub(super) fn on(mut self, side: Which, change: &Change<'_>) -> Self {
        self.place = place_in(change, side, &self.pointer).or(self.place);
        self
    }

    /// With the place that all of these fields have on a side, where it is one.
    #[must_use]
    pub(super) fn of_all<'p>(
        mut self,
        side: Which,
        change: &Change<'_>,
        mut pointers: impl Iterator<Item = &'p String>,
    ) -> Self {
        let first = pointers.next().and_then(|pointer| place_in(change, side, pointer));
        if pointers.all(|pointer| place_in(change, side, pointer) == first) {
            self.place = first.or(self.place);
        }
        self
    }

    /// Whether somebody did it in a cluster, and no edit of intent.
    pub(super) fn is_drift(&self) -> bool {
        self.class.name.starts_with("drift.")
    }

    /// Masks what is secret in what it says.
    pub(super) fn mask(&mut self, masks: &Masks) {
        let said = [&mut self.of, &mut self.what, &mut self.effect, &mut self.example, &mut self.safe];
        let values = [&mut self.before, &mut self.after].into_iter().flatten();
        for text in said.into_iter().chain(values) {
            if let Cow::Owned(masked) = masks.words(text) {
                *text = masked;
            }
        }
    }

    /// With the values on both sides.
    #[must_use]
    pub fn values(mut self, before: Option<String>, after: Option<String>) -> Self {
        (self.before, self.after) = (before, after);
        self
    }
}

/// The line of intent that says a field: of the later side where the field is there, else of the earlier one.
fn place(change: &Change<'_>, pointer: &str) -> Option<Place> {
    let whole = || Some(Place { side: Which::After, span: change.after?.origin?.span? });
    place_in(change, Which::After, pointer).or_else(|| place_in(change, Which::Before, pointer)).or_else(whole)
}

fn place_in(change: &Change<'_>, side: Which, pointer: &str) -> Option<Place> {
    let object = if side == Which::After { change.after } else { change.before }?;
    Some(Place { side, span: object.origin_at(pointer)??.span? })
}
