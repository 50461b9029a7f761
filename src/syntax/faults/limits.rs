use super::{FILE_TOO_LARGE, LIST_TOO_LONG, STRING_TOO_LONG, TOO_DEEP};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::limits::{DEPTH, FILE_BYTES, LIST_LENGTH, SLASHDASH_DEPTH, STRING_BYTES};

/// A file that is not read since it is over the limit.
pub fn file_too_large(file: FileId) -> Diagnostic {
    let limit = FILE_BYTES / 1024;
    Diagnostic::new(&FILE_TOO_LARGE, format!("expected a file of at most {limit} KiB, found a larger one"))
        .at(Span::new(file, 0, 0), "this file was not read")
        .help("give each service a file of its own: all files of the workspace are read as one")
}

/// A block deeper than the limit.
pub(in crate::syntax) fn too_deep(brace: Span) -> Diagnostic {
    Diagnostic::new(&TOO_DEEP, format!("expected at most {DEPTH} blocks inside each other, found one more"))
        .at(brace, "this block and all inside it are left out")
        .help("write what stands in this block higher up")
}

/// A slashdash inside slashdashes, deeper than the limit.
pub(in crate::syntax) fn slashdash_too_deep(slashdash: Span) -> Diagnostic {
    Diagnostic::new(&TOO_DEEP, format!("expected at most {SLASHDASH_DEPTH} `/-` inside each other, found one more"))
        .at(slashdash, "what this removes is removed already")
        .fix("take this `/-` away: the outer one removes all", slashdash, "")
}

/// A string over the limit.
pub(in crate::syntax) fn string_too_long(string: Span, length: usize) -> Diagnostic {
    let limit = STRING_BYTES / 1024;
    Diagnostic::new(&STRING_TOO_LONG, format!("expected a string of at most {limit} KiB, found {length} bytes"))
        .at(string, "this string")
        .note("no field of Istio or Kubernetes that the compiler writes takes so much text")
        .help("shorten the string")
}

/// A node with more entries than the limit.
pub(in crate::syntax) fn list_too_long(entry: Span) -> Diagnostic {
    Diagnostic::new(&LIST_TOO_LONG, format!("expected at most {LIST_LENGTH} arguments and properties, found one more"))
        .at(entry, "this and all after it in the node are left out")
        .help("split the list over several nodes: lists of the same name add up")
}
