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
    let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    Lines { text, starts: lines }.search(nodes)
}

/// Where the lines of a text begin.
struct Lines<'s> {
    text: &'s str,
    starts: Vec<usize>,
}

impl Lines<'_> {
    fn search(&self, nodes: &[Node<'_>]) -> Option<Guess> {
        nodes.iter().find_map(|node| node.block.as_ref().and_then(|block| self.search_block(block)))
    }

    fn search_block(&self, block: &Block<'_>) -> Option<Guess> {
        let opening = self.line(block.span.start as usize);
        let guess = |line: usize| {
            let brace = Span { end: block.span.start + 1, ..block.span };
            Guess { brace, line, indentation: self.indentation(opening) }
        };
        for node in &block.nodes {
            if self.is_left(node.span.start as usize, opening, self.indentation(opening) + 1) {
                return Some(guess(self.line(node.span.start as usize)));
            }
            if let Some(found) = node.block.as_ref().and_then(|inner| self.search_block(inner)) {
                return Some(found);
            }
        }
        let end = (block.span.end as usize).saturating_sub(1);
        let closed = self.text.as_bytes().get(end) == Some(&b'}') && end > block.span.start as usize;
        (closed && self.is_left(end, opening, self.indentation(opening))).then(|| guess(self.line(end)))
    }

    /// Whether `at` is the first thing of a line after `opening`, and indented by less than `least`.
    fn is_left(&self, at: usize, opening: usize, least: usize) -> bool {
        let line = self.line(at);
        let indentation = self.indentation(line);
        line > opening && line + indentation == at && indentation < least
    }

    /// Where the line that holds `at` begins.
    fn line(&self, at: usize) -> usize {
        let after = self.starts.partition_point(|&start| start <= at);
        self.starts.get(after.saturating_sub(1)).copied().unwrap_or(0)
    }

    /// How many spaces and tabs the line that begins at `line` begins with.
    fn indentation(&self, line: usize) -> usize {
        let rest = self.text.as_bytes().get(line..).unwrap_or(&[]);
        rest.iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count()
    }
}
