use super::error::DiskError;
use super::workspace::{Workspace, unreadable};
use crate::source::{Files, ReadError};
use std::path::Path;

/// What the names of files of objects end with.
pub const OBJECTS: [&str; 3] = [".yaml", ".yml", ".json"];

/// A folder of rendered objects, or one file of them.
pub struct Rendered {
    folder: Workspace,
    /// The one file that is meant.
    only: Option<String>,
}

impl Rendered {
    /// What `path` names, wherever that leads; below it no link is followed.
    pub fn open(path: &Path) -> Result<Self, DiskError> {
        let real = std::fs::canonicalize(path).map_err(|error| {
            let errno = error.raw_os_error().map(rustix::io::Errno::from_raw_os_error);
            errno.map_or_else(|| DiskError::new(path, error.to_string()), |errno| DiskError::system(path, errno))
        })?;
        let fault = |error: DiskError| DiskError::new(path, error.reason);
        if real.is_dir() {
            return Ok(Rendered { folder: Workspace::of(&real, &OBJECTS).map_err(fault)?, only: None });
        }
        let (Some(folder), Some(name)) = (real.parent(), real.file_name().and_then(|name| name.to_str())) else {
            return Err(DiskError::new(path, "has a name that is not UTF-8"));
        };
        Ok(Rendered { folder: Workspace::of(folder, &OBJECTS).map_err(fault)?, only: Some(name.to_owned()) })
    }
}

impl Files for Rendered {
    fn list(&self) -> Result<Vec<String>, ReadError> {
        self.only.as_ref().map_or_else(|| self.folder.list(), |name| Ok(vec![name.clone()]))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.read_prefix(path, usize::MAX)
    }

    fn read_prefix(&self, path: &str, at_most: usize) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        self.read_prefix_into(path, at_most, &mut bytes)?;
        Ok(bytes)
    }

    fn read_prefix_into(&self, path: &str, at_most: usize, bytes: &mut Vec<u8>) -> Result<(), ReadError> {
        if self.only.as_ref().is_some_and(|only| only != path) {
            return Err(unreadable(path.as_bytes(), "is not the file that was named"));
        }
        self.folder.read_prefix_into(path, at_most, bytes)
    }
}
