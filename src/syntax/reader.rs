use super::cursor::Cursor;
use super::document::{Block, Document, Entry, Node, Text};
use super::{faults, indentation, limits};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Span};
use std::borrow::Cow;
use std::mem;

/// How long a node is in a usual file: what the stacks are made for, so that they rarely grow.
const BYTES_PER_NODE: usize = 32;

/// Reads one file from its beginning to its end, once, without recursion.
///
/// Nodes and entries that are being read lie on two stacks that live as long as the reader; a node takes its own from
/// the top when it is complete, so that every list is allocated once and in its size.
pub(super) struct Reader<'s, 'f> {
    pub(super) cursor: Cursor<'s>,
    found: &'f mut Diagnostics,
    faults: usize,
    /// The entries of the node that is being read.
    pub(super) entries: Vec<Entry<'s>>,
    /// The complete nodes of all open blocks.
    nodes: Vec<Node<'s>>,
    open: Vec<Open<'s>>,
    removed: Vec<Span>,
    slashdashes: usize,
    /// Where the last thing ends that a slashdash inside a slashdash removes.
    inner_end: usize,
    too_deep: bool,
    /// Whether a string or comment ran to the end of the file: that blocks are open then is no news.
    pub(super) cut_short: bool,
}

/// A node that is being read.
pub(super) struct Pending<'s> {
    node: Node<'s>,
    /// Where the `/-` before it begins.
    slashdash: Option<usize>,
    /// Whether it can be kept: it has a name that could be read.
    keep: bool,
    /// Whether a block of it has begun, after which it takes no more entries.
    has_block: bool,
    /// Whether it has more entries than allowed, which was said.
    pub(super) overlong: bool,
}

/// A block that is being read.
struct Open<'s> {
    owner: Pending<'s>,
    brace: usize,
    slashdash: Option<usize>,
    keep: bool,
    /// Where its nodes begin on the stack of nodes.
    first: usize,
}

impl<'s, 'f> Reader<'s, 'f> {
    /// A reader at the beginning of `text`.
    pub(super) fn new(file: FileId, text: &'s str, found: &'f mut Diagnostics) -> Self {
        Reader {
            cursor: Cursor::new(file, text),
            found,
            faults: 0,
            entries: Vec::with_capacity(8),
            nodes: Vec::with_capacity((text.len() / BYTES_PER_NODE).clamp(4, 256)),
            open: Vec::with_capacity(4),
            removed: Vec::new(),
            slashdashes: 0,
            inner_end: 0,
            too_deep: false,
            cut_short: false,
        }
    }

    /// Tells of a fault, up to the limit of faults.
    pub(super) fn report(&mut self, fault: Diagnostic) {
        if self.faults < limits::FAULTS {
            self.found.push(fault);
        }
        self.faults += 1;
    }

    /// Whether there is nothing left to read, or nobody left to read it for.
    pub(super) fn at_end(&self) -> bool {
        self.cursor.peek().is_none() || self.gave_up()
    }

    /// Whether so much was reported that nobody reads on.
    pub(super) fn gave_up(&self) -> bool {
        self.faults >= limits::FAULTS
    }

    /// Reads the whole file.
    pub(super) fn read(&mut self) -> Document<'s> {
        if self.cursor.starts_with("\u{FEFF}") {
            self.cursor.at += '\u{FEFF}'.len_utf8();
        }
        loop {
            self.line_space();
            if self.at_end() {
                break;
            }
            match self.cursor.peek() {
                Some(b'}') => self.close_block(),
                Some(b'{') => self.brace_without_node(),
                Some(b';') => self.stray_semicolon(),
                Some(_) | None => self.node(),
            }
        }
        self.finish()
    }

    /// Reads a node from its slashdash, annotation or name on.
    fn node(&mut self) {
        let slashdash = (self.slashdash_ahead()).then(|| self.enter_removed());
        if slashdash.is_some() && self.nothing_to_remove() {
            self.leave_removed(slashdash, self.cursor.at);
            return;
        }
        let start = self.cursor.at;
        let annotation = self.annotation_ahead().then(|| self.annotation());
        let name = self.name(annotation);
        let keep = name.is_some();
        let name = name.unwrap_or(Text { value: Cow::Borrowed(""), span: self.cursor.span_from(start) });
        let node = Node {
            span: self.cursor.span(start, name.span.end as usize),
            annotation,
            name,
            entries: Vec::new(),
            block: None,
        };
        self.entries.clear();
        self.go_on(Pending { node, slashdash, keep, has_block: false, overlong: false });
    }

    /// Reads on in a node, after its name or after a block, to its end or the beginning of a block.
    fn go_on(&mut self, mut pending: Pending<'s>) {
        let mut spaced = self.node_space();
        while !self.at_end() {
            let at = self.cursor.at;
            match self.cursor.peek() {
                Some(b'}') => break,
                Some(b';') => {
                    self.cursor.at += 1;
                    return self.complete(pending);
                }
                Some(b'{') => return self.open_block(pending, None),
                Some(b'/') if self.cursor.byte(1) == Some(b'/') => break,
                Some(b'/') if self.cursor.byte(1) == Some(b'-') => {
                    let slashdash = self.enter_removed();
                    if self.cursor.peek() == Some(b'{') {
                        return self.open_block(pending, Some(slashdash));
                    }
                    if !spaced {
                        self.report(faults::space_before(self.cursor.span(at, at)));
                    }
                    spaced = self.removed_entry(&mut pending, slashdash);
                }
                Some(_) | None if self.cursor.newline_at(at) > 0 => break,
                Some(b'=') => {
                    self.stray_equals(&pending.node);
                    self.node_space();
                    spaced = true;
                }
                Some(_) | None => {
                    if pending.has_block {
                        if self.property_behind(&mut pending) {
                            spaced = true;
                            continue;
                        }
                        self.report(faults::after_block(self.cursor.span(at, at)));
                        break;
                    }
                    if !spaced {
                        self.report(faults::space_before(self.cursor.span(at, at)));
                    }
                    spaced = self.entry(&mut pending);
                }
            }
        }
        self.complete(pending);
    }

    /// Reads a property after the block of its node, which is told and left out; says whether there is one.
    fn property_behind(&mut self, pending: &mut Pending<'s>) -> bool {
        let start = self.cursor.at;
        let end = self.cursor.word_end(start);
        if end == start || self.cursor.slice(end, end + 1) != "=" {
            return false;
        }
        let name = self.cursor.slice(start, end);
        self.report(faults::property_after_block(self.cursor.span(start, end), name, &pending.node));
        let kept = self.entries.len();
        self.entry(pending);
        self.entries.truncate(kept);
        self.node_space();
        true
    }

    /// Reads the entry that the slashdash at `start` removes, and the space after it; says whether there was any.
    fn removed_entry(&mut self, pending: &mut Pending<'s>, start: usize) -> bool {
        if self.nothing_to_remove() {
            self.leave_removed(Some(start), self.cursor.at);
            return true;
        }
        if pending.has_block {
            self.report(faults::after_block(self.cursor.span(start, start)));
        }
        let kept = self.entries.len();
        let spaced = self.entry(pending);
        let end = self.entries.last().filter(|_| self.entries.len() > kept).map(|entry| entry.span.end as usize);
        self.entries.truncate(kept);
        self.leave_removed(Some(start), end.unwrap_or(start + 2));
        spaced
    }

    /// Puts the node aside and begins its block.
    fn open_block(&mut self, mut owner: Pending<'s>, slashdash: Option<usize>) {
        let brace = self.cursor.at;
        self.cursor.at += 1;
        self.settle_entries(&mut owner);
        let second = slashdash.is_none() && owner.node.block.is_some();
        if second {
            self.report(faults::second_block(self.cursor.span_from(brace), &owner.node));
        }
        if self.open.len() >= limits::DEPTH && !mem::replace(&mut self.too_deep, true) {
            self.report(faults::too_deep(self.cursor.span_from(brace)));
        }
        let first = self.nodes.len();
        self.open.push(Open { owner, brace, slashdash, keep: !second && slashdash.is_none(), first });
    }

    /// Ends the innermost block and reads on in its node.
    fn close_block(&mut self) {
        self.cursor.at += 1;
        if let Some(open) = self.open.pop() {
            let pending = self.take_block(open);
            self.go_on(pending);
        } else {
            let brace = self.cursor.span(self.cursor.at - 1, self.cursor.at);
            self.report(faults::stray_brace(brace));
        }
    }

    /// Gives a block that ends here to its node.
    fn take_block(&mut self, open: Open<'s>) -> Pending<'s> {
        let Open { mut owner, brace, slashdash, keep, first } = open;
        let nodes = exact(&mut self.nodes, first);
        let span = self.cursor.span_from(brace);
        if keep {
            owner.node.span.end = span.end;
            owner.node.block = Some(Block { span, nodes });
        }
        self.leave_removed(slashdash, self.cursor.at);
        owner
    }

    /// Gives the entries that were read to their node.
    fn settle_entries(&mut self, pending: &mut Pending<'s>) {
        if mem::replace(&mut pending.has_block, true) {
            return;
        }
        if self.entries.len() > 1 {
            self.report_duplicates();
        }
        if let Some(last) = self.entries.last() {
            pending.node.span.end = last.span.end;
        }
        pending.node.entries = exact(&mut self.entries, 0);
    }

    /// Ends a node here.
    fn complete(&mut self, mut pending: Pending<'s>) {
        self.settle_entries(&mut pending);
        self.leave_removed(pending.slashdash, pending.node.span.end as usize);
        if pending.keep && pending.slashdash.is_none() && self.open.len() <= limits::DEPTH {
            self.nodes.push(pending.node);
        }
    }

    /// Passes a `/-` and the space after it; what follows is read and dropped.
    fn enter_removed(&mut self) -> usize {
        let start = self.cursor.at;
        self.cursor.at += 2;
        self.slashdashes += 1;
        if self.slashdashes == limits::SLASHDASH_DEPTH + 1 {
            self.report(faults::slashdash_too_deep(self.cursor.span_from(start)));
        }
        self.line_space();
        start
    }

    /// Ends what the slashdash at `start` removes, if there is one.
    fn leave_removed(&mut self, start: Option<usize>, end: usize) {
        let Some(start) = start else { return };
        self.slashdashes -= 1;
        self.inner_end = self.inner_end.max(end);
        if self.slashdashes == 0 {
            self.removed.push(self.cursor.span(start, self.inner_end));
        }
    }

    /// Whether a `/-` is next.
    fn slashdash_ahead(&self) -> bool {
        self.cursor.starts_with("/-")
    }

    /// Whether what follows a slashdash is nothing that it can remove, which is said.
    fn nothing_to_remove(&mut self) -> bool {
        let at = self.cursor.at;
        let nothing = matches!(self.cursor.peek(), None | Some(b'}' | b';' | b'{')) || self.slashdash_ahead();
        if nothing {
            self.report(faults::nothing_to_remove(self.cursor.span(at, at)));
        }
        nothing
    }

    /// A `{` where a node is expected: the node before it takes it, if it can.
    fn brace_without_node(&mut self) {
        let brace = self.cursor.span(self.cursor.at, self.cursor.at + 1);
        let first = self.open.last().map_or(0, |open| open.first);
        let taker = if self.nodes.len() > first { self.nodes.pop_if(|node| node.block.is_none()) } else { None };
        self.report(faults::brace_without_node(brace, taker.as_ref(), &self.cursor));
        let keep = taker.is_some();
        let node = taker.unwrap_or_else(|| Node {
            span: brace,
            annotation: None,
            name: Text { value: Cow::Borrowed(""), span: brace },
            entries: Vec::new(),
            block: None,
        });
        self.open_block(Pending { node, slashdash: None, keep, has_block: true, overlong: false }, None);
    }

    /// A `;` that ends nothing.
    fn stray_semicolon(&mut self) {
        let start = self.cursor.at;
        self.cursor.at += 1;
        self.report(faults::stray_semicolon(self.cursor.span_from(start)));
    }

    /// Closes what is still open, and says so unless a string or comment is to blame.
    fn finish(&mut self) -> Document<'s> {
        self.cursor.at = self.cursor.text.len();
        let unclosed: Vec<Span> = self.open.iter().map(|open| self.cursor.span(open.brace, open.brace + 1)).collect();
        while let Some(open) = self.open.pop() {
            let pending = self.take_block(open);
            self.complete(pending);
        }
        let (file, text) = (self.cursor.file, self.cursor.text);
        self.removed.sort_unstable();
        let nodes = exact(&mut self.nodes, 0);
        if let Some(&innermost) = unclosed.last().filter(|_| !self.cut_short && !self.gave_up()) {
            let guess = indentation::unclosed(text, &nodes);
            self.report(faults::unclosed_block(innermost, unclosed.len(), guess.as_ref(), text));
        }
        Document { nodes, file, text, removed: mem::take(&mut self.removed) }
    }
}

/// Takes what lies on a stack from `first` on, as a list of its exact size.
fn exact<T>(stack: &mut Vec<T>, first: usize) -> Vec<T> {
    match stack.len() - first {
        0 => Vec::new(),
        _ => stack.split_off(first),
    }
}
