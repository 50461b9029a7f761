use super::case::Answer;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// The plugin as its shipped configuration says, with a folder in which its requests are carried out.
pub struct Plugin {
    generate: Vec<String>,
    parameters: Vec<String>,
    folder: PathBuf,
}

/// What one request sends: a repository, where the Application lies in it, and variables.
pub struct Request<'r> {
    pub repository: &'r Path,
    pub path: &'r str,
    pub variables: &'r [(String, String)],
}

static REQUESTS: AtomicU32 = AtomicU32::new(0);

impl Plugin {
    /// Reads the shipped configuration as the server does, which refuses one without these fields.
    pub fn shipped(name: &str) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/argocd/plugin.yaml");
        let config: Value = serde_saphyr::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(config["kind"], "ConfigManagementPlugin");
        assert_eq!(config["metadata"]["name"], "mesh");
        let command = |command: &Value| -> Vec<String> {
            let words =
                [&command["command"], &command["args"]].map(|list| list.as_array().cloned().unwrap_or_default());
            words.concat().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
        };
        let spec = &config["spec"];
        assert!(spec["init"].is_null() && spec["version"].is_null() && spec["discover"].is_null());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("argocd").join(name);
        _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("bin")).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_mesh"), folder.join("bin/mesh")).unwrap();
        let parameters = command(&spec["parameters"]["dynamic"]);
        Plugin { generate: command(&spec["generate"]), parameters, folder }
    }

    /// A folder of this test.
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Runs `generate`, and splits what it says.
    pub fn generate(&self, request: &Request<'_>) -> Answer {
        answer(&self.run(&self.generate, request), |stdout| documents(stdout).iter().map(title).collect())
    }

    /// Runs `parameters`, and reads what it says.
    pub fn parameters(&self, request: &Request<'_>) -> Answer {
        answer(&self.run(&self.parameters, request), |stdout| {
            let announced: Value = serde_json::from_slice(stdout).unwrap();
            serde_json::to_string_pretty(&announced).unwrap().lines().map(str::to_owned).collect()
        })
    }

    /// What `generate` writes.
    pub fn output(&self, request: &Request<'_>) -> Output {
        self.run(&self.generate, request)
    }

    fn run(&self, command: &[String], request: &Request<'_>) -> Output {
        let (work, child) = self.start(command, request, Stdio::piped());
        let output = child.wait_with_output().unwrap();
        fs::remove_dir_all(work).unwrap();
        output
    }

    /// Starts `generate` with its standard output to `stdout`.
    pub fn start_generate(&self, request: &Request<'_>, stdout: Stdio) -> Child {
        self.start(&self.generate, request, stdout).1
    }

    /// Unpacks the repository into a folder of its own, and starts a command in the Application's, as the leader of a
    /// group of processes.
    fn start(&self, command: &[String], request: &Request<'_>, stdout: Stdio) -> (PathBuf, Child) {
        let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
        let work = self.folder.join(format!("_cmp_server/{}-{number}", std::process::id()));
        unpack(request.repository, &work);
        let (program, arguments) = command.split_first().unwrap();
        // The server looks a program up in its own PATH, and gives the plugin its own environment.
        let child = Command::new(self.folder.join("bin").join(program))
            .args(arguments)
            .current_dir(work.join(request.path))
            .env_clear()
            .env("PATH", self.folder.join("bin"))
            .envs(request.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        (work, child)
    }
}

/// Writes what a tar stream carries: folders, regular files without their mode, links that stay inside.
fn unpack(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let there = to.join(entry.file_name().unwrap());
        let kind = entry.symlink_metadata().unwrap().file_type();
        if kind.is_dir() {
            unpack(&entry, &there);
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&entry).unwrap(), &there).unwrap();
        } else if kind.is_file() {
            fs::write(&there, fs::read(&entry).unwrap()).unwrap();
            fs::set_permissions(&there, fs::Permissions::from_mode(0o644)).unwrap();
        }
    }
}

/// What becomes of an output: an exit code but 0 is a failure, of which standard error is told.
fn answer(output: &Output, read: impl Fn(&[u8]) -> Vec<String>) -> Answer {
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    if output.status.success() {
        let notes = stderr.lines().map(undated).collect();
        return Answer::Said { lines: read(&output.stdout), notes };
    }
    assert!(output.stdout.is_empty(), "failed, and wrote {} bytes", output.stdout.len());
    let status = output.status.code().map_or("signal".to_owned(), |code| format!("exit status {code}"));
    Answer::Failed(std::iter::once(status).chain(stderr.trim().lines().map(str::to_owned)).collect())
}

/// A line without the day on which it was written.
fn undated(line: &str) -> String {
    match line.split_once("today is ") {
        Some((before, day)) => format!("{before}today is DAY{}", day.get(10..).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// The objects of a stream, as JSON: what the server splits it into.
pub fn documents(stdout: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(stdout).unwrap();
    let documents = text.split("\n---\n").map(|document| document.strip_prefix("---\n").unwrap_or(document));
    documents.map(|document| serde_saphyr::from_str(document).unwrap()).collect()
}

/// `Kind namespace/name`.
pub fn title(object: &Value) -> String {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let namespace = text("/metadata/namespace");
    let slash = if namespace.is_empty() { "" } else { "/" };
    format!("{} {namespace}{slash}{}", text("/kind"), text("/metadata/name"))
}
