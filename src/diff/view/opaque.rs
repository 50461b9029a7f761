//! What changes in objects of which nobody here knows what they do: the fields, with what they say.

use super::{At, leaves};
use crate::diff::Change;

/// How many fields are told, and up to how many bytes of a value.
const TOLD: usize = 3;
const LONGEST: usize = 100;

/// Whether all that changes is for which pods it holds.
pub(in crate::diff) fn is_of_scope(change: &Change<'_>) -> bool {
    const SCOPES: [&str; 4] = ["/spec/selector", "/spec/workloadSelector", "/spec/targetRef", "/spec/targetRefs"];
    let of_spec = || change.fields.iter().filter(|field| field.pointer.starts_with("/spec"));
    of_spec().next().is_some() && of_spec().all(|field| SCOPES.iter().any(|scope| field.pointer.starts_with(scope)))
}

/// The fields below `spec` that change: `configPatches.0.patch.value.max_tokens: 4 -> 40`. Fields that say what holds
/// anyhow are left out.
pub(in crate::diff) fn fields(change: &Change<'_>, is_default: impl Fn(&str, Option<&str>) -> bool) -> Vec<String> {
    let mut told = Vec::new();
    for field in change.fields.iter().filter(|field| field.pointer.starts_with("/spec/")) {
        let mut pointers = Vec::new();
        for node in [field.before, field.after].into_iter().flatten() {
            leaves(node, &field.pointer, &mut pointers);
        }
        pointers.sort();
        pointers.dedup();
        for pointer in pointers {
            let said = |node: Option<&crate::verbatim::Node>| {
                let rest = pointer.strip_prefix(&field.pointer)?;
                At::of(node.and_then(|node| if rest.is_empty() { Some(node) } else { node.find(rest) })).word()
            };
            let (before, after) = (said(field.before), said(field.after));
            let key = pointer.trim_start_matches("/spec/").replace('/', ".").replace("~1", "/");
            let is_same = is_default(&key, before.as_deref()) && is_default(&key, after.as_deref());
            if before != after && !is_same {
                told.push(line(&key, before.as_deref(), after.as_deref()));
            }
        }
    }
    told
}

/// Fields whose texts are shown. In others a secret may stand whose name nobody here knows; numbers and flags are shown
/// anywhere.
const SHOWN: [&str; 13] = [
    "applyTo",
    "context",
    "failStrategy",
    "imagePullPolicy",
    "imagePullSecret",
    "name",
    "operation",
    "phase",
    "fill_interval",
    "sha256",
    "timeout",
    "type",
    "url",
];

fn line(key: &str, before: Option<&str>, after: Option<&str>) -> String {
    let is_shown = key.rsplit('.').next().is_some_and(|last| SHOWN.contains(&last));
    let may = |text: &&str| {
        text.len() <= LONGEST && (is_shown || *text == "true" || *text == "false" || text.parse::<f64>().is_ok())
    };
    match (before.filter(may), after.filter(may)) {
        (Some(before), Some(after)) => format!("{key}: {before} -> {after}"),
        (None, Some(after)) if before.is_none() => format!("{key} is new: {after}"),
        (Some(before), None) if after.is_none() => format!("{key} is gone: {before}"),
        (None | Some(_), None | Some(_)) => match (before.is_some(), after.is_some()) {
            (false, _) => format!("{key} is new"),
            (true, false) => format!("{key} is gone"),
            (true, true) => format!("{key} is another"),
        },
    }
}

/// The first of them, and how many more.
pub(in crate::diff) fn told(fields: &[String]) -> String {
    let first: Vec<&str> = fields.iter().take(TOLD).map(String::as_str).collect();
    let more = if fields.len() > TOLD { format!(" and {} more", fields.len() - TOLD) } else { String::new() };
    format!("{}{more}", first.join("; "))
}
