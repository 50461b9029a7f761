//! A guess at which block lacks its `}`: counting braces finds the outermost, but indentation shows which one was meant.

use super::document::{Block, Node};
use crate::source::Span;

/// Where a `}` is probably missing.
pub(super) struct Guess {
    /// The `{` that it would close.
    pub(super) brace: Span,
    /// The beginning of the line before which it belongs.
    pub(super) line: usize,
    /// The indentation it would have, in bytes of space.
    pub(super) indentation: usize,
}

/// The first block whose contents or end stand as far to the left as the line that opens it.
pub(super) fn unclosed(text: &str, nodes: &[Node<'_>]) -> Option<Guess> {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let lines = starts.map(|start| Line { start, indentation: indentation(text, start) }).collect();
    Lines { text, lines }.search(nodes)
}

/// How many spaces and tabs the line that begins at `start` begins with.
fn indentation(text: &str, start: usize) -> usize {
    let line = text.as_bytes().get(start..).unwrap_or(&[]);
    line.iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count()
}

/// The lines of a text, measured once: a long one may hold many nodes.
struct Lines<'s> {
    text: &'s str,
    lines: Vec<Line>,
}

/// Where a line begins, and how many bytes of space it begins with.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    indentation: usize,
}

impl Lines<'_> {
    fn search(&self, nodes: &[Node<'_>]) -> Option<Guess> {
        nodes.iter().find_map(|node| node.block.as_ref().and_then(|block| self.search_block(block)))
    }

    fn search_block(&self, block: &Block<'_>) -> Option<Guess> {
        let opening = self.line(block.span.start as usize);
        let brace = Span { end: block.span.start + 1, ..block.span };
        let guess = |line: Line| Guess { brace, line: line.start, indentation: opening.indentation };
        for node in &block.nodes {
            let first = self.begins(node.span.start as usize);
            if let Some(line) = first.filter(|line| line.is_left_of(opening, opening.indentation + 1)) {
                return Some(guess(line));
            }
            if let Some(found) = node.block.as_ref().and_then(|inner| self.search_block(inner)) {
                return Some(found);
            }
        }
        let end = (block.span.end as usize).saturating_sub(1);
        let closed = self.text.as_bytes().get(end) == Some(&b'}');
        let last = self.begins(end).filter(|line| closed && line.is_left_of(opening, opening.indentation));
        last.map(guess)
    }

    /// The line that `at` is the first thing of, if it is.
    fn begins(&self, at: usize) -> Option<Line> {
        Some(self.line(at)).filter(|line| line.start + line.indentation == at)
    }

    /// The line that holds `at`.
    fn line(&self, at: usize) -> Line {
        let after = self.lines.partition_point(|line| line.start <= at);
        self.lines.get(after.saturating_sub(1)).copied().unwrap_or(Line { start: 0, indentation: 0 })
    }
}

impl Line {
    /// Whether it is below `opening` and indented by less than `least`.
    fn is_left_of(self, opening: Line, least: usize) -> bool {
        self.start > opening.start && self.indentation < least
    }
}
