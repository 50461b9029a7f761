use super::kustomization::Kustomization;
use super::{HEADER, layout};
use crate::manifest::{Object, PodPatch, Spec, Values, yaml};
use crate::source::Origin;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A line of a file of a tree, and what it says.
#[derive(Clone, Debug)]
pub struct ToldLine {
    /// The line.
    pub written: String,
    /// What it is a line of; none: the file's own.
    pub part: Option<Arc<Part>>,
    /// The field that it gives, as [`yaml::Line`] names it.
    pub field: String,
    /// Who said it; none where that is only who said the whole part.
    pub origin: Option<Origin>,
}

/// An object, or what else a file holds.
#[derive(Debug)]
pub struct Part {
    /// The kind of object; `carried` where it was written in the words of its kind; of files that hold none, what they are
    /// for.
    pub kind: &'static str,
    /// The word that declares whose it is, as its label of ownership has it.
    pub owner: String,
    /// Whether it was written in the words of its kind.
    pub is_carried: bool,
    /// Whether something was put into it in the words of its kind.
    pub is_patched: bool,
    /// How people name it.
    pub title: String,
    /// The node of intent that it came from; none: all of them.
    pub origin: Option<Origin>,
}

/// The lines of those files of a tree that are asked for.
pub struct ToldTree<'w> {
    root: &'w str,
    wants: &'w dyn Fn(&str) -> bool,
    /// The lines of each file, by its path.
    files: BTreeMap<String, Vec<ToldLine>>,
    paths: Vec<String>,
}

impl<'w> ToldTree<'w> {
    /// No lines yet; `root` is the control plane's namespace.
    pub fn new(root: &'w str, wants: &'w dyn Fn(&str) -> bool) -> Self {
        ToldTree { root, wants, files: BTreeMap::new(), paths: Vec::new() }
    }

    /// Adds the lines of an object; objects come in the order in which they are applied.
    ///
    /// # Errors
    /// None of our own types can fail to be written; the error is the serializer's.
    pub fn add(&mut self, object: &Object) -> Result<(), yaml::Error> {
        let path = layout::path(object, self.root);
        let is_carried = matches!(object.spec, Spec::Carried(_));
        let part = || Part {
            kind: if is_carried { "carried" } else { object.kind() },
            owner: owner(object),
            is_carried,
            is_patched: object.patched.is_some(),
            title: object.title(),
            origin: Some(object.origin),
        };
        self.put(&path, part, object)?;
        if self.paths.last() != Some(&path) {
            self.paths.push(path);
        }
        Ok(())
    }

    /// Adds the lines of a patch for pods.
    ///
    /// # Errors
    /// None of our own types can fail to be written; the error is the serializer's.
    pub fn add_pods(&mut self, pods: &PodPatch) -> Result<(), yaml::Error> {
        let path = layout::pods(pods, self.root);
        let title = format!("patch of the pods {}/{}", pods.namespace, pods.name);
        self.put(
            &path,
            || Part {
                kind: "pods",
                owner: String::new(),
                is_carried: false,
                is_patched: false,
                title,
                origin: Some(pods.origin),
            },
            &pods.patch,
        )
    }

    /// Adds the lines of the values of the control plane and of the list of all files.
    ///
    /// # Errors
    /// None of our own types can fail to be written; the error is the serializer's.
    pub fn finish(mut self, control_plane: &Values) -> Result<BTreeMap<String, Vec<ToldLine>>, yaml::Error> {
        let is_patched = matches!(control_plane, Values::Patched(_));
        let part = |kind, title: &str| Part {
            kind,
            owner: String::new(),
            is_carried: false,
            is_patched: is_patched && kind == "values",
            title: title.to_owned(),
            origin: None,
        };
        self.put(layout::CONTROL_PLANE, || part("values", "values of the control plane"), control_plane)?;
        let paths = std::mem::take(&mut self.paths);
        let list = Kustomization::of(&paths);
        self.put(layout::KUSTOMIZATION, || part("kustomization", "kustomization"), &list)?;
        Ok(self.files)
    }

    fn put<T: Serialize>(&mut self, path: &str, part: impl FnOnce() -> Part, value: &T) -> Result<(), yaml::Error> {
        if !(self.wants)(path) {
            return Ok(());
        }
        let (text, lines) = yaml::write_traced(value)?;
        let part = Arc::new(part());
        let whole =
            |written: &str| ToldLine { written: written.to_owned(), part: None, field: String::new(), origin: None };
        let into = self.files.entry(path.to_owned()).or_default();
        match into.is_empty() {
            true => into.extend(HEADER.lines().map(whole)),
            false => into.push(whole("---")),
        }
        let text = String::from_utf8_lossy(&text);
        into.extend(text.lines().zip(lines).map(|(written, line)| ToldLine {
            written: written.to_owned(),
            part: Some(part.clone()),
            field: line.path,
            origin: line.origin.filter(|origin| Some(*origin) != part.origin),
        }));
        Ok(())
    }
}

/// The word before the name in the label of ownership.
fn owner(object: &Object) -> String {
    let label = object.metadata.labels.iter().find(|(key, _)| key == "mesh.kdl/owner");
    label.and_then(|(_, value)| value.split('.').next()).unwrap_or_default().to_owned()
}

/// Who said a field, or the first of those inside of it.
pub fn said(lines: &[ToldLine], at: usize) -> Option<Origin> {
    let line = lines.get(at)?;
    let inside = |other: &&ToldLine| match other.field.strip_prefix(line.field.as_str()) {
        Some(rest) => rest.starts_with(['.', '[']),
        None => false,
    };
    let below = lines.iter().skip(at + 1).take_while(inside);
    line.origin.or_else(|| below.filter_map(|line| line.origin).find(|origin| origin.span.is_some()))
}
