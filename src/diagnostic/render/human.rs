//! The view for people, in the shape that Rust's users know. Only this file names `annotate_snippets`.

use super::Look;
use super::excerpt::{Excerpt, shown};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Help, Label, Severity, visible};
use crate::source::{FileId, Sources};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Message, Patch, Renderer, Snippet};
use std::collections::BTreeMap;

/// Narrower terminals get lines that they wrap themselves.
const NARROWEST: usize = 40;

/// A fix with a longer line than this, in bytes, is told in words only: nobody finds the change in it.
const LONGEST_LINE: usize = 240;

/// So is a fix of more lines than this.
const MOST_LINES: usize = 40;

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
        .elements(quotes.iter().map(Quote::snippet))
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

/// The places of a fault that lie in one file.
struct Quote<'a> {
    excerpt: Excerpt<'a>,
    labels: Vec<(AnnotationKind, &'a Label)>,
}

impl Quote<'_> {
    fn snippet(&self) -> Snippet<'_, Annotation<'_>> {
        let annotation = |&(kind, label): &(AnnotationKind, &'_ Label)| {
            let text = Some(&label.text).filter(|text| !text.is_empty()).map(|text| visible(text).into_owned());
            kind.span(self.excerpt.range(label.span)).label(text)
        };
        snippet(&self.excerpt).annotations(self.labels.iter().map(annotation))
    }
}

/// What to quote: the file of the fault first, the others in the order in which they are mentioned.
fn quotes<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Quote<'a>> {
    let primary = diagnostic.primary.iter().map(|label| (AnnotationKind::Primary, label));
    let related = diagnostic.related.iter().map(|label| (AnnotationKind::Context, label));
    let mut by_file: Vec<(FileId, Vec<(AnnotationKind, &Label)>)> = Vec::new();
    for (kind, label) in primary.chain(related) {
        match by_file.iter_mut().find(|(file, _)| *file == label.span.file) {
            Some((_, labels)) => labels.push((kind, label)),
            None => by_file.push((label.span.file, vec![(kind, label)])),
        }
    }
    let quote = |(file, labels): (FileId, Vec<(AnnotationKind, &'a Label)>)| {
        let excerpt = Excerpt::new(file, labels.iter().map(|(_, label)| label.span), sources)?;
        Some(Quote { excerpt, labels })
    };
    by_file.into_iter().filter_map(quote).collect()
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
        let mut lines = excerpt.text.lines().chain(edits.iter().flat_map(|edit| edit.replacement.lines()));
        let short = lines.clone().count() <= MOST_LINES && lines.all(|line| line.len() <= LONGEST_LINE);
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
    Snippet::source(&excerpt.text).path(&excerpt.name).line_start(excerpt.first_line)
}
