use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// All is well.
    Fine,
    /// The intent has errors, the output is not what the intent says, or the sides differ.
    Faulty,
    /// The command could not be carried out: its arguments, or the disk.
    Unusable,
    /// The sides differ at or above the risk that was asked to stop at.
    TooRisky,
    /// Something could not be read, so that what was said is not all.
    Incomplete,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => ExitCode::from(0),
            Exit::Faulty => ExitCode::from(1),
            Exit::Unusable => ExitCode::from(2),
            Exit::TooRisky => ExitCode::from(3),
            Exit::Incomplete => ExitCode::from(4),
        }
    }
}

/// Why a command could not be carried out: one line, and what to do about it.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) what: String,
    pub(super) help: Option<String>,
}

impl Refusal {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Refusal { what: what.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        let reason = error.to_string();
        // The number says nothing that the words do not.
        let reason = reason.split(" (os error").next().unwrap_or(&reason);
        Refusal::new(format!("the output could not be written: {reason}"))
    }
}

impl From<crate::disk::DiskError> for Refusal {
    fn from(error: crate::disk::DiskError) -> Self {
        Refusal::new(error.to_string())
    }
}

impl From<crate::manifest::yaml::Error> for Refusal {
    fn from(error: crate::manifest::yaml::Error) -> Self {
        Refusal::new(format!("an object could not be written as YAML: {error}"))
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Refusal::new(format!("an object could not be written as JSON: {error}"))
    }
}

/// What a command gives back.
pub(super) type Outcome = Result<Exit, Refusal>;
