use super::scalar::push_quoted;
use crate::source::Origin;
use std::fmt::Write;

/// What one line of YAML says, and where that came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub line: u32,
    /// The field that it gives, such as `spec.http[0].route[1].weight`; a key that is not made of letters, digits, `-`
    /// and `_` stands in brackets: `metadata.labels["app.kubernetes.io/name"]`. Of several fields in one line, the innermost.
    pub path: String,
    /// Who said it, or what it is part of; none where nothing around it was traced.
    pub origin: Option<Origin>,
}

/// Follows a writer.
pub(super) trait Trace {
    /// Whether origins are asked for.
    const LISTENS: bool;
    /// A map or list begins.
    fn open(&mut self);
    /// The map or list ends.
    fn close(&mut self);
    /// An entry with this key begins, on a new line or not.
    fn key(&mut self, key: &str, new_line: bool);
    /// The next item of the list begins, on a new line or not.
    fn item(&mut self, new_line: bool);
    /// The same entry goes on in a new line.
    fn line(&mut self);
    /// What follows until the matching [`Trace::leave`] was said by `origin`; so was this line, where it has begun.
    fn enter(&mut self, origin: Option<Origin>, line_begun: bool);
    /// What was said by the origin that was entered last ends.
    fn leave(&mut self);
}

/// Follows nothing, at no cost.
pub(super) struct Deaf;

impl Trace for Deaf {
    const LISTENS: bool = false;
    fn open(&mut self) {}
    fn close(&mut self) {}
    fn key(&mut self, _: &str, _: bool) {}
    fn item(&mut self, _: bool) {}
    fn line(&mut self) {}
    fn enter(&mut self, _: Option<Origin>, _: bool) {}
    fn leave(&mut self) {}
}

/// Collects the lines.
#[derive(Default)]
pub(super) struct Tracer {
    lines: Vec<Line>,
    path: String,
    /// Of each open map or list: how long its own path is, and how many items it has.
    open: Vec<(usize, usize)>,
    origins: Vec<Option<Origin>>,
}

impl Tracer {
    pub(super) fn into_lines(self) -> Vec<Line> {
        self.lines
    }

    fn origin(&self) -> Option<Origin> {
        self.origins.last().copied().flatten()
    }

    fn record(&mut self, new_line: bool) {
        if new_line {
            return self.line();
        }
        let origin = self.origin();
        if let Some(line) = self.lines.last_mut() {
            line.path.clone_from(&self.path);
            line.origin = origin;
        }
    }
}

/// The path of the entry `key` of what has the path `of`.
pub fn path_of(of: &str, key: &str) -> String {
    let mut path = of.to_owned();
    push_key(&mut path, key);
    path
}

fn push_key(path: &mut String, key: &str) {
    let simple = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if key.is_empty() || !key.bytes().all(simple) {
        let mut quoted = Vec::new();
        push_quoted(&mut quoted, key);
        path.push('[');
        path.push_str(&String::from_utf8_lossy(&quoted));
        path.push(']');
        return;
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

impl Trace for Tracer {
    const LISTENS: bool = true;

    fn open(&mut self) {
        self.open.push((self.path.len(), 0));
    }

    fn close(&mut self) {
        self.open.pop();
    }

    fn key(&mut self, key: &str, new_line: bool) {
        let start = self.open.last().map_or(0, |open| open.0);
        self.path.truncate(start);
        push_key(&mut self.path, key);
        self.record(new_line);
    }

    fn item(&mut self, new_line: bool) {
        let Some((start, count)) = self.open.last_mut() else { return };
        let index = *count;
        *count += 1;
        self.path.truncate(*start);
        // Writing to a String cannot go wrong.
        let _ = write!(self.path, "[{index}]");
        self.record(new_line);
    }

    fn line(&mut self) {
        let line = u32::try_from(self.lines.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.lines.push(Line { line, path: self.path.clone(), origin: self.origin() });
    }

    fn enter(&mut self, origin: Option<Origin>, line_begun: bool) {
        let origin = origin.or(self.origin());
        self.origins.push(origin);
        if let (true, Some(line)) = (line_begun, self.lines.last_mut()) {
            line.origin = origin;
        }
    }

    fn leave(&mut self) {
        self.origins.pop();
    }
}
