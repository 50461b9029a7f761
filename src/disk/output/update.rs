//! One run that has the lock: what a killed one left is cleared, then the change is made in the smallest step there is.

use super::journal::{self, check_path, folder_at};
use super::layout::{Layout, split};
use super::lock::{Lock, Staged};
use super::look;
use super::retire::{Rest, move_new, retire};
use super::site::{STAGED, Site};
use super::stage::Stage;
use super::survey::Report;
use crate::disk::DiskError;
use crate::disk::create::{create, same_mode};
use crate::disk::open::open_folder;
use rustix::fd::OwnedFd;
use rustix::fs::{Mode, RenameFlags, fchmod, fstat, fsync, mkdirat, renameat, renameat_with};
use rustix::io::Errno;

/// One run that has the lock.
pub(super) struct Update<'a> {
    pub(super) site: &'a Site,
    pub(super) lock: &'a Lock<'a>,
    pub(super) layout: &'a Layout<'a>,
}

const NO_PLAN: &str = "holds a plan that mesh did not write: remove that folder";

/// How a step ended that has another way.
enum Step {
    Done,
    /// The file system cannot do it.
    Impossible,
}

/// A folder that is exchanged as a whole.
struct Scope<'a> {
    /// Its path below the output folder.
    path: &'a str,
    /// What is there now.
    old: Option<OwnedFd>,
    /// What is to be there.
    layout: &'a Layout<'a>,
    /// The folder that it is in, and its name there.
    place: (OwnedFd, &'a [u8]),
}

impl Update<'_> {
    /// Removes or finishes what a killed run left.
    pub(super) fn recover(&self) -> Result<(), DiskError> {
        let target = self.site.open()?;
        self.clear_staged(target.as_ref()).map_err(|errno| self.fault(errno))?;
        target.as_ref().map_or(Ok(()), journal::recover).map_err(|errno| match errno {
            Errno::INVAL => DiskError::new(self.site.path.join(".mesh-journal"), NO_PLAN),
            other => self.fault(other),
        })
    }

    fn clear_staged(&self, target: Option<&OwnedFd>) -> Result<(), Errno> {
        let staged = self.site.beside(STAGED);
        let now = match open_folder(&self.site.parent, &staged) {
            Ok(folder) => Some(fstat(&folder)?.st_ino),
            Err(Errno::NOENT) => return Ok(()),
            Err(_) => None,
        };
        let Some(left) = &self.lock.left else {
            return retire(&self.site.parent, &staged, target, Rest::Rescued);
        };
        if now == Some(left.inode) {
            return retire(&self.site.parent, &staged, None, Rest::Worthless);
        }
        let known = left.path.is_empty() || check_path(&left.path).is_ok();
        let path = if known { left.path.as_str() } else { "" };
        let place = target.map(|target| folder_at(target, path, true)).transpose()?;
        retire(&self.site.parent, &staged, place.as_ref(), Rest::Rescued)
    }

    /// Makes the change, and says what it was.
    pub(super) fn run(&self) -> Result<Report, DiskError> {
        let old = self.site.open()?;
        let report = look(self.site, self.layout, old.as_ref())?;
        if report.is_unchanged() && old.is_some() {
            return Ok(report);
        }
        let step = match (single(&report), self.lock.inside) {
            (_, true) => Ok(Step::Impossible),
            (Some(path), false) => self.rename_one(path, old.as_ref()),
            (None, false) => self.exchange(&report, old.as_ref()),
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

    /// Makes the folder in which what is to be at `path` is built, which only we can enter; tells the mode it had.
    fn begin(&self, path: &str) -> Result<(OwnedFd, Mode), Errno> {
        let staged = self.site.beside(STAGED);
        mkdirat(&self.site.parent, staged.as_slice(), Mode::from_raw_mode(0o777))?;
        let stage = open_folder(&self.site.parent, &staged)?;
        let stat = fstat(&stage)?;
        fchmod(&stage, Mode::RWXU)?;
        self.lock.note(&Staged { inode: stat.st_ino, path: path.to_owned() })?;
        Ok((stage, Mode::from_raw_mode(stat.st_mode)))
    }

    fn abandon(&self, errno: Errno) -> Result<Step, Errno> {
        // What cannot be removed now is removed by the next run.
        let _ = retire(&self.site.parent, &self.site.beside(STAGED), None, Rest::Worthless);
        match errno {
            // No links over mounts or to what is another's, no exchange over layers, mounts, or at all.
            Errno::XDEV | Errno::INVAL | Errno::NOSYS | Errno::NOTSUP | Errno::PERM | Errno::BUSY | Errno::MLINK => {
                Ok(Step::Impossible)
            }
            other => Err(other),
        }
    }

    fn exchange(&self, report: &Report, old: Option<&OwnedFd>) -> Result<Step, Errno> {
        let scope = self.scope(report, old)?;
        if let Err(errno) = self.build(report, &scope).and_then(|()| self.swap(&scope)) {
            return self.abandon(errno);
        }
        let (folder, name) = &scope.place;
        fsync(folder)?;
        fsync(&self.site.parent)?;
        let target = open_folder(folder, name)?;
        // The new tree is in place; an old one that cannot be removed now is removed by the next run.
        let _ = retire(&self.site.parent, &self.site.beside(STAGED), Some(&target), Rest::Rescued);
        Ok(Step::Done)
    }

    /// The smallest folder in which everything lies that changes, and that is there before and after.
    fn scope<'s>(&'s self, report: &'s Report, old: Option<&OwnedFd>) -> Result<Scope<'s>, Errno> {
        let mut path = if old.is_some() { common_folder(report) } else { "" };
        while let (Some(root), false) = (old, path.is_empty()) {
            let (outer, name) = split(path);
            if let (Some(layout), Ok(old)) = (self.layout.folder(path), folder_at(root, path, false)) {
                let place = (folder_at(root, outer, false)?, name.as_bytes());
                return Ok(Scope { path, old: Some(old), layout, place });
            }
            path = outer;
        }
        let old = old.map(|old| folder_at(old, "", false)).transpose()?;
        let parent = open_folder(&self.site.parent, b".")?;
        Ok(Scope { path: "", old, layout: self.layout, place: (parent, &self.site.name) })
    }

    fn build(&self, report: &Report, scope: &Scope<'_>) -> Result<(), Errno> {
        let (folder, mode) = self.begin(scope.path)?;
        let Scope { path, old, layout, .. } = scope;
        Stage { folder: &folder, mode, old: old.as_ref(), layout, path }.fill(report)
    }

    fn swap(&self, scope: &Scope<'_>) -> Result<(), Errno> {
        let (parent, staged) = (&self.site.parent, self.site.beside(STAGED));
        let (folder, name) = &scope.place;
        if scope.old.is_some() {
            renameat_with(parent, staged, folder, *name, RenameFlags::EXCHANGE)
        } else {
            move_new(parent, &staged, folder, name)
        }
    }

    fn rename_one(&self, path: &str, old: Option<&OwnedFd>) -> Result<Step, Errno> {
        if let Err(errno) = self.try_rename_one(path, old) {
            return self.abandon(errno);
        }
        let _ = retire(&self.site.parent, &self.site.beside(STAGED), None, Rest::Worthless);
        Ok(Step::Done)
    }

    fn try_rename_one(&self, path: &str, old: Option<&OwnedFd>) -> Result<(), Errno> {
        let (bytes, old) = self.layout.file(path).zip(old).ok_or(Errno::NOENT)?;
        let (outer, name) = split(path);
        let folder = folder_at(old, outer, false)?;
        let (stage, _) = self.begin(outer)?;
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

/// The deepest folder in which everything lies that changes.
fn common_folder(report: &Report) -> &str {
    let mut changes = report.added.iter().chain(&report.changed).chain(&report.removed);
    let mut common = changes.next().map_or("", |path| split(path).0);
    for path in changes {
        while !(common.is_empty() || path.strip_prefix(common).is_some_and(|rest| rest.starts_with('/'))) {
            common = split(common).0;
        }
    }
    common
}
