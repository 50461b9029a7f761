use super::{Diagnostic, Severity};
use crate::source::FileId;
use std::collections::BTreeMap;

/// How many faults of one file are kept: more help nobody, and hostile input must not fill the memory.
const MOST_PER_FILE: usize = 200;

/// The faults of a run.
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    per_file: BTreeMap<Option<FileId>, usize>,
    dropped: usize,
}

impl Diagnostics {
    /// Adds a fault; beyond 200 in one file it is counted only.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let file = diagnostic.primary.as_ref().map(|label| label.span.file);
        let count = self.per_file.entry(file).or_default();
        if *count < MOST_PER_FILE {
            *count += 1;
            self.found.push(diagnostic);
        } else {
            self.dropped += 1;
        }
    }

    /// Moves the faults of `other` in here.
    pub fn append(&mut self, other: Diagnostics) {
        for diagnostic in other.found {
            self.push(diagnostic);
        }
        self.dropped += other.dropped;
    }

    /// Whether one of them is an error.
    pub fn any_error(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many have this weight.
    pub fn count(&self, severity: Severity) -> usize {
        self.found.iter().filter(|found| found.severity == severity).count()
    }

    /// How many were not kept.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// What was found, in the order of files and places, each once: a fault that several environments share is one.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let place = |d: &Diagnostic| d.primary.as_ref().map(|label| (label.span.file, label.span.start));
        let mut sorted: Vec<&Diagnostic> = self.found.iter().collect();
        sorted.sort_by(|a, b| {
            (place(a), a.severity, a.code.name, &a.title).cmp(&(place(b), b.severity, b.code.name, &b.title))
        });
        sorted.dedup_by(|a, b| place(a) == place(b) && a.code.name == b.code.name && a.title == b.title);
        sorted
    }
}
