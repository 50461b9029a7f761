use super::{Read, Reading, called};
use crate::cli::diff::arguments::{BaseBroken, Source};
use crate::cli::exit::Refusal;
use crate::cli::revision;
use crate::diagnostic::render::{Format, summary};
use crate::git::{Repository, Revision};
use crate::pipeline::{self, Request};

impl Reading<'_> {
    /// The workspace as it was committed, compiled by this binary.
    pub(super) fn revision(
        &mut self,
        repository: &Repository,
        name: &str,
        other: Option<&Source>,
    ) -> Result<Option<Read>, Refusal> {
        let commit = self.commit(repository, name, other)?;
        let called = called(name, &commit);
        let Some(files) = revision::workspace(repository, &commit)? else {
            self.screen.note(&format!("{called} has no workspace here: all of it is new\n"))?;
            return Ok(Some(nothing(called)));
        };
        let submodules: Vec<&str> = files.submodules().collect();
        if !submodules.is_empty() {
            let listed = submodules.join(", ");
            self.screen.warn(&format!("{called}: what is in these submodules is not read: {listed}\n"))?;
        }
        self.compile(called, revision::prefix(repository, &commit), &files)
    }

    fn compile(&mut self, called: String, prefix: String, files: &Revision) -> Result<Option<Read>, Refusal> {
        // A waiver that has run out by now is no fault of the past.
        let request = Request { environments: self.environments(), prefix, ..Request::default() };
        let read = pipeline::read(files, &request);
        if !read.found.any_error() {
            return Read::of(called, read, self.arguments.view.has_picture()).map(Some);
        }
        let found = summary(&read.found);
        if self.arguments.base_broken == BaseBroken::Empty {
            self.screen.warn(&format!("{called} does not compile ({found}): taken as empty\n"))?;
            return Ok(Some(nothing(called)));
        }
        self.screen.show(Format::Human, &read.found, &read.sources)?;
        self.screen.note(&format!(
            "nothing compared: {called} does not compile: {found}; compare with nothing instead: --base-broken empty\n"
        ))?;
        Ok(None)
    }
}

/// A side that has no environment.
fn nothing(name: String) -> Read {
    Read { name, declared: Some(Vec::new()), ..Read::default() }
}
