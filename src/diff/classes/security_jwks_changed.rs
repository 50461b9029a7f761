use super::Class;
use crate::diff::view::{texts, tokens};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.jwks_changed", find };

/// The keys themselves are not shown.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tokens::steps(comparison) {
        let (Some(old), Some(new)) = (step.old, step.new) else { continue };
        for (key, what) in [
            ("jwksUri", "another address"),
            ("jwks_uri", "another address"),
            ("jwks", "other keys in the object itself"),
        ] {
            let (before, after) = (old.key(key).text(), new.key(key).text());
            if before == after || after.is_none() && new.key(if key == "jwks" { "jwksUri" } else { "jwks" }).is_there()
            {
                continue;
            }
            if before.zip(after).is_some_and(|(before, after)| key == "jwks" && texts::say_the_same(before, after)) {
                continue;
            }
            let (shown, is_address) = (|text: Option<&str>| text.map(str::to_owned), key != "jwks");
            let values = if is_address { (shown(before), shown(after)) } else { (None, None) };
            let what = format!(
                "tokens of {} are verified with keys from {what}{}",
                step.issuer(),
                values.1.as_ref().map(|to| format!(": {to}")).unwrap_or_default()
            );
            found.push(
                Finding::new(&CLASS, Risk::High, step.change, format!("{}/{key}", step.pointer), what)
                    .effect("whoever holds the other keys may make tokens; those signed by the former keys alone are refused with 401")
                    .safe("see that the new keys hold the former ones too until their tokens have expired")
                    .values(values.0, values.1),
            );
        }
    }
}
