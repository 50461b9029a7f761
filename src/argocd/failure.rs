use crate::diagnostic::{Count, Diagnostic, Diagnostics, Severity, visible};
use crate::source::Sources;
use std::fmt;

/// How many lines Argo CD's screens show before people stop reading: it puts all of them into one condition.
pub const MOST_LINES: usize = 10;

/// How many characters of one line are shown.
const MOST_CHARACTERS: usize = 240;

/// Why nothing is generated: at most [`MOST_LINES`] lines, the most important first, without colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    lines: Vec<String>,
}

impl Failure {
    /// One thing that is wrong, and one thing to do.
    pub fn new(what: impl AsRef<str>, help: impl AsRef<str>) -> Self {
        Failure { lines: vec![line(&format!("mesh: {}", what.as_ref())), line(&format!("  {}", help.as_ref()))] }
    }

    /// What is wrong and what to do, for another screen.
    pub fn parts(&self) -> (String, Option<String>) {
        let mut lines = self.lines.iter();
        let what = lines.next().map(|line| line.trim_start_matches("mesh: ").to_owned()).unwrap_or_default();
        (what, lines.next().map(|line| line.trim_start().to_owned()))
    }

    /// What was found: errors first, of each its place and the first thing to do. `of` is what was compiled; `again`
    /// says how to see the rest.
    pub(super) fn found(found: &Diagnostics, sources: &Sources, of: &str, again: &str) -> Self {
        let mut sorted = found.sorted();
        sorted.sort_by_key(|diagnostic| diagnostic.severity);
        let mut lines = vec![line(&format!("mesh: {} ({of})", counted(found, &sorted)))];
        let (mut told, mut left) = (0, sorted.len() + found.dropped());
        for diagnostic in sorted {
            let own = of_one(diagnostic, sources);
            let needed = own.len() + usize::from(left > 1);
            if lines.len() + needed > MOST_LINES {
                break;
            }
            lines.extend(own);
            (told, left) = (told + 1, left - 1);
        }
        if left > 0 {
            let more = if told == 0 { "" } else { " more" };
            lines.push(line(&format!("and {left}{more}: {again}")));
        }
        Failure { lines }
    }
}

/// `2 errors, 1 warning in 2 files`.
fn counted(found: &Diagnostics, sorted: &[&Diagnostic]) -> String {
    let files: std::collections::BTreeSet<_> =
        sorted.iter().filter_map(|diagnostic| diagnostic.primary.as_ref()).map(|label| label.span.file).collect();
    let places = if files.is_empty() { String::new() } else { format!(" in {}", Count(files.len(), "file")) };
    format!("{}{places}", crate::diagnostic::render::summary(found))
}

/// `error[code] file:line:column: title`, and what to do.
fn of_one(diagnostic: &Diagnostic, sources: &Sources) -> Vec<String> {
    let place = diagnostic.primary.as_ref().filter(|label| sources.get(label.span.file).is_some());
    let place = place.map(|label| format!("{}: ", sources.show(label.span))).unwrap_or_default();
    let (severity, code) = (diagnostic.severity.word(), diagnostic.code.name);
    let first = line(&format!("{severity}[{code}] {place}{}", diagnostic.title));
    let is_error = diagnostic.severity == Severity::Error;
    let help = diagnostic.helps.first().filter(|_| is_error).map(|help| line(&format!("  {}", help.text)));
    [Some(first), help].into_iter().flatten().collect()
}

/// One line that shows itself: no control character, no end, no more than a screen takes.
fn line(text: &str) -> String {
    let text = visible(text);
    match text.char_indices().nth(MOST_CHARACTERS).and_then(|(end, _)| text.get(..end)) {
        Some(beginning) => format!("{beginning}..."),
        None => text.into_owned(),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl std::error::Error for Failure {}
