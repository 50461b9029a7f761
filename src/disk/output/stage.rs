//! Builds the whole new tree beside the old one: what stays is linked, what is new is written.

use super::layout::Layout;
use super::site::is_control;
use super::survey::{Report, below};
use crate::disk::create::{create, same_mode};
use crate::disk::open::{Folder, open_folder};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, FileType, Gid, Mode, Uid, fchmod, fchown, fstat, fsync, linkat, mkdirat, unlinkat};
use rustix::io::Errno;
use std::cell::Cell;
use std::collections::BTreeSet;

/// From this many new files and folders on, one flush of the whole file system is cheaper than one of each.
const MANY: usize = 64;

/// A folder that is to be filled.
pub(super) struct Stage<'t> {
    /// The new one, empty.
    pub(super) folder: &'t OwnedFd,
    /// The mode that it has in the end, if it takes no one's place.
    pub(super) mode: Mode,
    /// The one that it takes the place of.
    pub(super) old: Option<&'t OwnedFd>,
    /// What is to be in it.
    pub(super) layout: &'t Layout<'t>,
    /// Its path below the output folder.
    pub(super) path: &'t str,
}

impl Stage<'_> {
    /// Fills it with what the old one is to become.
    pub(super) fn fill(&self, report: &Report) -> Result<(), Errno> {
        let dropped = report.changed.iter().chain(&report.removed).map(String::as_str).collect();
        let filling = Filling { dropped, unflushed: Cell::new(report.added.len() + report.changed.len()) };
        let old = self.old.map(OwnedFd::try_clone).transpose().map_err(|_| Errno::MFILE)?;
        filling.folder(old, self.folder.as_fd(), Some(self.layout), Some(self.path))?;
        match self.old {
            Some(old) => same_attributes(old, self.folder)?,
            None => fchmod(self.folder, self.mode)?,
        }
        if filling.flushes_each() { fsync(self.folder) } else { flush_all(self.folder) }
    }
}

/// What is known while a tree is built.
struct Filling<'r> {
    /// Files of the old tree that have no place in the new one.
    dropped: BTreeSet<&'r str>,
    /// How many files and folders would have to be flushed one by one, as far as is known.
    unflushed: Cell<usize>,
}

impl Filling<'_> {
    fn flushes_each(&self) -> bool {
        !cfg!(target_os = "linux") || self.unflushed.get() < MANY
    }

    fn flush(&self, folder: &OwnedFd) -> Result<(), Errno> {
        self.unflushed.set(self.unflushed.get() + 1);
        if self.flushes_each() { fsync(folder) } else { Ok(()) }
    }

    /// Fills the folder at `path`, which is none in folders that we could not have written, and says whether it is one
    /// that became empty.
    fn folder(
        &self,
        old: Option<OwnedFd>,
        new: BorrowedFd<'_>,
        layout: Option<&Layout>,
        path: Option<&str>,
    ) -> Result<bool, Errno> {
        let old = old.map(Folder::list).transpose()?;
        let mut placed = 0;
        let entries = old.iter().flat_map(|old| &old.entries);
        for entry in entries.filter(|entry| !(path == Some("") && is_control(&entry.name))) {
            let Some(old) = old.as_ref().map(Folder::fd).transpose()? else { continue };
            let name = std::str::from_utf8(&entry.name).ok();
            let path = path.zip(name).map(|(path, name)| below(path, name));
            if entry.kind == FileType::Directory {
                let layout = layout.zip(name).and_then(|(layout, name)| layout.folders.get(name));
                placed += usize::from(self.copy_folder(
                    open_folder(old, &entry.name)?,
                    (new, &entry.name),
                    layout,
                    path.as_deref(),
                )?);
            } else if !path.is_some_and(|path| self.dropped.contains(path.as_str())) {
                linkat(old, entry.name.as_slice(), new, entry.name.as_slice(), AtFlags::empty())?;
                placed += 1;
            }
        }
        if let (Some(layout), Some(path)) = (layout, path) {
            placed += self.write_new(old.as_ref(), new, layout, path)?;
        }
        Ok(placed == 0 && old.is_some_and(|old| !old.entries.is_empty()))
    }

    /// Makes the folder `name` of `new` as what `old` is to become; says whether it is there in the end.
    fn copy_folder(
        &self,
        old: OwnedFd,
        new: (BorrowedFd<'_>, &[u8]),
        layout: Option<&Layout>,
        path: Option<&str>,
    ) -> Result<bool, Errno> {
        let (new, name) = new;
        mkdirat(new, name, Mode::RWXU)?;
        let made = open_folder(new, name)?;
        let attributes = old.try_clone().map_err(|_| Errno::MFILE)?;
        if self.folder(Some(old), made.as_fd(), layout, path)? {
            unlinkat(new, name, AtFlags::REMOVEDIR)?;
            return Ok(false);
        }
        same_attributes(&attributes, &made)?;
        self.flush(&made)?;
        Ok(true)
    }

    /// Writes the files of one folder that are new or changed, and the folders that are new; says how many.
    fn write_new(
        &self,
        old: Option<&Folder>,
        new: BorrowedFd<'_>,
        layout: &Layout,
        path: &str,
    ) -> Result<usize, Errno> {
        let existed = |name: &str| {
            old.is_some_and(|old| old.entries.binary_search_by(|e| e.name.as_slice().cmp(name.as_bytes())).is_ok())
        };
        let mut written = 0;
        for (name, bytes) in &layout.files {
            let changed = self.dropped.contains(below(path, name).as_str());
            if changed || !existed(name) {
                let file = create(new, name.as_bytes(), bytes, self.flushes_each())?;
                if changed && let Some(old) = old {
                    same_mode(old.fd()?, name.as_bytes(), &file)?;
                }
                written += 1;
            }
        }
        for (name, layout) in layout.folders.iter().filter(|(name, _)| !existed(name)) {
            mkdirat(new, *name, Mode::from_raw_mode(0o777))?;
            let made = open_folder(new, name.as_bytes())?;
            self.folder(None, made.as_fd(), Some(layout), Some(&below(path, name)))?;
            self.flush(&made)?;
            written += 1;
        }
        Ok(written)
    }
}

/// Gives a folder the owner and mode of the one that it takes the place of.
pub(super) fn same_attributes(old: &OwnedFd, new: &OwnedFd) -> Result<(), Errno> {
    let (before, now) = (fstat(old)?, fstat(new)?);
    if (before.st_uid, before.st_gid) != (now.st_uid, now.st_gid) {
        fchown(new, Some(Uid::from_raw(before.st_uid)), Some(Gid::from_raw(before.st_gid)))?;
    }
    fchmod(new, Mode::from_raw_mode(before.st_mode))
}

#[cfg(target_os = "linux")]
fn flush_all(stage: &OwnedFd) -> Result<(), Errno> {
    rustix::fs::syncfs(stage)
}

#[cfg(not(target_os = "linux"))]
fn flush_all(stage: &OwnedFd) -> Result<(), Errno> {
    fsync(stage)
}
