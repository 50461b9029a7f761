use super::Class;
use crate::diff::view::tokens;
use crate::diff::{Comparison, Finding, Pointer, Which};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.jwt_removed", find };

/// A token that nobody verifies tells nothing: whoever asks for one in a rule of access refuses everybody, and where none
/// is asked for, every token passes.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tokens::steps(comparison).iter().filter(|step| step.new.is_none()) {
        let effect = if tokens::is_asked_for(comparison.after) {
            "rules of access that ask for a token do not know it any more: they refuse whoever shows one; where none asks, forged tokens pass"
        } else {
            "forged and expired tokens reach the service, which may take them for true"
        };
        let what = format!("tokens of {} are not verified any more", step.issuer());
        found.push(
            Finding::new(&CLASS, Risk::Critical, step.change, Pointer::on(Which::Before, &step.pointer), what)
                .effect(effect)
                .safe("remove the rules that ask for the token first, and this last"),
        );
    }
}
