use super::error::ClusterError;
use std::env;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A cluster of the user's configuration.
#[derive(Clone, Debug)]
pub struct Cluster {
    context: Option<String>,
    program: PathBuf,
}

/// How long the server may take for one answer.
const PATIENCE: &str = "--request-timeout=30s";

/// How long `kubectl` may take for one answer with all that it tries again: a server may tell it to wait for hours.
const DEADLINE: Duration = Duration::from_secs(45);

/// How much is read of one answer; a page of 500 objects is a few megabytes.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// How much is read of what went wrong.
const MOST_WORDS: usize = 64 * 1024;

/// Where programs are looked for if nobody says it.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

impl Cluster {
    /// The cluster of a context, or of the one that is in use.
    pub fn open(context: Option<&str>) -> Result<Self, ClusterError> {
        let path = env::var_os("PATH").unwrap_or_else(|| OsString::from(PATH));
        let folders = env::split_paths(&path).filter(|folder| folder.is_absolute());
        let program = folders.map(|folder| folder.join("kubectl")).find(|program| program.is_file());
        let program = program
            .ok_or_else(|| ClusterError::Failed("kubectl is not installed, or in no folder of PATH".to_owned()))?;
        Ok(Cluster { context: context.map(str::to_owned), program })
    }

    /// What the cluster is called.
    pub fn name(&self) -> Result<String, ClusterError> {
        match &self.context {
            Some(context) => Ok(context.clone()),
            None => self.run(&["config", "current-context"], None).map(|text| text.trim_end().to_owned()),
        }
    }

    /// What the server answers to a GET.
    pub(super) fn get(&self, path: &str) -> Result<String, ClusterError> {
        self.run(&["get", "--raw", path], None)
    }

    /// What `kubectl` says; `input` is what it reads.
    pub(super) fn run(&self, arguments: &[&str], input: Option<Vec<u8>>) -> Result<String, ClusterError> {
        let mut command = Command::new(&self.program);
        command.args(self.context.iter().map(|context| format!("--context={context}"))).arg(PATIENCE).args(arguments);
        command
            .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let failed = |error| ClusterError::Failed(format!("kubectl could not be run: {error}"));
        let mut kubectl = command.spawn().map_err(failed)?;
        if let (Some(mut to), Some(input)) = (kubectl.stdin.take(), input) {
            // What it does not read, it says something of.
            thread::spawn(move || _ = to.write_all(&input));
        }
        let (tell, told) = mpsc::channel();
        let (out, err) = (kubectl.stdout.take(), kubectl.stderr.take());
        thread::spawn(move || {
            let words = thread::spawn(move || start(err, MOST_WORDS));
            let out = start(out, MOST_BYTES + 1);
            // Nobody listens any more where it took too long.
            _ = tell.send((out, words.join().unwrap_or_default()));
        });
        let read = told.recv_timeout(DEADLINE);
        let is_whole = read.as_ref().is_ok_and(|(out, _)| out.len() <= MOST_BYTES);
        if !is_whole {
            _ = kubectl.kill();
        }
        let status = kubectl.wait().map_err(failed)?;
        match read {
            Err(_) => Err(ClusterError::Failed(format!("no answer within {} seconds", DEADLINE.as_secs()))),
            Ok(_) if !is_whole => Err(ClusterError::Failed("the server's answer is larger than 64 MiB".to_owned())),
            Ok((_, words)) if !status.success() => Err(ClusterError::said(&words)),
            Ok((out, _)) => {
                String::from_utf8(out).map_err(|_| ClusterError::Failed("the server's answer is no UTF-8".to_owned()))
            }
        }
    }
}

/// What a program writes, up to so many bytes; what cannot be read of it ends it.
fn start(from: Option<impl Read>, most: usize) -> Vec<u8> {
    let mut read = Vec::new();
    if let Some(from) = from {
        _ = from.take(u64::try_from(most).unwrap_or(u64::MAX)).read_to_end(&mut read);
    }
    read
}
