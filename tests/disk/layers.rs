//! Folders that cannot be exchanged: the lower layer of an overlay, a mount point, one in a folder that is read-only.

use crate::faults::{begin, run_child};
use crate::scratch::{Scratch, everything};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs [`crate::faults::child`] in mounts of its own: `before` makes them in the folder `$at`, `after` looks at them.
/// False where this machine does not allow that.
fn run_in_mounts(at: &Path, before: &str, after: &str, target: &str) -> bool {
    let with = |after: &str| format!("set -e; at=\"$1\"; shift; {before}; \"$@\"; {after}");
    let words = |script: &str| -> Vec<String> {
        ["unshare", "-m", "sh", "-c", script, "sh", at.to_str().unwrap()].map(str::to_owned).into()
    };
    let dry = words(&with("true"));
    let works = Command::new(&dry[0]).args(&dry[1..]).arg("true").stderr(Stdio::null()).status();
    if !works.is_ok_and(|status| status.success()) {
        println!("skipped: needs root and mounts of its own, run tests/live/setup.sh");
        return false;
    }
    let wrapper = words(&with(after));
    let wrapper: Vec<&str> = wrapper.iter().map(String::as_str).collect();
    assert!(run_child(&wrapper, &at.join(target), 1).success());
    true
}

#[test]
fn the_lower_layer_of_an_overlay_is_replaced() {
    let (lower, _, new) = begin(0);
    let scratch = Scratch::new();
    for name in ["upper", "work", "merged", "result"] {
        fs::create_dir(scratch.join(name)).unwrap();
    }
    fs::rename(lower.path(), scratch.join("lower")).unwrap();
    let before =
        "mount -t overlay overlay -o lowerdir=\"$at/lower\",upperdir=\"$at/upper\",workdir=\"$at/work\" \"$at/merged\"";
    if run_in_mounts(scratch.path(), before, "cp -a \"$at/merged/.\" \"$at/result\"", "merged/out") {
        assert_eq!(everything(&scratch.join("result")), new);
    }
}

#[test]
fn a_mount_point_is_replaced() {
    let (scratch, _, new) = begin(0);
    if run_in_mounts(scratch.path(), "mount --bind \"$at/out\" \"$at/out\"", "true", "out") {
        assert_eq!(everything(scratch.path()), new);
    }
}

#[test]
fn a_folder_in_one_that_is_read_only_is_replaced() {
    let (scratch, _, new) = begin(0);
    let before = "mount --bind \"$at\" \"$at\"; mount --bind \"$at/out\" \"$at/out\"; mount -o remount,bind,ro \"$at\"";
    if run_in_mounts(scratch.path(), before, "true", "out") {
        assert_eq!(everything(scratch.path()), new);
    }
}
