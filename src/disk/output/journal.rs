//! Replaces file by file where the folder cannot be exchanged as a whole: another file system is mounted on it, or it
//! is the lower layer of one. A journal makes up for that: what was begun is finished by the next run.

use super::layout::{Layout, check_name, split};
use super::retire::{Rest, retire};
use super::site::JOURNAL;
use super::survey::{Report, is_ours};
use crate::disk::create::{create, same_mode};
use crate::disk::open::{Refused, open_file, open_folder, read_prefix};
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::OFlags;
use rustix::fs::{AtFlags, Mode, fsync, mkdirat, openat, renameat, statat, unlinkat};
use rustix::io::Errno;
use std::fmt::Write;

/// The list of what is to be done; while it exists, the replacement has been decided.
const PLAN: &[u8] = b"plan";
/// The same while it is being written.
const DRAFT: &[u8] = b"draft";
/// The longest plan: 50,000 paths.
const LONGEST: usize = 64 * 1024 * 1024;

/// Does what `report` says to the folder `target`.
pub(super) fn replace(target: &OwnedFd, layout: &Layout, report: &Report) -> Result<(), Errno> {
    retire(target, JOURNAL, None, Rest::Worthless)?;
    if let Err(errno) = prepare(target, layout, report) {
        // Nothing has changed so far; what stays of the journal is removed by the next run.
        let _ = retire(target, JOURNAL, None, Rest::Worthless);
        return Err(errno);
    }
    finish(target)
}

/// Whether a replacement was begun in `target`.
pub(super) fn is_left(target: &OwnedFd) -> bool {
    statat(target, JOURNAL, AtFlags::SYMLINK_NOFOLLOW).is_ok()
}

/// Finishes what a killed run had decided, and forgets what it had not.
pub(super) fn recover(target: &OwnedFd) -> Result<(), Errno> {
    if is_left(target) { finish(target) } else { Ok(()) }
}

fn prepare(target: &OwnedFd, layout: &Layout, report: &Report) -> Result<(), Errno> {
    mkdirat(target, JOURNAL, Mode::RWXU)?;
    let journal = open_folder(target, JOURNAL)?;
    let mut plan = String::new();
    for (number, path) in report.added.iter().chain(&report.changed).enumerate() {
        let bytes = layout.file(path).ok_or(Errno::NOENT)?;
        let file = create(&journal, number.to_string().as_bytes(), bytes, true)?;
        if number >= report.added.len() {
            let (folder, name) = split(path);
            same_mode(folder_at(target, folder, false)?, name.as_bytes(), &file)?;
        }
        let _ = writeln!(plan, "put {number} {path}");
    }
    for path in &report.removed {
        let _ = writeln!(plan, "drop {path}");
    }
    create(&journal, DRAFT, plan.as_bytes(), true)?;
    fsync(&journal)?;
    fsync(target)?;
    renameat(&journal, DRAFT, &journal, PLAN)?;
    fsync(&journal)
}

/// Does what the plan says and was not done yet, then removes the journal.
fn finish(target: &OwnedFd) -> Result<(), Errno> {
    let journal = open_folder(target, JOURNAL)?;
    let plan = match open_file(&journal, PLAN) {
        Ok((file, size)) => read_prefix(file, size, LONGEST)?,
        Err(Refused::System(Errno::NOENT)) => Vec::new(),
        Err(Refused::NotRegular) => return Err(Errno::INVAL),
        Err(Refused::System(errno)) => return Err(errno),
    };
    for line in String::from_utf8_lossy(&plan).lines() {
        let (word, rest) = line.split_once(' ').ok_or(Errno::INVAL)?;
        match (word, rest.split_once(' ')) {
            ("put", Some((number, path))) => put(target, &journal, number, path)?,
            ("drop", _) => drop_file(target, rest)?,
            _ => return Err(Errno::INVAL),
        }
    }
    fsync(target)?;
    retire(target, JOURNAL, None, Rest::Worthless)
}

fn put(target: &OwnedFd, journal: &OwnedFd, number: &str, path: &str) -> Result<(), Errno> {
    check_path(path)?;
    number.parse::<u32>().map_err(|_| Errno::INVAL)?;
    let (folder, name) = split(path);
    let folder = folder_at(target, folder, true)?;
    if exists(&folder, name) && !is_ours(folder.as_fd(), name.as_bytes())? {
        // Somebody else made it meanwhile: the next look at the folder tells them.
        return Ok(());
    }
    match renameat(journal, number, &folder, name) {
        // It was done before the run was killed.
        Err(Errno::NOENT) => Ok(()),
        Err(errno) => Err(errno),
        Ok(()) => fsync(&folder),
    }
}

fn drop_file(target: &OwnedFd, path: &str) -> Result<(), Errno> {
    check_path(path)?;
    let (folder, name) = split(path);
    match folder_at(target, folder, false) {
        Ok(fd) => {
            if exists(&fd, name) && is_ours(fd.as_fd(), name.as_bytes())? {
                unlinkat(&fd, name, AtFlags::empty())?;
                fsync(&fd)?;
            }
        }
        // It was done before the run was killed, which may have gone on to the folders that it is in.
        Err(Errno::NOENT) => {}
        Err(errno) => return Err(errno),
    }
    drop_empty(target, folder)
}

/// Removes the folder at `path` and those that it is in, as far as nothing is left in them.
fn drop_empty(target: &OwnedFd, mut path: &str) -> Result<(), Errno> {
    while !path.is_empty() {
        let (outer, name) = split(path);
        let removed = folder_at(target, outer, false).and_then(|fd| unlinkat(fd, name, AtFlags::REMOVEDIR));
        match removed {
            Ok(()) | Err(Errno::NOENT) => path = outer,
            Err(Errno::NOTEMPTY | Errno::EXIST) => break,
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

fn exists(folder: &OwnedFd, name: &str) -> bool {
    statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).is_ok()
}

/// A plan lies in a folder that others can write: it is not believed.
pub(super) fn check_path(path: &str) -> Result<(), Errno> {
    if path.split('/').all(|part| check_name(part).is_ok()) { Ok(()) } else { Err(Errno::INVAL) }
}

/// Opens the folder at `path` below `target`, and with `create` makes what is missing of it.
pub(super) fn folder_at(target: &OwnedFd, path: &str, create: bool) -> Result<OwnedFd, Errno> {
    let mut folder = openat(target, ".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    for part in path.split('/').filter(|part| !part.is_empty()) {
        folder = match open_folder(&folder, part.as_bytes()) {
            Err(Errno::NOENT) if create => {
                mkdirat(&folder, part, Mode::from_raw_mode(0o777))?;
                open_folder(&folder, part.as_bytes())?
            }
            other => other?,
        };
    }
    Ok(folder)
}
