//! The view for people, in the shape that Rust's users know. Only this file names `annotate_snippets`.

use super::Look;
use super::excerpt::{Excerpt, shown};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Help, Label, Severity, visible};
use crate::source::{FileId, Location, Sources, Span};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Message, Origin, Patch, Renderer, Snippet};
use std::collections::BTreeMap;

/// Narrower terminals get lines that they wrap themselves.
const NARROWEST: usize = 40;

/// A line longer than this, in bytes, is not quoted: a file may be one line, and a report about it is not a copy.
const LONGEST_LINE: usize = 1000;

/// A snippet spans at most so many lines, of which those without a label are folded.
const MOST_LINES: usize = 100;

/// A fix with a longer line than this is told in words only: nobody finds the change in it.
const LONGEST_DIFF_LINE: usize = 240;

/// Every fault as a report, an empty line between two.
pub(super) fn render(found: &Diagnostics, sources: &Sources, look: &Look) -> String {
    let renderer = if look.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(look.width.max(NARROWEST)).decor_style(DecorStyle::Ascii);
    let reports = found.sorted().into_iter().map(|diagnostic| report(diagnostic, sources, &renderer));
    reports.collect::<Vec<String>>().join("\n")
}

fn report(diagnostic: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let quotes = quotes(diagnostic, sources);
    let (diffs, words): (Vec<_>, Vec<_>) = diagnostic
        .helps
        .iter()
        .map(|help| (help, diffs(help, diagnostic.primary.as_ref(), sources)))
        .partition(|(_, diffs)| diffs.is_some());
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let main = Group::with_title(level.primary_title(visible(&diagnostic.title)).id(diagnostic.code.name))
        .elements(quotes.iter().flat_map(|quote| quote.elements(sources)))
        .elements(diagnostic.notes.iter().map(|note| message("why", note)))
        .elements(words.iter().map(|(help, _)| message("help", &help.text)));
    let mut groups = vec![main];
    for (help, diffs) in &diffs {
        let title = Group::with_title(Level::HELP.secondary_title(visible(&help.text)));
        groups.push(title.elements(diffs.iter().flatten().map(Diff::snippet)));
    }
    let more = Level::NOTE.no_name().message(format!("mesh explain {}", diagnostic.code.name));
    if let Some(last) = groups.pop() {
        groups.push(last.element(more));
    }
    renderer.render(&groups) + "\n"
}

fn message<'a>(name: &'a str, text: &'a str) -> Message<'a> {
    Level::NOTE.with_name(name).message(visible(text))
}

/// Places of a fault that lie near each other.
struct Quote<'a> {
    excerpt: Excerpt<'a>,
    marks: Vec<Mark<'a>>,
}

/// A label, and how it is drawn.
#[derive(Clone, Copy)]
struct Mark<'a> {
    kind: AnnotationKind,
    span: Span,
    text: &'a str,
}

impl<'a> Quote<'a> {
    fn new(marks: Vec<Mark<'a>>, sources: &'a Sources) -> Option<Self> {
        let file = marks.first()?.span.file;
        Some(Quote { excerpt: Excerpt::new(file, marks.iter().map(|mark| mark.span), sources)?, marks })
    }

    /// This quote with one more place, if that is near.
    fn with(&self, mark: Mark<'a>, sources: &'a Sources) -> Option<Self> {
        let same_file = self.marks.iter().all(|other| other.span.file == mark.span.file);
        let marks = self.marks.iter().copied().chain([mark]).collect();
        Quote::new(marks, sources).filter(|both| same_file && both.excerpt.original.lines().count() <= MOST_LINES)
    }

    fn elements(&self, sources: &Sources) -> Vec<Element<'_>> {
        if self.excerpt.original.lines().all(|line| line.len() <= LONGEST_LINE) {
            return vec![
                snippet(&self.excerpt).annotations(self.marks.iter().map(|mark| self.annotation(mark))).into(),
            ];
        }
        self.marks.iter().flat_map(|mark| self.unquoted(mark, sources)).collect()
    }

    fn annotation(&self, mark: &Mark<'a>) -> Annotation<'a> {
        mark.kind
            .span(self.excerpt.range(mark.span))
            .label(Some(mark.text).filter(|text| !text.is_empty()).map(visible))
    }

    fn unquoted(&self, mark: &Mark<'a>, sources: &Sources) -> Vec<Element<'_>> {
        let Location { line, column } = sources.location(mark.span.file, mark.span.start);
        let origin = Origin::path(self.excerpt.name.as_ref()).line(line as usize).char_column(column as usize);
        let fact = Some(mark.text).filter(|text| !text.is_empty()).map(|text| message("here", text).into());
        [Element::from(origin)].into_iter().chain(fact).collect()
    }
}

/// What to quote: around the fault first, then around the places related to it, in the order of their mention.
fn quotes<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Quote<'a>> {
    let primary = diagnostic.primary.iter().map(|label| (AnnotationKind::Primary, label));
    let related = diagnostic.related.iter().map(|label| (AnnotationKind::Context, label));
    let mut quotes: Vec<Quote<'a>> = Vec::new();
    for (kind, label) in primary.chain(related) {
        let mark = Mark { kind, span: beginning(label.span, sources), text: &label.text };
        let near = quotes.iter_mut().find_map(|quote| quote.with(mark, sources).map(|both| (quote, both)));
        match near {
            Some((quote, both)) => *quote = both,
            None => quotes.extend(Quote::new(vec![mark], sources)),
        }
    }
    quotes
}

/// The place itself, or its first line if it has more than a snippet may have.
fn beginning(span: Span, sources: &Sources) -> Span {
    let lines = sources.slice(span);
    match lines.split('\n').next() {
        Some(first) if lines.lines().count() > MOST_LINES => {
            Span { end: span.start.saturating_add(u32::try_from(first.len()).unwrap_or(u32::MAX)), ..span }
        }
        Some(_) | None => span,
    }
}

/// The edits of a help that lie in one file.
struct Diff<'a> {
    excerpt: Excerpt<'a>,
    edits: Vec<&'a Edit>,
}

/// The edits of `help` by file; none if there are none, or they cannot be shown: too long, overlapping, elsewhere.
///
/// The file of the fault comes first, because the renderer names every file but that one.
fn diffs<'a>(help: &'a Help, primary: Option<&Label>, sources: &'a Sources) -> Option<Vec<Diff<'a>>> {
    let mut by_file: BTreeMap<(bool, FileId), Vec<&Edit>> = BTreeMap::new();
    for edit in &help.edits {
        let file = edit.span.file;
        let elsewhere = primary.is_none_or(|label| label.span.file != file);
        by_file.entry((elsewhere, file)).or_default().push(edit);
    }
    let diff = |((_, file), edits): ((bool, FileId), Vec<&'a Edit>)| Diff::new(file, edits, sources);
    if by_file.is_empty() { None } else { by_file.into_iter().map(diff).collect() }
}

impl<'a> Diff<'a> {
    fn new(file: FileId, mut edits: Vec<&'a Edit>, sources: &'a Sources) -> Option<Self> {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let apart = edits.iter().zip(edits.iter().skip(1)).all(|(one, next)| one.span.end <= next.span.start);
        let excerpt = Excerpt::new(file, edits.iter().map(|edit| edit.span), sources)?;
        let mut lines = excerpt.original.lines().chain(edits.iter().flat_map(|edit| edit.replacement.lines()));
        let short = lines.clone().count() <= MOST_LINES && lines.all(|line| line.len() <= LONGEST_DIFF_LINE);
        (apart && short).then_some(Diff { excerpt, edits })
    }

    fn snippet(&self) -> Snippet<'_, Patch<'_>> {
        let patch = |edit: &&Edit| {
            let replacement: String = shown(&edit.replacement).collect();
            Patch::new(self.excerpt.range(edit.span), replacement)
        };
        snippet(&self.excerpt).patches(self.edits.iter().map(patch))
    }
}

fn snippet<'a, T: Clone>(excerpt: &'a Excerpt<'_>) -> Snippet<'a, T> {
    Snippet::source(excerpt.text()).path(&excerpt.name).line_start(excerpt.first_line)
}
