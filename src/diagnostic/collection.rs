use super::{Diagnostic, Severity};
use crate::source::{FileId, Span};
use std::collections::{BTreeMap, BTreeSet};

/// How many errors of one file are kept, and how many warnings: more help nobody, and hostile input must not fill the
/// memory. Each weight has its own share, so that warnings never push an error out.
const MOST_PER_FILE: usize = 200;

/// How many of each are kept of the whole run.
const MOST: usize = 1000;

/// The faults of a run.
#[derive(Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    /// Place, code and title of what was found: what several environments share is one fault.
    seen: BTreeSet<(Option<Span>, &'static str, String)>,
    per_file: BTreeMap<(Severity, Option<FileId>), usize>,
    kept: BTreeMap<Severity, usize>,
    dropped: usize,
}

impl Diagnostics {
    /// Adds a fault if it is new; beyond 200 of its weight in one file, or 1,000 in all, it is counted only.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.primary.as_ref().map(|label| label.span);
        let key = (place, diagnostic.code.name, diagnostic.title.clone());
        if self.seen.contains(&key) {
            return;
        }
        let in_file = self.per_file.entry((diagnostic.severity, place.map(|span| span.file))).or_default();
        let in_all = self.kept.entry(diagnostic.severity).or_default();
        if *in_file < MOST_PER_FILE && *in_all < MOST {
            *in_file += 1;
            *in_all += 1;
            self.seen.insert(key);
            self.found.push(diagnostic);
        } else {
            self.dropped += 1;
        }
    }

    /// Adds a fault of this weight at this place, and works it out only if it would be kept: to say what was meant
    /// instead, a fault is held against every name there is.
    pub fn push_if_kept(&mut self, severity: Severity, place: Span, fault: impl FnOnce() -> Diagnostic) {
        let in_file = self.per_file.get(&(severity, Some(place.file))).copied().unwrap_or_default();
        if in_file < MOST_PER_FILE && self.kept.get(&severity).copied().unwrap_or_default() < MOST {
            self.push(fault());
        } else {
            self.dropped += 1;
        }
    }

    /// Adds each of several faults.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
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

    /// How many were not kept; of these the same one may count more than once.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// What was found, in the order of files and places.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let place = |d: &Diagnostic| d.primary.as_ref().map(|label| label.span);
        let mut sorted: Vec<&Diagnostic> = self.found.iter().collect();
        sorted.sort_by(|a, b| {
            (place(a), a.severity, a.code.name, &a.title).cmp(&(place(b), b.severity, b.code.name, &b.title))
        });
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, Diagnostics, Severity};
    use crate::diagnostic::Code;
    use crate::source::{FileId, Span};

    static ERROR: Code = Code { name: "error", severity: Severity::Error, summary: "", page: "" };
    static WARNING: Code = Code { name: "warning", severity: Severity::Warning, summary: "", page: "" };

    fn filled(code: &'static Code, files: u32, each: u32) -> Diagnostics {
        let mut found = Diagnostics::default();
        for file in (0..files).map(FileId::new) {
            for at in 0..each {
                found.push(Diagnostic::new(code, "title").at(Span::new(file, at, at), ""));
            }
        }
        found
    }

    #[test]
    fn keeps_what_helps() {
        for (files, each, kept) in [(1, 200, 200), (1, 201, 200), (5, 200, 1000), (6, 200, 1000), (2, 201, 400)] {
            let found = filled(&ERROR, files, each);
            assert_eq!((found.count(Severity::Error), found.dropped()), (kept, (files * each) as usize - kept));
        }
    }

    #[test]
    fn warnings_hide_no_error() {
        let mut found = filled(&WARNING, 10, 200);
        assert!(!found.any_error());
        found.append(filled(&ERROR, 1, 1));
        assert!(found.any_error());
    }

    #[test]
    fn each_is_told_once() {
        let mut found = filled(&ERROR, 2, 3);
        found.append(filled(&ERROR, 1, 3));
        assert_eq!((found.count(Severity::Error), found.sorted().len(), found.dropped()), (6, 6, 0));
    }
}
