use crate::scratch::Scratch;
use mesh::disk::{Workspace, find_root};
use mesh::source::Files;
use std::fs;
use std::os::unix::fs::symlink;

fn list(scratch: &Scratch) -> Result<Vec<String>, String> {
    let workspace = Workspace::open(&scratch.join("mesh"), Some(&scratch.join("mesh/out"))).unwrap();
    workspace.list().map_err(|error| error.to_string())
}

fn workspace() -> Scratch {
    let scratch = Scratch::new();
    for path in ["mesh.kdl", "b/service.kdl", "b-c.kdl", "b/README.md", "a/deep/er/x.kdl", "plain/y.kdl"] {
        scratch.write(&format!("mesh/{path}"), path);
    }
    scratch
}

#[test]
fn every_kdl_file_is_listed_by_bytes_but_hidden_ones_and_the_output() {
    let scratch = workspace();
    for path in [".git/x.kdl", ".hidden.kdl", "b/.h/x.kdl", "out/shop/x.kdl"] {
        scratch.write(&format!("mesh/{path}"), "");
    }
    symlink("nowhere", scratch.join("mesh/.#emacs.kdl")).unwrap();
    symlink("README.md", scratch.join("mesh/b/LINK.md")).unwrap();
    let expected = ["a/deep/er/x.kdl", "b-c.kdl", "b/service.kdl", "mesh.kdl", "plain/y.kdl"];
    assert_eq!(list(&scratch).unwrap(), expected);
    let workspace = Workspace::open(&scratch.join("mesh"), None).unwrap();
    assert_eq!(workspace.list().unwrap().len(), 6, "nothing says that `out` is the output");
    assert_eq!(workspace.read("b/service.kdl").unwrap(), b"b/service.kdl");
}

#[test]
fn links_and_what_is_no_file_are_refused() {
    let link = "is a link, and links are not followed";
    for (from, to) in
        [("x.kdl", "mesh.kdl"), ("x.kdl", "/etc/passwd"), ("b/up", ".."), ("etc", "/etc"), ("x.kdl", "x.kdl")]
    {
        let scratch = workspace();
        symlink(to, scratch.join("mesh").join(from)).unwrap();
        assert_eq!(list(&scratch).unwrap_err(), format!("{from}: {link}"));
    }
    let scratch = workspace();
    rustix::fs::mkfifoat(rustix::fs::CWD, scratch.join("mesh/a.kdl"), rustix::fs::Mode::RUSR).unwrap();
    assert_eq!(list(&scratch).unwrap_err(), "a.kdl: is not a regular file");
    // Swapped after it was listed: neither hangs nor is read.
    let workspace = Workspace::open(&scratch.join("mesh"), None).unwrap();
    assert_eq!(workspace.read("a.kdl").unwrap_err().to_string(), "a.kdl: is not a regular file");
    symlink("/etc/passwd", scratch.join("mesh/b/swapped.kdl")).unwrap();
    assert_eq!(workspace.read("b/swapped.kdl").unwrap_err().to_string(), format!("b/swapped.kdl: {link}"));
    fs::rename(scratch.join("mesh/b"), scratch.join("b")).unwrap();
    symlink("../b", scratch.join("mesh/b")).unwrap();
    assert!(workspace.read("b/service.kdl").is_err());
}

#[test]
fn no_path_leads_out() {
    let scratch = workspace();
    scratch.write("secret.kdl", "secret");
    let workspace = Workspace::open(&scratch.join("mesh"), None).unwrap();
    let absolute = scratch.join("secret.kdl");
    for path in
        ["../secret.kdl", "b/../../secret.kdl", "b/../mesh.kdl", absolute.to_str().unwrap(), "", ".", "..", "~", "a\0b"]
    {
        assert!(workspace.read(path).is_err(), "{path:?}");
    }
}

#[test]
fn no_more_is_read_than_asked_for() {
    let scratch = workspace();
    let limit = mesh::syntax::limits::FILE_BYTES;
    scratch.write("mesh/full.kdl", &"x".repeat(limit));
    scratch.write("mesh/over.kdl", &"x".repeat(limit + 1));
    fs::File::create(scratch.join("mesh/sparse.kdl")).unwrap().set_len(1 << 40).unwrap();
    let workspace = Workspace::open(&scratch.join("mesh"), None).unwrap();
    assert_eq!(workspace.read("full.kdl").unwrap().len(), limit);
    assert!(workspace.read("over.kdl").is_err());
    for path in ["over.kdl", "sparse.kdl"] {
        assert_eq!(workspace.read_prefix(path, limit + 1).unwrap().len(), limit + 1);
    }
    assert_eq!(workspace.read_prefix("mesh.kdl", 4).unwrap(), b"mesh");
    assert_eq!(workspace.read_prefix("mesh.kdl", 8).unwrap(), b"mesh.kdl");
    assert_eq!(workspace.read_prefix("mesh.kdl", 0).unwrap(), b"");
}

#[test]
fn names_that_are_not_utf8_and_missing_folders_are_told() {
    use std::os::unix::ffi::OsStrExt;
    let scratch = workspace();
    fs::write(scratch.join("mesh/b").join(std::ffi::OsStr::from_bytes(b"\xff.kdl")), "").unwrap();
    assert_eq!(list(&scratch).unwrap_err(), "b/\u{fffd}.kdl: has a name that is not UTF-8");
    let missing = scratch.join("none");
    let error = Workspace::open(&missing, None).err().unwrap().to_string();
    assert_eq!(error, format!("{}: does not exist", missing.display()));
}

#[test]
fn the_root_is_the_nearest_folder_upward_with_mesh_kdl() {
    let scratch = workspace();
    let root = scratch.join("mesh");
    assert_eq!(find_root(&root.join("a/deep/er")), Some(root.clone()));
    assert_eq!(find_root(&root), Some(root.clone()));
    scratch.write("mesh/a/mesh.kdl", "");
    assert_eq!(find_root(&root.join("a/deep")), Some(root.join("a")));
    assert_eq!(find_root(scratch.path()), None);
}
