//! The view for code scanning: SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/>), as far as it is needed.

use super::Told;
use super::across::{Across, across};
use crate::diagnostic::render::{sarif_place, sarif_text};
use crate::diff::{Report, classes};
use crate::value::Risk;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How many results code scanning takes of one run; the gravest come first.
const MOST_RESULTS: usize = 5_000;

/// The findings of all environments as one log with one run.
pub fn sarif(reports: &[(Report<'_>, Told<'_>)]) -> Value {
    let results: Vec<Value> = across(reports).iter().take(MOST_RESULTS).map(|row| result(row, reports)).collect();
    let pages: BTreeMap<&str, &str> = classes::PAGES.iter().copied().collect();
    let rules: Vec<Value> = pages.into_iter().map(|(name, page)| rule(name, page)).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "mesh", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

/// A class with its page, which is what its reader is helped by.
fn rule(name: &str, page: &str) -> Value {
    let what = page.split("\n\n").nth(1).unwrap_or_default();
    json!({"id": name, "shortDescription": {"text": what}, "help": {"text": page, "markdown": page}})
}

fn result(row: &Across<'_>, reports: &[(Report<'_>, Told<'_>)]) -> Value {
    let Across { finding, told, .. } = row;
    let level = match finding.risk {
        Risk::Critical | Risk::High => "error",
        Risk::Medium => "warning",
        Risk::Low => "note",
        Risk::None => "none",
    };
    let environments = row.environments(reports).or_else(|| told.environment.clone());
    let environment = environments.map(|names| format!(" in {names}")).unwrap_or_default();
    let clauses = row.clauses(reports).join("; ");
    let mut lines = vec![format!("{} {}{environment}: {clauses}", finding.risk.name(), finding.of_objects())];
    lines.extend(finding.effects().into_iter().map(|effect| format!("effect: {effect}")));
    lines.extend(finding.safely().into_iter().map(|safe| format!("safe: {safe}")));
    let mut seen = BTreeSet::new();
    let places = finding.all().filter_map(|one| sarif_place(one.shown()?, told.after?));
    let mut places: Vec<Value> = places.filter(|place| seen.insert(place.to_string())).collect();
    let related = places.split_off(places.len().min(1));
    let mut result = json!({
        "ruleId": finding.class.name,
        "level": level,
        "message": {"text": sarif_text(&lines.join("\n"))},
        "locations": places,
        "partialFingerprints": {
            "meshFinding/v1": format!("{}|{}|{}{environment}", finding.class.name, finding.object, finding.pointer),
        },
    });
    if let Some(fields) = result.as_object_mut().filter(|_| !related.is_empty()) {
        fields.insert("relatedLocations".to_owned(), related.into());
    }
    result
}
