//! The binary `mesh`.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A compilation is many small values: libc's allocator took a third of its time, musl's still more.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    mesh::cli::run()
}
