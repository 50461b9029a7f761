use super::roll_out::Move;
use crate::source::Sources;

/// The line that changes, and the whole text with it.
pub(super) struct Line {
    /// As it was, without the space around it.
    pub(super) before: String,
    /// As it becomes.
    pub(super) after: String,
    /// The text of the file, all of whose other bytes stay.
    pub(super) text: String,
}

impl Line {
    pub(super) fn of(sources: &Sources, step: &Move<'_>) -> Self {
        let old = sources.text(step.place.file);
        let (start, end) = (step.place.start as usize, step.place.end as usize);
        let (head, tail) = (old.get(..start).unwrap_or_default(), old.get(end..).unwrap_or_default());
        let text = [head, &step.replacement(), tail].concat();
        Line { before: line_at(old, start).to_owned(), after: line_at(&text, start).to_owned(), text }
    }
}

fn line_at(text: &str, at: usize) -> &str {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default().trim()
}
