//! The command line as people meet it: transcripts, `tests/cli/*.session`, replayed in a folder of their own.
//!
//! A session is what it shows, in a sentence; then files that stand there before, each under `=== NAME`; then, under
//! `=== $`, commands after `$ ` and what they said: standard output as it is, standard error after `! `, the exit code in
//! brackets unless it is 0. `BLESS=1` writes what was said. Beside `mesh` a session knows
//!
//! - `cd FOLDER`, from the root of the session; `cat FILE`; `ls FOLDER`, every file below it
//! - `edit FILE OLD => NEW`, `write FILE TEXT`, `link NAME TARGET`, `remove FILE`
//! - `copy FOLDER`, a folder of the repository with all below it
//! - `git ...`, always by the same person on the same day, so that commits have the same names
//! - `NAME=VALUE mesh ...` for a variable of the environment; none but these are set

#![allow(clippy::disallowed_methods, reason = "runs the binary in folders of its own")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a session that cannot be replayed is a fault"
)]

mod recipes;
mod workspace;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn sessions() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "session"));
    paths.sort();
    paths
}

/// An empty folder for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn mesh(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mesh"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command
}

/// What git says that is asked for; arguments are split at spaces.
fn git(folder: &Path, arguments: &str) -> String {
    let mut command = Command::new("git");
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).current_dir(folder);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "Session").env(format!("GIT_{role}_EMAIL"), "session@example.com");
        command.env(format!("GIT_{role}_DATE"), "2026-11-24T12:00:00Z");
    }
    let output = command.args(arguments.split(' ')).output().unwrap();
    assert!(output.status.success(), "git {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    shown(&output.stdout)
}

/// A session that is being replayed.
struct Session {
    root: PathBuf,
    here: PathBuf,
}

impl Session {
    /// What a command says, as a transcript has it.
    fn run(&mut self, line: &str) -> String {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "cd" => self.here = self.root.join(rest),
            "cat" => return format!("{}\n", fs::read_to_string(self.here.join(rest)).unwrap().trim_end_matches('\n')),
            "ls" => return list(&self.here.join(rest), ""),
            "edit" => {
                let (file, change) = rest.split_once(' ').unwrap();
                let (old, new) = change.split_once(" => ").unwrap();
                let text = fs::read_to_string(self.here.join(file)).unwrap();
                assert!(text.contains(old), "{file} has no {old}");
                write(&self.here.join(file), &text.replace(old, new));
            }
            "write" => {
                let (file, text) = rest.split_once(' ').unwrap();
                write(&self.here.join(file), &format!("{text}\n"));
            }
            "link" => {
                let (name, target) = rest.split_once(' ').unwrap();
                std::os::unix::fs::symlink(target, self.here.join(name)).unwrap();
            }
            "copy" => copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(rest), &self.here.join(rest)),
            "git" => return git(&self.here, rest),
            "remove" => fs::remove_file(self.here.join(rest)).unwrap(),
            _ => return self.mesh(line),
        }
        String::new()
    }

    fn mesh(&self, line: &str) -> String {
        let mut command = mesh(&self.here);
        let mut words = line.split(' ');
        for word in words.by_ref().take_while(|word| *word != "mesh") {
            let (name, value) = word.split_once('=').unwrap_or_else(|| panic!("no session knows `{word}`"));
            command.env(name, value);
        }
        let output = command.args(words).output().unwrap();
        let mut text = shown(&output.stdout);
        for line in shown(&output.stderr).lines() {
            writeln!(text, "{}", format!("! {line}").trim_end()).unwrap();
        }
        if !output.status.success() {
            writeln!(text, "[{}]", output.status.code().map_or("killed".to_owned(), |code| code.to_string())).unwrap();
        }
        text
    }
}

/// Output with colour made visible, and an end.
fn shown(bytes: &[u8]) -> String {
    let mut text = String::from_utf8(bytes.to_vec()).unwrap().replace('\u{1b}', "<ESC>");
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str("<no newline>\n");
    }
    text
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let there = to.join(entry.file_name().unwrap());
        match entry.is_dir() {
            true => copy(&entry, &there),
            false => write(&there, &fs::read_to_string(&entry).unwrap()),
        }
    }
}

fn list(folder: &Path, prefix: &str) -> String {
    let mut names: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let one = |path: &PathBuf| {
        let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() { list(path, &format!("{name}/")) } else { format!("{name}\n") }
    };
    names.iter().map(one).collect()
}

/// A session's text with what its commands say now.
fn replay(name: &str, text: &str) -> String {
    let (setting, commands) = text.split_once("=== $\n").unwrap_or_else(|| panic!("{name}: no `=== $`"));
    let root = folder(name);
    for file in setting.split("\n=== ").skip(1) {
        let (name, text) = file.split_once('\n').unwrap();
        write(&root.join(name), text);
    }
    let mut session = Session { here: root.clone(), root };
    let mut replayed = format!("{setting}=== $\n");
    for command in commands.lines().filter_map(|line| line.strip_prefix("$ ")) {
        write!(replayed, "$ {command}\n{}", session.run(command)).unwrap();
    }
    replayed
}

#[test]
fn sessions_go_as_they_are_written() {
    let mut broken = String::new();
    for path in sessions() {
        let name = path.file_stem().unwrap().to_string_lossy();
        let text = fs::read_to_string(&path).unwrap();
        let now = replay(&name, &text);
        if now != text && std::env::var("BLESS").is_ok_and(|bless| bless == "1") {
            fs::write(&path, now).unwrap();
        } else if now != text {
            let diff = snapbox::Data::text(now).is(snapbox::data::DataFormat::Text);
            let same = snapbox::Assert::new().try_eq(Some(&name), diff, text.into());
            write!(broken, "{}", same.unwrap_err()).unwrap();
        }
    }
    assert!(broken.is_empty(), "{broken}\nBLESS=1 writes what is said now");
}

/// A session as a reader sees it: without marks of streams and exit codes.
fn as_seen(session: &str) -> String {
    let is_code = |line: &str| line.starts_with('[') && line.ends_with(']');
    let lines = session.lines().filter(|line| !is_code(line));
    let text = |line| str::strip_prefix(line, "!").map_or(line, |said| said.strip_prefix(' ').unwrap_or(said));
    lines.flat_map(|line| [text(line), "\n"]).collect()
}

/// Commands that pages show and that are not ours.
const OTHERS: [&str; 2] = ["$ cargo test", "$ tests/live/setup.sh"];

#[test]
fn what_pages_of_the_book_show_is_said() {
    let sessions: Vec<String> = sessions().iter().map(|path| as_seen(&fs::read_to_string(path).unwrap())).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = fs::read_dir(root.join("book/src")).unwrap().map(|entry| entry.unwrap().path());
    let mut blocks = 0;
    for path in pages.filter(|path| path.is_file()).chain([root.join("README.md")]) {
        let page = fs::read_to_string(&path).unwrap().replace("$ cargo run -q --", "$ mesh");
        let shown = page.split("```console\n").skip(1).map(|rest| rest.split("```").next().unwrap());
        for block in shown.filter(|block| !OTHERS.iter().any(|other| block.starts_with(other))) {
            blocks += 1;
            let block = as_seen(block);
            assert!(sessions.iter().any(|said| said.contains(&block)), "{}: no session has\n{block}", path.display());
        }
    }
    assert!(blocks > 0, "the book shows no command");
}

const COMMANDS: [&[&str]; 10] = [
    &["--help"],
    &["help", "exit-codes"],
    &[],
    &["compile"],
    &["compile", "--env", "prod", "-o", "-"],
    &["check", "--format", "json"],
    &["explain", "no-port"],
    &["completions", "bash"],
    &["graph", "--env", "prod", "--format", "svg"],
    &["promote", "hello", "--env", "prod", "--to", "20", "--dry-run"],
];

/// A workspace with one service.
fn workspace(name: &str) -> PathBuf {
    let folder = folder(name);
    assert!(mesh(&folder).args(["init", "shop", "--quiet"]).status().unwrap().success());
    folder.join("shop")
}

/// Runs `command`, which must end with 2 and say `most` lines at most, and why.
fn is_refused(command: &mut Command, most: usize) {
    let output = command.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{command:?}: {told}");
    assert!(told.lines().count() <= most && !told.contains("panicked"), "{command:?}: {told}");
}

#[test]
fn a_reader_that_is_gone_ends_every_command_with_2_and_one_line() {
    let folder = workspace("closed-pipe");
    for arguments in COMMANDS {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        is_refused(mesh(&folder).args(arguments).stdout(writer), 1);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_device_ends_every_command_with_2_and_one_line() {
    let folder = workspace("full-device");
    for arguments in COMMANDS {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        is_refused(mesh(&folder).args(arguments).stdout(full), 1);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_device_for_errors_does_not_change_the_exit_code() {
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let folder = folder("full-errors");
    for (arguments, code) in [(&["nonsense"][..], 2), (&["check"][..], 2), (&["-C", "none"][..], 2)] {
        assert_eq!(mesh(&folder).args(arguments).stderr(full()).status().unwrap().code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn what_recipes_say_to_do_next_is_done() {
    let mut before = String::new();
    for recipe in recipes::all(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap() {
        // The first block of a task is where its reader begins.
        if !recipe.is_intent || std::mem::replace(&mut before, recipe.task.clone()) == recipe.task {
            continue;
        }
        let folder = folder(&format!("recipe-{}", recipe.name));
        for (name, text) in workspace::InMemory::split(&recipe.text).iter() {
            write(&folder.join(name), text);
        }
        let page = fs::read_to_string(&recipe.page).unwrap();
        for command in std::iter::once("mesh compile").chain(recipes::next(&page, &recipe.task)) {
            let done = mesh(&folder).args(command.split(' ').skip(1)).output().unwrap();
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.success(), "{}: {command}\n{said}", recipe.name);
        }
    }
}
