use std::fmt;

/// The files of a workspace: the only way in which the core reads.
pub trait Files {
    /// The paths of every `*.kdl` file, relative to the workspace, with `/` between parts, sorted by bytes.
    fn list(&self) -> Result<Vec<String>, ReadError>;

    /// The bytes of the file at `path`, which [`Files::list`] named.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// The first `at_most` bytes of that file, all if it has no more. Where a file can be large or endless, read no
    /// further than that: the size that a file system tells can change before the file is read.
    fn read_prefix(&self, path: &str, at_most: usize) -> Result<Vec<u8>, ReadError> {
        let mut bytes = self.read(path)?;
        bytes.truncate(at_most);
        Ok(bytes)
    }

    /// The same in the place of what is in `bytes`: who reads many files and keeps few needs memory for one.
    fn read_prefix_into(&self, path: &str, at_most: usize, bytes: &mut Vec<u8>) -> Result<(), ReadError> {
        *bytes = self.read_prefix(path, at_most)?;
        Ok(())
    }
}

/// Why a file or folder could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The path, relative to the workspace.
    pub path: String,
    /// The reason, as one phrase.
    pub reason: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

impl std::error::Error for ReadError {}
