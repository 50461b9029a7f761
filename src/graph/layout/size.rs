use super::Point;
use crate::graph::model::{Home, Node};

/// How high a node is without its versions.
pub const CARD_HEIGHT: i32 = 46;
/// How high a version is.
pub const PILL_HEIGHT: i32 = 22;
/// How far a version stands below its service.
const PILL_DROP: i32 = 24;
/// How wide a version is at least.
const PILL_WIDTH: i32 = 62;
/// How many letters of a name are shown.
const LETTERS: usize = 24;

/// Text that fits into a node.
pub fn card_text(text: &str) -> String {
    if text.chars().count() <= LETTERS {
        return text.to_owned();
    }
    let head: String = text.chars().take(LETTERS - 1).collect();
    format!("{head}\u{2026}")
}

/// How wide a box is at least, for what stands above its nodes.
pub(super) fn title_width(home: &Home) -> i32 {
    let letters = |text: &str| i32::try_from(text.chars().count()).unwrap_or(0);
    letters(&home.name) * 9 + letters(home.kind.word()) * 7 + 40
}

/// The width and height of a node.
pub(super) fn size(node: &Node) -> Point {
    let letters = |text: &str| i32::try_from(card_text(text).chars().count()).unwrap_or(0);
    let text = (letters(&node.name) * 9).max(letters(&node.note) * 7) + 38;
    let versions = i32::try_from(node.versions.len()).unwrap_or(0);
    let width = text.max(versions * (PILL_WIDTH + 8) - 8).max(108);
    let below = if versions > 0 { PILL_DROP + PILL_HEIGHT } else { 0 };
    (width + width % 2, CARD_HEIGHT + below)
}
