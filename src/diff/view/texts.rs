//! Texts that are YAML themselves, such as the mesh's configuration in a `ConfigMap`.

use super::{At, leaves};
use crate::diagnostic::Diagnostics;
use crate::source::FileId;
use crate::verbatim::{Node, decode};
use std::collections::BTreeMap;

/// A value in such a text that is another: its path with dots, what it said, and what it says.
pub(in crate::diff) type Differing = (String, Option<String>, Option<String>);

/// What differs in two texts; none where one of them cannot be read as a single map.
pub(in crate::diff) fn differing(old: &str, new: &str) -> Option<Vec<Differing>> {
    let (old, new) = (values(old)?, values(new)?);
    let mut all: Vec<Differing> = Vec::new();
    for (path, was) in &old {
        let is = new.get(path);
        if is != Some(was) {
            all.push((path.clone(), Some(was.clone()), is.cloned()));
        }
    }
    let come = new.iter().filter(|(path, _)| !old.contains_key(*path));
    all.extend(come.map(|(path, is)| (path.clone(), None, Some(is.clone()))));
    all.sort();
    Some(all)
}

fn values(text: &str) -> Option<BTreeMap<String, String>> {
    let mut faults = Diagnostics::default();
    let documents = decode(FileId::new(0), text, &mut faults);
    let [document] = documents.as_slice() else { return None };
    if document.entries().is_empty() || !faults.is_empty() {
        return None;
    }
    let mut pointers = Vec::new();
    leaves(document, "", &mut pointers);
    let said = |pointer: &String| {
        let node: &Node = document.find(pointer)?;
        Some((pointer.trim_start_matches('/').replace('/', ".").replace("~1", "/"), At::of(Some(node)).word()?))
    };
    Some(pointers.iter().filter_map(said).collect())
}
