//! Repositories of strangers: whatever their configuration and attributes name, `mesh diff` runs nothing of it, and tells
//! exactly what a clone lacks.

#![allow(clippy::disallowed_methods, reason = "makes repositories on the disk")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a repository that cannot be made is a fault")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MESH: &str = "mesh shop language=1 { target istio \"1.30\" }\nenvironment prod\nnamespace shop\n";
const PAGE: &str = "service web namespace=shop {\n    port 8080 http\n    allow visitor\n    timeout \"2s\"\n}\nworkload visitor namespace=shop { calls web }\n";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("git").join(name);
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn clean(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", folder).current_dir(folder);
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "Test").env(format!("GIT_{role}_EMAIL"), "test@example.com");
    }
    command
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = clean("git", folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn mesh(folder: &Path, arguments: &[&str]) -> Output {
    clean(env!("CARGO_BIN_EXE_mesh"), folder).arg("diff").args(arguments).output().unwrap()
}

/// What was said, on both streams.
fn said(output: &Output) -> String {
    String::from_utf8([output.stdout.as_slice(), &output.stderr].concat()).unwrap()
}

/// A repository with a commit on `main`, and a slower timeout in the working tree.
fn repository(name: &str) -> PathBuf {
    let root = folder(name);
    fs::write(root.join("mesh.kdl"), MESH).unwrap();
    fs::write(root.join("web.kdl"), PAGE).unwrap();
    git(&root, &["init", "-q", "-b", "main"]);
    git(&root, &["add", "."]);
    git(&root, &["commit", "-q", "-m", "first"]);
    git(&root, &["update-ref", "refs/remotes/origin/main", "main"]);
    fs::write(root.join("web.kdl"), PAGE.replace("2s", "3s")).unwrap();
    root
}

/// Keys of a configuration under which git finds programs.
const PROGRAMS: [&str; 20] = [
    "core.fsmonitor",
    "core.pager",
    "core.sshCommand",
    "core.editor",
    "core.askPass",
    "core.alternateRefsCommand",
    "diff.external",
    "diff.evil.textconv",
    "filter.evil.smudge",
    "filter.evil.clean",
    "filter.evil.process",
    "merge.evil.driver",
    "uploadpack.packObjectsHook",
    "credential.helper",
    "gpg.program",
    "pager.cat-file",
    "pager.rev-parse",
    "pager.ls-tree",
    "remote.origin.uploadpack",
    "alias.cat-file",
];

/// Makes a repository name a program wherever git could find one; where it leaves a file if it runs.
fn poison(root: &Path) -> PathBuf {
    let (marker, script) = (root.join("ran"), root.join(".git/evil"));
    fs::write(&script, format!("#!/bin/sh\ntouch {}\ncat\n", marker.display())).unwrap();
    Command::new("chmod").arg("+x").arg(&script).status().unwrap();
    for hook in ["post-checkout", "reference-transaction", "post-index-change", "pre-commit"] {
        fs::copy(&script, root.join(".git/hooks").join(hook)).unwrap();
    }
    let evil = script.to_str().unwrap();
    for key in PROGRAMS {
        git(root, &["config", key, evil]);
    }
    for (key, value) in [
        ("remote.origin.url", format!("ext::{evil}").as_str()),
        ("remote.origin.promisor", "true"),
        ("remote.origin.partialclonefilter", "blob:none"),
        ("extensions.partialClone", "origin"),
        ("core.repositoryFormatVersion", "1"),
        ("protocol.ext.allow", "always"),
        ("protocol.allow", "always"),
    ] {
        git(root, &["config", key, value]);
    }
    fs::write(root.join(".gitattributes"), "* filter=evil diff=evil merge=evil\n*.kdl text eol=crlf\n").unwrap();
    _ = fs::remove_file(&marker);
    marker
}

#[test]
fn nothing_that_a_repository_names_is_run() {
    let root = repository("hostile");
    let id = clean("git", &root).args(["rev-parse", "HEAD:web.kdl"]).output().unwrap();
    let id = String::from_utf8(id.stdout).unwrap();
    let marker = poison(&root);
    let output = mesh(&root, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("1 to change"), "{}", said(&output));
    // An object that is not there would be fetched by the program that the remote names.
    let (head, tail) = id.trim().split_at(2);
    fs::remove_file(root.join(".git/objects").join(head).join(tail)).unwrap();
    let output = mesh(&root, &[]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let reason = "is not in this clone, which was made without all of its objects";
    assert!(said(&output).contains(reason), "{}", said(&output));
    assert!(!marker.exists());
}

#[test]
fn a_name_that_git_would_take_for_an_option_is_refused() {
    let root = repository("options");
    for name in ["--upload-pack=x", "-h", "--output=ran", "--git-dir=/tmp", "", "main\nx", "\u{1b}[31m"] {
        for side in [format!("git:{name}"), format!("rendered:{name}:out")] {
            let output = mesh(&root, &["--from", &side]);
            assert_eq!(output.status.code(), Some(2), "{side}: {}", said(&output));
            assert!(output.stdout.is_empty());
        }
    }
    assert!(!root.join("ran").exists());
}

#[test]
fn variables_of_a_hook_lead_nowhere_else() {
    let (root, other) = (repository("hook"), repository("other"));
    let mut command = clean(env!("CARGO_BIN_EXE_mesh"), &root);
    command.env("GIT_DIR", other.join(".git")).env("GIT_WORK_TREE", &other).env("GIT_INDEX_FILE", "nothing");
    command.env("GIT_OBJECT_DIRECTORY", other.join("nothing")).env("GIT_EXTERNAL_DIFF", "false");
    let output = command.arg("diff").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
}

#[test]
fn a_shallow_clone_says_how_to_fetch_the_rest() {
    let root = repository("deep");
    git(&root, &["checkout", "-q", "-b", "topic"]);
    git(&root, &["commit", "-q", "-a", "-m", "slower"]);
    let url = format!("file://{}", root.display());
    let clones = folder("shallow");
    git(&clones, &["clone", "-q", "--depth", "1", "--branch", "topic", "--no-single-branch", &url, "clone"]);
    let clone = clones.join("clone");
    git(&clone, &["remote", "set-head", "origin", "main"]);
    let output = mesh(&clone, &[]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("this clone is shallow"), "{}", said(&output));
    assert!(said(&output).contains("`fetch-depth: 0`"), "{}", said(&output));
    let output = mesh(&clone, &["--from", "git:HEAD~1"]);
    assert!(said(&output).contains("`fetch-depth: 0`"), "{}", said(&output));
    git(&clone, &["fetch", "-q", "--unshallow"]);
    assert_eq!(mesh(&clone, &[]).status.code(), Some(1));
}

#[test]
fn links_are_not_followed_and_no_repository_is_said() {
    let root = repository("links");
    std::os::unix::fs::symlink("/etc/passwd", root.join("linked.kdl")).unwrap();
    git(&root, &["add", "linked.kdl"]);
    git(&root, &["commit", "-q", "-m", "a link"]);
    fs::remove_file(root.join("linked.kdl")).unwrap();
    let output = mesh(&root, &["--from", "git:HEAD"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("is a link, and links are not followed"), "{}", said(&output));
    // The folder of the tests lies in a repository, beyond which git is told not to look.
    let alone = folder("alone/mesh");
    fs::write(alone.join("mesh.kdl"), MESH).unwrap();
    let mut command = clean(env!("CARGO_BIN_EXE_mesh"), &alone);
    let output = command.arg("diff").env("GIT_CEILING_DIRECTORIES", alone.parent().unwrap()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("say what to compare with, such as --from dir:out/prod"), "{}", said(&output));
}

#[test]
fn rendered_trees_are_read_from_revisions() {
    let root = repository("rendered");
    let compile = |output: &str| {
        let run = clean(env!("CARGO_BIN_EXE_mesh"), &root).args(["compile", "-q", "-o", output]).output().unwrap();
        assert!(run.status.success(), "{}", said(&run));
    };
    compile("out");
    git(&root, &["add", "out"]);
    git(&root, &["commit", "-q", "-m", "rendered"]);
    fs::write(root.join("web.kdl"), PAGE).unwrap();
    compile("out");
    let code = |from: &str, to: &str| mesh(&root, &["--from", from, "--to", to]).status.code();
    assert_eq!(code("rendered:HEAD:out/prod", "dir:out/prod"), Some(1));
    assert_eq!(code("rendered:HEAD:out/prod", "rendered:HEAD:./out//prod/"), Some(0));
    let file = "out/prod/shop/virtualservices/web.yaml";
    assert!(root.join(file).exists(), "the layout changed");
    assert_eq!(code(&format!("rendered:HEAD:{file}"), &format!("dir:{file}")), Some(1));
    for (path, reason) in [("../out", "lies outside the repository"), ("none", "has no folder none")] {
        let output = mesh(&root, &["--from", &format!("rendered:HEAD:{path}")]);
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains(reason), "{}", said(&output));
    }
}
