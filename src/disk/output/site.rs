use crate::disk::DiskError;
use crate::disk::open::{open_folder, open_given_folder};
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, FileType, statat};
use rustix::io::Errno;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The journal of a replacement file by file, in the output folder.
pub(super) const JOURNAL: &[u8] = b".mesh-journal";
/// The lock, in the output folder, where there is none beside it.
pub(super) const INNER_LOCK: &[u8] = b".mesh-lock";

/// What the new tree is called beside the output folder while it is built, and the old one while it is removed.
pub(super) const STAGED: &str = "new";
/// What the lock is called beside the output folder.
pub(super) const LOCK: &str = "lock";

/// Whether a name directly in the output folder is one that we use while we write.
pub(super) fn is_control(name: &[u8]) -> bool {
    name == JOURNAL || name == INNER_LOCK
}

/// Where an output folder is.
pub(super) struct Site {
    /// As it was given.
    pub(super) path: PathBuf,
    /// The folder that it is in.
    pub(super) parent: OwnedFd,
    /// Its name there.
    pub(super) name: Vec<u8>,
}

impl Site {
    /// Finds the place of `target`, which itself need not exist. With `create` the folders that lead there are made.
    pub(super) fn find(target: &Path, create: bool) -> Result<Option<Self>, DiskError> {
        let Some(name) = target.file_name() else {
            return Err(DiskError::new(target, "is not the path of a folder that can be replaced"));
        };
        let parent = target.parent().unwrap_or(Path::new(""));
        if create && !parent.as_os_str().is_empty() {
            std::fs::create_dir_all(parent).map_err(|error| match Errno::from_io_error(&error) {
                Some(errno) => DiskError::system(parent, errno),
                None => DiskError::new(parent, error.to_string()),
            })?;
        }
        match open_given_folder(parent) {
            Ok(parent) => Ok(Some(Site { path: target.to_owned(), parent, name: name.as_bytes().to_vec() })),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(DiskError::system(parent, errno)),
        }
    }

    /// Opens the output folder; none where there is nothing.
    pub(super) fn open(&self) -> Result<Option<OwnedFd>, DiskError> {
        match open_folder(&self.parent, &self.name) {
            Ok(fd) => Ok(Some(fd)),
            Err(Errno::NOENT) => Ok(None),
            Err(Errno::NOTDIR | Errno::LOOP | Errno::MLINK) => Err(DiskError::new(&self.path, self.what_it_is())),
            Err(errno) => Err(DiskError::system(&self.path, errno)),
        }
    }

    fn what_it_is(&self) -> &'static str {
        let stat = statat(&self.parent, self.name.as_slice(), AtFlags::SYMLINK_NOFOLLOW);
        match stat.map(|stat| FileType::from_raw_mode(stat.st_mode)) {
            Ok(FileType::Symlink) => "is a link: name the folder that it leads to",
            Ok(_) | Err(_) => "is not a folder",
        }
    }

    /// The name, beside the output folder, of what we use while we write.
    pub(super) fn beside(&self, purpose: &str) -> Vec<u8> {
        [b".", self.name.as_slice(), b".mesh-", purpose.as_bytes()].concat()
    }

    /// Whether that exists.
    pub(super) fn has_beside(&self, purpose: &str) -> bool {
        statat(&self.parent, self.beside(purpose), AtFlags::SYMLINK_NOFOLLOW).is_ok()
    }
}
