use super::super::arguments::Place;
use super::super::{policy, workspace};
use crate::argocd::{Failure, Seen, unreadable_policy};
use crate::disk;
use std::path::Path;

/// The workspace that is meant, and how its files are named.
pub(super) struct Standing {
    pub(super) files: disk::Workspace,
    pub(super) prefix: String,
    pub(super) here: String,
    pub(super) policy: Option<(String, String)>,
}

/// The variable of the sidecar's own environment that names its policy. What an Application says has other names.
const POLICY: &str = "MESH_POLICY";

impl Standing {
    /// The nearest folder upward with a `mesh.kdl`. Argo CD says how deep in the repository an Application lies: what is
    /// above that is not the repository's. Elsewhere it is as for every command.
    pub(super) fn of(seen: &Seen, place: &Place) -> Result<Self, Failure> {
        let Some(depth) = seen.depth().filter(|_| place.directory.is_none()) else {
            let root = workspace::root(place)?;
            let (prefix, here) = workspace::seen_from_here(&root);
            return Standing::confined(&root, prefix, here);
        };
        let Some((root, up)) = disk::find_root_within(Path::new("."), depth) else { return Err(lost(seen)) };
        Standing::confined(&root, seen.prefix(up), String::new())
    }

    /// Reads the policy, gives up what is not needed any more, and opens the workspace.
    fn confined(root: &Path, prefix: String, here: String) -> Result<Self, Failure> {
        let policy = std::env::var_os(POLICY).map(|file| sidecars_own(Path::new(&file), root)).transpose()?;
        disk::confine(&[root], None);
        Ok(Standing { files: open(root)?, prefix, here, policy })
    }
}

/// The policy of the sidecar. A path from where the plugin stands would lead into what was sent.
fn sidecars_own(file: &Path, root: &Path) -> Result<(String, String), Failure> {
    if file.is_relative() {
        return Err(unreadable_policy());
    }
    policy::read(file, root).map_err(|_| unreadable_policy())
}

/// Opens a workspace; the output of `mesh compile`, where it is committed beside the intent, holds no page.
fn open(root: &Path) -> Result<disk::Workspace, Failure> {
    let output = root.join("out");
    // The path is of this machine, and says nothing to people who look at Argo CD.
    disk::Workspace::open(root, Some(&output))
        .map_err(|error| Failure::new(format!("the workspace {}", error.reason), "look at the Application's path"))
}

fn lost(seen: &Seen) -> Failure {
    let path = seen.source_path().unwrap_or(".");
    Failure::new(
        format!("no mesh.kdl in `{path}`, nor above it in what Argo CD sent"),
        "spec.source.path is to be in a workspace; with manifest-generate-paths, these are to hold its mesh.kdl",
    )
}
