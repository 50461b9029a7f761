//! Kills, full and broken disks, and runs beside each other: the tree is the old one or the new one.

use crate::scratch::{Scratch, everything, tree};
use mesh::disk::replace;
use mesh::emit::Tree;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// The system calls that change something.
const WRITES: &str = "?openat,?openat2,?mkdirat,?linkat,?write,?pwrite64,?ftruncate,?fsync,?syncfs,?renameat,?renameat2,?unlinkat,?fchmod,?fchown,?flock";
/// What makes the folder one that cannot be exchanged, so that it is replaced file by file.
const NO_EXCHANGE: &str = "inject=renameat2:error=EXDEV";
/// The variables that tell a child what to do.
const TARGET: &str = "MESH_TEST_TARGET";
const VERSION: &str = "MESH_TEST_VERSION";

/// The first of the versions that differ in one folder alone, `ns`.
const IN_ONE_FOLDER: usize = 100;

/// A tree of which every version shares files with the others, lacks some, and has some of its own.
fn version(number: usize) -> Tree {
    let at = if number < IN_ONE_FOLDER { "" } else { "ns/" };
    let mut files = vec![
        ("a/always.yaml".to_owned(), "the same".to_owned()),
        (format!("{at}b/always.yaml"), "the same".to_owned()),
        (format!("{at}b/c/text.yaml"), format!("{number}")),
        (format!("{at}own/{number}.yaml"), "x".repeat(300)),
    ];
    if number.is_multiple_of(2) {
        files.push((format!("{at}even/deep/two.yaml"), "even".to_owned()));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    tree(&files)
}

#[test]
#[ignore = "the other tests run it as a process of its own"]
fn child() {
    let version = version(std::env::var(VERSION).unwrap().parse().unwrap());
    replace(Path::new(&std::env::var(TARGET).unwrap()), &version).unwrap();
}

/// Runs [`child`], through `wrapper` if that is not empty.
pub(crate) fn run_child(wrapper: &[&str], target: &Path, version: usize) -> ExitStatus {
    start_child(wrapper, target, version).wait().unwrap()
}

fn start_child(wrapper: &[&str], target: &Path, version: usize) -> std::process::Child {
    let this = std::env::current_exe().unwrap();
    let words =
        wrapper.iter().map(std::convert::AsRef::as_ref).chain([this.as_os_str()]).collect::<Vec<&std::ffi::OsStr>>();
    Command::new(words[0])
        .args(&words[1..])
        .args(["--exact", "--ignored", "--test-threads=1", "faults::child"])
        .env(TARGET, target)
        .env(VERSION, version.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A folder with the version `old` and things of others in it, and how it looks with the next version.
pub(crate) fn begin(old: usize) -> (Scratch, BTreeMap<String, String>, BTreeMap<String, String>) {
    let scratch = Scratch::new();
    scratch.write("out/README.md", "mine");
    scratch.write("out/own/mine.yaml", "kind: Mine");
    scratch.write("out/ns/own/mine.yaml", "kind: Mine");
    std::os::unix::fs::symlink("README.md", scratch.join("out/link")).unwrap();
    let out = scratch.join("out");
    replace(&out, &version(old + 1)).unwrap();
    let after = everything(scratch.path());
    replace(&out, &version(old)).unwrap();
    let before = everything(scratch.path());
    (scratch, before, after)
}

fn only_output(scratch: &Scratch) -> BTreeMap<String, String> {
    everything(scratch.path()).into_iter().filter(|(path, _)| !path.starts_with('.')).collect()
}

fn has_strace() -> bool {
    let found = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let found = found.is_ok_and(|status| status.success());
    if !found {
        println!("skipped: needs strace, run tests/live/setup.sh");
    }
    found
}

/// How many calls of `calls` a child makes to get from the version `old` to the next, with these other faults.
fn count(old: usize, calls: &str, others: &[&str]) -> usize {
    let (scratch, _, new) = begin(old);
    let log = scratch.join(".log");
    let trace = format!("trace={calls}");
    let mut wrapper = vec!["strace", "-f", "-qq", "-o", log.to_str().unwrap(), "-e", trace.as_str()];
    others.iter().for_each(|other| wrapper.extend(["-e", other]));
    assert!(run_child(&wrapper, &scratch.join("out"), old + 1).success());
    assert_eq!(only_output(&scratch), new);
    fs::read_to_string(log).unwrap().lines().count()
}

/// Injects a fault at each of the calls, one run each and the faults in turn, and hands every outcome to `judge`.
fn at_each_call(first: usize, [calls, other]: [&str; 2], faults: &[&str], judge: impl Fn(&Scratch, bool, &Case)) {
    let others: &[&str] = if other.is_empty() { &[] } else { &[other] };
    let calls_made = count(first, calls, others);
    assert!(calls_made > 40, "{calls_made} calls cannot be all");
    for (at, fault) in (1..=calls_made).zip(faults.iter().cycle()) {
        let (scratch, old, new) = begin(first);
        let inject = format!("inject={calls}:{fault}:when={at}");
        let mut wrapper = vec!["strace", "-f", "-qq", "-o", "/dev/null", "-e", inject.as_str()];
        others.iter().for_each(|other| wrapper.extend(["-e", other]));
        let success = run_child(&wrapper, &scratch.join("out"), first + 1).success();
        judge(&scratch, success, &Case { name: inject, next: first + 1, old, new });
    }
    println!("{calls_made} calls, a fault at each");
}

struct Case {
    name: String,
    next: usize,
    old: BTreeMap<String, String>,
    new: BTreeMap<String, String>,
}

impl Case {
    /// The tree is one of the two, and the new one where the run said so.
    fn is_whole(&self, scratch: &Scratch, success: bool) {
        let found = only_output(scratch);
        assert!(found == self.new || (!success && found == self.old), "{}: {found:#?}", self.name);
    }

    /// The next run gets to the new tree and leaves nothing else.
    fn next_run_heals(&self, scratch: &Scratch) {
        replace(&scratch.join("out"), &version(self.next)).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        assert_eq!(everything(scratch.path()), self.new, "{}", self.name);
    }
}

#[test]
fn killed_at_any_call_it_leaves_the_old_tree_or_the_new_one() {
    if has_strace() {
        for first in [0, IN_ONE_FOLDER] {
            at_each_call(first, [WRITES, ""], &["signal=KILL"], |scratch, success, case| {
                case.is_whole(scratch, success);
                case.next_run_heals(scratch);
            });
        }
    }
}

#[test]
fn killed_file_by_file_the_next_run_finishes_or_forgets() {
    if has_strace() {
        let calls = WRITES.replace("?renameat2,", "");
        at_each_call(0, [&calls, NO_EXCHANGE], &["signal=KILL"], |scratch, _, case| {
            if !scratch.join("out/.mesh-journal/plan").exists() {
                let mut found = only_output(scratch);
                found.retain(|path, _| !path.starts_with("out/.mesh-"));
                assert!(found == case.old || found == case.new, "{}: {found:#?}", case.name);
            }
            case.next_run_heals(scratch);
        });
    }
}

#[test]
fn on_a_full_or_broken_disk_it_says_so_and_leaves_a_whole_tree() {
    if has_strace() {
        let faults = ["error=ENOSPC", "error=EIO", "error=EROFS", "error=EINTR"];
        at_each_call(0, [WRITES, ""], &faults, |scratch, success, case| {
            // Where nothing beside the folder can be written, it is replaced file by file: the next run finishes that.
            if !scratch.join("out/.mesh-journal").exists() {
                case.is_whole(scratch, success);
            }
            case.next_run_heals(scratch);
        });
    }
}

#[test]
fn killed_at_any_time_it_leaves_the_old_tree_or_the_new_one() {
    for micros in (0..4000).step_by(100) {
        let (scratch, old, new) = begin(0);
        let mut child = start_child(&[], &scratch.join("out"), 1);
        std::thread::sleep(std::time::Duration::from_micros(micros));
        child.kill().unwrap();
        let success = child.wait().unwrap().success();
        let case = Case { name: format!("killed after {micros} microseconds"), next: 1, old, new };
        case.is_whole(&scratch, success);
        case.next_run_heals(&scratch);
    }
}

#[test]
fn of_runs_beside_each_other_one_wins_whole() {
    for _ in 0..5 {
        let (scratch, _, _) = begin(0);
        let out = scratch.join("out");
        let children: Vec<_> = (0..8).map(|number| start_child(&[], &out, number)).collect();
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        let found = everything(scratch.path());
        let one_of_them = (0..8).any(|number| {
            replace(&out, &version(number)).unwrap();
            everything(scratch.path()) == found
        });
        assert!(one_of_them, "{found:#?}");
    }
}
