use super::site::{INNER_LOCK, Site};
use crate::disk::DiskError;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags, flock, fstat, ftruncate, openat, statat, unlinkat};
use rustix::io::{Errno, pwrite};
use std::thread::sleep;
use std::time::Duration;

/// How long to wait between two looks at a lock that another process holds.
const PAUSE: Duration = Duration::from_millis(20);

/// The right to write one output folder. A lock file holds the number of the process and of the folder that it stages;
/// it is removed at the end, and what a killed process left is taken over.
pub(super) struct Lock<'s> {
    folder: BorrowedFd<'s>,
    name: Vec<u8>,
    file: OwnedFd,
    /// The folder that a killed process had staged, by number, as far as it came.
    pub(super) left: Option<u64>,
    /// Whether the lock had to be taken inside the output folder: beside it nothing can be written.
    pub(super) inside: bool,
}

impl<'s> Lock<'s> {
    /// Waits for the right, at most `looks` looks long.
    pub(super) fn take(site: &'s Site, target: Option<&'s OwnedFd>, looks: u32) -> Result<Self, DiskError> {
        let beside = site.beside("lock");
        match (wait(site.parent.as_fd(), &beside, looks), target) {
            (Err(Errno::ROFS | Errno::ACCESS | Errno::PERM), Some(target)) => {
                Lock::settle(target.as_fd(), INNER_LOCK.to_vec(), wait(target.as_fd(), INNER_LOCK, looks), site, true)
            }
            (outcome, _) => Lock::settle(site.parent.as_fd(), beside, outcome, site, false),
        }
    }

    fn settle(
        folder: BorrowedFd<'s>,
        name: Vec<u8>,
        outcome: Result<Waited, Errno>,
        site: &Site,
        inside: bool,
    ) -> Result<Self, DiskError> {
        match outcome {
            Ok(Waited::Got(file)) => {
                let left = content(&file).1;
                Ok(Lock { folder, name, file, left, inside })
            }
            Ok(Waited::InVain(holder)) => {
                let lock = String::from_utf8_lossy(&name).into_owned();
                let reason =
                    format!("is being written by another mesh, process {holder}, which holds the lock `{lock}`");
                Err(DiskError::new(&site.path, reason))
            }
            Err(errno) => Err(DiskError::system(site.path.parent().unwrap_or(&site.path), errno)),
        }
    }

    /// Notes which folder is staged from now on.
    pub(super) fn note(&self, staged: u64) -> Result<(), Errno> {
        note(&self.file, Some(staged))
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        // Where it stays, it is a file that nobody holds.
        let _ = unlinkat(self.folder, self.name.as_slice(), AtFlags::empty());
    }
}

enum Waited {
    Got(OwnedFd),
    /// Whose it still is.
    InVain(String),
}

fn wait(folder: BorrowedFd<'_>, name: &[u8], looks: u32) -> Result<Waited, Errno> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let mut looked = 0;
    loop {
        let file = openat(folder, name, flags, Mode::from_raw_mode(0o644))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            // Its last holder removes it: a lock on what has no name any more is none.
            Ok(()) if is_named(folder, name, &file) => {
                let left = content(&file).1;
                note(&file, left)?;
                return Ok(Waited::Got(file));
            }
            Ok(()) | Err(Errno::INTR) => {}
            Err(Errno::WOULDBLOCK) if looked < looks => {
                looked += 1;
                sleep(PAUSE);
            }
            Err(Errno::WOULDBLOCK) => return Ok(Waited::InVain(content(&file).0)),
            Err(errno) => return Err(errno),
        }
    }
}

fn is_named(folder: BorrowedFd<'_>, name: &[u8], file: &OwnedFd) -> bool {
    match (statat(folder, name, AtFlags::SYMLINK_NOFOLLOW), fstat(file)) {
        (Ok(named), Ok(open)) => (named.st_dev, named.st_ino) == (open.st_dev, open.st_ino),
        (Ok(_) | Err(_), _) => false,
    }
}

/// The process and the staged folder that a lock file tells.
fn content(file: &OwnedFd) -> (String, Option<u64>) {
    let mut bytes = [0; 64];
    let length = rustix::io::pread(file, &mut bytes, 0).unwrap_or(0);
    let text = String::from_utf8_lossy(bytes.get(..length).unwrap_or_default()).into_owned();
    let mut words = text.split_whitespace();
    let process = words.next().unwrap_or("unknown").to_owned();
    (process, words.next().and_then(|word| word.parse().ok()))
}

fn note(file: &OwnedFd, staged: Option<u64>) -> Result<(), Errno> {
    let staged = staged.map_or_else(String::new, |staged| staged.to_string());
    let text = format!("{} {staged}\n", std::process::id());
    ftruncate(file, 0)?;
    pwrite(file, text.as_bytes(), 0).map(|_| ())
}
