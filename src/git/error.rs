use std::fmt;

/// Why git did not give what was asked, in one line, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitError {
    /// The reason.
    pub what: String,
    /// What to do.
    pub help: Option<String>,
}

impl GitError {
    pub(super) fn new(what: impl Into<String>) -> Self {
        GitError { what: what.into(), help: None }
    }

    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The error that a run of git wrote to its standard error.
    pub(super) fn said(stderr: &[u8]) -> Self {
        let text = String::from_utf8_lossy(stderr);
        let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("nothing");
        let line = line.trim_start_matches("fatal: ").trim_start_matches("error: ");
        if line.starts_with("not a git repository") {
            return GitError::new("no git repository holds this folder")
                .help("say both sides, such as --from dir:out/prod");
        }
        if line.contains("dubious ownership") {
            return GitError::new(format!("git does not trust this repository: {line}"))
                .help("if you do: git config --global --add safe.directory FOLDER");
        }
        GitError::new(format!("git says: {line}"))
    }
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for GitError {}
