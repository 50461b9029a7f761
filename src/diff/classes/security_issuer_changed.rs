use super::Class;
use crate::diff::view::tokens;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.issuer_changed", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tokens::steps(comparison) {
        let Some(new) = step.new else { continue };
        let issuer = step.issuer().to_owned();
        let pointer = format!("{}/issuer", step.pointer);
        let Some(old) = step.old else {
            found.push(
                Finding::new(&CLASS, Risk::Medium, step.change, pointer, format!("tokens of {issuer} are verified"))
                    .effect("a request with a bad token is refused with 401; one without a token passes as before")
                    .safe("see that clients renew their tokens"),
            );
            continue;
        };
        let was = old.key("issuer").text().unwrap_or("any issuer");
        if old.key("issuer").text() != new.key("issuer").text() {
            found.push(
                Finding::new(
                    &CLASS,
                    Risk::High,
                    step.change,
                    pointer,
                    format!("tokens of {issuer} are verified instead of those of {was}"),
                )
                .effect(format!("whoever still has a token of {was} is refused with 401"))
                .safe("verify both until the last token of the former has expired")
                .values(Some(was.to_owned()), Some(issuer)),
            );
        }
    }
}
