use super::arguments::{Environments, Place};
use super::exit::Refusal;
use crate::diagnostic::{Count, and_list, nearest};
use crate::disk;
use crate::ir::Mesh;
use crate::pipeline::{self, Request, Workspace};
use crate::source::Files;
use crate::value::Date;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The folder of a workspace.
pub(super) fn root(place: &Place) -> Result<PathBuf, Refusal> {
    if let Some(directory) = &place.directory {
        return match std::fs::symlink_metadata(directory.join("mesh.kdl")) {
            Ok(_) => Ok(directory.clone()),
            Err(_) if directory.is_dir() => {
                Err(Refusal::new(format!("{} is no workspace: it has no mesh.kdl", directory.display()))
                    .help(format!("begin one: mesh init {}", directory.display())))
            }
            Err(_) if directory.exists() => Err(Refusal::new(format!("{} is not a folder", directory.display()))),
            Err(_) => Err(Refusal::new(format!("there is no folder {}", directory.display()))),
        };
    }
    let here = std::env::current_dir().map_err(|error| Refusal::new(format!("this folder cannot be read: {error}")))?;
    let root = disk::find_root(&here).ok_or_else(|| {
        Refusal::new("no mesh.kdl in this folder or above it")
            .help("begin a workspace: mesh init shop; or name one: -C DIR")
    })?;
    Ok(from_here(&here, &root))
}

/// `path` as seen from `here`, where it is `here` or lies above it.
fn from_here(here: &Path, path: &Path) -> PathBuf {
    match here.strip_prefix(path) {
        Ok(below) if below.as_os_str().is_empty() => PathBuf::from("."),
        Ok(below) => below.components().map(|_| "..").collect(),
        Err(_) => path.to_owned(),
    }
}

/// The folder below `root` in which the user stands, where `root` is written as the way up; else empty.
fn here_below(root: &Path) -> String {
    let up = root.components().count();
    if !root.components().all(|part| part == Component::ParentDir) {
        return String::new();
    }
    let here = std::env::current_dir().unwrap_or_default();
    let folders: Vec<_> = here.components().collect();
    let below = folders.iter().skip(folders.len().saturating_sub(up)).map(|part| part.as_os_str().to_string_lossy());
    below.collect::<Vec<_>>().join("/")
}

/// How the files of the workspace in `root` are named where the user stands: what stands before their names, or the
/// folder of the workspace.
pub(super) fn seen_from_here(root: &Path) -> (String, String) {
    let prefix = if root == Path::new(".") { String::new() } else { format!("{}/", root.display()) };
    (prefix, here_below(root))
}

/// Where the trees of a workspace are written.
pub(super) fn output_folder(root: &Path, output: Option<&Path>) -> PathBuf {
    output.map_or_else(|| below(root, "out"), Path::to_owned)
}

/// A path below `root`, without a useless `./`.
pub(super) fn below(root: &Path, name: &str) -> PathBuf {
    if root == Path::new(".") { PathBuf::from(name) } else { root.join(name) }
}

/// Reads and judges the workspace in `root`, whose trees are in `output`.
pub(super) fn read(root: &Path, output: &Path, environments: &Environments) -> Result<Workspace, Refusal> {
    let files = disk::Workspace::open(root, Some(output))?;
    judge(&files, root, &environments.names, policy(environments, root)?)
}

/// The same, after all was taken from this process that it does not need for that, and for writing `output` if it does.
pub(super) fn read_confined(
    root: &Path,
    output: &Path,
    environments: &Environments,
    writes: bool,
) -> Result<Workspace, Refusal> {
    let policy = policy(environments, root)?;
    disk::confine(&[root, output], Some(output).filter(|_| writes));
    let files = disk::Workspace::open(root, Some(output))?;
    judge(&files, root, &environments.names, policy)
}

/// The name and text of the policy that is asked for.
pub(super) fn policy(environments: &Environments, root: &Path) -> Result<Option<(String, String)>, Refusal> {
    environments.policy.as_deref().map(|file| super::policy::read(file, root)).transpose()
}

/// Judges the files of the workspace in `root`; without names of environments, all.
pub(super) fn judge(
    files: &dyn Files,
    root: &Path,
    environments: &[String],
    policy: Option<(String, String)>,
) -> Result<Workspace, Refusal> {
    let (prefix, here) = seen_from_here(root);
    let environments_asked = environments.to_vec();
    let today = Some(today());
    let request = Request { environments: environments_asked, today, prefix, here, policy, ..Request::default() };
    let workspace = pipeline::read(files, &request);
    check_known(&workspace, environments)?;
    Ok(workspace)
}

/// Refuses names of environments that nobody declares; where there are errors the declaration may be in what could not
/// be read.
pub(super) fn check_known(workspace: &Workspace, environments: &[String]) -> Result<(), Refusal> {
    let declared = &workspace.declared_environments;
    let unknown = environments.iter().find(|name| !declared.contains(name));
    let Some(unknown) = unknown.filter(|_| !workspace.found.any_error()) else { return Ok(()) };
    let help = match nearest(unknown, declared.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("declared: {}", and_list(declared.iter().map(String::as_str))),
    };
    Err(Refusal::new(format!("no environment is named `{unknown}`")).help(help))
}

/// Today, in UTC.
pub(super) fn today() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Date::of_unix_days(seconds / 86_400)
}

/// `5 services` of a mesh, workloads and gateways aside.
pub(super) fn services(mesh: &Mesh) -> String {
    Count(mesh.services.len(), "service").to_string()
}
