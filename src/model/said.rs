use super::schema::{Described, Shape, object};
use crate::ir;
use crate::source::Decided;
use crate::value::{Decimal, Fraction};
use serde::{Serialize, Serializer};
use smol_str::{SmolStr, ToSmolStr};
use std::collections::BTreeMap;
use std::fmt::Display;

/// Values by keys of the user's own.
pub type Table = BTreeMap<SmolStr, SmolStr>;

/// A number that is written without a point where it is whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Number(number) = *self;
        #[allow(clippy::cast_possible_truncation, reason = "the language has no number of so many digits")]
        let whole = number as i64;
        #[allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "asks whether nothing is lost")]
        let is_whole = whole as f64 == number;
        if is_whole { serializer.serialize_i64(whole) } else { serializer.serialize_f64(number) }
    }
}

impl Described for Number {
    fn shape() -> Shape {
        Shape::Number
    }
}

impl From<Fraction> for Number {
    fn from(fraction: Fraction) -> Self {
        Number(fraction.percent())
    }
}

impl From<Decimal> for Number {
    fn from(decimal: Decimal) -> Self {
        Number(decimal.number())
    }
}

object! {
    /// One of a few words, with why and until when it may be that one.
    Choice {
        /// The word.
        mode: SmolStr,
        /// Why.
        reason: Option<SmolStr>,
        /// The last day on which it counts.
        until: Option<SmolStr>,
    }
}

impl Choice {
    pub(super) fn new(mode: &'static str, waiver: Option<&ir::Waiver>) -> Self {
        let (reason, until) = because(waiver);
        Choice { mode: SmolStr::new_static(mode), reason, until }
    }
}

/// The reason, and the last day on which it counts.
pub(super) fn because(waiver: Option<&ir::Waiver>) -> (Option<SmolStr>, Option<SmolStr>) {
    let reason = waiver.and_then(|waiver| waiver.reason.as_ref()).map(|said| said.value.clone());
    let until = waiver.and_then(|waiver| waiver.until.as_ref()).map(|said| said.value.to_smolstr());
    (reason, until)
}

/// What somebody decided, as text.
pub(super) fn text<T: Display>(said: Option<&Decided<T>>) -> Option<SmolStr> {
    said.map(|said| said.value.to_smolstr())
}

/// A count that somebody decided.
pub(super) fn count(said: Option<&Decided<u32>>) -> Option<i64> {
    said.map(|said| i64::from(said.value))
}

/// Several, as texts.
pub(super) fn texts<T: Display>(items: impl IntoIterator<Item = T>) -> Vec<SmolStr> {
    items.into_iter().map(|item| item.to_smolstr()).collect()
}

/// Labels.
pub(super) fn table(labels: &ir::Labels) -> Table {
    labels.iter().cloned().collect()
}
