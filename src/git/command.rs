use super::error::GitError;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What a repository could otherwise tell git to run or to fetch, and what could make it read other objects than the
/// ones that are named. A configuration that git does not know does nothing.
const OPTIONS: [&str; 16] = [
    "--no-pager",
    "--no-replace-objects",
    "--no-optional-locks",
    "--literal-pathspecs",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.alternateRefsCommand=",
    "-c",
    "safe.bareRepository=explicit",
    "-c",
    "protocol.allow=never",
    "-c",
    "maintenance.auto=false",
];

/// Variables of git that say where the user's own configuration is, and how far upward a repository is looked for.
const KEPT: [&str; 5] = [
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
];

/// Where programs are looked for if nobody says it.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// git in `folder`, with these arguments.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> Result<Command, GitError> {
    let program = program().ok_or_else(|| {
        GitError::new("git is not installed, or in no folder of PATH").help("name sides that need none: dir:FOLDER")
    })?;
    let mut command = Command::new(program);
    for (name, _) in env::vars_os().filter(|(name, _)| is_of_git(name)) {
        command.env_remove(name);
    }
    // A clone without all of its objects fetches what is asked for, unless it may not: older gits know the second alone.
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "none").env("GIT_TERMINAL_PROMPT", "0");
    command.env("LC_ALL", "C").args(OPTIONS).args(arguments);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Ok(command)
}

/// Runs git to its end.
pub(super) fn run(folder: &Path, arguments: &[&str]) -> Result<Output, GitError> {
    git(folder, arguments)?.output().map_err(|error| failed(&error))
}

pub(super) fn failed(error: &std::io::Error) -> GitError {
    GitError::new(format!("git could not be run: {error}"))
}

fn is_of_git(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b"GIT_") && !KEPT.iter().any(|kept| name == *kept)
}

/// The program, in a folder that does not depend on where it runs: a relative one could be the repository's.
fn program() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_else(|| OsString::from(PATH));
    let folders = env::split_paths(&path).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join("git")).find(|program| program.is_file())
}
