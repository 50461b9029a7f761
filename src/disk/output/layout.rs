use crate::disk::DiskError;
use crate::emit::{HEADER, Tree};
use std::collections::BTreeMap;

/// A [`Tree`] folder by folder.
#[derive(Debug, Default)]
pub(super) struct Layout<'t> {
    pub(super) files: BTreeMap<&'t str, &'t [u8]>,
    pub(super) folders: BTreeMap<&'t str, Layout<'t>>,
}

impl<'t> Layout<'t> {
    /// Checks every path and every file once more: whatever went wrong before, nothing is written elsewhere, and nothing
    /// that could not be told from foreign files later.
    pub(super) fn of(tree: &'t Tree) -> Result<Self, DiskError> {
        let mut root = Layout::default();
        for (path, bytes) in &tree.files {
            root.add(path, bytes).map_err(|reason| DiskError::new(path, reason))?;
        }
        Ok(root)
    }

    /// The bytes of the file at `path`.
    pub(super) fn file(&self, path: &str) -> Option<&'t [u8]> {
        let (folder, name) = split(path);
        self.folder(folder)?.files.get(name).copied()
    }

    /// What is in the folder at `path`; empty: all.
    pub(super) fn folder(&self, path: &str) -> Option<&Layout<'t>> {
        path.split('/').filter(|part| !part.is_empty()).try_fold(self, |layout, part| layout.folders.get(part))
    }

    fn add(&mut self, path: &'t str, bytes: &'t [u8]) -> Result<(), &'static str> {
        if !bytes.starts_with(HEADER.as_bytes()) {
            return Err("does not begin with the line that marks what is compiled");
        }
        let mut folder = self;
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            check_name(part)?;
            if parts.peek().is_some() {
                if folder.files.contains_key(part) {
                    return Err("lies in what is a file");
                }
                folder = folder.folders.entry(part).or_default();
            } else if folder.folders.contains_key(part) || folder.files.insert(part, bytes).is_some() {
                return Err("is a folder and a file");
            }
        }
        Ok(())
    }
}

/// The folder that the file or folder at `path` is in, and its name there.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Says what is wrong with one part of a path, if anything is.
pub(super) fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        return Err("is not a path below the output folder");
    }
    if name.starts_with('.') {
        return Err("has a part that begins with a dot");
    }
    if name.len() > 255 || name.chars().any(char::is_control) {
        return Err("has a part that cannot be the name of a file everywhere");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Layout;
    use crate::emit::{HEADER, Tree};

    #[test]
    fn only_paths_below_the_folder_are_taken() {
        let of = |paths: &[&str]| {
            let files = paths.iter().map(|path| ((*path).to_owned(), HEADER.into())).collect();
            Layout::of(&Tree { files }).map(|_| ())
        };
        assert_eq!(of(&["a.yaml", "b/c.yaml", "b/d/e.yaml"]), Ok(()));
        for path in ["", "/a", "a/", "a//b", "..", "../a", "a/../b", ".", "./a", ".git/config", "a/.b", "a\nb", "a\0"] {
            assert!(of(&[path]).is_err(), "{path:?}");
        }
        assert!(of(&["a", "a/b"]).is_err());
        assert!(of(&["a/b/c", "a/b"]).is_err());
        let foreign = Tree { files: [("a".to_owned(), b"kind: X\n".to_vec())].into() };
        assert!(Layout::of(&foreign).is_err());
    }
}
