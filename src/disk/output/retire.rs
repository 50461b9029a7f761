//! Removes a tree that is not the output any more, but nothing that only it has.

use super::survey::is_ours;
use crate::disk::open::{Folder, open_folder};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::renameat;
use rustix::fs::{AtFlags, FileType, Mode, RenameFlags, Stat, fchmod, fstat, mkdirat, renameat_with, statat, unlinkat};
use rustix::io::Errno;

/// What of a tree may go.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Rest {
    /// All of it: it was never the output.
    Worthless,
    /// It was the output until now: what others put there after it was copied moves over.
    Rescued,
}

/// Removes the folder `name` of `parent`; what others put into it moves to `target`, unless it is there.
pub(super) fn retire(parent: impl AsFd, name: &[u8], target: Option<&OwnedFd>, rest: Rest) -> Result<(), Errno> {
    let parent = parent.as_fd();
    let old = match open_folder(parent, name) {
        Err(Errno::NOENT) => return Ok(()),
        Err(Errno::NOTDIR | Errno::LOOP | Errno::MLINK) => return unlinkat(parent, name, AtFlags::empty()),
        other => other?,
    };
    empty(old, target.map(AsFd::as_fd), rest)?;
    unlinkat(parent, name, AtFlags::REMOVEDIR)
}

fn empty(old: OwnedFd, target: Option<BorrowedFd<'_>>, rest: Rest) -> Result<(), Errno> {
    let old = Folder::list(old)?;
    let fd = old.fd()?;
    for entry in &old.entries {
        if entry.kind == FileType::Directory {
            let below = open_folder(fd, &entry.name)?;
            make_way(&below)?;
            let there = match target {
                Some(target) => same_folder(&below, target, &entry.name, rest)?,
                None => None,
            };
            empty(below, there.as_ref().map(AsFd::as_fd), rest)?;
            unlinkat(fd, entry.name.as_slice(), AtFlags::REMOVEDIR)?;
        } else if rest == Rest::Worthless || !rescue(fd, &entry.name, target)? {
            unlinkat(fd, entry.name.as_slice(), AtFlags::empty())?;
        }
    }
    Ok(())
}

/// A folder without the right to write cannot be emptied.
fn make_way(folder: &OwnedFd) -> Result<(), Errno> {
    let mode = Mode::from_raw_mode(fstat(folder)?.st_mode);
    if mode.contains(Mode::RWXU) { Ok(()) } else { fchmod(folder, mode | Mode::RWXU) }
}

/// The folder of the output that `old` was, if there is one or there is something to rescue into it.
fn same_folder(old: &OwnedFd, target: BorrowedFd<'_>, name: &[u8], rest: Rest) -> Result<Option<OwnedFd>, Errno> {
    match open_folder(target, name) {
        Ok(folder) => return Ok(Some(folder)),
        Err(Errno::NOENT) if rest == Rest::Rescued => {}
        Err(_) => return Ok(None),
    }
    if only_ours(open_folder(old, b".")?)? {
        return Ok(None);
    }
    mkdirat(target, name, Mode::from_raw_mode(fstat(old)?.st_mode))?;
    open_folder(target, name).map(Some)
}

fn only_ours(folder: OwnedFd) -> Result<bool, Errno> {
    let folder = Folder::list(folder)?;
    let fd = folder.fd()?;
    for entry in &folder.entries {
        let ours = if entry.kind == FileType::Directory {
            only_ours(open_folder(fd, &entry.name)?)?
        } else {
            is_ours(fd, &entry.name)?
        };
        if !ours {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Moves a file over that somebody else made or replaced after it was linked; says whether it had to.
fn rescue(old: BorrowedFd<'_>, name: &[u8], target: Option<BorrowedFd<'_>>) -> Result<bool, Errno> {
    let Some(target) = target else { return Ok(false) };
    let stat = |folder| statat(folder, name, AtFlags::SYMLINK_NOFOLLOW);
    let before = stat(old)?;
    let there = match stat(target) {
        Ok(there) if (there.st_dev, there.st_ino) == (before.st_dev, before.st_ino) => return Ok(false),
        Ok(there) => Some(there),
        Err(Errno::NOENT) => None,
        Err(errno) => return Err(errno),
    };
    if is_ours(old, name)? {
        return Ok(false);
    }
    match there {
        None => move_new(old, name, target, name).map(|()| true),
        Some(there) if written(&there) < written(&before) => renameat(old, name, target, name).map(|()| true),
        Some(_) => Ok(false),
    }
}

/// Renames where nothing has the new name.
pub(super) fn move_new(from: impl AsFd, name: &[u8], to: impl AsFd, new_name: &[u8]) -> Result<(), Errno> {
    match renameat_with(&from, name, &to, new_name, RenameFlags::NOREPLACE) {
        // A file system or kernel that cannot make sure of it.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => renameat(from, name, to, new_name),
        other => other,
    }
}

fn written(stat: &Stat) -> (i64, u64) {
    (stat.st_mtime, stat.st_mtime_nsec)
}
