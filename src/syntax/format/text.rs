//! Strings of several lines, moved to the depth at which their node stands.

use crate::syntax::character::is_newline;

/// A value as it is written, with the lines of a string between `"""` moved so that they and the closing quotes begin
/// with `indent`. What has escapes, or lines that end otherwise, is left where it is: a `\` may take a line's beginning
/// away.
pub(super) fn moved(written: &str, indent: &str) -> String {
    let is_raw = written.starts_with('#');
    let normal = written.replace("\r\n", "\n");
    let has_other_lines = normal.chars().any(|c| c != '\n' && is_newline(c));
    if !normal.contains('\n') || has_other_lines || !is_raw && normal.contains('\\') {
        return written.to_owned();
    }
    let mut lines = normal.split('\n');
    let Some(first) = lines.next() else { return normal };
    let rest: Vec<&str> = lines.collect();
    let Some(closing) = rest.last() else { return normal };
    let margin = closing.len() - closing.trim_start_matches([' ', '\t']).len();
    let mut moved = first.to_owned();
    for line in &rest {
        moved.push('\n');
        if let Some(text) = line.get(margin..).filter(|text| !text.trim().is_empty()) {
            moved.push_str(indent);
            moved.push_str(text);
        }
    }
    moved
}
