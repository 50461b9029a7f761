//! Fields as people read them: what a field said and says, with secrets masked.

use crate::diff::{FieldChange, Masks};
use crate::manifest::{Shown, yaml};
use crate::verbatim::Node;

/// How much of a value is shown on a line.
const LONGEST: usize = 160;

/// A field of a change, on one line: `/spec/timeout  5s -> 2s`.
pub(super) fn line(field: &FieldChange<'_>, masks: &Masks) -> String {
    let show = |node: Option<&Node>| node.map(|node| text(node, masks));
    let said = match (show(field.before), show(field.after)) {
        (Some(before), Some(after)) => format!("{before} -> {after}"),
        (None, Some(after)) => format!("+ {after}"),
        (Some(before), None) => format!("- {before}"),
        (None, None) => String::new(),
    };
    format!("{}  {said}", field.pointer)
}

/// A value on one line, as JSON where it is no text, cut where it is long.
pub(super) fn text(node: &Node, masks: &Masks) -> String {
    value(&masks.node(node))
}

/// The same of a value in which nothing is masked yet.
pub(in crate::diff) fn value(node: &Node) -> String {
    let text = match node.text() {
        Some(text) => text.to_string(),
        None => serde_json::to_string(&Shown(node)).unwrap_or_default(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// A value as it is.
pub(super) fn data(node: &Node, masks: &Masks) -> serde_json::Value {
    serde_json::to_value(Shown(&masks.node(node))).unwrap_or_default()
}

/// The whole object as YAML.
pub(super) fn object(body: &Node, masks: &Masks) -> String {
    let masked = masks.node(body);
    let mut text = Vec::new();
    match yaml::write(&Shown(&masked), &mut text) {
        Ok(()) => String::from_utf8_lossy(&text).into_owned(),
        Err(_) => serde_json::to_string_pretty(&Shown(&masked)).unwrap_or_default(),
    }
}
