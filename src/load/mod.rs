//! The files of a workspace as text: all of them, in one order, within the limits, or a word about each that is not.
//!
//! In: [`Files`]. Out: [`Sources`] and faults. It reads bytes and judges no word of them; it never touches the disk
//! itself, and never holds more than the limits allow, whatever the files hold.

pub mod faults;
pub mod limits;
mod text;

use crate::diagnostic::Diagnostics;
use crate::source::{Files, Sources};
use crate::syntax::limits::FILE_BYTES;
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

#[cfg(test)]
mod tests;
