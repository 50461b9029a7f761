//! The files of a workspace as text: all of them, in one order, within the limits, or a word about each that is not.
//!
//! In: [`Files`]. Out: [`Sources`] and faults. It reads bytes and judges no word of them; it never touches the disk
//! itself, and never holds more than the limits allow, whatever the files hold.

pub mod faults;
pub mod limits;
mod text;

use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Files, Sources, Span};
use crate::syntax::limits::FILE_BYTES;
use std::collections::BTreeMap;
use text::decode;

/// Reads every file of the workspace, in the order of their paths. A file that cannot be read, is too large or is no
/// UTF-8 is reported and left out; a workspace beyond the limits is reported and cut there.
pub fn load(files: &dyn Files, found: &mut Diagnostics) -> Sources {
    let mut sources = Sources::default();
    let paths = match files.list() {
        Ok(paths) => paths,
        Err(error) => {
            found.push(faults::unreadable(&error));
            return sources;
        }
    };
    if paths.len() > limits::WORKSPACE_FILES {
        found.push(faults::too_many_files(paths.len()));
        return sources;
    }
    let mut total = 0;
    for path in paths {
        let bytes = match files.read_prefix(&path, FILE_BYTES + 1) {
            Ok(bytes) => bytes,
            Err(error) => {
                found.push(faults::unreadable(&error));
                continue;
            }
        };
        total += bytes.len();
        if total > limits::WORKSPACE_BYTES {
            found.push(faults::too_many_bytes(&path));
            return sources;
        }
        if bytes.len() > FILE_BYTES {
            found.push(faults::file_too_large(&path));
            continue;
        }
        match decode(bytes) {
            Ok(text) => _ = sources.add(path, text),
            Err(place) => found.push(faults::not_utf8(&path, place)),
        }
    }
    sources
}

/// Reads the files that pages name, each once, and adds them to `sources`; what cannot be read is reported where it is
/// named. They are opened as pages are: below the root, through no link.
pub fn attach(
    files: &dyn Files,
    named: &BTreeMap<&str, Span>,
    (sources, known): (&mut Sources, &mut BTreeMap<String, FileId>),
    found: &mut Diagnostics,
) {
    for (path, span) in named {
        if known.contains_key(*path) {
            continue;
        }
        let fault = match files.read_prefix(path, FILE_BYTES + 1) {
            Err(error) => faults::unreadable(&error),
            Ok(bytes) if bytes.len() > FILE_BYTES => faults::file_too_large(path),
            Ok(bytes) => match decode(bytes) {
                Err(place) => faults::not_utf8(path, place),
                Ok(text) => {
                    known.insert((*path).to_owned(), sources.add_renamed(path, text));
                    continue;
                }
            },
        };
        found.push(fault.at(*span, "named here"));
    }
}

#[cfg(test)]
mod tests;
