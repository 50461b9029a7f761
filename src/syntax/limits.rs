//! How much of everything the reader accepts: so much that no page of intent comes near, so little that no input hurts.

/// Bytes in one file: 256 KiB.
pub const FILE_BYTES: usize = 256 * 1024;

/// Blocks inside blocks.
pub const DEPTH: usize = 64;

/// Slashdashes inside what a slashdash removes.
pub const SLASHDASH_DEPTH: usize = 2;

/// Bytes in the value of one string: 64 KiB.
pub const STRING_BYTES: usize = 64 * 1024;

/// Arguments and properties of one node.
pub const LIST_LENGTH: usize = 10_000;

/// Faults reported in one file; the reader stops at the next, since it keeps nobody waiting for what nobody reads.
pub const FAULTS: usize = 200;
