//! Opening, listing and reading below a folder, without following any link.

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, fstat, openat, statat};
use rustix::io::{Errno, read};

/// How files are opened to be read: a FIFO does not block, and a terminal does not become ours.
const READ: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK).union(OFlags::NOCTTY);
/// How folders are opened.
const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::DIRECTORY);

/// An open folder and what is in it, `.` and `..` aside, sorted by name.
pub(super) struct Folder {
    dir: Dir,
    pub(super) entries: Vec<Entry>,
}

/// What a folder has.
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    pub(super) kind: FileType,
}

impl Folder {
    /// Lists the folder `fd`.
    pub(super) fn list(fd: OwnedFd) -> Result<Self, Errno> {
        let mut dir = Dir::new(fd)?;
        let mut entries = Vec::new();
        while let Some(entry) = dir.read() {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                entries.push(Entry { name: name.to_vec(), kind: entry.file_type() });
            }
        }
        for entry in entries.iter_mut().filter(|entry| entry.kind == FileType::Unknown) {
            let stat = statat(dir.fd()?, entry.name.as_slice(), AtFlags::SYMLINK_NOFOLLOW)?;
            entry.kind = FileType::from_raw_mode(stat.st_mode);
        }
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(Folder { dir, entries })
    }

    /// The folder itself.
    pub(super) fn fd(&self) -> Result<BorrowedFd<'_>, Errno> {
        self.dir.fd()
    }
}

/// Opens the folder `name` of `folder`, unless that is a link.
pub(super) fn open_folder(folder: impl AsFd, name: &[u8]) -> Result<OwnedFd, Errno> {
    openat(folder, name, FOLDER | OFlags::NOFOLLOW, Mode::empty())
}

/// Opens the folder at `path`, wherever that leads: the one place where links count, for it is where people point.
pub(super) fn open_given_folder(path: &std::path::Path) -> Result<OwnedFd, Errno> {
    let path = if path.as_os_str().is_empty() { std::path::Path::new(".") } else { path };
    rustix::fs::open(path, FOLDER, Mode::empty())
}

/// Opens the file `name` of `folder` to be read, if it is a regular one.
pub(super) fn open_file(folder: impl AsFd, name: &[u8]) -> Result<(OwnedFd, u64), Refused> {
    regular(openat(folder, name, READ | OFlags::NOFOLLOW, Mode::empty())?)
}

/// Why a file is not read.
pub(super) enum Refused {
    /// It is a folder, a FIFO, a device, a socket.
    NotRegular,
    /// The system said so.
    System(Errno),
}

impl From<Errno> for Refused {
    fn from(errno: Errno) -> Self {
        Refused::System(errno)
    }
}

fn regular(fd: OwnedFd) -> Result<(OwnedFd, u64), Refused> {
    let stat = fstat(&fd)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(Refused::NotRegular);
    }
    Ok((fd, u64::try_from(stat.st_size).unwrap_or(0)))
}

/// Opens the folder at `path` below `root`; empty: `root` again.
pub(super) fn open_folder_beneath(root: impl AsFd, path: &[u8]) -> Result<OwnedFd, Errno> {
    beneath(root.as_fd(), if path.is_empty() { b"." } else { path }, FOLDER)
}

/// Opens the regular file at `path` below `root`, and tells its size.
pub(super) fn open_file_beneath(root: impl AsFd, path: &[u8]) -> Result<(OwnedFd, u64), Refused> {
    if path.split(|&byte| byte == b'/').any(|part| part == b"..") {
        return Err(Errno::XDEV.into());
    }
    regular(beneath(root.as_fd(), path, READ)?)
}

#[cfg(target_os = "linux")]
fn beneath(root: BorrowedFd<'_>, path: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    use rustix::fs::{ResolveFlags, openat2};
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    match openat2(root, path, flags, Mode::empty(), resolve) {
        // A kernel before 5.6, or a sandbox that does not know the call.
        Err(Errno::NOSYS | Errno::PERM) => part_by_part(root, path, flags),
        other => other,
    }
}

#[cfg(not(target_os = "linux"))]
fn beneath(root: BorrowedFd<'_>, path: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    part_by_part(root, path, flags)
}

/// The same where the system has no call for it.
fn part_by_part(root: BorrowedFd<'_>, path: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    let Some(slash) = path.iter().position(|&byte| byte == b'/') else {
        return match path {
            b"" | b".." => Err(Errno::XDEV),
            name => openat(root, name, flags | OFlags::NOFOLLOW, Mode::empty()),
        };
    };
    let (first, rest) = path.split_at(slash);
    if matches!(first, b"" | b".." | b".") {
        return Err(Errno::XDEV);
    }
    part_by_part(open_folder(root, first)?.as_fd(), rest.get(1..).unwrap_or_default(), flags)
}

/// Reads the first `at_most` bytes of a file of about `size` bytes.
pub(super) fn read_prefix(file: impl AsFd, size: u64, at_most: usize) -> Result<Vec<u8>, Errno> {
    let mut bytes = Vec::new();
    read_prefix_into(file, size, at_most, &mut bytes)?;
    Ok(bytes)
}

/// The same in the place of what is in `bytes`.
pub(super) fn read_prefix_into(file: impl AsFd, size: u64, at_most: usize, bytes: &mut Vec<u8>) -> Result<(), Errno> {
    // One byte more than the size, so that the first read also tells the end.
    let expected = usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1).min(at_most);
    bytes.clear();
    bytes.reserve(expected);
    while bytes.len() < at_most {
        if bytes.len() == bytes.capacity() {
            bytes.reserve((at_most - bytes.len()).min(64 * 1024));
        }
        let room = bytes.capacity() - bytes.len();
        let count = match read(&file, rustix::buffer::spare_capacity(bytes)) {
            Err(Errno::INTR) => continue,
            other => other?,
        };
        // A regular file gives less than asked for at its end alone.
        if count < room {
            break;
        }
    }
    bytes.truncate(at_most);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Errno, Mode, OFlags, part_by_part};
    use rustix::fd::AsFd;

    #[test]
    fn the_walk_without_openat2_refuses_the_same() {
        let here = rustix::fs::open("src", OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
        let open = |path: &str| part_by_part(here.as_fd(), path.as_bytes(), super::READ).map(|_| ());
        assert_eq!(open("disk/open.rs"), Ok(()));
        for outside in ["../Cargo.toml", "/etc/passwd", "disk/../lib.rs", "disk//open.rs", "..", "", "./lib.rs"] {
            assert_eq!(open(outside), Err(Errno::XDEV), "{outside}");
        }
        assert_eq!(open("disk/none.rs"), Err(Errno::NOENT));
    }
}
