use super::site::{INNER_LOCK, LOCK, STAGED, Site};
use crate::disk::DiskError;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags, flock, fstat, ftruncate, openat, statat, unlinkat};
use rustix::io::{Errno, pwrite};
use std::thread::sleep;
use std::time::Duration;

/// How long to wait between two looks at a lock that another process holds.
const PAUSE: Duration = Duration::from_millis(20);

/// The right to write one output folder. A lock file holds the number of the process, and of the folder that it stages
/// and what for; it is removed when nothing is left of that, and what a killed process left is taken over.
pub(super) struct Lock<'s> {
    site: &'s Site,
    folder: BorrowedFd<'s>,
    name: Vec<u8>,
    file: OwnedFd,
    /// What a killed process had staged, as far as it came.
    pub(super) left: Option<Staged>,
    /// Whether the lock had to be taken inside the output folder: beside it nothing can be written.
    pub(super) inside: bool,
}

/// A folder that is built, or was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Staged {
    /// Its inode: after the exchange, another one has its name.
    pub(super) inode: u64,
    /// The path, below the output folder, of what it is to become.
    pub(super) path: String,
}

impl<'s> Lock<'s> {
    /// Waits for the right, at most `looks` looks long.
    pub(super) fn take(site: &'s Site, target: Option<&'s OwnedFd>, looks: u32) -> Result<Self, DiskError> {
        let beside = site.beside(LOCK);
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
        site: &'s Site,
        inside: bool,
    ) -> Result<Self, DiskError> {
        match outcome {
            Ok(Waited::Got(file)) => {
                let left = content(&file).1;
                Ok(Lock { site, folder, name, file, left, inside })
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

    /// Notes what is staged from now on.
    pub(super) fn note(&self, staged: &Staged) -> Result<(), Errno> {
        note(&self.file, Some(staged))
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        // Where it stays, it is a file that nobody holds, and tells the next run what is left.
        if self.inside || !self.site.has_beside(STAGED) {
            let _ = unlinkat(self.folder, self.name.as_slice(), AtFlags::empty());
        }
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
                note(&file, left.as_ref())?;
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

/// The process that a lock file tells, and what it stages.
fn content(file: &OwnedFd) -> (String, Option<Staged>) {
    // As long as paths can be.
    let mut bytes = vec![0; 8192];
    let length = rustix::io::pread(file, &mut bytes, 0).unwrap_or(0);
    let text = String::from_utf8_lossy(bytes.get(..length).unwrap_or_default()).into_owned();
    let mut words = text.trim_end_matches('\n').splitn(3, ' ');
    let process = words.next().filter(|word| !word.is_empty()).unwrap_or("unknown").to_owned();
    let inode = words.next().and_then(|word| word.parse().ok());
    let staged = inode.zip(words.next()).map(|(inode, path)| Staged { inode, path: path.to_owned() });
    (process, staged)
}

fn note(file: &OwnedFd, staged: Option<&Staged>) -> Result<(), Errno> {
    let staged = staged.map_or_else(String::new, |Staged { inode, path }| format!("{inode} {path}"));
    let text = format!("{} {staged}\n", std::process::id());
    ftruncate(file, 0)?;
    pwrite(file, text.as_bytes(), 0).map(|_| ())
}
