use std::fmt;

/// The files of a workspace: the only way in which the core reads.
pub trait Files {
    /// The paths of every `*.kdl` file, relative to the workspace, with `/` between parts, sorted by bytes.
    fn list(&self) -> Result<Vec<String>, ReadError>;

    /// The bytes of the file at `path`, which [`Files::list`] named.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;
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
