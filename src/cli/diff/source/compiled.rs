use super::{Read, Reading};
use crate::cli::exit::Refusal;
use crate::cli::workspace;
use crate::diagnostic::render::{Format, summary};
use crate::disk;
use crate::graph::Graph;
use crate::ir::Mesh;
use crate::pipeline::{self, Request, Workspace};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

impl Reading<'_> {
    /// The folder of the workspace: the one that a side names, or the one that all commands mean.
    pub(super) fn root(&self, path: Option<&Path>) -> Result<PathBuf, Refusal> {
        let mut place = self.place.clone();
        place.directory = path.map(Path::to_owned).or(place.directory);
        workspace::root(&place)
    }

    /// The workspace as it stands.
    pub(super) fn compiled(&mut self, path: Option<&Path>) -> Result<Option<Read>, Refusal> {
        let root = self.root(path)?;
        let files = disk::Workspace::open(&root, Some(&workspace::output_folder(&root, None)))?;
        let (prefix, here) = workspace::seen_from_here(&root);
        let today = Some(workspace::today());
        let request = Request { environments: self.environments(), today, prefix, here, ..Request::default() };
        let read = pipeline::read(&files, &request);
        if read.found.any_error() {
            self.screen.show(Format::Human, &read.found, &read.sources)?;
            self.screen.note(&format!("nothing compared: {}\n", summary(&read.found)))?;
            return Ok(None);
        }
        let name = path.map_or_else(|| "the workspace".to_owned(), |path| path.display().to_string());
        Read::of(name, read, self.arguments.view.has_picture()).map(Some)
    }

    pub(super) fn environments(&self) -> Vec<String> {
        self.arguments.environments.names.clone()
    }
}

impl Read {
    /// A side of what was compiled without an error.
    pub(super) fn of(name: String, workspace: Workspace, has_picture: bool) -> Result<Self, Refusal> {
        let Workspace { sources, found, environments, declared_environments } = workspace;
        let side = |(name, mesh): (String, Option<Mesh>)| Some((name, mesh?));
        let (mut sides, mut waivers, mut graphs) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (environment, mesh) in environments.into_iter().filter_map(side) {
            if has_picture {
                graphs.insert(Some(environment.clone()), Graph::of(&mesh, &found, &sources));
            }
            waivers.insert(Some(environment.clone()), pipeline::waivers(&mesh));
            sides.insert(Some(environment), pipeline::side(&mesh)?);
        }
        let (sources, declared) = (Some(sources), Some(declared_environments));
        Ok(Read { name, sources, sides, graphs, waivers, declared, loose: None })
    }
}
