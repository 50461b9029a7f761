use super::Class;
use crate::diff::view::{At, tokens};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.token_forwarded", find };

/// Where nothing is said, a proxy that has verified a token takes it out of the request.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tokens::steps(comparison) {
        let (Some(old), Some(new)) = (step.old, step.new) else { continue };
        let key = ["forwardOriginalToken", "outputPayloadToHeader", "outputClaimToHeaders"]
            .into_iter()
            .find(|key| handed(old, key) != handed(new, key));
        let Some(key) = key else { continue };
        let (before, after) = (handed(old, key), handed(new, key));
        let effect = if before.is_empty() {
            match key {
                "forwardOriginalToken" => "services can call others in the client's name with it",
                _ => "services and what they log see it",
            }
        } else if after.is_empty() {
            "services that read it do not find it any more"
        } else {
            "services find it elsewhere, or something else there"
        };
        let told = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
        let what = format!("of tokens of {} services get {} instead of {}", step.issuer(), told(&after), told(&before));
        found.push(
            Finding::new(&CLASS, Risk::Medium, step.change, format!("{}/{key}", step.pointer), what)
                .effect(effect)
                .safe("hand on the claims that are needed, and not the token")
                .values(Some(told(&before)), Some(told(&after))),
        );
    }
}

/// What of a token is handed on, by one field of its rule.
fn handed(at: At<'_>, key: &str) -> String {
    let value = at.key(key);
    match key {
        "forwardOriginalToken" => if value.flag() { "the token itself" } else { "" }.to_owned(),
        "outputPayloadToHeader" => {
            value.text().map(|name| format!("all that it says in header {name}")).unwrap_or_default()
        }
        _ => {
            let mut all: Vec<String> = value
                .items()
                .filter_map(|item| {
                    let header = item.key("header").text()?.to_ascii_lowercase();
                    Some(format!("claim {} in header {header}", item.key("claim").text()?))
                })
                .collect();
            all.sort();
            all.join(", ")
        }
    }
}
