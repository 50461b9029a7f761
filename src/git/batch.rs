use super::command::{failed, git};
use super::error::GitError;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// A run of git that hands out objects one after the other.
#[derive(Debug)]
pub(super) struct Batch {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// An object, or its first bytes.
pub(super) struct Blob {
    pub(super) bytes: Vec<u8>,
    /// Whether more of it is still to come: nothing else can be asked for then.
    pub(super) is_cut: bool,
}

impl Batch {
    pub(super) fn open(folder: &Path) -> Result<Self, GitError> {
        let mut command = git(folder, &["cat-file", "--batch"])?;
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(|error| failed(&error))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        match (input, output) {
            (Some(input), Some(output)) => Ok(Batch { child, input, output: BufReader::new(output) }),
            _ => Err(GitError::new("git has no input or no output")),
        }
    }

    /// The first `at_most` bytes of an object; none where the repository does not have it.
    pub(super) fn read(&mut self, id: &str, at_most: usize) -> io::Result<Option<Blob>> {
        writeln!(self.input, "{id}")?;
        self.input.flush()?;
        let mut head = String::new();
        (&mut self.output).take(LONGEST_HEAD).read_line(&mut head)?;
        let mut words = head.trim_end().split(' ');
        let (Some("blob"), Some(size)) = (words.nth(1), words.next().and_then(|size| size.parse::<usize>().ok()))
        else {
            return Ok(None);
        };
        let mut bytes = vec![0; size.min(at_most)];
        self.output.read_exact(&mut bytes)?;
        let is_cut = size > at_most;
        if !is_cut {
            self.output.read_exact(&mut [0])?;
        }
        Ok(Some(Blob { bytes, is_cut }))
    }
}

/// `NAME blob SIZE`, with names of 64 digits.
const LONGEST_HEAD: u64 = 128;

impl Drop for Batch {
    fn drop(&mut self) {
        // It may stand in the middle of an object that nobody reads; how it ends says nothing.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
