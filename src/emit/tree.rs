use std::collections::BTreeMap;

/// The first line of every file that we write. What begins with it is ours to replace and to remove; all else is not.
pub const HEADER: &str = "# Compiled by mesh from intent: change the intent, not this file.\n";

/// Files to be written: everything that one run compiles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The bytes of each file, which begin with [`HEADER`], by its path below the output folder: parts with `/`
    /// between them, none of them empty or beginning with a dot.
    pub files: BTreeMap<String, Vec<u8>>,
}
