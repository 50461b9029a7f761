//! The order of the passes, on one screen:
//!
//! ```text
//! Files --load--> Sources --parse--> Document --decode--> Intent --resolve--> Mesh --check--> Mesh
//!       --lower--> objects --emit--> Tree or stream
//! ```
//!
//! Inside a pass every fault is collected; only what has no error goes on to the next pass, so that no fault is told of
//! that another one caused.

mod sides;

pub use sides::{edits, side, waivers};

use crate::check::{self, Subject};
use crate::diagnostic::{Code, Diagnostics};
use crate::emit::{self, ToldLine, ToldTree, Tree, TreeBuilder};
use crate::intent::{self, Intent, Scope};
use crate::ir::Mesh;
use crate::manifest::{Object, yaml};
use crate::policy::{self, Policy};
use crate::source::{Attached, FileId, Files, Sources};
use crate::value::Date;
use crate::{expand, govern, load, lower, resolve, syntax, verbatim};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// The profiles of the standard library, shipped in the binary.
const LIBRARY: &str = include_str!("../stdlib/profiles.kdl");

/// The templates of the standard library, and their texts by the files that they name.
const TEMPLATES: &str = include_str!("../stdlib/templates.kdl");
const TEMPLATE_TEXTS: [(&str, &str); 5] = [
    ("std:certificate.yaml", include_str!("../stdlib/templates/certificate.yaml")),
    ("std:grafana-dashboard.yaml", include_str!("../stdlib/templates/grafana-dashboard.yaml")),
    ("std:kiali.yaml", include_str!("../stdlib/templates/kiali.yaml")),
    ("std:prometheus-rules.yaml", include_str!("../stdlib/templates/prometheus-rules.yaml")),
    ("std:service-monitor.yaml", include_str!("../stdlib/templates/service-monitor.yaml")),
];

/// What is asked of a run.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The environments; none: all.
    pub environments: Vec<String>,
    /// Today, in UTC; none where dates are not to count.
    pub today: Option<Date>,
    /// Whether a day that is over is a warning: it must not stop what runs unattended.
    pub dates_only_warn: bool,
    /// What stands before the name of each file, so that people see paths from where they stand.
    pub prefix: String,
    /// The folder of the workspace in which the user stands, instead of `prefix`; empty where that is its root, or
    /// outside of it.
    pub here: String,
    /// The name and the text of a policy; none: every page may say anything.
    pub policy: Option<(String, String)>,
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
    /// Every environment that is declared.
    pub declared_environments: Vec<String>,
}

/// Reads and judges a workspace.
pub fn read(files: &dyn Files, request: &Request) -> Workspace {
    let mut found = Diagnostics::default();
    let mut sources = load::load(files, &mut found);
    let paths = sources.iter().map(|(id, file)| (id, file.name.clone())).collect();
    sources.rename(&request.prefix, &request.here);
    let own: Vec<FileId> = sources.iter().map(|(id, _)| id).collect();
    let governed = request.policy.as_ref().map(|policy| Governed::of(policy, &mut sources, paths, &mut found));
    let library = [sources.add("std:profiles.kdl", LIBRARY), sources.add("std:templates.kdl", TEMPLATES)];
    let texts = TEMPLATE_TEXTS.map(|(name, text)| (name.to_owned(), sources.add(name, text)));
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
    let mut disk = Disk { files, sources, attached: texts.into(), governed };
    let mut closed: Vec<Closed> = {
        let mut read = Read::of(&disk.sources, &own, library, &mut found);
        let last = wanted.len().saturating_sub(1);
        wanted.iter().enumerate().map(|(at, scope)| read.close(&mut disk, scope, at == last)).collect()
    };
    let sources = disk.sources;
    for Closed { mesh, found: of_environment, .. } in &mut closed {
        // What a fault leaves out would be missed by rules: they judge a whole mesh or none.
        if let Some(mesh) = mesh.as_ref().filter(|_| !of_environment.any_error()) {
            judge(mesh, request, of_environment);
        }
        found.append(std::mem::take(of_environment));
    }
    if wanted.len() == scopes.len() && !found.any_error() {
        resolve::unused_variables(&surveys, &wanted, &mut found);
        check::check_all(&closed.iter().filter_map(|closed| closed.mesh.as_ref()).collect::<Vec<_>>(), &mut found);
    }
    let declared_environments: Vec<String> = scopes.iter().map(|scope| scope.name().to_owned()).collect();
    let environments = closed.into_iter().map(|closed| (closed.environment, closed.mesh)).collect();
    Workspace { sources, found, environments, declared_environments }
}

/// The environments that a workspace declares, as far as its files can be read.
pub fn environments(files: &dyn Files) -> Vec<String> {
    let mut found = Diagnostics::default();
    let sources = load::load(files, &mut found);
    let own: Vec<FileId> = sources.iter().map(|(id, _)| id).collect();
    let surveys = survey(&sources, &own, &mut found);
    let scopes = resolve::scopes(&surveys.iter().collect::<Vec<_>>(), &mut found);
    scopes.iter().map(|scope| scope.name().to_owned()).collect()
}

/// Judges a mesh by itself, and then against what it becomes, where people say something of that.
fn judge(mesh: &Mesh, request: &Request, found: &mut Diagnostics) {
    let Request { today, dates_only_warn, .. } = *request;
    let subject = Subject { mesh, today, dates_only_warn, made: &[] };
    check::check(&subject, found);
    let names_objects = !mesh.ignores.is_empty() || !mesh.accepts.is_empty();
    if found.any_error() || (mesh.patches.is_empty() && mesh.carried.is_empty() && !names_objects) {
        return;
    }
    let mut made = Vec::new();
    lower::each_unpatched(mesh, &mut |object| made.extend(object.made()));
    made.extend(lower::unpatched_control_plane(mesh).made(mesh.origin));
    check::check_objects(&Subject { made: &made, ..subject }, found);
}

/// The files of a workspace, with the text of those that were read.
struct Disk<'f> {
    files: &'f dyn Files,
    sources: Sources,
    /// Files that pages name, by path.
    attached: BTreeMap<String, FileId>,
    governed: Option<Governed>,
}

/// Who owns what, and where the pages lie that are held against it.
struct Governed {
    policy: Policy,
    paths: BTreeMap<FileId, String>,
}

impl Governed {
    fn of(
        (name, text): &(String, String),
        sources: &mut Sources,
        paths: BTreeMap<FileId, String>,
        found: &mut Diagnostics,
    ) -> Self {
        let file = sources.add(name, text.as_str());
        Governed { policy: policy::read(file, text, found), paths }
    }

    /// Judges what pages say, with the files that they name.
    fn judge(
        &mut self,
        attached: &BTreeMap<String, FileId>,
        intents: &[&Intent],
        mesh: Option<&Mesh>,
        found: &mut Diagnostics,
    ) {
        let of_workspace = attached.iter().filter(|(path, _)| !path.starts_with("std:"));
        self.paths.extend(of_workspace.map(|(path, file)| (*file, path.clone())));
        govern::govern(&govern::Ground { policy: &self.policy, paths: &self.paths }, intents, mesh, found);
    }
}

/// What all files say that say the same in all environments, and those that do not.
struct Read {
    library: Intent,
    shared: Intent,
    varying: Vec<FileId>,
    is_whole: bool,
}

/// One environment, with its mesh if it could be closed.
struct Closed {
    environment: String,
    mesh: Option<Mesh>,
    found: Diagnostics,
}

impl Read {
    fn of(sources: &Sources, own: &[FileId], [profiles, templates]: [FileId; 2], found: &mut Diagnostics) -> Self {
        let mut library = decode(sources, profiles, &Scope::default(), found);
        library.templates = decode(sources, templates, &Scope::default(), found).templates;
        let (varying, once): (Vec<_>, Vec<_>) = own.iter().partition(|id| inserts_variables(sources, **id));
        let mut shared = Intent::default();
        for id in once {
            shared.append(decode(sources, id, &Scope::default(), found));
        }
        Read { library, shared, varying, is_whole: !found.any_error() }
    }

    /// Closes the mesh of one environment, if every file could be read. A file that inserts variables is read for each
    /// environment, all others once; after the last environment no member is kept that nobody asks for.
    fn close(&mut self, disk: &mut Disk<'_>, scope: &Scope, is_last: bool) -> Closed {
        let mut found = Diagnostics::default();
        let varying = self.varying.iter();
        let mut varying: Vec<Intent> = varying.map(|id| decode(&disk.sources, *id, scope, &mut found)).collect();
        let is_judged = disk.governed.is_some();
        let mut members = self.shared.members.lend(is_judged || !is_last);
        for intent in &mut varying {
            members.append(&mut intent.members.lend(is_judged));
        }
        let intents: Vec<&Intent> = std::iter::once(&self.shared).chain(&varying).collect();
        let mesh = match self.is_whole && !found.any_error() {
            true => {
                let named = intents.iter().flat_map(|intent| intent.named_files()).collect();
                load::attach(disk.files, &named, (&mut disk.sources, &mut disk.attached), &mut found);
                let attached = Attached::new(&disk.sources, &disk.attached);
                let mut mesh = resolve::resolve((&intents, members), &self.library, scope, &attached, &mut found);
                if let Some(governed) = &mut disk.governed {
                    governed.judge(&disk.attached, &intents, mesh.as_ref(), &mut found);
                }
                if let Some(mesh) = mesh.as_mut().filter(|_| !found.any_error()) {
                    expand::expand(mesh, &attached, &mut found);
                }
                mesh
            }
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

/// Hands objects to `take` in the order of application until it fails.
fn try_each<E>(mesh: &Mesh, mut take: impl FnMut(Object) -> Result<(), E>) -> Result<(), E> {
    let mut outcome = Ok(());
    lower::each(mesh, &mut |object| {
        if outcome.is_ok() {
            outcome = take(object);
        }
    });
    outcome
}

/// The tree of one environment's mesh.
///
/// # Errors
/// None of our own types can fail to be written; the error is the serializer's.
pub fn tree(mesh: &Mesh) -> Result<Tree, yaml::Error> {
    let mut tree = TreeBuilder::new(mesh.root_namespace.value.text());
    try_each(mesh, |object| tree.add(&object))?;
    lower::pod_patches(mesh).iter().try_for_each(|pods| tree.add_pods(pods))?;
    tree.finish(&lower::control_plane(mesh))
}

/// The lines of those files of a mesh's tree whose paths are asked for, with what each says and who said it.
///
/// # Errors
/// None of our own types can fail to be written; the error is the serializer's.
pub fn told(mesh: &Mesh, wants: &dyn Fn(&str) -> bool) -> Result<BTreeMap<String, Vec<ToldLine>>, yaml::Error> {
    let mut tree = ToldTree::new(mesh.root_namespace.value.text(), wants);
    try_each(mesh, |object| tree.add(&object))?;
    lower::pod_patches(mesh).iter().try_for_each(|pods| tree.add_pods(pods))?;
    tree.finish(&lower::control_plane(mesh))
}

/// Hands every object of one environment's mesh to `take`, in the order of application.
pub fn each_object(mesh: &Mesh, take: &mut dyn FnMut(Object)) {
    lower::each(mesh, take);
}

/// How much of the stream is gathered before it is written.
const CHUNK: usize = 256 * 1024;

/// Writes the objects of one environment's mesh as a stream of YAML documents, in the order of application.
///
/// # Errors
/// What `out` says.
pub fn stream(mesh: &Mesh, out: &mut dyn Write) -> io::Result<()> {
    stream_of(mesh, &mut |_| true, out)
}

/// The same of those objects alone that are asked for.
///
/// # Errors
/// What `out` says.
pub fn stream_of(mesh: &Mesh, wants: &mut dyn FnMut(&Object) -> bool, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::with_capacity(CHUNK + CHUNK / 4);
    try_each(mesh, |object| {
        if wants(&object) {
            emit::document(&object, &mut text).map_err(io::Error::other)?;
        }
        if text.len() >= CHUNK {
            out.write_all(&text)?;
            text.clear();
        }
        Ok::<(), io::Error>(())
    })?;
    out.write_all(&text)
}

/// Every code that a run can give, by name.
pub fn codes() -> Vec<&'static Code> {
    let passes = [
        govern::CODES,
        load::faults::CODES,
        syntax::faults::CODES,
        intent::CODES,
        verbatim::CODES,
        expand::CODES,
        resolve::CODES,
    ];
    let all = passes.into_iter().flatten().copied().chain(check::codes());
    let mut seen = BTreeSet::new();
    let mut codes: Vec<_> = all.filter(|code| seen.insert(code.name)).collect();
    codes.sort_by_key(|code| code.name);
    codes
}
