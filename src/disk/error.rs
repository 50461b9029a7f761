use rustix::io::Errno;
use std::fmt;
use std::path::Path;

/// Why the disk did not do what was asked, in one line: a path, as people may type it, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskError {
    /// The path.
    pub path: String,
    /// The reason, as one phrase.
    pub reason: String,
}

impl DiskError {
    pub(super) fn new(path: impl AsRef<Path>, reason: impl Into<String>) -> Self {
        DiskError { path: path.as_ref().display().to_string(), reason: reason.into() }
    }

    /// What the system said about `path`.
    pub(super) fn system(path: impl AsRef<Path>, errno: Errno) -> Self {
        DiskError::new(path, reason(errno))
    }

    /// The same about a path below `folder`.
    pub(super) fn within(self, folder: &Path) -> Self {
        DiskError::new(if self.path.is_empty() { folder.to_owned() } else { folder.join(&self.path) }, self.reason)
    }
}

impl fmt::Display for DiskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.escape_debug(), self.reason)
    }
}

impl std::error::Error for DiskError {}

/// Says in words what the system said by number.
pub(super) fn reason(errno: Errno) -> String {
    match errno {
        Errno::NOENT => "does not exist".to_owned(),
        Errno::LOOP | Errno::MLINK => "is a link, and links are not followed".to_owned(),
        Errno::NOTDIR => "is not a folder, or a link to one".to_owned(),
        Errno::EXIST => "exists, and is not a folder".to_owned(),
        Errno::INVAL => "cannot be a path here, or the file system cannot do this".to_owned(),
        Errno::XDEV => "lies outside the workspace".to_owned(),
        other => {
            let text = other.to_string();
            let text = text.split(" (os error").next().unwrap_or(&text);
            let mut letters = text.chars();
            letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
        }
    }
}
