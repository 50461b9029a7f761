use super::Class;
use crate::diff::view::{At, tokens};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.from_changed", find };

/// Where nothing is said, a token is looked for in `Authorization: Bearer` and the parameter `access_token`.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tokens::steps(comparison) {
        let (Some(old), Some(new)) = (step.old, step.new) else { continue };
        let (before, after) = (places(old), places(new));
        if before == after {
            continue;
        }
        let key = ["fromHeaders", "fromParams", "fromCookies"]
            .into_iter()
            .find(|key| old.key(key).canonical() != new.key(key).canonical());
        let pointer = format!("{}/{}", step.pointer, key.unwrap_or("fromHeaders"));
        let what = format!("tokens of {} are looked for in {after} instead of {before}", step.issuer());
        found.push(
            Finding::new(&CLASS, Risk::High, step.change, pointer, what)
                .effect("a token elsewhere counts as none: rules that ask for one refuse it with 403, all others let it pass unverified")
                .safe("look in both places until all clients send it in the new one")
                .values(Some(before), Some(after)),
        );
    }
}

fn places(at: At<'_>) -> String {
    let headers = at.key("fromHeaders").items().map(|item| {
        let name = item.key("name").text().unwrap_or_default().to_ascii_lowercase();
        format!("header {name} {}", item.key("prefix").text().unwrap_or_default()).trim().to_owned()
    });
    let params = at.key("fromParams").texts().into_iter().map(|name| format!("parameter {name}"));
    let cookies = at.key("fromCookies").texts().into_iter().map(|name| format!("cookie {name}"));
    let mut all: Vec<String> = headers.chain(params).chain(cookies).collect();
    if all.is_empty() {
        return "header authorization Bearer, parameter access_token".to_owned();
    }
    all.sort();
    all.dedup();
    all.join(", ")
}
