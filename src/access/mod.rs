//! Sets of requests, exactly: whom rules of access let in, and in which requests two sets of rules differ.
//!
//! A [`Policy`] is said in strings, as Istio's `AuthorizationPolicy` says it, and is read as Istio hands it to Envoy:
//! exact, `prefix*`, `*suffix`, presence, path templates, ranges of addresses, each of them also negated.
//! Nothing is approximated. Each dimension of a request (who sends it, its path, a header ..) is split by everything that
//! both sides say of it into cells: classes of values that no rule tells apart, each with a value of its own
//! as witness. Rules are sets of such cells, and [`Verdicts::compare`] walks the product of the dimensions once for each
//! set of rules that is still in play, so that cells without difference are never taken apart.
//!
//! What cannot be known from the rules (`experimental.envoy.filters.*`, an attribute that is not known) is a condition of
//! its own that may hold or not: equal ones are equal, and a difference that hangs on one [says so](Difference::unknown).
//!
//! # Cost
//! Work is counted in steps: a cell that is looked at for a set of rules, or a state of the automaton that finds the
//! cells. A comparison takes at most [`STEPS`] of them (about a second); beyond, it is [`TooMuch`] and names the rules
//! that only one side has.

mod automaton;
mod bits;
mod budget;
mod cells;
mod compare;
mod decide;
mod diagram;
mod field;
mod glob;
mod policy;
mod product;
mod range;
mod region;
mod request;
mod short;
mod term;
#[cfg(test)]
mod tests;

pub use compare::{Difference, Differences, STEPS, TooMuch, Verdicts};
pub use decide::{Because, Outcome, RuleAt, Verdict};
pub use field::{Dimension, Field};
pub use policy::{Action, Condition, Operation, Policy, Rule, Source, Wire};
pub use region::{Part, Region, Values};
pub use request::{Request, Value};
pub use term::Term;
