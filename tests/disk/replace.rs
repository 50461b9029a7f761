use crate::scratch::{Scratch, everything, identities, tree};
use mesh::disk::{Report, compare, replace};
use mesh::emit::{HEADER, Tree};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

fn report(added: &[&str], changed: &[&str], removed: &[&str], unchanged: usize) -> Report {
    let own = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect();
    Report { added: own(added), changed: own(changed), removed: own(removed), unchanged }
}

fn files(folder: &std::path::Path) -> Vec<String> {
    identities(folder).into_keys().collect()
}

#[test]
fn a_new_folder_has_the_tree_and_nothing_is_left_beside_it() {
    let scratch = Scratch::new();
    let out = scratch.join("deep/out");
    let tree = tree(&[("b/two.yaml", "2"), ("a.yaml", "1"), ("b/c/three.yaml", "3")]);
    let expected = report(&["a.yaml", "b/c/three.yaml", "b/two.yaml"], &[], &[], 0);
    assert_eq!(compare(&out, &tree).unwrap(), expected);
    assert!(!scratch.join("deep").exists());
    assert_eq!(replace(&out, &tree).unwrap(), expected);
    for (path, bytes) in &tree.files {
        assert_eq!(&fs::read(out.join(path)).unwrap(), bytes);
    }
    assert_eq!(files(&scratch.join("deep")), ["out/a.yaml", "out/b/c/three.yaml", "out/b/two.yaml"]);
    let made = fs::create_dir(scratch.join("made")).and_then(|()| fs::metadata(scratch.join("made"))).unwrap();
    assert_eq!(fs::metadata(&out).unwrap().permissions(), made.permissions());
}

#[test]
fn what_stays_is_not_written_and_nothing_is_where_nothing_changes() {
    let scratch = Scratch::new();
    let out = scratch.join("out");
    let old = tree(&[("a.yaml", "1"), ("b/two.yaml", "2"), ("b/three.yaml", "3"), ("c/d/four.yaml", "4")]);
    replace(&out, &old).unwrap();
    let before = identities(scratch.path());
    let folder_before = fs::metadata(scratch.path()).unwrap().modified().unwrap();
    assert_eq!(replace(&out, &old).unwrap(), report(&[], &[], &[], 4));
    assert_eq!(fs::metadata(scratch.path()).unwrap().modified().unwrap(), folder_before);
    assert_eq!(identities(scratch.path()), before);

    // One changed file, and many things at once.
    let one = tree(&[("a.yaml", "1"), ("b/two.yaml", "two"), ("b/three.yaml", "3"), ("c/d/four.yaml", "4")]);
    assert_eq!(replace(&out, &one).unwrap(), report(&[], &["b/two.yaml"], &[], 3));
    let many = tree(&[("a.yaml", "one"), ("b/two.yaml", "two"), ("b/new/five.yaml", "5")]);
    let expected = report(&["b/new/five.yaml"], &["a.yaml"], &["b/three.yaml", "c/d/four.yaml"], 1);
    assert_eq!(compare(&out, &many).unwrap(), expected);
    assert_eq!(replace(&out, &many).unwrap(), expected);
    assert_eq!(files(scratch.path()), ["out/a.yaml", "out/b/new/five.yaml", "out/b/two.yaml"]);
    assert!(!out.join("c").exists(), "folders that became empty are removed");
    assert!(compare(&out, &many).unwrap().is_unchanged());
}

#[test]
fn unchanged_files_keep_their_inodes_and_times_in_an_exchange() {
    let scratch = Scratch::new();
    let out = scratch.join("out");
    replace(&out, &tree(&[("a.yaml", "1"), ("b/two.yaml", "2")])).unwrap();
    let before = identities(&out);
    replace(&out, &tree(&[("a.yaml", "1"), ("b/two.yaml", "2"), ("c.yaml", "3")])).unwrap();
    let mut after = identities(&out);
    after.remove("c.yaml").unwrap();
    assert_eq!(after, before);
}

#[test]
fn only_the_folder_in_which_things_change_is_exchanged() {
    let scratch = Scratch::new();
    let out = scratch.join("out");
    let inode = |path: &str| fs::metadata(scratch.join(path)).unwrap().ino();
    replace(&out, &tree(&[("a/x.yaml", ""), ("b/c/x.yaml", ""), ("b/d/x.yaml", ""), ("b/e/x.yaml", "")])).unwrap();
    let before = ["out", "out/a", "out/b/d"].map(inode);
    replace(&out, &tree(&[("a/x.yaml", ""), ("b/c/y.yaml", ""), ("b/c/z.yaml", ""), ("b/d/x.yaml", "")])).unwrap();
    assert_ne!(inode("out/b/d"), before[2]);
    assert_eq!(["out", "out/a"].map(inode), before[..2]);
    // A folder that was not there, or is not there any more, is a change of the one that it is in.
    let b = inode("out/b");
    replace(&out, &tree(&[("a/x.yaml", ""), ("b/c/y.yaml", ""), ("n/x.yaml", ""), ("n/y.yaml", "")])).unwrap();
    assert_ne!(inode("out/b"), b);
    assert_eq!(files(scratch.path()), ["out/a/x.yaml", "out/b/c/y.yaml", "out/n/x.yaml", "out/n/y.yaml"]);
    replace(&out, &tree(&[("a/x.yaml", ""), ("b/c/y.yaml", "")])).unwrap();
    assert!(!out.join("n").exists());
    assert_eq!(files(scratch.path()), ["out/a/x.yaml", "out/b/c/y.yaml"]);
}

/// A folder with everything that others may put there.
fn with_foreign_things(scratch: &Scratch) -> Tree {
    let old = tree(&[("a.yaml", "1"), ("b/two.yaml", "2"), ("c/three.yaml", "3")]);
    replace(&scratch.join("out"), &old).unwrap();
    scratch.write("out/README.md", "mine");
    scratch.write("out/c/notes.yaml", "kind: Mine");
    scratch.write("out/own/deep/file.yaml", "kind: Mine");
    scratch.write("out/.git/objects/ab", HEADER);
    scratch.write("out/own/script", "#!/bin/sh");
    fs::create_dir(scratch.join("out/empty")).unwrap();
    symlink("../elsewhere", scratch.join("out/b/link")).unwrap();
    symlink("a.yaml", scratch.join("out/alias.yaml")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, scratch.join("out/pipe"), rustix::fs::Mode::RUSR).unwrap();
    for (path, mode) in [("out/own/script", 0o751), ("out/own", 0o710), ("out/README.md", 0o400), ("out", 0o2775)] {
        fs::set_permissions(scratch.join(path), fs::Permissions::from_mode(mode)).unwrap();
    }
    old
}

#[test]
fn what_others_put_there_stays_as_it_is() {
    let scratch = Scratch::new();
    let out = scratch.join("out");
    with_foreign_things(&scratch);
    let (mut before, kept) = (everything(scratch.path()), identities(scratch.path()));
    let new = tree(&[("a.yaml", "one"), ("d/four.yaml", "4")]);
    let expected = report(&["d/four.yaml"], &["a.yaml"], &["b/two.yaml", "c/three.yaml"], 0);
    assert_eq!(replace(&out, &new).unwrap(), expected);
    let mut after = everything(scratch.path());
    for ours in ["a.yaml", "b/two.yaml", "c/three.yaml", "d", "d/four.yaml"] {
        before.remove(&format!("out/{ours}"));
        after.remove(&format!("out/{ours}"));
    }
    assert_eq!(after, before);
    let after = identities(scratch.path());
    for path in ["out/README.md", "out/c/notes.yaml", "out/own/deep/file.yaml", "out/own/script", "out/.git/objects/ab"]
    {
        assert_eq!(after[path], kept[path], "{path}");
    }
}

#[test]
fn a_changed_file_keeps_its_mode() {
    let scratch = Scratch::new();
    let out = scratch.join("out");
    for (mode, texts) in [(0o640, ["1", "2"]), (0o604, ["one", "two"])] {
        replace(&out, &tree(&[("a.yaml", "0"), ("b.yaml", "0")])).unwrap();
        fs::set_permissions(out.join("a.yaml"), fs::Permissions::from_mode(mode)).unwrap();
        // By rename, then by exchange.
        for b in ["0", "1"] {
            replace(&out, &tree(&[("a.yaml", texts[0]), ("b.yaml", b)])).unwrap();
            replace(&out, &tree(&[("a.yaml", texts[1]), ("b.yaml", "2")])).unwrap();
            assert_eq!(fs::metadata(out.join("a.yaml")).unwrap().permissions().mode() & 0o777, mode);
        }
    }
}

#[test]
fn what_would_be_lost_is_refused_and_nothing_is_written() {
    let new = tree(&[("a.yaml", "one"), ("b/two.yaml", "2"), ("z.yaml", "26")]);
    let refused = |prepare: &dyn Fn(&Scratch)| {
        let scratch = Scratch::new();
        prepare(&scratch);
        let (out, before) = (scratch.join("out"), everything(scratch.path()));
        let error = replace(&out, &new).unwrap_err();
        assert_eq!(compare(&out, &new), Err(error.clone()));
        assert_eq!(everything(scratch.path()), before);
        error.to_string().replace(&format!("{}/", scratch.path().display()), "")
    };
    let foreign = "was not written by mesh, which would have to replace it: move it away, or choose another folder";
    assert_eq!(refused(&|scratch| scratch.write("out/z.yaml", "kind: Mine")), format!("out/z.yaml: {foreign}"));
    assert_eq!(refused(&|scratch| scratch.write("out/b/two.yaml", "")), format!("out/b/two.yaml: {foreign}"));
    let file = refused(&|scratch| fs::create_dir_all(scratch.join("out/z.yaml")).unwrap());
    assert_eq!(file, "out/z.yaml: is no file, and one is to be written there");
    let folder = refused(&|scratch| scratch.write("out/b", HEADER));
    assert_eq!(folder, "out/b: is no folder, and one is to be written there");
    let link = |from: &'static str, to: &'static str| {
        refused(&|scratch: &Scratch| {
            scratch.write("out/x", "");
            scratch.write("else/two.yaml", HEADER);
            let _ = fs::remove_dir_all(scratch.join(from));
            symlink(to, scratch.join(from)).unwrap();
        })
    };
    assert_eq!(link("out/b", "../else"), "out/b: is no folder, and one is to be written there");
    assert_eq!(link("out/z.yaml", "../else/two.yaml"), "out/z.yaml: is no file, and one is to be written there");
    assert_eq!(link("out", "else"), "out: is a link: name the folder that it leads to");
    assert_eq!(link("out", "nowhere"), "out: is a link: name the folder that it leads to");
    assert_eq!(refused(&|scratch| scratch.write("out", HEADER)), "out: is not a folder");
}

#[test]
fn no_path_leads_out() {
    let scratch = Scratch::new();
    for path in ["../x.yaml", "/x.yaml", "a/../../x.yaml", "", ".git/config"] {
        assert!(replace(&scratch.join("out"), &tree(&[(path, "")])).is_err(), "{path}");
    }
    let unmarked = Tree { files: [("a.yaml".to_owned(), b"kind: X\n".to_vec())].into() };
    assert!(replace(&scratch.join("out"), &unmarked).is_err());
    assert!(everything(scratch.path()).is_empty());
    for target in ["/", "..", "/tmp/.."] {
        assert!(replace(target.as_ref(), &tree(&[("a.yaml", "")])).is_err(), "{target}");
    }
}
