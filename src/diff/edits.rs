//! Which edit of the pages a finding comes from.

use super::{Finding, Place, Report, Which};
use crate::source::{Edit, FileId, Section, Span};
use std::collections::BTreeSet;

impl Report<'_> {
    /// Points each finding at the line whose edit caused it, where the pages of both sides are known.
    ///
    /// The place that a finding has is that of the word which says the field. If that word was not edited, the cause lies
    /// in what stands around it, or elsewhere in what it names: a port of a service that it calls, a profile that it uses.
    pub fn blame(&mut self, edits: &[Edit]) {
        let accepted = self.accepted.iter_mut().chain(&mut self.expired).map(|accepted| &mut accepted.finding);
        let found = self.findings.iter_mut().chain(accepted).filter(|finding| !finding.is_drift());
        found.for_each(|finding| blame(finding, edits));
    }
}

fn blame(finding: &mut Finding, edits: &[Edit]) {
    let place = finding.place;
    if let Some(own) = place.and_then(|place| edits.iter().find(|edit| is_own(edit, place))) {
        point(finding, own, place.filter(|place| place.side == side(own)));
        return;
    }
    let told = words(finding);
    let likely =
        |edit: &Edit| if edits.len() == 1 { Some(0) } else { likelihood(edit, place, (&finding.object.name, &told)) };
    let Some(best) = edits.iter().filter_map(likely).max() else { return };
    let mut causes = edits.iter().filter(|edit| likely(edit) == Some(best));
    // Where nothing tells several edits apart, none of them is more likely than the others.
    if let (Some(cause), None) = (causes.next(), causes.next()) {
        point(finding, cause, None);
    }
}

/// How likely an edit is the cause: by the words that it shares with what the finding says, by the name of the thing that
/// it is of, and by whether it is in what stands at the finding's place; none where that name is all.
fn likelihood(edit: &Edit, place: Option<Place>, (own, told): (&str, &BTreeSet<&str>)) -> Option<usize> {
    const MOST_SHARED: usize = 3;
    // The name of the thing that the finding is of stands in all that is said of it.
    let words = edit.words.iter().map(String::as_str).filter(|word| *word != own);
    let shared: BTreeSet<&str> = words.filter(|word| told.contains(word)).collect();
    let is_named = edit.of.as_deref().is_some_and(|name| told.contains(name));
    let holds_place = |sides: &[Section; 2]| {
        place.is_some_and(|place| holds(section(sides, place.side).head, place.span.file, place.span.start))
    };
    // The whole thing as a place says little: what nobody traced to a word has it.
    let (is_of, is_in) = edit
        .around
        .split_first()
        .map_or((false, false), |(thing, words)| (holds_place(thing), words.iter().any(holds_place)));
    let is_likely = is_of || is_in || !shared.is_empty();
    is_likely.then_some(shared.len().min(MOST_SHARED) * 4 + usize::from(is_named) * 2 + usize::from(is_in) * 2)
}

/// Whether what stands at a place is what was edited: the word itself, or all of what it is in came or went.
fn is_own(edit: &Edit, place: Place) -> bool {
    at(edit, place.side).is_some_and(|own| holds(own, place.span.file, place.span.start))
}

const fn side(edit: &Edit) -> Which {
    if edit.after.is_some() { Which::After } else { Which::Before }
}

const fn at(edit: &Edit, side: Which) -> Option<Span> {
    match side {
        Which::Before => edit.before,
        Which::After => edit.after,
    }
}

const fn section([before, after]: &[Section; 2], side: Which) -> Section {
    match side {
        Which::Before => *before,
        Which::After => *after,
    }
}

fn holds(span: Span, file: FileId, at: u32) -> bool {
    span.file == file && (span.start..span.end).contains(&at)
}

/// Points a finding at an edit, or at a place within it.
fn point(finding: &mut Finding, edit: &Edit, within: Option<Place>) {
    let whole = |side: Which| at(edit, side).map(|span| Place { side, span });
    finding.place = within.or_else(|| whole(side(edit))).or(finding.place);
    finding.beside = edit.after.or_else(|| edit.around.last().map(|[_, after]| after.head)).or(finding.beside);
}

/// The words of what a finding says: names with dots, slashes or colons as a whole, and their parts.
fn words(finding: &Finding) -> BTreeSet<&str> {
    const MARKS: &str = "`\"'(),;[]{}=";
    let values = [&finding.before, &finding.after].into_iter().flatten();
    let texts = [&finding.of, &finding.what, &finding.pointer].into_iter().chain(values).map(String::as_str);
    let split = |text| str::split(text, |character: char| character.is_whitespace() || MARKS.contains(character));
    // A name before a colon in what the control plane is told is a key of its own language, and no word of a page.
    let is_key = |word: &&str| finding.class.name.starts_with("proxy.") && word.ends_with(':');
    let whole = texts.flat_map(split).filter(|word| !is_key(word)).map(|word| word.trim_end_matches([':', '.']));
    let parts = whole.clone().flat_map(|word| word.split(['/', ':']).chain(word.split(['/', ':', '.'])));
    let class = finding.class.name.split(['.', '_']);
    whole.chain(parts).chain(class).filter(|word| !word.is_empty()).collect()
}
