use super::loose::Loose;
use super::{Read, Reading, few, within};
use crate::cli::exit::Refusal;
use crate::diagnostic::Diagnostics;
use crate::diagnostic::render::Format;
use crate::disk;
use crate::git::{Commit, Repository, Wanted};
use crate::source::Files;
use smol_str::SmolStr;
use std::path::Path;
use std::sync::Arc;

/// Files that can hold objects.
const OBJECTS: Wanted = Wanted { endings: &disk::OBJECTS, without: "" };

/// The largest file of objects that is read.
pub(super) const FILE_BYTES: usize = 256 * 1024 * 1024;

/// Whether a compiler of ours wrote a file: those of them without objects need not be told of.
pub(super) fn is_ours(text: &str) -> bool {
    text.starts_with("# Compiled by mesh")
}

impl Reading<'_> {
    /// A folder of rendered objects, or a file.
    pub(super) fn folder(&mut self, path: &Path) -> Result<Option<Read>, Refusal> {
        let files = disk::Rendered::open(path)?;
        let prefix = if path.is_file() { parent(path) } else { below(&path.display().to_string()) };
        self.objects(path.display().to_string(), &prefix, &files)
    }

    /// A folder of rendered objects as it was committed.
    pub(super) fn rendered(
        &mut self,
        repository: &Repository,
        commit: &Commit,
        path: &Path,
    ) -> Result<Option<Read>, Refusal> {
        let shown = path.display();
        let folder = within(repository.below(), path)
            .ok_or_else(|| Refusal::new(format!("{shown} lies outside the repository")))?;
        let files = repository
            .files(commit, &folder, OBJECTS)?
            .ok_or_else(|| Refusal::new(format!("{commit} has no folder {shown}")).help("name one that it has"))?;
        let prefix = if files.has(&folder) { String::new() } else { below(&folder) };
        self.objects(format!("{commit}:{folder}"), &format!("{commit}:{prefix}"), &files)
    }

    fn objects(&mut self, name: String, prefix: &str, files: &dyn Files) -> Result<Option<Read>, Refusal> {
        let mut before = std::mem::take(&mut self.shared);
        let (mut loose, mut sources, mut found) = (Loose::default(), before.sources(), Diagnostics::default());
        let (mut others, mut bytes) = (Vec::new(), Vec::new());
        for path in files.list().map_err(|error| refused(prefix, &error.path, &error.reason))? {
            let text = text(files, prefix, &path, &mut bytes)?;
            let file = before.file(&path, (format!("{prefix}{path}"), text), &mut sources, &mut found);
            let folder = path.split_once('/').map(|(folder, _)| SmolStr::new(folder));
            if file.has_others && !is_ours(&file.text) {
                others.push(path.clone());
            }
            if before.is_empty() {
                loose.objects.extend(file.objects.iter().map(|object| (folder.clone(), Arc::clone(object))));
                self.shared.keep(path, file);
            } else {
                loose.objects.extend(file.objects.into_iter().map(|object| (folder.clone(), object)));
            }
        }
        if found.any_error() {
            self.screen.show(Format::Human, &found, &sources)?;
            return Ok(None);
        }
        self.tell_others(&name, &others)?;
        Ok(Some(Read::loose(name, Some(sources), loose)))
    }

    /// Says which files hold something else than objects, and so are not compared.
    fn tell_others(&mut self, name: &str, others: &[String]) -> Result<(), Refusal> {
        if others.is_empty() {
            return Ok(());
        }
        Ok(self.screen.note(&format!("{name}: what is no object is not compared: {}\n", few(others)))?)
    }
}

pub(super) fn refused(prefix: &str, path: &str, reason: &str) -> Refusal {
    Refusal::new(format!("{prefix}{path}: {reason}"))
}

/// The text of a file, read into `bytes`.
pub(super) fn text<'b>(
    files: &dyn Files,
    prefix: &str,
    path: &str,
    bytes: &'b mut Vec<u8>,
) -> Result<&'b str, Refusal> {
    files.read_prefix_into(path, FILE_BYTES + 1, bytes).map_err(|error| refused(prefix, &error.path, &error.reason))?;
    if bytes.len() > FILE_BYTES {
        return Err(refused(prefix, path, "is larger than 256 MiB"));
    }
    std::str::from_utf8(bytes).map_err(|_| refused(prefix, path, "is no UTF-8"))
}

/// A folder, as it is written before the names of what is in it.
fn below(folder: &str) -> String {
    if folder.is_empty() || folder.ends_with('/') { folder.to_owned() } else { format!("{folder}/") }
}

/// The folder of a file, as it is written before its name.
fn parent(path: &Path) -> String {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.map(|parent| below(&parent.display().to_string())).unwrap_or_default()
}
