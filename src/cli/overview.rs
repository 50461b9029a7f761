use super::arguments::{Environments, Place};
use super::exit::{Exit, Outcome, Refusal};
use super::screen::{Screen, columns};
use super::workspace;
use crate::diagnostic::Count;
use crate::diagnostic::render::summary;
use crate::ir::Mesh;
use crate::{disk, pipeline};
use std::path::Path;

const OUTSIDE: &str = "\
mesh compiles one page of intent per service into the whole Istio and Kubernetes tree.

  mesh init shop     begin a workspace in the folder shop
  mesh --help        all commands, with examples
";

/// `mesh` alone: what this workspace is, and the commands that fit next.
pub(super) fn run(place: &Place, screen: &mut Screen) -> Outcome {
    let root = match workspace::root(place) {
        Ok(root) => root,
        Err(_) if place.directory.is_none() => {
            screen.say(OUTSIDE)?;
            return Ok(Exit::Fine);
        }
        Err(refusal) => return Err(refusal),
    };
    let output = workspace::output_folder(&root, None);
    let read = workspace::read(&root, &output, &Environments { names: Vec::new(), policy: None })?;
    let mut rows = Vec::new();
    for (name, mesh) in &read.environments {
        if let Some(mesh) = mesh.as_ref().filter(|_| !read.found.any_error()) {
            rows.push(row(name, mesh, &output)?);
        }
    }
    let text: String = columns(&rows).into_iter().flat_map(|line| [line, "\n".to_owned()]).collect();
    let first = read.environments.iter().find_map(|(_, mesh)| mesh.as_ref());
    let title = first.map_or_else(|| "workspace".to_owned(), |mesh| format!("mesh {}", mesh.name));
    let environments = Count(read.environments.len(), "environment");
    let next = if read.found.any_error() { FAULTY } else { FINE };
    screen.say(&format!("{title}: {environments}, {}\n{text}\n{next}", summary(&read.found)))?;
    Ok(Exit::Fine)
}

const FINE: &str = "\
next: mesh compile            write the trees
      mesh explain SERVICE    who decided its values
      mesh check              what could go wrong
";
const FAULTY: &str = "\
next: mesh check              what is wrong
      mesh explain CODE       what a message means
";

fn row(name: &str, mesh: &Mesh, output: &Path) -> Result<[String; 4], Refusal> {
    let folder = output.join(name);
    let state = if folder.is_dir() {
        let report = disk::compare(&folder, &pipeline::tree(mesh)?)?;
        let differ = report.added.len() + report.changed.len() + report.removed.len();
        if differ == 0 { "up to date".to_owned() } else { format!("{} behind the intent", Count(differ, "file")) }
    } else {
        "not compiled yet".to_owned()
    };
    Ok([format!("  {name}"), workspace::services(mesh), folder.display().to_string(), state])
}
