use super::loose::Loose;
use super::rendered::{FILE_BYTES, refused, text};
use super::{Read, Reading};
use crate::cli::exit::Refusal;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::render::Format;
use crate::diff::Held;
use crate::disk;
use crate::source::{Files, Sources};
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

/// What names standard input.
const STDIN: &str = "-";

impl Reading<'_> {
    /// What a cluster said of itself: `kubectl get ... -o yaml` in a file, several, a folder, or on standard input.
    pub(super) fn dump(&mut self, paths: &str) -> Result<Option<Read>, Refusal> {
        let (mut sources, mut found, mut loose) = (Sources::default(), Diagnostics::default(), Loose::dump());
        for (name, text) in texts(paths)? {
            let id = sources.add(name, Arc::clone(&text));
            for held in Held::read(id, &text, &mut found) {
                if held.is_cut {
                    return Err(Refusal::new(format!("{} is one page of a list that goes on", sources.name(id)))
                        .help("list all of it: kubectl get without --limit, or without --chunk-size=0 and --raw"));
                }
                loose.take(held);
            }
        }
        if found.any_error() {
            self.screen.show(Format::Human, &found, &sources)?;
            return Ok(None);
        }
        let name = if paths == STDIN { "the dump".to_owned() } else { paths.to_owned() };
        Ok(Some(Read::loose(name, Some(sources), loose)))
    }
}

/// The texts of a dump, each with its name.
fn texts(paths: &str) -> Result<Vec<(String, Arc<str>)>, Refusal> {
    let mut texts = Vec::new();
    for path in paths.split(',') {
        if path == STDIN {
            texts.push(("standard input".to_owned(), standard_input()?.into()));
            continue;
        }
        let files = disk::Rendered::open(Path::new(path))?;
        let is_folder = Path::new(path).is_dir();
        for file in files.list().map_err(|error| refused(path, &error.path, &error.reason))? {
            let name = if is_folder { format!("{}/{file}", path.trim_end_matches('/')) } else { path.to_owned() };
            texts.push((name, text(&files, "", &file, &mut Vec::new())?.into()));
        }
    }
    Ok(texts)
}

fn standard_input() -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    let most = u64::try_from(FILE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let read = std::io::stdin().lock().take(most).read_to_end(&mut bytes);
    read.map_err(|error| Refusal::new(format!("standard input cannot be read: {error}")))?;
    if bytes.len() > FILE_BYTES {
        return Err(Refusal::new("standard input is larger than 256 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| Refusal::new("standard input is no UTF-8"))
}
