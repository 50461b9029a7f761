//! The live suite: compiled trees before the code that decides in a cluster, and in a real mesh.
//!
//! In: the trees and scenarios that stand in the repository, and the tools that `setup.sh` built. Out: one line a case,
//! and a last line as every Rust test prints it. What a tool is missing for is skipped, and says so. See `README.md` here.
#![allow(clippy::disallowed_methods, reason = "a test runs programs and reads the disk")]

mod agreement;
mod argocd;
mod case;
#[allow(clippy::indexing_slicing, reason = "of JSON: what is not there is null")]
mod cluster;
#[allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    reason = "cases of another test, of which only the asking is its own"
)]
#[path = "../cmp/mod.rs"]
mod cmp;
mod compiled;
mod oracle;
#[path = "../recipes/mod.rs"]
mod recipes;
mod scenarios;
mod tools;
mod trees;
#[allow(clippy::panic, clippy::indexing_slicing, reason = "a workspace that cannot be read is a fault")]
#[path = "../workspace/mod.rs"]
mod workspace;

use std::path::Path;
use std::process::ExitCode;

use case::Case;
use tools::Tools;

fn main() -> ExitCode {
    let filters: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    match cases(Path::new(env!("CARGO_MANIFEST_DIR"))) {
        Ok(cases) => case::run(cases, &filters),
        Err(error) => {
            eprintln!("the live suite cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}

fn cases(root: &Path) -> Result<Vec<Case>, String> {
    let tools = Tools::find(root)?;
    // What takes longest begins first, so that no lane waits at the end.
    let mut cases = scenarios::cases(root, &tools)?;
    cases.extend(agreement::cases(root, &tools));
    cases.extend(argocd::cases(root, &tools));
    cases.extend(cluster::cases(root, &tools));
    cases.extend(trees::cases(root, &tools)?);
    Ok(cases)
}
