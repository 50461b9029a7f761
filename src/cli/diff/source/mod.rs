//! Where the two sides of a comparison come from.

mod cluster;
mod compiled;
mod dump;
mod loose;
mod pairs;
mod rendered;
mod revision;
mod shared;

pub(super) use pairs::{Pair, pairs};

use super::arguments::{Diff, Source};
use super::dry_run;
use crate::cli::arguments::Place;
use crate::cli::exit::{Exit, Outcome, Refusal};
use crate::cli::screen::Screen;
use crate::cluster::{Resource, rights};
use crate::diff::{Side, Waivers};
use crate::git::{Commit, GitError, Repository};
use crate::graph::Graph;
use crate::source::Sources;
use shared::Shared;
use std::collections::BTreeMap;
use std::path::Path;

/// A side as it was read.
#[derive(Default)]
pub(super) struct Read {
    /// What people call it.
    pub(super) name: String,
    /// The texts that it was read from.
    pub(super) sources: Option<Sources>,
    /// Its objects: of each environment, or of the one that has no name.
    pub(super) sides: BTreeMap<Option<String>, Side>,
    /// Its picture in each environment, where one is asked for.
    pub(super) graphs: BTreeMap<Option<String>, Graph>,
    /// What its pages say of comparisons, by environment.
    pub(super) waivers: BTreeMap<Option<String>, Waivers>,
    /// The environments that its intent declares; none where it was not compiled.
    pub(super) declared: Option<Vec<String>>,
    /// Objects whose environment is not settled yet.
    loose: Option<loose::Loose>,
}

impl Read {
    /// A side whose environments are not settled yet.
    fn loose(name: String, sources: Option<Sources>, loose: loose::Loose) -> Self {
        Read { name, sources, loose: Some(loose), ..Read::default() }
    }
}

/// What is known while sides are read.
struct Reading<'r> {
    arguments: &'r Diff,
    place: &'r Place,
    screen: &'r mut Screen,
    /// What the two sides can have in common.
    shared: Shared,
}

/// The sides of a comparison.
pub(super) struct All {
    /// The earlier one.
    pub(super) from: Read,
    /// The later one.
    pub(super) to: Read,
    /// What the cluster has to which the earlier one was applied, if it is asked.
    pub(super) live: Option<Read>,
}

/// Reads the sides; none where the intent of one has errors, which were shown.
pub(super) fn all(arguments: &Diff, place: &Place, screen: &mut Screen) -> Result<Option<All>, Refusal> {
    let three_way = arguments.sides.three_way.as_ref();
    if three_way.is_some() && arguments.from.as_ref().is_some_and(Source::is_live) {
        return Err(Refusal::new(
            "--three-way holds a cluster against what was applied to it, and --from says a cluster",
        )
        .help("say in --from what was applied: git:REVISION, or leave it out"));
    }
    let mut reading = Reading { arguments, place, screen, shared: Shared::default() };
    let unsaid = Source::Trunk;
    let source = arguments.from.as_ref().unwrap_or(&unsaid);
    let (from, to) = match (source, &arguments.to) {
        // A cluster is asked for what the other side has.
        (Source::Cluster(context), to) => {
            let Some(mut to) = reading.side(to, None)? else { return Ok(None) };
            loose::settle_alone(&mut to);
            (cluster::read(context.as_deref(), &[&to])?, to)
        }
        (from, Source::Cluster(context)) => {
            let Some(mut from) = reading.side(from, Some(&arguments.to))? else { return Ok(None) };
            loose::settle_alone(&mut from);
            let to = cluster::read(context.as_deref(), &[&from])?;
            (from, to)
        }
        (from, to) => {
            let Some(from) = reading.side(from, Some(to))? else { return Ok(None) };
            let Some(to) = reading.side(to, None)? else { return Ok(None) };
            (from, to)
        }
    };
    let (mut from, mut to) = (from, to);
    let twice = loose::settle(&mut from, &mut to);
    if !twice.is_empty() {
        reading.screen.warn(&format!("twice on one side, and the later counts: {}\n", few(&twice)))?;
    }
    let wanted = &arguments.environments.names;
    pairs::check_environments(wanted, &from, &to)?;
    from.keep(wanted);
    to.keep(wanted);
    let live = match three_way {
        None => None,
        Some(source) => match reading.live(source, &from, &to)? {
            None => return Ok(None),
            some => some,
        },
    };
    Ok(Some(All { from, to, live }))
}

/// Prints the rights that reading a cluster needs, for what the later side has.
pub(super) fn print_rights(arguments: &Diff, place: &Place, screen: &mut Screen) -> Outcome {
    let mut reading = Reading { arguments, place, screen, shared: Shared::default() };
    let Some(mut to) = reading.side(&arguments.to, None)? else {
        return Ok(Exit::Unusable);
    };
    loose::settle_alone(&mut to);
    let sides: Vec<&Side> = to.sides.values().collect();
    let resources: Vec<Resource> = cluster::resources(&sides).into_iter().collect();
    let wants =
        |resource: &&Resource| arguments.cluster.server_dry_run && dry_run::is_filled(&resource.group, &resource.kind);
    let tried: Vec<Resource> = resources.iter().filter(wants).cloned().collect();
    screen.say(&rights(&resources, &tried))?;
    Ok(Exit::Fine)
}

impl Reading<'_> {
    /// Reads what the cluster has to which one of two sides was applied.
    fn live(&mut self, source: &Source, from: &Read, to: &Read) -> Result<Option<Read>, Refusal> {
        let read = match source {
            Source::Cluster(context) => Some(cluster::read(context.as_deref(), &[from, to])?),
            Source::Compile(_)
            | Source::Trunk
            | Source::Revision(_)
            | Source::Folder(_)
            | Source::Dump(_)
            | Source::Rendered { .. } => self.side(source, None)?,
        };
        let Some(mut live) = read else { return Ok(None) };
        loose::settle_live(&mut live, from, to);
        Ok(Some(live))
    }

    /// Reads a side; the earlier one knows the other, whose history it is looked for in.
    fn side(&mut self, source: &Source, other: Option<&Source>) -> Result<Option<Read>, Refusal> {
        match source {
            Source::Compile(path) => self.compiled(path.as_deref()),
            Source::Trunk => {
                let repository = Repository::open(&self.root(None)?).map_err(|error| no_trunk(&error))?;
                let trunk = repository.trunk()?;
                self.revision(&repository, trunk, other)
            }
            Source::Revision(name) => self.revision(&Repository::open(&self.root(None)?)?, name, other),
            Source::Folder(path) => self.folder(path),
            Source::Dump(paths) => self.dump(paths),
            Source::Cluster(_) => Err(Refusal::new("a cluster is compared with something else than a cluster")),
            Source::Rendered { revision, path } => {
                let here = self.place.directory.clone().unwrap_or_else(|| ".".into());
                let repository = Repository::open(&here)?;
                let commit = self.commit(&repository, revision, other)?;
                self.rendered(&repository, &commit, path)
            }
        }
    }

    /// The commit that is meant by the name of a revision: of the earlier side, the one where the later one's work began.
    fn commit(&self, repository: &Repository, name: &str, other: Option<&Source>) -> Result<Commit, Refusal> {
        let commit = repository.commit(name)?;
        let later = match other {
            _ if self.arguments.two_dot => return Ok(commit),
            None => return Ok(commit),
            Some(Source::Revision(name) | Source::Rendered { revision: name, .. }) => name,
            Some(Source::Compile(_) | Source::Trunk | Source::Folder(_) | Source::Dump(_) | Source::Cluster(_)) => {
                "HEAD"
            }
        };
        Ok(repository.merge_base(&commit, &repository.commit(later)?)?)
    }
}

/// Without a repository there is nothing to compare with that nobody has to name.
fn no_trunk(error: &GitError) -> Refusal {
    Refusal::new(error.what.clone()).help("say what to compare with, such as --from dir:out/prod")
}

impl From<GitError> for Refusal {
    fn from(error: GitError) -> Self {
        Refusal { what: error.what, help: error.help }
    }
}

/// The name of a revision with the commit that it stands for, as people see it.
fn called(name: &str, commit: &Commit) -> String {
    if commit.id().starts_with(name) { commit.to_string() } else { format!("{name} ({commit})") }
}

/// `path`, from the repository's root, of a path that is told from `below`; none where it leads out of the repository.
fn within(below: &str, path: &Path) -> Option<String> {
    let mut parts: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.to_str()?.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// The first of many names, and how many there are more.
fn few(names: &[String]) -> String {
    const NAMED: usize = 5;
    let listed = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}
