//! Replacing an output folder, all or nothing.
//!
//! The new tree is built beside the old one (what stays is linked, so that it keeps its inode and times), flushed, and
//! exchanged with it in one step. Whoever dies on the way leaves the old tree or the new one, and beside it a folder
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

pub use survey::Report;

use super::DiskError;
use super::open::open_folder;
use crate::emit::Tree;
use layout::Layout;
use lock::Lock;
use retire::{Rest, move_new, retire};
use rustix::fd::OwnedFd;
use rustix::fs::{Mode, RenameFlags, fchmod, fstat, fsync, mkdirat, renameat, renameat_with};
use rustix::io::Errno;
use site::Site;
use stage::{Stage, create, same_mode};
use std::path::Path;
use survey::survey;

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
    let staged = site.beside("new");
    let old = site.open()?;
    let left =
        site.has_beside(&staged) || site.has_beside(&site.beside("lock")) || old.as_ref().is_some_and(journal::is_left);
    let report = look(&site, &layout, old.as_ref())?;
    if report.is_unchanged() && old.is_some() && !left {
        return Ok(report);
    }
    let lock = Lock::take(&site, old.as_ref(), looks)?;
    let update = Update { site: &site, lock: &lock, layout: &layout, staged };
    update.recover()?;
    update.run()
}

fn look(site: &Site, layout: &Layout, folder: Option<&OwnedFd>) -> Result<Report, DiskError> {
    let again = folder.map(|folder| open_folder(folder, b".")).transpose();
    let again = again.map_err(|errno| DiskError::system(&site.path, errno))?;
    survey(again, layout).map_err(|error| error.within(&site.path))
}

/// One run that has the lock.
struct Update<'a> {
    site: &'a Site,
    lock: &'a Lock<'a>,
    layout: &'a Layout<'a>,
    /// The name of the new tree while it is built, and of the old one while it is removed.
    staged: Vec<u8>,
}

/// How a step ended that has another way.
enum Step {
    Done,
    /// The file system cannot do it.
    Impossible,
}

impl Update<'_> {
    /// Removes or finishes what a killed run left.
    fn recover(&self) -> Result<(), DiskError> {
        let target = self.site.open()?;
        let rest = match (open_folder(&self.site.parent, &self.staged), self.lock.left) {
            (Ok(folder), Some(number)) if fstat(&folder).is_ok_and(|stat| stat.st_ino == number) => Rest::Worthless,
            (Ok(_) | Err(_), _) => Rest::Rescued,
        };
        retire(&self.site.parent, &self.staged, target.as_ref(), rest)
            .and_then(|()| target.as_ref().map_or(Ok(()), journal::recover))
            .map_err(|errno| self.fault(errno))
    }

    fn run(&self) -> Result<Report, DiskError> {
        let old = self.site.open()?;
        let report = look(self.site, self.layout, old.as_ref())?;
        if report.is_unchanged() && old.is_some() {
            return Ok(report);
        }
        let step = match (&old, self.lock.inside) {
            (Some(_), true) => Ok(Step::Impossible),
            (Some(old), false) => match single(&report) {
                Some(path) => self.rename_one(old, path),
                None => self.exchange(&report, Some(old)),
            },
            (None, _) => self.exchange(&report, None),
        };
        match (step.map_err(|errno| self.fault(errno))?, &old) {
            (Step::Done, _) => return Ok(report),
            (Step::Impossible, None) => return Err(self.fault(Errno::NOTSUP)),
            (Step::Impossible, Some(old)) => journal::replace(old, self.layout, &report),
        }
        .map_err(|errno| self.fault(errno))?;
        // A file that somebody else made meanwhile was left alone, and is told now.
        look(self.site, self.layout, old.as_ref()).map(|_| report)
    }

    fn fault(&self, errno: Errno) -> DiskError {
        DiskError::system(&self.site.path, errno)
    }

    /// Makes the folder in which the new tree is built, which only we can enter.
    fn begin(&self) -> Result<(OwnedFd, Mode), Errno> {
        mkdirat(&self.site.parent, self.staged.as_slice(), Mode::from_raw_mode(0o777))?;
        let stage = open_folder(&self.site.parent, &self.staged)?;
        let stat = fstat(&stage)?;
        fchmod(&stage, Mode::RWXU)?;
        self.lock.note(stat.st_ino)?;
        Ok((stage, Mode::from_raw_mode(stat.st_mode)))
    }

    fn abandon(&self, errno: Errno) -> Result<Step, Errno> {
        // What cannot be removed now is removed by the next run.
        let _ = retire(&self.site.parent, &self.staged, None, Rest::Worthless);
        match errno {
            // No links over mounts or to what is another's, no exchange over layers, mounts, or at all.
            Errno::XDEV | Errno::INVAL | Errno::NOSYS | Errno::NOTSUP | Errno::PERM | Errno::BUSY | Errno::MLINK => {
                Ok(Step::Impossible)
            }
            other => Err(other),
        }
    }

    fn exchange(&self, report: &Report, old: Option<&OwnedFd>) -> Result<Step, Errno> {
        match self.build(report, old).and_then(|()| self.swap(old.is_some())) {
            Ok(()) => {}
            Err(errno) => return self.abandon(errno),
        }
        let target = open_folder(&self.site.parent, &self.site.name)?;
        // The new tree is in place; an old one that cannot be removed now is removed by the next run.
        let _ = retire(&self.site.parent, &self.staged, Some(&target), Rest::Rescued);
        Ok(Step::Done)
    }

    fn build(&self, report: &Report, old: Option<&OwnedFd>) -> Result<(), Errno> {
        let (stage, mode) = self.begin()?;
        Stage::fill(report, self.layout, old, (&stage, mode))
    }

    fn swap(&self, exists: bool) -> Result<(), Errno> {
        let Site { parent, name, .. } = self.site;
        if exists {
            renameat_with(parent, self.staged.as_slice(), parent, name.as_slice(), RenameFlags::EXCHANGE)?;
        } else {
            move_new(parent, &self.staged, parent, name)?;
        }
        fsync(parent)
    }

    fn rename_one(&self, old: &OwnedFd, path: &str) -> Result<Step, Errno> {
        match self.try_rename_one(old, path) {
            Ok(()) => {
                let _ = retire(&self.site.parent, &self.staged, None, Rest::Worthless);
                Ok(Step::Done)
            }
            Err(errno) => self.abandon(errno),
        }
    }

    fn try_rename_one(&self, old: &OwnedFd, path: &str) -> Result<(), Errno> {
        let bytes = self.layout.file(path).ok_or(Errno::NOENT)?;
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = journal::folder_at(old, folder, false)?;
        let (stage, _) = self.begin()?;
        let file = create(&stage, b"new", bytes, false)?;
        same_mode(&folder, name.as_bytes(), &file)?;
        fsync(&file)?;
        renameat(&stage, "new", &folder, name)?;
        fsync(&folder)
    }
}

/// The one file that changes, if nothing else does.
fn single(report: &Report) -> Option<&str> {
    match (report.changed.as_slice(), report.added.as_slice(), report.removed.as_slice()) {
        ([path], [], []) => Some(path),
        _ => None,
    }
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
