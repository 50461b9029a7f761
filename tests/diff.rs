//! What a change does: a folder for each class of changes, in it cases with the objects before and after, and what people
//! are told. A case whose name begins with `no-` is one that the class does not find.

#![allow(clippy::disallowed_methods, reason = "reads cases from the disk")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a case that cannot be read is a fault")]

use mesh::diff::classes;
use mesh::value::RISK_CLASSES;
use snapbox::cmd::Command;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// An empty folder of this name.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diff").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// What `mesh diff` says of a case.
fn told(case: &Path) -> String {
    // Whose an object is matters where a cluster has it.
    let is_live = case.parent().is_some_and(|class| name(class).starts_with("ownership."));
    let side = |side: &str| format!("{}:{side}.yaml", if is_live && side == "before" { "dump" } else { "dir" });
    // What is in a cluster is asked where a case has it.
    let live = case.join("live.yaml").exists().then_some("--three-way=dump:live.yaml");
    let run = Command::new(env!("CARGO_BIN_EXE_mesh"))
        .current_dir(case)
        .args(["diff", "--from", &side("before"), "--to", &side("after")])
        .args(live)
        .output()
        .unwrap();
    let errors = String::from_utf8(run.stderr).unwrap();
    assert!(errors.is_empty(), "{}: {errors}", case.display());
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn every_case_is_told_as_it_is_written_down() {
    let mut faults = Vec::new();
    for class in folders(Path::new("tests/diff")) {
        for case in folders(&class) {
            let (told, file) = (told(&case), case.join("terminal.txt"));
            if std::env::var_os("BLESS").is_some() {
                fs::write(&file, &told).unwrap();
            }
            let written = fs::read_to_string(&file).unwrap_or_default();
            if told != written {
                faults.push(format!("{}:\n{told}", case.display()));
            }
            let is_found = told.contains(&format!(" {}  ", name(&class)));
            if is_found == name(&case).starts_with("no-") {
                faults.push(format!("{}: found {is_found}", case.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_class_has_a_case_and_one_that_it_does_not_find() {
    let mut cases: BTreeMap<String, Vec<bool>> = BTreeMap::new();
    for class in folders(Path::new("tests/diff")) {
        let shows = folders(&class).iter().map(|case| !name(case).starts_with("no-")).collect();
        cases.insert(name(&class), shows);
    }
    for class in classes::ALL {
        let shows = cases.remove(class.name).unwrap_or_default();
        assert!(shows.contains(&true) && shows.contains(&false), "{}: {shows:?}", class.name);
    }
    assert!(cases.is_empty(), "no class is named {cases:?}");
}

/// The entry of the book's summary under which the pages of classes stand.
const PARENT: &str = "- [What a change does](changes.md)\n";

#[test]
fn every_class_has_a_page() {
    let names: Vec<&str> = classes::ALL.iter().map(|class| class.name).collect();
    for name in &names {
        let page = fs::read_to_string(format!("book/src/changes/{name}.md")).unwrap_or_default();
        let title = format!("# {name}\n\n");
        for part in [&title, "\nRisk: ", "\n## Why it matters\n", "\n## Safely\n", "\n## What it finds\n"] {
            assert!(page.contains(part), "{name}: {part:?}");
        }
    }
    let mut pages: Vec<String> =
        fs::read_dir("book/src/changes").unwrap().map(|page| name(&page.unwrap().path())).collect();
    pages.sort();
    assert_eq!(
        names,
        RISK_CLASSES.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        "the list and each class's own name"
    );
    let mut sorted = names;
    sorted.sort_unstable();
    let list: Vec<String> = sorted.iter().map(|name| format!("    - [{name}](changes/{name}.md)\n")).collect();
    assert_eq!(pages, sorted.iter().map(|name| format!("{name}.md")).collect::<Vec<_>>());
    let summary = fs::read_to_string("book/src/SUMMARY.md").unwrap();
    let (before, after) = summary.split_once(PARENT).unwrap();
    let rest: Vec<&str> = after.split_inclusive('\n').filter(|line| !line.contains("](changes/")).collect();
    let whole = [before, PARENT, &list.concat(), &rest.concat()].concat();
    if std::env::var_os("BLESS").is_some() {
        fs::write("book/src/SUMMARY.md", whole).unwrap();
    } else {
        assert_eq!(summary, whole, "BLESS=1 writes the list");
    }
}

#[test]
fn a_tree_does_not_differ_from_itself() {
    let copy = scratch("a-tree-and-its-copy");
    for example in folders(Path::new("out")) {
        for environment in folders(&example) {
            // Files with other bytes, so that none is taken for the same before it is read.
            let other = copy.join(&environment);
            copied(&environment, &other);
            for to in [&environment, &other] {
                let sides = [format!("dir:{}", environment.display()), format!("dir:{}", to.display())];
                let run =
                    Command::new(env!("CARGO_BIN_EXE_mesh")).args(["diff", "--from", &sides[0], "--to", &sides[1]]);
                let told = run.assert().success().get_output().stdout.clone();
                let told = String::from_utf8(told).unwrap();
                assert!(told.starts_with("mesh diff: 0 to add, 0 to change, 0 to delete; risk none "), "{told}");
            }
        }
    }
}

/// Copies a folder, with a comment at the end of each file.
fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copied(&path, &to);
        } else {
            fs::write(to, fs::read_to_string(&path).unwrap() + "# copied\n").unwrap();
        }
    }
}

/// Places are told of the side that they are of, also where the sides share files and number them alike.
#[test]
fn places_are_those_of_their_side() {
    let folder = scratch("places-of-sides");
    let rule = |name: &str, mode: &str| {
        let head = "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n";
        format!("{head}metadata:\n  name: rule\n  namespace: {name}\nspec:\n  mtls:\n    mode: {mode}\n")
    };
    for (path, text) in [
        ("a/1-gone.yaml", rule("gone", "STRICT")),
        ("a/2-same.yaml", rule("same", "STRICT")),
        ("a/3-edit.yaml", rule("edit", "STRICT")),
        ("b/0-new.yaml", rule("new", "STRICT")),
        ("b/2-same.yaml", rule("same", "STRICT")),
        ("b/3-edit.yaml", rule("edit", "DISABLE")),
    ] {
        fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        fs::write(folder.join(path), text).unwrap();
    }
    let sides = ["diff", "--from", "dir:a", "--to", "dir:b", "--format", "json", "--exit-zero"];
    let run = Command::new(env!("CARGO_BIN_EXE_mesh")).current_dir(&folder).args(sides).output().unwrap();
    let told = String::from_utf8(run.stdout).unwrap();
    assert!(
        told.contains("a/1-gone.yaml") && told.contains("b/0-new.yaml") && told.contains("b/3-edit.yaml"),
        "{told}"
    );
    assert!(!told.contains("same.yaml") && !told.contains("a/3-edit.yaml"), "{told}");
}

/// Two trees that differ in everything.
fn far_apart(arguments: &[&str]) -> String {
    let sides = ["diff", "--from", "dir:out/bank/prod", "--to", "dir:out/online-boutique/default", "--exit-zero"];
    let run = Command::new(env!("CARGO_BIN_EXE_mesh")).args(sides).args(arguments).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn a_comment_fits_its_forge_and_is_never_cut_inside_of_something() {
    for budget in (500..70_000).step_by(4_571).chain([65_536, 1_000_000]) {
        let comment = far_apart(&["--format", "markdown", "--max-chars", &budget.to_string()]);
        assert!(comment.len() <= budget, "{} of {budget}", comment.len());
        let count = |part: &str| comment.matches(part).count();
        assert_eq!(count("<details>"), count("</details>"), "{budget}");
        assert_eq!(comment.lines().filter(|line| line.starts_with("```")).count() % 2, 0, "{budget}");
        assert!(comment.starts_with("<!-- mesh-diff:mesh -->\n**mesh: "), "{budget}");
        assert!(!comment.contains("nothing changes"), "{budget}");
        let is_whole = comment.contains("<details><summary>object diff (") && !comment.contains(" shown.");
        assert!(is_whole || comment.contains(" shown.") || comment.contains(" of ") || comment.contains("too long"));
    }
}

/// What nobody may read in any report.
const SECRET: &str = "canary-5f2c";

#[test]
fn no_view_shows_a_secret() {
    for format in ["terminal", "unified", "markdown", "json", "sarif", "github"] {
        let sides = ["diff", "--from", "dir:before.yaml", "--to", "dir:after.yaml", "--full", "--format", format];
        let run = Command::new(env!("CARGO_BIN_EXE_mesh")).current_dir("tests/secrets").args(sides).output().unwrap();
        let told = [run.stdout, run.stderr].concat();
        let told = String::from_utf8(told).unwrap();
        assert!(!told.contains(SECRET), "{format}:\n{told}");
        assert!(format == "sarif" || format == "github" || told.contains("***(#1)"), "{format}:\n{told}");
    }
}
