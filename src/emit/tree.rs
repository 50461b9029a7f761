use super::kustomization::Kustomization;
use super::{layout, stream};
use crate::manifest::{Object, PodPatch, Values, yaml};
use serde::Serialize;
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

/// A tree while objects come in.
pub struct TreeBuilder<'r> {
    root: &'r str,
    tree: Tree,
    paths: Vec<String>,
}

impl<'r> TreeBuilder<'r> {
    /// An empty tree; `root` is the control plane's namespace.
    pub fn new(root: &'r str) -> Self {
        TreeBuilder { root, tree: Tree::default(), paths: Vec::new() }
    }

    /// Puts an object into its file; objects come in the order in which they are applied.
    ///
    /// # Errors
    /// None of our own types can fail to be written; the error is the serializer's.
    pub fn add(&mut self, object: &Object) -> Result<(), yaml::Error> {
        let path = layout::path(object, self.root);
        if let Some(text) = self.tree.files.get_mut(&path) {
            return stream::document(object, text);
        }
        let mut text = HEADER.as_bytes().to_vec();
        yaml::write(object, &mut text)?;
        self.paths.push(path.clone());
        self.tree.files.insert(path, text);
        Ok(())
    }

    /// How many files hold objects.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Adds a patch for pods that somebody else deploys; it is no object, so it is in no list.
    ///
    /// # Errors
    /// None of our own types can fail to be written; the error is the serializer's.
    pub fn add_pods(&mut self, pods: &PodPatch) -> Result<(), yaml::Error> {
        self.put(&layout::pods(pods, self.root), &pods.patch)
    }

    /// Adds the values of the control plane and the list of all files.
    ///
    /// # Errors
    /// None of our own types can fail to be written; the error is the serializer's.
    pub fn finish(mut self, control_plane: &Values) -> Result<Tree, yaml::Error> {
        self.put(layout::CONTROL_PLANE, control_plane)?;
        let paths = std::mem::take(&mut self.paths);
        self.put(layout::KUSTOMIZATION, &Kustomization::of(&paths))?;
        Ok(self.tree)
    }

    fn put<T: Serialize>(&mut self, path: &str, value: &T) -> Result<(), yaml::Error> {
        let mut text = HEADER.as_bytes().to_vec();
        yaml::write(value, &mut text)?;
        self.tree.files.insert(path.to_owned(), text);
        Ok(())
    }
}
