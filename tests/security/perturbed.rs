//! Row 37: nothing of the machine gets into the output.

use super::{Ground, lossy};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

/// How often the same workspace is compiled under other circumstances.
const RUNS: u64 = 200;

/// What differs from one run to the next.
struct Circumstances(u64);

impl Circumstances {
    /// One of several, by a part of the number of the run that no other question reads.
    fn one<'a>(&self, question: u64, of: &[&'a str]) -> &'a str {
        let mixed = (self.0 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(u32::try_from(question * 7).unwrap());
        of[usize::try_from(mixed % of.len() as u64).unwrap()]
    }

    /// Lays the workspace out: in another folder, its files in another order, of another age.
    fn lay_out(&self, files: &[(String, String)]) -> Ground {
        let ground =
            Ground::new(&format!("perturbed/{}-{}", self.one(1, &["a", "ä b", "-x", "longer/and/deeper"]), self.0));
        let mut files: Vec<_> = files.iter().collect();
        let shift = usize::try_from(self.0).unwrap() % files.len();
        files.rotate_left(shift);
        if self.0.is_multiple_of(2) {
            files.reverse();
        }
        for (name, text) in files {
            ground.write(name, text);
            let age = Duration::from_secs(self.0 * 86_400 * 37);
            let file = fs::File::options().write(true).open(ground.repo().join(name)).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + age).unwrap();
        }
        ground
    }

    fn run(&self, ground: &Ground, arguments: &str) -> String {
        let umask = self.one(2, &["022", "077", "002", "027"]);
        let mut command = Command::new("sh");
        let script = format!("umask {umask}; exec \"$MESH\" {arguments}");
        command.env_clear().env("MESH", env!("CARGO_BIN_EXE_mesh")).args(["-c", &script]).current_dir(ground.repo());
        let variables: [(&str, &[&str]); 8] = [
            ("TZ", &["", "UTC", "Pacific/Kiritimati", "America/St_Johns", "nowhere"]),
            ("LC_ALL", &["", "C", "tr_TR.UTF-8", "de_DE.ISO-8859-1"]),
            ("LANG", &["", "sv_SE.UTF-8"]),
            ("HOME", &["", "/", "/nonexistent"]),
            ("TMPDIR", &["", "/nonexistent"]),
            ("COLUMNS", &["", "20", "300"]),
            ("TERM", &["", "dumb", "xterm-256color"]),
            ("USER", &["", "root", "jürgen"]),
        ];
        for (question, (name, values)) in (3..).zip(variables) {
            match self.one(question, values) {
                "" => {}
                value => _ = command.env(name, value),
            }
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "run {}: {}", self.0, lossy(&output.stderr));
        lossy(&output.stdout)
    }
}

/// Every file of a folder, by path.
fn tree(folder: &Path, below: &str, into: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            tree(&entry.path(), &format!("{name}/"), into);
        } else {
            into.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
}

#[test]
fn t_37_the_same_pages_are_the_same_bytes_everywhere() {
    let mut files = BTreeMap::new();
    tree(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bookinfo"), "", &mut files);
    let files: Vec<(String, String)> = files.into_iter().collect();
    let mut first = None;
    for circumstances in (0..RUNS).map(Circumstances) {
        let ground = circumstances.lay_out(&files);
        circumstances.run(&ground, "compile");
        let mut told = BTreeMap::new();
        tree(&ground.repo().join("out"), "", &mut told);
        assert!(told.len() > 20, "{} files", told.len());
        told.insert("check".to_owned(), circumstances.run(&ground, "check --format json"));
        told.insert("graph".to_owned(), circumstances.run(&ground, "graph --env normal --format mermaid"));
        match &first {
            None => first = Some(told),
            Some(first) => assert!(*first == told, "run {} differs: {told:#?}", circumstances.0),
        }
        fs::remove_dir_all(&ground.folder).unwrap();
    }
}
