//! Replacing an output folder, all or nothing.
//!
//! The new tree is built beside the old one (what stays is linked, so that it keeps its inode and times), flushed, and
//! exchanged with it in one step; where all that changes lies in one folder, that folder alone. Whoever dies on the way leaves the old tree or the new one, and beside it a folder
//! and a lock that the next run removes. One changed file is a single rename. Where a folder cannot be exchanged,
//! `journal` replaces file by file and the next run finishes what was begun.
//!
//! A file is ours if it begins with [`HEADER`](crate::emit::HEADER). Everything else stays what and where it is.

mod journal;
mod layout;
mod lock;
mod retire;
mod site;
mod stage;
mod survey;
mod update;

pub use survey::Report;

use super::DiskError;
use super::open::open_folder;
use crate::emit::Tree;
use layout::Layout;
use lock::Lock;
use rustix::fd::OwnedFd;
use rustix::io::Errno;
use site::{LOCK, STAGED, Site};
use std::path::Path;
use survey::survey;
use update::Update;

/// How many looks at the lock of another run: 30 seconds.
const LOOKS: u32 = 1500;

/// Says what [`replace`] would do to the folder `target`, and writes nothing.
pub fn compare(target: &Path, files: &Tree) -> Result<Report, DiskError> {
    let layout = Layout::of(files).map_err(|error| error.within(target))?;
    let folder = match Site::find(target, false)? {
        Some(site) => site.open()?,
        None => None,
    };
    survey(folder, &layout).map_err(|error| error.within(target))
}

/// Makes the folder `target` have exactly `files`, besides what others put there.
///
/// Whatever happens on the way, the folder is as it was or as it should be, or is made so by the next run. Files whose
/// bytes stay are not written; where nothing changes, nothing is. One run at a time writes a folder; others wait, up
/// to half a minute.
///
/// It refuses a `target` that is a link or a file, and files that it would have to replace but that are not ours.
pub fn replace(target: &Path, files: &Tree) -> Result<Report, DiskError> {
    replace_patiently(target, files, LOOKS)
}

fn replace_patiently(target: &Path, files: &Tree, looks: u32) -> Result<Report, DiskError> {
    let layout = Layout::of(files).map_err(|error| error.within(target))?;
    let Some(site) = Site::find(target, true)? else {
        return Err(DiskError::system(target, Errno::NOENT));
    };
    let old = site.open()?;
    let left = site.has_beside(STAGED) || site.has_beside(LOCK) || old.as_ref().is_some_and(journal::is_left);
    let report = look(&site, &layout, old.as_ref())?;
    if report.is_unchanged() && old.is_some() && !left {
        return Ok(report);
    }
    let lock = Lock::take(&site, old.as_ref(), looks)?;
    let update = Update { site: &site, lock: &lock, layout: &layout };
    update.recover()?;
    update.run()
}

fn look(site: &Site, layout: &Layout, folder: Option<&OwnedFd>) -> Result<Report, DiskError> {
    let again = folder.map(|folder| open_folder(folder, b".")).transpose();
    let again = again.map_err(|errno| DiskError::system(&site.path, errno))?;
    survey(again, layout).map_err(|error| error.within(&site.path))
}

#[cfg(test)]
mod tests {
    use super::{Lock, Site, Tree, replace_patiently};

    #[test]
    fn a_run_that_waits_in_vain_names_who_holds_the_lock() {
        let target = std::env::temp_dir().join(format!("mesh-lock-{}", std::process::id()));
        let site = Site::find(&target, false).unwrap().unwrap();
        let lock = Lock::take(&site, None, 0).unwrap();
        let error = replace_patiently(&target, &Tree::default(), 1).unwrap_err().to_string();
        let holder = format!("is being written by another mesh, process {}, which holds", std::process::id());
        assert!(error.starts_with(&format!("{}: {holder}", target.display())), "{error}");
        drop(lock);
        replace_patiently(&target, &Tree::default(), 0).unwrap();
        std::fs::remove_dir(&target).unwrap();
    }
}
