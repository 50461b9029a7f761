//! The faults of reading a workspace. None has a place in a [`crate::source::SourceFile`]: its file was not taken in.

use super::limits::{WORKSPACE_BYTES, WORKSPACE_FILES};
use super::text::NotText;
use crate::code;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::ReadError;
use crate::syntax::faults::FILE_TOO_LARGE;
use crate::syntax::limits::FILE_BYTES;

/// Every code of this folder that is not one of `syntax`.
pub static CODES: &[&Code] = &[&UNREADABLE_FILE, &NOT_UTF8, &WORKSPACE_TOO_LARGE];

/// A file or folder that could not be read.
pub static UNREADABLE_FILE: Code = code!("unreadable-file", Error, "a file or folder cannot be read");
/// A file that is not text.
pub static NOT_UTF8: Code = code!("not-utf8", Error, "a file is not UTF-8");
/// More files or bytes than a workspace may have.
pub static WORKSPACE_TOO_LARGE: Code = code!("workspace-too-large", Error, "a workspace is larger than the limit");

/// A file or folder that could not be read.
pub(super) fn unreadable(error: &ReadError) -> Diagnostic {
    Diagnostic::new(&UNREADABLE_FILE, format!("cannot read `{}`: {}", error.path, error.reason))
        .note("all files of a workspace are read as one, so nothing is compiled without one of them")
        .help("make it a file that can be read, or take it out of the workspace")
}

/// A file that is not text.
pub(super) fn not_utf8(path: &str, place: NotText) -> Diagnostic {
    let NotText { location, byte, utf16 } = place;
    let title =
        format!("expected UTF-8, found the byte 0x{byte:02X} at `{path}:{}:{}`", location.line, location.column);
    let fault = Diagnostic::new(&NOT_UTF8, title).note("KDL is written in UTF-8");
    if utf16 {
        return fault.help("save the file as UTF-8: it begins as UTF-16 does");
    }
    fault.help("save the file as UTF-8")
}

/// A file over the limit.
pub(super) fn file_too_large(path: &str) -> Diagnostic {
    let limit = FILE_BYTES / 1024;
    Diagnostic::new(&FILE_TOO_LARGE, format!("expected at most {limit} KiB in `{path}`, found more"))
        .help("give each service a file of its own: all files of the workspace are read as one")
}

/// More files than a workspace may have.
pub(super) fn too_many_files(count: usize) -> Diagnostic {
    let title = format!("expected at most {WORKSPACE_FILES} files in a workspace, found {count}");
    Diagnostic::new(&WORKSPACE_TOO_LARGE, title).note("no file was read").help("split the workspace: one for each mesh")
}

/// More bytes than a workspace may have.
pub(super) fn too_many_bytes(path: &str) -> Diagnostic {
    let limit = WORKSPACE_BYTES / (1024 * 1024);
    let title = format!("expected at most {limit} MiB in a workspace, found more");
    Diagnostic::new(&WORKSPACE_TOO_LARGE, title)
        .note(format!("`{path}` and the files after it were not read"))
        .help("split the workspace: one for each mesh")
}
