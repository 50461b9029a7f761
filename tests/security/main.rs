//! What a hostile pull request tries, and what comes of it. Each test is named for its row of the table in `README.md`
//! here, which says where the other rows are proved.

#![allow(clippy::disallowed_methods, reason = "makes hostile workspaces on the disk and runs the binary in them")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a workspace that cannot be made is a fault"
)]

mod names;
mod paths;
mod perturbed;
mod plugin;
mod policy;
mod sandbox;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A text that stands where no page may read it; whoever prints it has leaked.
const CANARY: &str = "canary-4f1c";

const MESH: &str = "mesh shop language=1 { target istio \"1.30\" }\nnamespace shop\n";

/// A folder with a workspace `repo`, and beside it what is none of its business.
struct Ground {
    folder: PathBuf,
}

impl Ground {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("security").join(name);
        _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("repo")).unwrap();
        fs::write(folder.join("secret"), format!("password: {CANARY}\n")).unwrap();
        fs::write(folder.join("secret.kdl"), format!("service {CANARY} namespace=shop\n")).unwrap();
        let ground = Ground { folder };
        ground.write("mesh.kdl", MESH);
        ground
    }

    fn repo(&self) -> PathBuf {
        self.folder.join("repo")
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.repo().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn link(&self, name: &str, target: &str) {
        std::os::unix::fs::symlink(target, self.repo().join(name)).unwrap();
    }

    fn mesh(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mesh"));
        command.args(arguments).current_dir(self.repo()).env_clear().stdin(Stdio::null()).output().unwrap()
    }

    /// Runs every command that reads a workspace of a stranger; each fails, and tells nothing that it may not know.
    fn is_refused(&self, why: &str) -> String {
        let mut told = String::new();
        for arguments in [&["check"][..], &["compile"], &["compile", "-o", "-"], &["argocd", "generate"]] {
            let output = self.mesh(arguments);
            let text = format!("{}{}", lossy(&output.stdout), lossy(&output.stderr));
            assert!(!text.contains(CANARY), "{why}: {arguments:?} tells {text}");
            assert_eq!(output.status.code(), Some(1), "{why}: {arguments:?} says {text}");
            told.push_str(&text);
        }
        assert!(!self.repo().join("out").exists(), "{why}: something was written");
        told
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
