//! `mesh compile --retain-from`: versions that the intent no longer has, kept for one more release.

use super::exit::Refusal;
use super::revision;
use super::screen::Screen;
use crate::diagnostic::render::{Format, summary};
use crate::git::Repository;
use crate::pipeline::{self, Request, Workspace};
use std::path::Path;

/// Keeps the versions that the workspace in `root` had at a revision, and says which.
pub(super) fn retain(root: &Path, name: &str, read: &mut Workspace, screen: &mut Screen) -> Result<(), Refusal> {
    // As `mesh diff` writes it.
    let name = name.strip_prefix("git:").unwrap_or(name);
    let repository = Repository::open(root)?;
    let commit = repository.commit(name)?;
    let Some(files) = revision::workspace(&repository, &commit)? else {
        return Err(Refusal::new(format!("{name} has no workspace here")).help("name a revision that has one"));
    };
    let names: Vec<String> = read.environments.iter().map(|(name, _)| name.clone()).collect();
    let prefix = revision::prefix(&repository, &commit);
    let before = pipeline::read(&files, &Request { environments: names, prefix, ..Request::default() });
    if before.found.any_error() {
        screen.show(Format::Human, &before.found, &before.sources)?;
        return Err(Refusal::new(format!("{name} does not compile: {}", summary(&before.found)))
            .help("name a revision that does"));
    }
    for (environment, mesh) in &mut read.environments {
        let old =
            before.environments.iter().find(|(other, _)| other == environment).and_then(|(_, mesh)| mesh.as_ref());
        let (Some(mesh), Some(old)) = (mesh, old) else { continue };
        for (service, version) in mesh.retain_versions(old) {
            screen.note(&format!("kept in {environment} for one more release: version {version} of {service}\n"))?;
        }
    }
    Ok(())
}
