use super::exit::Refusal;
use super::explain::{Named, everything};
use super::fact::{Explained, layer};
use crate::emit;
use crate::ir::Mesh;
use crate::lower;
use crate::manifest::{Object, yaml};
use crate::pipeline::Workspace;
use crate::source::{Origin, Sources};
use std::fmt::Write as _;
use std::path::Path;

/// A line of a compiled tree, as it was named: `out/prod/shop/sidecars/web.yaml:12`.
pub(super) struct Address<'p> {
    file: &'p str,
    number: usize,
}

/// A line of a file that an environment's mesh compiles to.
struct Found {
    /// What stands there.
    written: String,
    /// The object and its field; none for what only the file has.
    field: Option<(Object, String)>,
    /// Who said it.
    origin: Origin,
}

impl<'p> Address<'p> {
    /// Reads `FILE:LINE`.
    pub(super) fn parse(text: &'p str) -> Result<Self, Refusal> {
        let parts = text.rsplit_once(':').and_then(|(file, number)| Some((file, number.parse().ok()?)));
        match parts.filter(|(_, number)| *number > 0) {
            Some((file, number)) => Ok(Address { file, number }),
            None => Err(Refusal::new(format!("expected a file and the number of a line, found `{text}`"))
                .help("write for example --manifest out/prod/shop/sidecars/web.yaml:12")),
        }
    }

    /// What the line says, and which line of intent says so.
    pub(super) fn explained(&self, read: &Workspace) -> Result<String, Refusal> {
        let (environment, mesh, path) = self.environment(read)?;
        let found = line(mesh, &path, self.number)?.ok_or_else(|| {
            Refusal::new(format!("{} has no line {} in environment `{environment}`", self.file, self.number))
        })?;
        let on_disk = std::fs::read_to_string(self.file).ok();
        let is_old = on_disk.is_some_and(|text| text.lines().nth(self.number - 1) != Some(found.written.as_str()));
        let mut text = found.text(&read.sources, mesh, environment);
        if is_old {
            _ = writeln!(text, "the file on disk says something else in this line: mesh compile --check");
        }
        Ok(text)
    }

    /// The environment whose tree the file is of, its mesh, and the path in it: the longest end of the file's path that
    /// is one of that tree, with the environment's name before it if that is there.
    fn environment<'w>(&self, read: &'w Workspace) -> Result<(&'w str, &'w Mesh, String), Refusal> {
        let meshes = || read.environments.iter().filter_map(|(name, mesh)| Some((name.as_str(), mesh.as_ref()?)));
        let mut candidates = Vec::new();
        for (name, mesh) in meshes() {
            let paths = paths(mesh);
            let file = Path::new(self.file);
            let own = paths.into_iter().find(|path| file.ends_with(path));
            candidates.extend(own.map(|path| (name, mesh, path)));
        }
        let is_named = |name: &str, path: &str| Path::new(self.file).ends_with(Path::new(name).join(path));
        let named = candidates.iter().position(|(name, _, path)| is_named(name, path)).unwrap_or(0);
        if named < candidates.len() {
            return Ok(candidates.swap_remove(named));
        }
        Err(Refusal::new(format!("{} is no file of objects that this workspace compiles to", self.file))
            .help("name a file below out/ENVIRONMENT, or name the environment: --env ENV"))
    }
}

/// The paths of all files with objects.
fn paths(mesh: &Mesh) -> Vec<String> {
    let mut paths = Vec::new();
    lower::each(mesh, &mut |object| paths.push(emit::path(&object, mesh.root_namespace.value.text())));
    paths
}

/// The line of this number of the file at `path`.
fn line(mesh: &Mesh, path: &str, number: usize) -> Result<Option<Found>, Refusal> {
    let mut lines: Vec<Found> = Vec::new();
    let only_text = |written: &str| Found { written: written.to_owned(), field: None, origin: mesh.origin };
    lines.extend(emit::HEADER.lines().map(only_text));
    let mut outcome = Ok(());
    let mut is_first = true;
    lower::each(mesh, &mut |object| {
        if outcome.is_err() || emit::path(&object, mesh.root_namespace.value.text()) != path {
            return;
        }
        if !std::mem::take(&mut is_first) {
            lines.push(only_text("---"));
        }
        match of_object(&object) {
            Ok(own) => lines.extend(own),
            Err(error) => outcome = Err(error),
        }
    });
    outcome?;
    Ok(lines.into_iter().nth(number - 1))
}

fn of_object(object: &Object) -> Result<Vec<Found>, yaml::Error> {
    let (text, lines) = yaml::write_traced(object)?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let found = text.lines().zip(lines).map(|(written, line)| Found {
        written: written.to_owned(),
        field: Some((object.clone(), line.path)),
        origin: line.origin.unwrap_or(object.origin),
    });
    Ok(found.collect())
}

impl Found {
    fn text(&self, sources: &Sources, mesh: &Mesh, environment: &str) -> String {
        let mut text = format!("{}   in {environment}\n", self.written.trim());
        let Some((object, path)) = &self.field else {
            text.push_str("  this line is the file's own: no word of intent says it\n");
            return text;
        };
        _ = writeln!(text, "  {}  {path}", object.title());
        let everything = everything(mesh);
        let owner = everything.iter().find(|named| named.origin == object.origin);
        let facts = |named: &&Named<'_>| named.facts.iter().any(|fact| fact.origin == self.origin);
        let decided = owner.filter(facts).or_else(|| everything.iter().find(facts));
        let decided = decided.filter(|_| self.origin.span.is_some());
        if let Some(named) = decided {
            for fact in named.facts.iter().filter(|fact| fact.origin == self.origin) {
                text.push('\n');
                text.push_str(&Explained::new(sources, mesh, named, fact).text(environment));
            }
            return text;
        }
        match self.origin.span {
            Some(span) => {
                let kind = owner.map_or("", |named| named.kind);
                let said = sources.slice(span).lines().next().unwrap_or("");
                _ = writeln!(text, "  {}  {}  {said}", layer(sources, mesh, kind, self.origin), sources.show(span));
            }
            None => text.push_str("  built-in: it holds where nobody says otherwise\n"),
        }
        text
    }
}
