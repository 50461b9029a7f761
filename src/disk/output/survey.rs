use super::layout::{Layout, check_name};
use super::site::is_control;
use crate::disk::DiskError;
use crate::disk::error::reason;
use crate::disk::open::{Folder, Refused, open_file, open_folder, read_prefix};
use crate::emit::HEADER;
use rustix::fd::{BorrowedFd, OwnedFd};
use rustix::fs::FileType;
use rustix::io::Errno;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// What a replacement does to a folder, by path below it, sorted by bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that were not there.
    pub added: Vec<String>,
    /// Files of ours that have other bytes now.
    pub changed: Vec<String>,
    /// Files of ours that nothing compiles to any more.
    pub removed: Vec<String>,
    /// How many files stay as they are.
    pub unchanged: usize,
}

impl Report {
    /// Whether the folder is what it should be.
    pub fn is_unchanged(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// How deep folders may lie in each other: more is no tree of manifests, and each holds a file descriptor.
const DEEPEST: usize = 128;

/// Looks at the folder `target` (none: it does not exist) and says what would have to change.
pub(super) fn survey(target: Option<OwnedFd>, layout: &Layout) -> Result<Report, DiskError> {
    let mut report = Report::default();
    match target {
        Some(target) => walk(target, Some(layout), &[], &mut report)?,
        None => add_all(layout, "", &mut report),
    }
    report.added.sort_unstable();
    report.changed.sort_unstable();
    report.removed.sort_unstable();
    Ok(report)
}

fn walk(folder: OwnedFd, layout: Option<&Layout>, path: &[&[u8]], report: &mut Report) -> Result<(), DiskError> {
    let folder = Folder::list(folder).map_err(|errno| system(path, errno))?;
    let fd = folder.fd().map_err(|errno| system(path, errno))?;
    for entry in folder.entries.iter().filter(|entry| !(path.is_empty() && is_control(&entry.name))) {
        let path = [path, &[entry.name.as_slice()]].concat();
        // What we could not have written is not ours, whatever it begins with.
        let name = std::str::from_utf8(&entry.name).ok().filter(|name| check_name(name).is_ok());
        let wanted = layout.zip(name).and_then(|(layout, name)| layout.files.get(name));
        let below = layout.zip(name).and_then(|(layout, name)| layout.folders.get(name));
        match (entry.kind, wanted, below) {
            _ if name.is_none() => {}
            (FileType::Directory, None, _) => walk_below(fd, &entry.name, below, &path, report)?,
            (FileType::RegularFile, _, None) => file(fd, &entry.name, wanted.copied(), &path, report)?,
            (_, None, None) => {}
            (_, Some(_), _) => return Err(refuse(&path, "is no file, and one is to be written there")),
            (_, None, Some(_)) => return Err(refuse(&path, "is no folder, and one is to be written there")),
        }
    }
    let Some(layout) = layout else { return Ok(()) };
    let found =
        |name: &str| folder.entries.binary_search_by(|entry| entry.name.as_slice().cmp(name.as_bytes())).is_ok();
    let prefix = String::from_utf8_lossy(&join(path)).into_owned();
    report.added.extend(layout.files.keys().filter(|name| !found(name)).map(|name| below(&prefix, name)));
    for (name, layout) in layout.folders.iter().filter(|(name, _)| !found(name)) {
        add_all(layout, &below(&prefix, name), report);
    }
    Ok(())
}

fn walk_below(
    folder: BorrowedFd<'_>,
    name: &[u8],
    layout: Option<&Layout>,
    path: &[&[u8]],
    report: &mut Report,
) -> Result<(), DiskError> {
    if path.len() > DEEPEST {
        return Err(refuse(path, "lies too deep"));
    }
    walk(open_folder(folder, name).map_err(|errno| system(path, errno))?, layout, path, report)
}

fn file(
    folder: BorrowedFd<'_>,
    name: &[u8],
    wanted: Option<&[u8]>,
    path: &[&[u8]],
    report: &mut Report,
) -> Result<(), DiskError> {
    let list = match (compare_file(folder, name, wanted), wanted) {
        (Ok(Found::Same), _) => {
            report.unchanged += 1;
            return Ok(());
        }
        (Ok(Found::Ours), Some(_)) => &mut report.changed,
        (Ok(Found::Ours), None) => &mut report.removed,
        (Ok(Found::Foreign), Some(_)) => return Err(refuse(path, NOT_OURS)),
        // What we may not read is not ours, and what vanished is nobody's.
        (Err(Errno::ACCESS | Errno::PERM | Errno::NOENT) | Ok(Found::Foreign), None) => return Ok(()),
        (Err(errno), _) => return Err(system(path, errno)),
    };
    list.push(String::from_utf8_lossy(&join(path)).into_owned());
    Ok(())
}

const NOT_OURS: &str =
    "was not written by mesh, which would have to replace it: move it away, or choose another folder";

enum Found {
    Same,
    Ours,
    Foreign,
}

fn compare_file(folder: BorrowedFd<'_>, name: &[u8], wanted: Option<&[u8]>) -> Result<Found, Errno> {
    let (fd, size) = match open_file(folder, name) {
        Ok(opened) => opened,
        Err(Refused::NotRegular) => return Ok(Found::Foreign),
        Err(Refused::System(errno)) => return Err(errno),
    };
    let same_size = wanted.is_some_and(|wanted| u64::try_from(wanted.len()) == Ok(size));
    let length = wanted.filter(|_| same_size).map_or(HEADER.len(), <[u8]>::len);
    let bytes = read_prefix(fd, size, length)?;
    if same_size && wanted == Some(&bytes) {
        return Ok(Found::Same);
    }
    Ok(if bytes.starts_with(HEADER.as_bytes()) { Found::Ours } else { Found::Foreign })
}

/// Whether the file `name` of `folder` is one that we wrote.
pub(super) fn is_ours(folder: BorrowedFd<'_>, name: &[u8]) -> Result<bool, Errno> {
    match compare_file(folder, name, None) {
        Ok(found) => Ok(matches!(found, Found::Ours)),
        // A link, or what we may not read.
        Err(Errno::LOOP | Errno::MLINK | Errno::ACCESS | Errno::PERM | Errno::NXIO) => Ok(false),
        Err(errno) => Err(errno),
    }
}

fn add_all(layout: &Layout, prefix: &str, report: &mut Report) {
    report.added.extend(layout.files.keys().map(|name| below(prefix, name)));
    for (name, layout) in &layout.folders {
        add_all(layout, &below(prefix, name), report);
    }
}

/// The path of `name` in the folder `prefix`.
pub(super) fn below(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") }
}

fn join(path: &[&[u8]]) -> Vec<u8> {
    path.join(&b'/')
}

fn system(path: &[&[u8]], errno: Errno) -> DiskError {
    refuse(path, reason(errno))
}

fn refuse(path: &[&[u8]], reason: impl Into<String>) -> DiskError {
    DiskError::new(OsStr::from_bytes(&join(path)), reason)
}
