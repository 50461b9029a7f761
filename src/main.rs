//! The binary `mesh`.

use std::process::ExitCode;

fn main() -> ExitCode {
    mesh::cli::run()
}
