//! Texts that are YAML themselves, such as the mesh's configuration in a `ConfigMap`.

use super::{At, leaves};
use crate::diagnostic::Diagnostics;
use crate::diff::normalise;
use crate::source::FileId;
use crate::verbatim::{Node, decode};
use std::collections::{BTreeMap, BTreeSet};

/// A value in such a text that is another: its path with dots, what it said, and what it says.
pub(in crate::diff) type Differing = (String, Option<String>, Option<String>);

/// What differs in two texts; none where one of them cannot be read as a single map.
pub(in crate::diff) fn differing(old: &str, new: &str) -> Option<Vec<Differing>> {
    let (was, is) = (read(old)?, read(new)?);
    let normal = |document: &Node| {
        let mut document = document.clone();
        normalise::of_mesh(&mut document);
        values(&document)
    };
    let (old, new) = (normal(&was), normal(&is));
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differing = paths.into_iter().filter(|path| old.get(*path) != new.get(*path));
    // What is told is what is written, where something is.
    let written = |document: &Node, normal: &BTreeMap<String, String>, path: &String| {
        At::of(Some(document)).get(path).word().or_else(|| normal.get(path).cloned())
    };
    Some(differing.map(|path| (path.clone(), written(&was, &old, path), written(&is, &new, path))).collect())
}

/// Whether two texts say the same as YAML, and so as JSON.
pub(in crate::diff) fn say_the_same(old: &str, new: &str) -> bool {
    old == new || differing(old, new).is_some_and(|all| all.is_empty())
}

/// What such a text says at a path with dots; none where it cannot be read.
pub(in crate::diff) fn said(text: &str, path: &str) -> Option<String> {
    At::of(Some(&read(text)?)).get(path).word()
}

fn read(text: &str) -> Option<Node> {
    let mut faults = Diagnostics::default();
    let mut documents = decode(FileId::new(0), text, &mut faults);
    let document = documents.pop().filter(|_| documents.is_empty() && faults.is_empty())?;
    (!document.entries().is_empty()).then_some(document)
}

/// What a document says, by paths with dots.
fn values(document: &Node) -> BTreeMap<String, String> {
    let mut pointers = Vec::new();
    leaves(document, "", &mut pointers);
    let said = |pointer: &String| {
        let node: &Node = document.find(pointer)?;
        Some((pointer.trim_start_matches('/').replace('/', ".").replace("~1", "/"), At::of(Some(node)).word()?))
    };
    pointers.iter().filter_map(said).collect()
}
