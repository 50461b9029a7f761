use super::values;
use crate::diff::{Change, Id, Masks, Object, Report};
use similar::TextDiff;
use std::fmt::Write;

/// Every object that differs as a unified diff of its YAML, a file each; `context` is how many lines stay around a
/// change. `place` says where in a compiled tree an object stands.
pub fn unified(report: &Report<'_>, context: usize, place: &dyn Fn(&Id) -> String) -> String {
    let masks = &report.masks;
    report.changes.iter().map(|change| file(change, context, masks, &place(change.id))).collect()
}

fn file(change: &Change<'_>, context: usize, masks: &Masks, path: &str) -> String {
    let mut text = format!("diff --git a/{path} b/{path}\n");
    match (change.before, change.after) {
        (None, _) => text.push_str("new file mode 100644\n"),
        (_, None) => text.push_str("deleted file mode 100644\n"),
        (Some(_), Some(_)) => {}
    }
    let name =
        |side: char, object: Option<&Object>| object.map_or("/dev/null".to_owned(), |_| format!("{side}/{path}"));
    let _ = writeln!(text, "--- {}\n+++ {}", name('a', change.before), name('b', change.after));
    text.push_str(&hunks(change, context, masks));
    text
}

/// The changed lines of an object, with those around them.
pub(super) fn hunks(change: &Change<'_>, context: usize, masks: &Masks) -> String {
    let yaml = |object: Option<&Object>| object.map(|object| values::object(&object.body, masks));
    let (before, after) = (yaml(change.before).unwrap_or_default(), yaml(change.after).unwrap_or_default());
    let diff = TextDiff::from_lines(before.as_str(), after.as_str());
    let hunks: Vec<String> =
        diff.unified_diff().context_radius(context).iter_hunks().map(|hunk| hunk.to_string()).collect();
    hunks.concat()
}
