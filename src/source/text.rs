use super::{FileId, Span};
use std::ops::Range;

/// A text of another language, and where each of its lines stands: in a file of its own, or in a string of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// All of it, where it is written.
    pub span: Span,
    lines: Vec<Line>,
}

/// A line of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    /// Where it begins in the text.
    start: usize,
    /// Where it is written.
    span: Span,
    /// How long it is.
    length: usize,
    /// How many bytes from its beginning are written as they are read.
    exact: usize,
}

impl Text {
    /// The text of a whole file.
    pub fn of_file(file: FileId, text: &str) -> Self {
        let place = |start: usize, end: usize| Span::new(file, number(start), number(end));
        let line = |(start, line): (usize, &str)| Line {
            start,
            span: place(start, start + line.len()),
            length: line.len(),
            exact: line.len(),
        };
        let lines = starts(text).map(line).collect();
        Text { text: text.to_owned(), span: place(0, text.len()), lines }
    }

    /// The text of a string of KDL that is `written` at `span`. What escapes and variables changed has the place of its
    /// line, or of the whole string where lines cannot be told apart.
    pub fn of_string(text: String, span: Span, written: &str) -> Self {
        let body: Vec<(usize, &str)> = starts(written).collect();
        // A string over several lines begins and ends with a line of quotes alone.
        let body = if body.len() > 1 { body.get(1..body.len() - 1).unwrap_or_default() } else { &body };
        let read: Vec<(usize, &str)> = starts(&text).collect();
        let is_alike = body.len() == read.len();
        let line = |(at, (start, line)): (usize, &(usize, &str))| match body.get(at).filter(|_| is_alike) {
            Some((offset, written)) => {
                let skipped = indentation(written, line);
                let rest = written.get(skipped..).unwrap_or_default();
                let exact = rest.bytes().zip(line.bytes()).take_while(|(one, other)| one == other).count();
                let start_of_line = span.start.saturating_add(number(offset + skipped));
                let end = start_of_line.saturating_add(number(rest.len()));
                Line { start: *start, span: Span { start: start_of_line, end, ..span }, length: line.len(), exact }
            }
            None => Line { start: *start, span, length: line.len(), exact: 0 },
        };
        let lines = read.iter().enumerate().map(line).collect();
        Text { text, span, lines }
    }

    /// A text that was made of pieces, each of which is written at its place, as it is read or not.
    pub fn of_pieces(text: String, span: Span, pieces: impl Iterator<Item = (Range<usize>, Span, bool)>) -> Self {
        let line = |(made, span, is_exact): (Range<usize>, Span, bool)| {
            let length = made.end.saturating_sub(made.start);
            Line { start: made.start, span, length, exact: if is_exact { length } else { 0 } }
        };
        Text { text, span, lines: pieces.map(line).collect() }
    }

    /// Where the bytes of `range` are written just so, of several lines the first; none where they are spelled otherwise.
    pub fn exact(&self, range: &Range<usize>) -> Option<Span> {
        let line = self.line_at(range.start)?;
        let from = range.start - line.start;
        let to = (range.end.saturating_sub(line.start)).min(line.length).max(from);
        let at = |offset: usize| line.span.start.saturating_add(number(offset));
        (to <= line.exact).then(|| Span { start: at(from), end: at(to), ..line.span })
    }

    /// Where the bytes of `range` are written; of several lines, the first.
    pub fn place(&self, range: Range<usize>) -> Span {
        let Some(line) = self.line_at(range.start) else { return self.span };
        let (from, to) = (range.start - line.start, range.end.saturating_sub(line.start));
        if from >= line.exact && line.exact < line.length {
            let indented = self.text.get(line.start..).unwrap_or_default();
            let spaces = number(indented.len() - indented.trim_start_matches(' ').len());
            return Span { start: line.span.start.saturating_add(spaces).min(line.span.end), ..line.span };
        }
        let start = line.span.start.saturating_add(number(from)).min(line.span.end);
        let end = line.span.start.saturating_add(number(to.min(line.exact))).clamp(start, line.span.end);
        Span { start, end, ..line.span }
    }

    fn line_at(&self, at: usize) -> Option<&Line> {
        let after = self.lines.partition_point(|line| line.start <= at);
        self.lines.get(after.checked_sub(1)?)
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Each line without its end, with where it begins.
fn starts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len() + 1;
        Some((start, line.strip_suffix('\r').unwrap_or(line)))
    })
}

/// Where `line` begins in what is written: after the space, or the quotes, that the string takes away.
fn indentation(written: &str, line: &str) -> usize {
    if let Some(at) = written.find(line).filter(|_| !line.is_empty()) {
        return at;
    }
    let spaces = |text: &str| text.len() - text.trim_start().len();
    spaces(written).saturating_sub(spaces(line))
}

#[cfg(test)]
mod tests {
    use super::Text;
    use crate::source::{FileId, Span};

    /// What stands at the place of each word, in a string that is read as `read`.
    fn shown(written: &str, read: &str, word: &str) -> String {
        let page = format!("raw {written}\n");
        let span = Span::new(FileId::new(0), 4, u32::try_from(4 + written.len()).unwrap());
        let text = Text::of_string(read.to_owned(), span, written);
        let at = read.find(word).unwrap();
        let place = text.place(at..at + word.len());
        page[place.start as usize..place.end as usize].to_owned()
    }

    #[test]
    fn words_are_found_where_they_are_written() {
        let block = "#\"\"\"\n    spec:\n      hosts: ['${domain}', x]\n    \"\"\"#";
        let read = "spec:\n  hosts: ['shop.example', x]";
        assert_eq!(shown(block, read, "spec"), "spec");
        assert_eq!(shown(block, read, "hosts"), "hosts");
        assert_eq!(shown(block, read, "shop.example"), "hosts: ['${domain}', x]");
        assert_eq!(shown("\"spec: {a: 1}\"", "spec: {a: 1}", "a"), "a");
        assert_eq!(shown("\"a: 1\\nb: 2\"", "a: 1\nb: 2", "b"), "\"a: 1\\nb: 2\"");
    }

    #[test]
    fn what_is_spelled_as_it_reads_has_an_exact_place() {
        let exact = |written: &str, read: &str, word: &str| {
            let span = Span::new(FileId::new(0), 5, u32::try_from(5 + written.len()).unwrap());
            let at = read.find(word).unwrap();
            let place = Text::of_string(read.to_owned(), span, written).exact(&(at..at + word.len()))?;
            format!("when {written}").get(place.start as usize..place.end as usize).map(str::to_owned)
        };
        for (read, written) in [
            ("a == b", "\"a == b\""),
            ("a == b", "#\"a == b\"#"),
            ("x\n  a == b", "#\"\"\"\n    x\n      a == b\n    \"\"\"#"),
        ] {
            assert_eq!(exact(written, read, "a == b").as_deref(), Some("a == b"), "{written}");
        }
        assert_eq!(exact("\"a == \\u{27}b'\"", "a == 'b'", "a"), None);
    }

    #[test]
    fn a_file_is_its_own_place() {
        let text = Text::of_file(FileId::new(3), "a: 1\r\nbcd: 2\n");
        assert_eq!(text.place(6..9), Span::new(FileId::new(3), 6, 9));
        assert_eq!(text.place(13..13), Span::new(FileId::new(3), 13, 13));
    }
}
