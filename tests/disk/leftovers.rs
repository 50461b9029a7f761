//! What a killed run left is cleared by the next one, and nothing that only it has is lost.

use crate::scratch::{Scratch, everything, tree};
use mesh::disk::replace;
use mesh::emit::{HEADER, Tree};
use std::fs;
use std::os::unix::fs::MetadataExt;

/// A folder with a tree and a file of another's, and beside it the same as a killed run leaves it.
fn killed() -> (Scratch, Tree) {
    let scratch = Scratch::new();
    let wanted = tree(&[("a.yaml", "1"), ("b/two.yaml", "2")]);
    replace(&scratch.join("out"), &wanted).unwrap();
    scratch.write("out/b/mine.yaml", "kind: Mine");
    scratch.write(".out.mesh-new/old/gone.yaml", HEADER);
    scratch.write(".out.mesh-new/b/two.yaml", HEADER);
    fs::hard_link(scratch.join("out/b/mine.yaml"), scratch.join(".out.mesh-new/b/mine.yaml")).unwrap();
    (scratch, wanted)
}

fn inode(scratch: &Scratch, path: &str) -> u64 {
    fs::metadata(scratch.join(path)).unwrap().ino()
}

#[test]
fn what_others_wrote_into_the_old_tree_at_the_last_moment_moves_over() {
    let (scratch, wanted) = killed();
    let mut expected = everything(&scratch.join("out"));
    scratch.write(".out.mesh-new/b/late.yaml", "kind: Late");
    scratch.write(".out.mesh-new/their/deep/late.yaml", "kind: Late");
    // Replaced as editors do it, by a new file that is renamed over the old one.
    fs::remove_file(scratch.join(".out.mesh-new/b/mine.yaml")).unwrap();
    scratch.write(".out.mesh-new/b/mine.yaml", "kind: Newer");
    assert!(replace(&scratch.join("out"), &wanted).unwrap().is_unchanged());
    for (path, what) in [("b/late.yaml", "644 kind: Late"), ("their/deep/late.yaml", "644 kind: Late")] {
        expected.insert(path.to_owned(), what.to_owned());
    }
    expected.insert("b/mine.yaml".to_owned(), "644 kind: Newer".to_owned());
    let made_by_us = expected["b"].clone();
    for folder in ["their", "their/deep"] {
        expected.insert(folder.to_owned(), made_by_us.clone());
    }
    assert_eq!(everything(&scratch.join("out")), expected);
    assert_eq!(everything(scratch.path()).len(), expected.len() + 1, "nothing is left beside it");
}

#[test]
fn it_moves_into_the_folder_that_was_exchanged() {
    let (scratch, wanted) = killed();
    scratch.write(".out.mesh-new/late.yaml", "kind: Late");
    scratch.write(".out.mesh-lock", "1 1 b\n");
    fs::remove_dir_all(scratch.join(".out.mesh-new/b")).unwrap();
    replace(&scratch.join("out"), &wanted).unwrap();
    assert_eq!(fs::read(scratch.join("out/b/late.yaml")).unwrap(), b"kind: Late");
    assert_eq!(everything(scratch.path()).len(), 6);
}

#[test]
fn what_was_staged_and_never_exchanged_is_forgotten() {
    let (scratch, wanted) = killed();
    scratch.write(".out.mesh-lock", &format!("1 {} \n", inode(&scratch, ".out.mesh-new")));
    // Its owner removed it since: it must not come back.
    fs::remove_file(scratch.join("out/b/mine.yaml")).unwrap();
    let expected = everything(&scratch.join("out"));
    assert!(replace(&scratch.join("out"), &wanted).unwrap().is_unchanged());
    assert_eq!(everything(&scratch.join("out")), expected);
    assert_eq!(everything(scratch.path()).len(), expected.len() + 1);
}

#[test]
fn a_planted_journal_reaches_nothing_but_our_files() {
    let wanted = tree(&[("a.yaml", "1"), ("b/two.yaml", "2")]);
    for line in
        ["put 0 ../x.yaml", "put 0 /tmp/mesh-x", "put ../../secret b/x.yaml", "drop ../secret", "drop .", "what"]
    {
        let scratch = Scratch::new();
        replace(&scratch.join("out"), &wanted).unwrap();
        scratch.write("secret", HEADER);
        scratch.write("out/.mesh-journal/0", HEADER);
        scratch.write("out/.mesh-journal/plan", &format!("{line}\n"));
        let before = everything(scratch.path());
        let error = replace(&scratch.join("out"), &wanted).unwrap_err().to_string();
        assert!(
            error.ends_with("out/.mesh-journal: holds a plan that mesh did not write: remove that folder"),
            "{error}"
        );
        assert_eq!(everything(scratch.path()), before, "{line}");
    }
    let scratch = Scratch::new();
    replace(&scratch.join("out"), &wanted).unwrap();
    scratch.write("out/mine.yaml", "kind: Mine");
    scratch.write("out/.mesh-journal/0", HEADER);
    scratch.write("out/.mesh-journal/plan", "put 0 mine.yaml\ndrop mine.yaml\ndrop a.yaml\n");
    replace(&scratch.join("out"), &wanted).unwrap();
    assert_eq!(fs::read(scratch.join("out/mine.yaml")).unwrap(), b"kind: Mine");
    assert_eq!(everything(scratch.path()).len(), 5);
}
