use super::rendered::is_ours;
use crate::diagnostic::Diagnostics;
use crate::diff::{self, Held, Object};
use crate::source::{FileId, Sources};
use crate::verbatim::{self, Node};
use std::sync::Arc;

/// The files of objects of the side that was read first, by path.
#[derive(Default)]
pub(super) struct Shared {
    files: Vec<(String, File)>,
    /// How many of them come before what was asked for last.
    passed: usize,
}

/// A file of objects.
pub(super) struct File {
    id: FileId,
    pub(super) text: Arc<str>,
    pub(super) objects: Vec<Arc<Object>>,
    /// Whether it holds something else besides.
    pub(super) has_others: bool,
}

impl Shared {
    /// Whether no side was read before.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Keeps a file for the side that is read next; they come in the order of their paths.
    pub(super) fn keep(&mut self, path: String, file: File) {
        self.files.push((path, file));
    }

    /// The texts of the next side: where both have a file at a path, it has the same number on both, so that the places
    /// in objects that they share hold on both.
    pub(super) fn sources(&self) -> Sources {
        Sources::after(self.files.len())
    }

    /// A file of the next side; with the same text as before, it has the same objects. They come in the order of their
    /// paths.
    pub(super) fn file(
        &mut self,
        path: &str,
        (name, text): (String, &str),
        sources: &mut Sources,
        found: &mut Diagnostics,
    ) -> File {
        self.passed += self.files.iter().skip(self.passed).take_while(|(kept, _)| kept.as_str() < path).count();
        let before = self.files.get_mut(self.passed).filter(|(kept, _)| kept == path).map(|(_, file)| file);
        if let Some(same) = before.as_ref().filter(|file| *file.text == *text) {
            sources.put(same.id, name, Arc::clone(&same.text));
            return File { text: Arc::clone(&same.text), objects: same.objects.clone(), ..**same };
        }
        let text: Arc<str> = text.into();
        let id = match before {
            Some(file) => sources.put(file.id, name, Arc::clone(&text)),
            None => sources.add(name, Arc::clone(&text)),
        };
        let mut file = File { id, text, objects: Vec::new(), has_others: false };
        for held in read(path, id, &file.text, found) {
            file.has_others |= held.has_others;
            file.objects.extend(held.objects.into_iter().map(Arc::new));
        }
        file
    }
}

/// What the documents of a file hold. Of a compiled tree the values of the control plane and the patches of pods are no
/// objects, but are compared.
fn read(path: &str, id: FileId, text: &Arc<str>, found: &mut Diagnostics) -> Vec<Held> {
    let mut steps = path.rsplit('/');
    let named: Box<dyn Fn(Node) -> Node> = match (steps.next(), steps.next(), steps.next()) {
        (Some("values.yaml"), Some("control-plane"), _) if is_ours(text) => Box::new(diff::control_plane),
        (Some(file), Some("pods"), Some(folder)) if is_ours(text) => {
            let name = file.strip_suffix(".yaml").unwrap_or(file);
            Box::new(move |patch| diff::pod_patch(patch, folder, name))
        }
        _ => return Held::read(id, text, found),
    };
    verbatim::decode(id, text, found).into_iter().map(|document| Held::of(named(document))).collect()
}
