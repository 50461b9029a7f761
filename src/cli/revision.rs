//! The pages of a workspace as they were committed.

use crate::git::{Commit, GitError, Repository, Revision, Wanted};

/// The pages of a workspace, without what lies where it is compiled to.
const PAGES: Wanted = Wanted { endings: &[".kdl"], without: "out" };

/// The workspace that a commit has in the folder from which the repository is seen; none where it has none.
pub(super) fn workspace(repository: &Repository, commit: &Commit) -> Result<Option<Revision>, GitError> {
    let files = repository.files(commit, repository.below(), PAGES)?;
    Ok(files.filter(|files| files.has("mesh.kdl")))
}

/// What stands before the names of its files: the way in which git names a file of a revision, so that `git show` takes it.
pub(super) fn prefix(repository: &Repository, commit: &Commit) -> String {
    let below = repository.below();
    let slash = if below.is_empty() { "" } else { "/" };
    format!("{commit}:{below}{slash}")
}
