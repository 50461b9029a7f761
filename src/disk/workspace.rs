use super::error::{DiskError, reason};
use super::open::{Folder, Refused, open_file_beneath, open_folder_beneath, open_given_folder, read_prefix_into};
use crate::source::{Files, ReadError};
use crate::syntax::limits::FILE_BYTES;
use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, FileType, fstat, stat, statat};
use rustix::io::Errno;
use std::path::{Path, PathBuf};

/// The file that makes a folder the root of a workspace.
const ROOT_FILE: &str = "mesh.kdl";

/// The nearest folder that has a `mesh.kdl`, from `start` upward.
pub fn find_root(start: &Path) -> Option<PathBuf> {
    find_root_within(start, usize::MAX).map(|(root, _)| root)
}

/// The same, going up no more than `most` folders; with how many those are.
pub fn find_root_within(start: &Path, most: usize) -> Option<(PathBuf, usize)> {
    let start = std::path::absolute(start).ok()?;
    let has_root_file = |folder: &Path| std::fs::symlink_metadata(folder.join(ROOT_FILE)).is_ok();
    let up = start.ancestors().take(most.saturating_add(1)).position(has_root_file)?;
    start.ancestors().nth(up).map(|root| (root.to_owned(), up))
}

/// A workspace in a folder: every `*.kdl` file below it.
///
/// Hidden files and folders (their names begin with a dot) and the output folder are not of it. Links, FIFOs, devices
/// and sockets are refused, not skipped: what a person put there would silently not count.
pub struct Workspace {
    root: OwnedFd,
    /// Which folder the output is, by device and number.
    output: Option<(u64, u64)>,
    /// What the names of its files end with.
    endings: &'static [&'static str],
}

impl Workspace {
    /// The workspace in the folder `root`, whose compiled output is in the folder `output`, if that exists by now.
    pub fn open(root: &Path, output: Option<&Path>) -> Result<Self, DiskError> {
        let fd = open_given_folder(root).map_err(|errno| DiskError::system(root, errno))?;
        let output = output.and_then(|path| stat(path).ok()).map(|stat| (stat.st_dev, stat.st_ino));
        Ok(Workspace { root: fd, output, endings: &[".kdl"] })
    }

    /// The files with these endings below the folder `root`.
    pub(super) fn of(root: &Path, endings: &'static [&'static str]) -> Result<Self, DiskError> {
        Ok(Workspace { endings, ..Workspace::open(root, None)? })
    }

    /// Adds the files of the folder at `path` to `found`, and its folders to `open`.
    fn list_folder(&self, path: &[u8], open: &mut Vec<Vec<u8>>, found: &mut Vec<String>) -> Result<(), ReadError> {
        let fault = |errno| unreadable(path, reason(errno));
        let fd = open_folder_beneath(&self.root, path).map_err(fault)?;
        if let Some(output) = self.output {
            let stat = fstat(&fd).map_err(fault)?;
            if output == (stat.st_dev, stat.st_ino) {
                return Ok(());
            }
        }
        let folder = Folder::list(fd).map_err(fault)?;
        let mut folders = Vec::new();
        for entry in folder.entries.iter().filter(|entry| !entry.name.starts_with(b".")) {
            let path = join(path, &entry.name);
            let is_wanted = self.endings.iter().any(|ending| entry.name.ends_with(ending.as_bytes()));
            let is_link = entry.kind == FileType::Symlink;
            if entry.kind == FileType::Directory {
                folders.push(path);
            } else if is_wanted && entry.kind == FileType::RegularFile {
                found.push(text(path)?);
            } else if is_link && (is_wanted || leads_to_folder(folder.fd().map_err(fault)?, &entry.name)) {
                return Err(unreadable(&path, reason(Errno::LOOP)));
            } else if is_wanted {
                return Err(unreadable(&path, NOT_REGULAR));
            }
        }
        // The last is the next to be listed: so files come nearly in order.
        open.extend(folders.into_iter().rev());
        Ok(())
    }
}

const NOT_REGULAR: &str = "is not a regular file";

pub(super) fn unreadable(path: &[u8], reason: impl Into<String>) -> ReadError {
    let path = if path.is_empty() { ".".into() } else { String::from_utf8_lossy(path) };
    ReadError { path: path.into_owned(), reason: reason.into() }
}

fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let slash: &[u8] = if folder.is_empty() { b"" } else { b"/" };
    [folder, slash, name].concat()
}

fn text(path: Vec<u8>) -> Result<String, ReadError> {
    String::from_utf8(path).map_err(|error| unreadable(error.as_bytes(), "has a name that is not UTF-8"))
}

fn leads_to_folder(folder: BorrowedFd<'_>, name: &[u8]) -> bool {
    statat(folder, name, AtFlags::empty()).is_ok_and(|s| FileType::from_raw_mode(s.st_mode) == FileType::Directory)
}

impl Files for Workspace {
    fn list(&self) -> Result<Vec<String>, ReadError> {
        let (mut open, mut found) = (vec![Vec::new()], Vec::new());
        while let Some(path) = open.pop() {
            self.list_folder(&path, &mut open, &mut found)?;
        }
        found.sort();
        Ok(found)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let bytes = self.read_prefix(path, FILE_BYTES + 1)?;
        if bytes.len() > FILE_BYTES {
            return Err(unreadable(path.as_bytes(), format!("has more than {FILE_BYTES} bytes")));
        }
        Ok(bytes)
    }

    fn read_prefix(&self, path: &str, at_most: usize) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        self.read_prefix_into(path, at_most, &mut bytes)?;
        Ok(bytes)
    }

    fn read_prefix_into(&self, path: &str, at_most: usize, bytes: &mut Vec<u8>) -> Result<(), ReadError> {
        let fault = |errno| unreadable(path.as_bytes(), reason(errno));
        let (file, size) = open_file_beneath(&self.root, path.as_bytes()).map_err(|refused| match refused {
            Refused::NotRegular => unreadable(path.as_bytes(), NOT_REGULAR),
            Refused::System(errno) => fault(errno),
        })?;
        read_prefix_into(file, size, at_most, bytes).map_err(fault)
    }
}
