//! Making a file beside the one whose place it is to take.

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{AtFlags, Mode, OFlags, fchmod, fstat, fsync, openat};
use rustix::io::{Errno, write};

/// Creates the file `name` of `folder`, which must not exist.
pub(super) fn create(folder: impl AsFd, name: &[u8], bytes: &[u8], flush: bool) -> Result<OwnedFd, Errno> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = openat(folder, name, flags, Mode::from_raw_mode(0o666))?;
    let mut left = bytes;
    while !left.is_empty() {
        match write(&file, left) {
            Ok(0) => return Err(Errno::NOSPC),
            Ok(count) => left = left.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno),
        }
    }
    if flush {
        fsync(&file)?;
    }
    Ok(file)
}

/// Gives `file` the mode of the file `name` of `folder`, which it takes the place of.
pub(super) fn same_mode(folder: impl AsFd, name: &[u8], file: &OwnedFd) -> Result<(), Errno> {
    let before = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode;
    if fstat(file)?.st_mode != before {
        fchmod(file, Mode::from_raw_mode(before))?;
    }
    Ok(())
}
