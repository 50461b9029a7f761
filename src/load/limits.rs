//! How much of a workspace is read. The limit on one file is [`crate::syntax::limits::FILE_BYTES`].

/// Files in one workspace.
pub const WORKSPACE_FILES: usize = 20_000;

/// Bytes in all files of a workspace together: 64 MiB.
pub const WORKSPACE_BYTES: usize = 64 * 1024 * 1024;
