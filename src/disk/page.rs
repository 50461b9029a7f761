use super::create::{create, same_mode};
use super::error::DiskError;
use super::open::{Refused, open_file_beneath, open_folder_beneath, open_given_folder, read_prefix};
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, renameat, unlinkat};
use rustix::io::Errno;
use std::path::Path;

/// Puts `text` in the place of `before` in the file at `path` below the folder `root`: at every moment the file is the
/// old one or the new one, and it keeps its mode.
///
/// # Errors
/// What the system says; also where the file does not hold `before` any more, for then it is someone's newer work.
pub fn rewrite(root: &Path, path: &str, before: &str, text: &str) -> Result<(), DiskError> {
    let fault = |errno| DiskError::system(root.join(path), errno);
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let root_fd = open_given_folder(root).map_err(fault)?;
    let (file, size) = open_file_beneath(&root_fd, path.as_bytes()).map_err(|refused| match refused {
        Refused::NotRegular => DiskError::new(root.join(path), "is not a regular file"),
        Refused::System(errno) => fault(errno),
    })?;
    if read_prefix(file, size, before.len() + 1).map_err(fault)? != before.as_bytes() {
        return Err(DiskError::new(root.join(path), "was changed by someone else meanwhile"));
    }
    let folder = open_folder_beneath(&root_fd, folder.as_bytes()).map_err(fault)?;
    replace(&folder, name, text.as_bytes()).map_err(fault)
}

/// Writes a hidden file beside `name` and moves it there; nothing of it stays where that goes wrong.
fn replace(folder: &OwnedFd, name: &str, bytes: &[u8]) -> Result<(), Errno> {
    let draft = format!(".{name}.mesh-fmt");
    // What a killed run left.
    match unlinkat(folder, &draft, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(errno) => return Err(errno),
    }
    let written = create(folder, draft.as_bytes(), bytes, true);
    let moved = written.and_then(|file| {
        same_mode(folder, name.as_bytes(), &file)?;
        renameat(folder, &draft, folder, name)
    });
    if moved.is_err() {
        _ = unlinkat(folder, &draft, AtFlags::empty());
    }
    moved
}
