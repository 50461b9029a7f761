//! What intent becomes, as trees that can be read: `tests/compile/CASE/*.kdl` beside `tests/compile/CASE/out/ENV/...`, and
//! `examples/EXAMPLE/*.kdl` with `out/EXAMPLE/ENV/...`. A file too many is a fault like one too few. `BLESS=1` rewrites
//! the trees; each says something of `Istio`, so they are read before they are committed.

#![allow(clippy::disallowed_methods, reason = "reads and writes trees on the disk and looks at `BLESS`")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a case that cannot be read is a fault"
)]

mod workspace;

use mesh::diagnostic::render::{self, Format, Look};
use mesh::disk::Workspace;
use mesh::pipeline::{self, Request};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use workspace::InMemory;

/// Files by their paths below a folder.
type Tree = BTreeMap<String, String>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folders in a folder, sorted.
fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// What the workspace in `folder` compiles to, each environment in a folder of its name.
fn compiled(folder: &Path) -> Tree {
    let files = Workspace::open(folder, None).unwrap_or_else(|error| panic!("{error}"));
    let read = pipeline::read(&files, &Request::default());
    let look = Look { colour: false, width: 100 };
    let report = render::render(Format::Human, &read.found, &read.sources, &look);
    assert!(read.found.is_empty(), "{} has findings\n{report}", folder.display());
    let mut tree = Tree::new();
    for (environment, mesh) in &read.environments {
        let files = pipeline::tree(mesh.as_ref().unwrap()).unwrap().files;
        let texts = files.into_iter().map(|(path, text)| (path, String::from_utf8(text).unwrap()));
        tree.extend(texts.map(|(path, text)| (format!("{environment}/{path}"), text)));
    }
    tree
}

/// The files below `folder`, if it is there.
fn on_disk(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    if folder.is_dir() {
        gather(folder, folder, &mut tree);
    }
    tree
}

fn gather(root: &Path, folder: &Path, tree: &mut Tree) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, tree);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            tree.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// Compares the tree in `out` with what `folder` compiles to, or rewrites it.
fn check(folder: &Path, out: &Path, faults: &mut Vec<String>) {
    let (expected, found) = (on_disk(out), compiled(folder));
    if std::env::var("BLESS").is_ok_and(|value| value == "1") {
        rewrite(out, &expected, &found);
        return;
    }
    let shown = |path: &str| out.strip_prefix(root()).unwrap().join(path).display().to_string();
    for path in expected.keys().filter(|path| !found.contains_key(*path)) {
        faults.push(format!("{} is compiled no more", shown(path)));
    }
    for (path, text) in &found {
        match expected.get(path) {
            None => faults.push(format!("{} is new", shown(path))),
            Some(before) if before != text => {
                faults.push(format!("{} differs\n{}", shown(path), first_difference(before, text)));
            }
            Some(_) => {}
        }
    }
}

fn first_difference(before: &str, after: &str) -> String {
    let mut lines = before.lines().zip(after.lines()).zip(1..);
    let differing = lines.find(|((before, after), _)| before != after);
    match differing {
        Some(((before, after), number)) => format!("line {number}\n- {before}\n+ {after}"),
        None => "one is longer".to_owned(),
    }
}

fn rewrite(out: &Path, expected: &Tree, found: &Tree) {
    for path in expected.keys().filter(|path| !found.contains_key(*path)) {
        fs::remove_file(out.join(path)).unwrap();
    }
    for (path, text) in found.iter().filter(|(path, text)| expected.get(*path) != Some(text)) {
        let path = out.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn conclude(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults (BLESS=1 rewrites)\n\n{}", faults.len(), faults.join("\n\n"));
}

#[test]
fn cases_become_their_trees() {
    let cases = folders(&root().join("tests/compile"));
    assert!(!cases.is_empty());
    let mut faults = Vec::new();
    for case in &cases {
        check(case, &case.join("out"), &mut faults);
    }
    conclude(&faults);
}

#[test]
fn examples_become_their_trees() {
    // What is ready to be copied into a job is no workspace.
    let is_workspace = |path: &PathBuf| path.join("mesh.kdl").exists();
    let examples: Vec<PathBuf> = folders(&root().join("examples")).into_iter().filter(is_workspace).collect();
    assert!(!examples.is_empty());
    let mut faults = Vec::new();
    for example in &examples {
        check(example, &root().join("out").join(example.file_name().unwrap()), &mut faults);
    }
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let known: Vec<String> = examples.iter().map(|path| name(path)).collect();
    let strays = folders(&root().join("out")).into_iter().filter(|folder| !known.contains(&name(folder)));
    faults.extend(strays.map(|stray| format!("{} belongs to no example", stray.display())));
    conclude(&faults);
}

/// Istio takes at most 512 rules in one AuthorizationPolicy, and refuses it whole with one more.
#[test]
fn rules_beyond_512_go_into_further_policies() {
    let mut intent = "mesh shop language=1 { target istio \"1.30\" }\nnamespace shop\n".to_owned();
    intent.push_str("workload client namespace=shop { calls web }\nservice web namespace=shop {\n    port 80 http\n");
    for at in 0..1025 {
        writeln!(intent, "    allow client {{ method GET; path \"/allowed/{at}\" }}").unwrap();
    }
    for at in 0..513 {
        writeln!(intent, "    deny client reason=\"a second line\" {{ path \"/denied/{at}\" }}").unwrap();
    }
    intent.push_str("}\n");
    let read = pipeline::read(&InMemory::split(&intent), &Request::default());
    assert!(read.found.is_empty());
    let (_, mesh) = read.environments.first().unwrap();
    let files = pipeline::tree(mesh.as_ref().unwrap()).unwrap().files;
    let rules = |name: &str| {
        let text = files.get(format!("shop/security/authorization/{name}.yaml").as_str())?;
        Some(String::from_utf8_lossy(text).matches("- operation:").count())
    };
    let names = ["web", "web.2", "web.3", "web.4", "web.deny", "web.deny.2", "web.deny.3"];
    assert_eq!(names.map(rules), [Some(512), Some(512), Some(1), None, Some(512), Some(1), None]);
}
