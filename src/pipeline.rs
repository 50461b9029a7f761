//! The order of the passes, on one screen:
//!
//! ```text
//! Files --load--> Sources --parse--> Document --decode--> Intent --resolve--> Mesh --check--> Mesh
//!       --lower--> objects --emit--> Tree or stream
//! ```
//!
//! Inside a pass every fault is collected; only what has no error goes on to the next pass, so that no fault is told of
//! that another one caused.

use crate::check::{self, Subject};
use crate::diagnostic::{Code, Diagnostics};
use crate::emit::{self, Tree, TreeBuilder};
use crate::intent::{self, Intent, Scope};
use crate::ir::Mesh;
use crate::manifest::yaml;
use crate::source::{FileId, Files, Sources};
use crate::value::Date;
use crate::{load, lower, resolve, syntax};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// The profiles of the standard library, shipped in the binary.
const LIBRARY: &str = include_str!("../stdlib/profiles.kdl");

/// What is asked of a run.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The environments; none: all.
    pub environments: Vec<String>,
    /// Today, in UTC; none where dates are not to count.
    pub today: Option<Date>,
    /// What stands before the name of each file, so that people see paths from where they stand.
    pub prefix: String,
    /// The folder of the workspace in which the user stands, instead of `prefix`; empty where that is its root, or
    /// outside of it.
    pub here: String,
}

/// What a run found.
#[derive(Debug)]
pub struct Workspace {
    /// The text of every file.
    pub sources: Sources,
    /// Every fault, of all environments.
    pub found: Diagnostics,
    /// The environments that were asked for, by name; those in which the mesh could be closed, with it.
    pub environments: Vec<(String, Option<Mesh>)>,
    /// Names that were asked for and that nobody declares.
    pub unknown_environments: Vec<String>,
    /// Every environment that is declared.
    pub declared_environments: Vec<String>,
}

/// Reads and judges a workspace.
pub fn read(files: &dyn Files, request: &Request) -> Workspace {
    let mut found = Diagnostics::default();
    let mut sources = load::load(files, &mut found);
    sources.rename(&request.prefix, &request.here);
    let own: Vec<FileId> = sources.iter().map(|(id, _)| id).collect();
    let library_file = sources.add("std:profiles.kdl", LIBRARY);
    let mut of_survey = Diagnostics::default();
    let surveys = survey(&sources, &own, &mut of_survey);
    let surveys: Vec<&Intent> = surveys.iter().collect();
    let mut scopes = resolve::scopes(&surveys, &mut found);
    // Where a fault hides a definition, no variable is called undefined.
    let lacks_variables = of_survey.any_error() || found.any_error();
    for scope in &mut scopes {
        scope.lacks_variables = lacks_variables;
    }
    let is_wanted =
        |name: &str| request.environments.is_empty() || request.environments.iter().any(|wanted| wanted == name);
    let wanted: Vec<&Scope> = scopes.iter().filter(|scope| is_wanted(scope.name())).collect();
    let mut closed: Vec<Closed> = {
        let read = Read::of(&sources, &own, library_file, &mut found);
        wanted.iter().map(|scope| read.close(&sources, scope)).collect()
    };
    for Closed { mesh, found: of_environment, .. } in &mut closed {
        // What a fault leaves out would be missed by rules: they judge a whole mesh or none.
        if let Some(mesh) = mesh.as_ref().filter(|_| !of_environment.any_error()) {
            check::check(&Subject { mesh, today: request.today }, of_environment);
        }
        found.append(std::mem::take(of_environment));
    }
    if wanted.len() == scopes.len() && !found.any_error() {
        resolve::unused_variables(&surveys, &wanted, &mut found);
    }
    let declared_environments: Vec<String> = scopes.iter().map(|scope| scope.name().to_owned()).collect();
    let unknown_environments =
        request.environments.iter().filter(|name| !declared_environments.contains(name)).cloned().collect();
    let environments = closed.into_iter().map(|closed| (closed.environment, closed.mesh)).collect();
    Workspace { sources, found, environments, unknown_environments, declared_environments }
}

/// The intent of every file that says the same in all environments, and the places of those that do not.
struct Read {
    library: Intent,
    files: Vec<(FileId, Option<Intent>)>,
    is_whole: bool,
}

/// One environment, with its mesh if it could be closed.
struct Closed {
    environment: String,
    mesh: Option<Mesh>,
    found: Diagnostics,
}

impl Read {
    fn of(sources: &Sources, own: &[FileId], library: FileId, found: &mut Diagnostics) -> Self {
        let library = decode(sources, library, &Scope::default(), found);
        let once = |id: &FileId| {
            let is_shared = !inserts_variables(sources, *id);
            (*id, is_shared.then(|| decode(sources, *id, &Scope::default(), found)))
        };
        let files = own.iter().map(once).collect();
        Read { library, files, is_whole: !found.any_error() }
    }

    /// Closes the mesh of one environment, if every file could be read. A file that inserts variables is read for each
    /// environment, all others once.
    fn close(&self, sources: &Sources, scope: &Scope) -> Closed {
        let mut found = Diagnostics::default();
        let varying = self.files.iter().filter(|(_, shared)| shared.is_none());
        let varying: Vec<Intent> = varying.map(|(id, _)| decode(sources, *id, scope, &mut found)).collect();
        let intents: Vec<&Intent> =
            self.files.iter().filter_map(|(_, shared)| shared.as_ref()).chain(&varying).collect();
        let mesh = match self.is_whole && !found.any_error() {
            true => resolve::resolve(&intents, &self.library, scope, &mut found),
            false => None,
        };
        Closed { environment: scope.name().to_owned(), mesh, found }
    }
}

fn inserts_variables(sources: &Sources, id: FileId) -> bool {
    sources.text(id).contains("${")
}

/// A file with a fault of syntax is not read further: what is left of it would be misread.
fn decode(sources: &Sources, id: FileId, scope: &Scope, found: &mut Diagnostics) -> Intent {
    let mut of_syntax = Diagnostics::default();
    let document = syntax::parse(id, sources.text(id), &mut of_syntax);
    let is_read = !of_syntax.any_error();
    found.append(of_syntax);
    if is_read { intent::decode(&document, scope, inserts_variables(sources, id), found) } else { Intent::default() }
}

/// What the files declare that must be known before the rest is read. Its faults are found again with the rest.
fn survey(sources: &Sources, own: &[FileId], found: &mut Diagnostics) -> Vec<Intent> {
    let may_declare = |id: &&FileId| {
        let text = sources.text(**id);
        // A word in quotes may be spelled with escapes.
        text.contains("environment") || text.contains("mesh") || text.contains("\\u")
    };
    let read = |id: &FileId| {
        let document = syntax::parse(*id, sources.text(*id), found);
        intent::survey(&document, found)
    };
    own.iter().filter(may_declare).map(read).collect()
}

/// The tree of one environment's mesh.
///
/// # Errors
/// None of our own types can fail to be written; the error is the serializer's.
pub fn tree(mesh: &Mesh) -> Result<Tree, yaml::Error> {
    let mut tree = TreeBuilder::new(mesh.root_namespace.value.text());
    let mut outcome = Ok(());
    lower::each(mesh, &mut |object| {
        if outcome.is_ok() {
            outcome = tree.add(&object);
        }
    });
    outcome?;
    lower::pod_patches(mesh).iter().try_for_each(|pods| tree.add_pods(pods))?;
    tree.finish(&lower::control_plane(mesh))
}

/// How much of the stream is gathered before it is written.
const CHUNK: usize = 256 * 1024;

/// Writes the objects of one environment's mesh as a stream of YAML documents, in the order of application.
///
/// # Errors
/// What `out` says.
pub fn stream(mesh: &Mesh, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::with_capacity(CHUNK + CHUNK / 4);
    let mut outcome = Ok(());
    lower::each(mesh, &mut |object| {
        if outcome.is_ok() {
            outcome = emit::document(&object, &mut text).map_err(io::Error::other);
        }
        if text.len() >= CHUNK && outcome.is_ok() {
            outcome = out.write_all(&text);
            text.clear();
        }
    });
    outcome?;
    out.write_all(&text)
}

/// Every code that a run can give, by name.
pub fn codes() -> Vec<&'static Code> {
    let passes = [load::faults::CODES, syntax::faults::CODES, intent::CODES, resolve::CODES];
    let all = passes.into_iter().flatten().copied().chain(check::codes());
    let mut seen = BTreeSet::new();
    let mut codes: Vec<_> = all.filter(|code| seen.insert(code.name)).collect();
    codes.sort_by_key(|code| code.name);
    codes
}
