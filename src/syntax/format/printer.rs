use super::text::moved;
use crate::syntax::document::Document;
use crate::syntax::piece::{Piece, PieceKind};

const INDENT: &str = "    ";

/// What was read since the last thing that was printed.
#[derive(Clone, Copy, Default)]
struct Gap {
    /// Ends of lines.
    lines: usize,
    /// Whether there was a `;`, which ends a node as the end of a line does.
    ends: bool,
    /// How wide the space is that stands on the line of the next piece.
    space: usize,
    /// Where a `\` stands that takes the end of line away.
    continues: Continues,
}

/// How far a `\` was followed.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Continues {
    /// There is none.
    #[default]
    No,
    /// Its end of line is still to come.
    Open { printed: bool },
    /// The next word is the node's on another line.
    Done { printed: bool },
}

/// What was printed last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing, or the `{` of a block of several lines.
    Begin,
    /// The `{` of a block on one line.
    OpenInline,
    /// What ends its line.
    LineComment,
    /// What the next piece follows without space: `=`, a type annotation.
    Tight,
    /// Anything else.
    Word,
}

/// Prints the pieces of a document, with the space between them as the layout has it.
pub(super) struct Printer<'d, 's> {
    document: &'d Document<'s>,
    pieces: Vec<Piece>,
    out: String,
    /// For each block that is open, whether it stands on one line.
    inline: Vec<bool>,
    gap: Gap,
    last: Last,
}

impl<'d, 's> Printer<'d, 's> {
    pub(super) fn of(document: &'d Document<'s>) -> Self {
        let pieces = document.pieces();
        let out = String::with_capacity(document.text.len());
        Printer { document, pieces, out, inline: Vec::new(), gap: Gap::default(), last: Last::Begin }
    }

    pub(super) fn print(mut self) -> String {
        let pieces = std::mem::take(&mut self.pieces);
        for (at, piece) in pieces.iter().enumerate() {
            self.piece(*piece, pieces.get(at + 1..).unwrap_or_default());
        }
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }

    fn piece(&mut self, piece: Piece, rest: &[Piece]) {
        let written = self.document.slice(piece.span);
        match piece.kind {
            PieceKind::ByteOrderMark => {}
            PieceKind::Space => self.gap.space += written.chars().count(),
            PieceKind::Newline => self.newline(),
            PieceKind::Semicolon => self.gap.ends = true,
            PieceKind::Continuation => {
                let printed = matches!(self.gap.continues, Continues::Done { printed: true });
                self.gap = Gap { continues: Continues::Open { printed }, space: 0, ..self.gap };
            }
            PieceKind::Equals => {
                _ = self.after_continued_comment();
                self.word(Last::Tight, |printer| printer.out.push('='));
            }
            PieceKind::Annotation => self.separated(Last::Tight, written),
            PieceKind::Open => self.open(rest),
            PieceKind::Close => self.close(),
            PieceKind::LineComment => self.line_comment(written.trim_end(), rest),
            PieceKind::BlockComment => self.block_comment(written),
            PieceKind::Value => {
                let value = moved(written, &INDENT.repeat(self.depth() + 1));
                self.separated(Last::Word, &value);
            }
            PieceKind::Name | PieceKind::Key | PieceKind::Slashdash | PieceKind::Unread => {
                self.separated(Last::Word, written);
            }
        }
    }

    fn depth(&self) -> usize {
        self.inline.iter().filter(|inline| !**inline).count()
    }

    /// Prints something and forgets the space before it.
    fn word(&mut self, last: Last, print: impl FnOnce(&mut Self)) {
        print(self);
        self.last = last;
        self.gap = Gap::default();
    }

    /// Prints `written` behind what the layout has before it.
    fn separated(&mut self, last: Last, written: &str) {
        self.separate();
        self.word(last, |printer| printer.out.push_str(written));
    }

    fn separate(&mut self) {
        match self.last {
            Last::Begin => self.begin_line(false),
            Last::Tight => _ = self.after_continued_comment(),
            Last::OpenInline => self.out.push(' '),
            Last::LineComment => self.begin_line(self.gap.lines > 1),
            Last::Word => self.separate_words(),
        }
    }

    /// Begins a line at the depth of the block, the first of the file where it stands.
    fn begin_line(&mut self, after_blank: bool) {
        if !self.out.is_empty() {
            self.out.push_str(if after_blank { "\n\n" } else { "\n" });
        }
        for _ in 0..self.depth() {
            self.out.push_str(INDENT);
        }
    }

    fn separate_words(&mut self) {
        match self.gap {
            Gap {
                lines: 0, ends: false, continues: Continues::Open { printed } | Continues::Done { printed }, ..
            } => {
                self.out.push_str(if printed { "" } else { " \\" });
                self.begin_line(false);
                self.out.push_str(INDENT);
            }
            Gap { lines: 0, ends: false, .. } => self.out.push(' '),
            _ if self.inline.last() == Some(&true) => self.out.push_str("; "),
            Gap { lines, .. } => self.begin_line(lines > 1),
        }
    }

    /// Begins the line on which a node goes on behind a comment; whether there was one. A `\` without a comment before
    /// what needs none is left out.
    fn after_continued_comment(&mut self) -> bool {
        let is_behind =
            matches!(self.gap.continues, Continues::Open { printed: true } | Continues::Done { printed: true });
        if is_behind {
            self.begin_line(false);
            self.out.push_str(INDENT);
        }
        is_behind
    }

    fn newline(&mut self) {
        self.gap = match self.gap.continues {
            Continues::Open { printed } => Gap { continues: Continues::Done { printed }, space: 0, ..self.gap },
            Continues::No | Continues::Done { .. } => Gap { lines: self.gap.lines + 1, space: 0, ..self.gap },
        };
    }

    /// A comment to the end of its line stays behind what stands there; the space before it is the author's, who may
    /// have put several under each other.
    fn line_comment(&mut self, written: &str, rest: &[Piece]) {
        let is_behind = match self.last {
            Last::Word | Last::Tight => self.gap.lines == 0,
            Last::Begin => self.gap.lines == 0 && !self.out.is_empty(),
            Last::OpenInline | Last::LineComment => false,
        };
        if !is_behind {
            return self.separated(Last::LineComment, written);
        }
        // A `\` whose node ends behind the comment takes nothing away, and is left out.
        let printed = match self.gap.continues {
            Continues::Open { printed } if self.is_in_node() && goes_on(rest) => Some(printed),
            Continues::No | Continues::Open { .. } | Continues::Done { .. } => None,
        };
        match printed {
            Some(true) => {
                self.begin_line(false);
                self.out.push_str(INDENT);
                self.out.push('\\');
            }
            Some(false) => self.out.push_str(" \\"),
            None => self.last = Last::LineComment,
        }
        self.out.push_str(&" ".repeat(self.gap.space.max(1)));
        self.out.push_str(written);
        self.gap = Gap::default();
        if printed.is_some() {
            self.gap.continues = Continues::Open { printed: true };
        }
    }

    /// A comment between a `\` and its end of line is put before the `\`.
    fn block_comment(&mut self, written: &str) {
        let is_before_end = self.is_in_node() && matches!(self.gap.continues, Continues::Open { .. });
        match self.gap.continues {
            Continues::Open { printed: false } if is_before_end && self.last == Last::Word => self.out.push(' '),
            Continues::No | Continues::Open { .. } | Continues::Done { .. } => self.separate(),
        }
        self.word(Last::Word, |printer| printer.out.push_str(written));
        if is_before_end {
            self.gap.continues = Continues::Open { printed: false };
        }
    }

    /// Whether the node that was printed last has not ended.
    fn is_in_node(&self) -> bool {
        matches!(self.last, Last::Word | Last::Tight) && self.gap.lines == 0 && !self.gap.ends
    }

    fn open(&mut self, rest: &[Piece]) {
        let inline = self.is_inline(rest);
        let is_begun = self.after_continued_comment();
        self.out.push_str(if is_begun { "{" } else { " {" });
        self.inline.push(inline);
        self.last = if inline { Last::OpenInline } else { Last::Begin };
        self.gap = Gap::default();
    }

    fn close(&mut self) {
        let inline = self.inline.pop().unwrap_or(false);
        if inline {
            self.out.push(' ');
        } else {
            self.begin_line(false);
        }
        self.word(Last::Word, |printer| printer.out.push('}'));
    }

    /// Whether a block, of which these are the pieces after its `{`, stands on one line; an empty one does.
    fn is_inline(&self, rest: &[Piece]) -> bool {
        let mut depth = 1_usize;
        let mut lines = false;
        let mut is_empty = true;
        for piece in rest {
            match piece.kind {
                PieceKind::Open => depth += 1,
                PieceKind::Close => depth -= 1,
                PieceKind::Newline | PieceKind::LineComment | PieceKind::Continuation => lines = true,
                PieceKind::Value | PieceKind::BlockComment | PieceKind::Slashdash => {
                    lines |= self.document.slice(piece.span).contains('\n');
                }
                PieceKind::Name
                | PieceKind::Key
                | PieceKind::Annotation
                | PieceKind::Equals
                | PieceKind::Space
                | PieceKind::Semicolon
                | PieceKind::ByteOrderMark
                | PieceKind::Unread => {}
            }
            if depth == 0 {
                return !lines || is_empty;
            }
            is_empty &= matches!(piece.kind, PieceKind::Space | PieceKind::Newline | PieceKind::Continuation);
        }
        false
    }
}

/// Whether a node goes on after a `\` and its comment, of which these are the pieces from the end of line on.
fn goes_on(rest: &[Piece]) -> bool {
    let mut is_continued = true;
    for piece in rest {
        match piece.kind {
            PieceKind::Space | PieceKind::BlockComment => {}
            PieceKind::Continuation => is_continued = true,
            PieceKind::LineComment if is_continued => {}
            PieceKind::Newline if is_continued => is_continued = false,
            PieceKind::LineComment
            | PieceKind::Newline
            | PieceKind::Semicolon
            | PieceKind::Close
            | PieceKind::ByteOrderMark
            | PieceKind::Unread => return false,
            PieceKind::Name
            | PieceKind::Key
            | PieceKind::Annotation
            | PieceKind::Value
            | PieceKind::Equals
            | PieceKind::Open
            | PieceKind::Slashdash => return true,
        }
    }
    false
}
