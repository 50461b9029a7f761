use super::arguments::{Explain, ExplainFormat, Place};
use super::becomes::Lines;
use super::definition::{self, definitions};
use super::exit::{Exit, Outcome, Refusal};
use super::fact::Explained;
use super::line::Address;
use super::screen::Screen;
use super::workspace;
use crate::diagnostic::render::summary;
use crate::diagnostic::{Code, nearest};
use crate::diff::classes::PAGES;
use crate::ir::{self, Fact, Mesh, NamespaceId};
use crate::manifest::yaml;
use crate::pipeline::{self, Workspace};
use crate::source::{Origin, Sources};
use serde_json::{Value, json};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};
use std::cell::OnceCell;
use std::fmt::Write as _;

/// `mesh explain`.
pub(super) fn run(arguments: &Explain, place: &Place, screen: &mut Screen) -> Outcome {
    let format = arguments.format.chosen;
    if let Some(manifest) = &arguments.manifest {
        let line = Address::parse(manifest)?;
        let root = workspace::root(place)?;
        let read = workspace::read(&root, &workspace::output_folder(&root, None), &arguments.environments)?;
        let text = match format {
            ExplainFormat::Human => line.explained(&read)?,
            ExplainFormat::Json => printed(&line.data(&read)?)?,
        };
        screen.say(&text)?;
        return Ok(Exit::Fine);
    }
    let codes = pipeline::codes();
    let subject = arguments.subject.as_deref().unwrap_or_default();
    if let Some(page) = page(subject, &codes) {
        let text = match format {
            ExplainFormat::Human => page,
            ExplainFormat::Json => {
                printed(&json!({"version": 1, "values": [], "page": {"name": subject, "text": page}}))?
            }
        };
        screen.say(&text)?;
        return Ok(Exit::Fine);
    }
    let Ok(root) = workspace::root(place) else { return Err(unknown_code(subject, &codes)) };
    let read = workspace::read(&root, &workspace::output_folder(&root, None), &arguments.environments)?;
    let known = Known::all(&read);
    let text = match format {
        ExplainFormat::Human => shown(&read.sources, &known, subject)?,
        ExplainFormat::Json => data(&read.sources, &known, subject)?,
    };
    let Some(text) = text else { return Err(nothing(&read, subject, &codes)) };
    screen.say(&text)?;
    if read.found.any_error() {
        screen.note(&format!("as far as it is known: {} (mesh check)\n", summary(&read.found)))?;
    }
    Ok(Exit::Fine)
}

fn printed(value: &Value) -> Result<String, Refusal> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}

/// The page of a message, without the lines that only make its examples whole workspaces; or of a class of changes.
fn page(subject: &str, codes: &[&Code]) -> Option<String> {
    let Some(code) = codes.iter().find(|code| code.name == subject) else {
        return PAGES.iter().find(|(name, _)| *name == subject).map(|(_, page)| (*page).to_owned());
    };
    let shown = code.page.lines().filter(|line| !line.starts_with('~') && !line.starts_with("<!--"));
    let mut text = shown.collect::<Vec<_>>().join("\n");
    text.push('\n');
    Some(text)
}

/// An environment, its mesh, and what that compiles to.
struct Known<'w> {
    environment: &'w str,
    mesh: &'w Mesh,
    /// Worked out once something asks for them: a table does not.
    lines: OnceCell<Lines>,
}

impl<'w> Known<'w> {
    fn all(read: &'w Workspace) -> Vec<Self> {
        let meshes = read.environments.iter().filter_map(|(name, mesh)| Some((name, mesh.as_ref()?)));
        meshes.map(|(environment, mesh)| Known { environment, mesh, lines: OnceCell::new() }).collect()
    }

    fn lines(&self) -> Result<&Lines, yaml::Error> {
        if let Some(lines) = self.lines.get() {
            return Ok(lines);
        }
        let lines = Lines::of(self.mesh)?;
        Ok(self.lines.get_or_init(|| lines))
    }
}

/// What a path means: of a thing the facts that the rest of it names, and where among all of them.
struct Meant<'m> {
    named: Named<'m>,
    facts: Vec<Fact>,
    /// The facts of exactly this name.
    exact: Vec<usize>,
    /// Those with more words behind it.
    deeper: Vec<usize>,
}

/// What a path begins with.
pub(super) struct Named<'m> {
    /// The word that declares it.
    pub(super) kind: &'static str,
    pub(super) name: &'m str,
    /// None where it is the whole mesh's.
    pub(super) namespace: Option<NamespaceId>,
    pub(super) origin: Origin,
    thing: Thing<'m>,
}

/// Something that has values.
#[derive(Clone, Copy)]
enum Thing<'m> {
    Mesh,
    Namespace(&'m ir::Namespace),
    Service(&'m ir::Service),
    Workload(&'m ir::Workload),
    Gateway(&'m ir::Gateway),
    External(&'m ir::External),
    Issuer(&'m ir::Issuer),
    Authorizer(&'m ir::Authorizer),
    Group(&'m ir::Group),
    Guard(&'m ir::Guard),
}

/// Everything that has values.
pub(super) fn everything(mesh: &Mesh) -> impl Iterator<Item = Named<'_>> {
    let services = mesh.services.iter().map(Thing::Service);
    let workloads = mesh.workloads.iter().map(Thing::Workload);
    let gateways = mesh.gateways.iter().map(Thing::Gateway);
    let externals = mesh.externals.iter().map(Thing::External);
    let issuers = mesh.issuers.iter().map(Thing::Issuer);
    let authorizers = mesh.authorizers.iter().map(Thing::Authorizer);
    let namespaces = mesh.namespaces.iter().map(Thing::Namespace);
    let all = services.chain(workloads).chain(gateways).chain(externals).chain(issuers).chain(authorizers);
    let all = all.chain(mesh.groups.iter().map(Thing::Group)).chain(mesh.guards.iter().map(Thing::Guard));
    all.chain(namespaces).chain([Thing::Mesh]).map(|thing| thing.named(mesh))
}

/// What `subject` begins with, each with the facts that the rest of it means.
fn meant<'m>(mesh: &'m Mesh, subject: &str) -> Vec<Meant<'m>> {
    let facts = |named: Named<'m>| {
        let full = full_name(mesh, named.name, named.namespace);
        let alias = if named.kind == "mesh" { rest(subject, "mesh") } else { None };
        let path = rest(subject, &full).or(rest(subject, named.name)).or(alias)?;
        let facts = named.facts(mesh);
        let at = |is: &dyn Fn(&Fact) -> bool| -> Vec<usize> {
            facts.iter().enumerate().filter(|(_, fact)| is(fact)).map(|(at, _)| at).collect()
        };
        let exact = at(&|fact| fact.path == path);
        let deeper = at(&|fact| fact.path != path && (path.is_empty() || rest(&fact.path, path).is_some()));
        // The only one that is meant is meant exactly.
        let (exact, deeper) = if exact.is_empty() && deeper.len() == 1 { (deeper, exact) } else { (exact, deeper) };
        (!exact.is_empty() || !deeper.is_empty()).then_some(Meant { named, facts, exact, deeper })
    };
    everything(mesh).filter_map(facts).collect()
}

impl<'m> Thing<'m> {
    fn named(self, mesh: &'m Mesh) -> Named<'m> {
        let (kind, name, namespace, origin) = match self {
            Thing::Mesh => ("mesh", mesh.name.as_str(), None, mesh.origin),
            Thing::Namespace(it) => ("namespace", it.name.as_str(), None, it.origin),
            Thing::Service(it) => ("service", it.name.as_str(), Some(it.namespace), it.origin),
            Thing::Workload(it) => ("workload", it.name.as_str(), Some(it.namespace), it.origin),
            Thing::Gateway(it) => ("gateway", it.name.as_str(), Some(it.namespace), it.origin),
            Thing::External(it) => ("external", it.name.as_str(), it.namespace, it.origin),
            Thing::Issuer(it) => ("issuer", it.name.as_str(), None, it.origin),
            Thing::Authorizer(it) => ("authorizer", it.name.as_str(), None, it.protocol.origin),
            Thing::Group(it) => ("group", it.name.as_str(), None, it.origin),
            Thing::Guard(it) => ("guard", it.name.as_str(), None, it.origin),
        };
        Named { kind, name, namespace, origin, thing: self }
    }
}

impl Named<'_> {
    /// The words of which all stand in a rule that is about it: the host under which it is called, or its pods.
    pub(super) fn marks(&self, mesh: &Mesh) -> Vec<Vec<SmolStr>> {
        match self.thing {
            Thing::Service(service) => {
                let (namespace, domain) = (mesh.namespace_name(service.namespace), mesh.cluster_domain.value.text());
                let labels = service.selector.value.iter().map(|(_, value)| value.clone());
                let pods = labels.chain([namespace.clone()]).collect();
                vec![vec![format_smolstr!("{}.{namespace}.svc.{domain}", service.name)], pods]
            }
            Thing::External(external) => external.hosts.iter().map(|host| vec![host.value.to_smolstr()]).collect(),
            Thing::Mesh
            | Thing::Namespace(_)
            | Thing::Workload(_)
            | Thing::Gateway(_)
            | Thing::Issuer(_)
            | Thing::Authorizer(_)
            | Thing::Group(_)
            | Thing::Guard(_) => Vec::new(),
        }
    }

    /// Every single value of it.
    pub(super) fn facts(&self, mesh: &Mesh) -> Vec<Fact> {
        match self.thing {
            Thing::Mesh => ir::mesh_facts(mesh),
            Thing::Namespace(namespace) => ir::namespace_facts(mesh, namespace),
            Thing::Service(service) => ir::facts(mesh, service),
            Thing::Workload(workload) => ir::workload_facts(mesh, workload),
            Thing::Gateway(gateway) => ir::gateway_facts(mesh, gateway),
            Thing::External(external) => ir::external_facts(mesh, external),
            Thing::Issuer(issuer) => ir::issuer_facts(issuer),
            Thing::Authorizer(authorizer) => ir::authorizer_facts(mesh, authorizer),
            Thing::Group(group) => ir::group_facts(mesh, group),
            Thing::Guard(guard) => ir::guard_facts(guard),
        }
    }
}

/// A name with its namespace, where it has one.
fn full_name(mesh: &Mesh, name: &str, namespace: Option<NamespaceId>) -> String {
    namespace.map_or_else(|| name.to_owned(), |id| format!("{name}.{}", mesh.namespace_name(id)))
}

/// What follows `name` in `path`, which begins with it.
pub(super) fn rest<'p>(path: &'p str, name: &str) -> Option<&'p str> {
    match path.strip_prefix(name)? {
        "" => Some(""),
        rest => rest.strip_prefix('.'),
    }
}

/// What has exactly this name in full, and a line for each that has more words behind it; else what the pages say.
/// Environments that say the same are told of once.
fn shown(sources: &Sources, known: &[Known<'_>], subject: &str) -> Result<Option<String>, Refusal> {
    const MARK: &str = "\u{0}";
    let mut texts: Vec<(String, Vec<&str>)> = Vec::new();
    for of_environment in known {
        let (environment, mesh) = (of_environment.environment, of_environment.mesh);
        for meant in meant(mesh, subject) {
            let of = (&meant.named, meant.facts.as_slice());
            let mut in_full = Vec::new();
            for fact in meant.exact.iter().filter_map(|at| meant.facts.get(*at)) {
                in_full.push(Explained::new(sources, (mesh, of_environment.lines()?), of, fact).text(MARK));
            }
            let deeper: Vec<&Fact> = meant.deeper.iter().filter_map(|at| meant.facts.get(*at)).collect();
            let table = (!deeper.is_empty()).then(|| table(sources, mesh, &meant.named, &deeper, MARK));
            let text = in_full.into_iter().chain(table).collect::<Vec<_>>().join("\n");
            match texts.iter_mut().find(|(known, _)| *known == text) {
                Some((_, environments)) => environments.push(environment),
                None => texts.push((text, vec![environment])),
            }
        }
    }
    let mut texts: Vec<String> = texts.iter().map(|(text, names)| text.replace(MARK, &names.join(", "))).collect();
    if texts.is_empty() {
        let definitions = definitions(sources, subject);
        let lines = if definitions.is_empty() { Ok(Vec::new()) } else { known.iter().map(Known::lines).collect() };
        let lines: Vec<&Lines> = lines?;
        texts.extend(definitions.iter().map(|definition| definition.shown(&lines)));
    }
    Ok((!texts.is_empty()).then(|| texts.join("\n")))
}

/// `{"version": 1, "values": [...]}`; each value as [`Explained::data`] gives it, with its `environment`, `kind` and
/// `namespace`.
fn data(sources: &Sources, known: &[Known<'_>], subject: &str) -> Result<Option<String>, Refusal> {
    let mut values: Vec<Value> = Vec::new();
    for of_environment in known {
        let (environment, mesh) = (of_environment.environment, of_environment.mesh);
        for Meant { named, facts, exact, deeper } in meant(mesh, subject) {
            let mut places: Vec<usize> = exact.into_iter().chain(deeper).collect();
            places.sort_unstable();
            for fact in places.into_iter().filter_map(|at| facts.get(at)) {
                let explained = Explained::new(sources, (mesh, of_environment.lines()?), (&named, &facts), fact);
                values.push(explained.data_of(environment, mesh, &named));
            }
        }
    }
    if values.is_empty() {
        for definition in definitions(sources, subject) {
            for of_environment in known {
                values.push(definition.data(of_environment.environment, of_environment.lines()?));
            }
        }
    }
    if values.is_empty() {
        return Ok(None);
    }
    printed(&json!({ "version": 1, "values": values })).map(Some)
}

fn table(sources: &Sources, mesh: &Mesh, named: &Named<'_>, facts: &[&Fact], environments: &str) -> String {
    let name = full_name(mesh, named.name, named.namespace);
    let mut text = format!("{} {name}   in {environments}\n", named.kind);
    let paths = facts.iter().map(|fact| fact.path.len()).max().unwrap_or(0);
    let values = facts.iter().map(|fact| fact.value.chars().count()).max().unwrap_or(0).min(40);
    for fact in facts {
        let place = fact.origin.span.map_or_else(|| "built-in".to_owned(), |span| sources.show(span));
        let holds = fact.unfit.map_or_else(String::new, |why| format!("  does not fit: {why}"));
        _ = writeln!(text, "  {:paths$}  {:values$}  {place}{holds}", fact.path, fact.value);
    }
    text
}

fn unknown_code(subject: &str, codes: &[&Code]) -> Refusal {
    let refusal = Refusal::new(format!("`{subject}` is no code, and there is no workspace here that could have it"));
    match nearest(subject, codes.iter().map(|code| code.name)) {
        Some(near) => refusal.help(format!("did you mean `{near}`?")),
        None => refusal.help("name the workspace: -C DIR"),
    }
}

fn nothing(read: &Workspace, subject: &str, codes: &[&Code]) -> Refusal {
    let Some(mesh) = read.environments.iter().find_map(|(_, mesh)| mesh.as_ref()) else {
        return Refusal::new(format!("no value is known while the workspace has errors: {}", summary(&read.found)))
            .help("see what is wrong: mesh check");
    };
    let mut names = definition::names(&read.sources);
    names.extend(everything(mesh).map(|named| named.name.to_owned()));
    let name = subject.split('.').next().unwrap_or(subject);
    if name == "mesh" || names.iter().any(|known| known == name) {
        return Refusal::new(format!("`{name}` says nothing of `{}`", rest(subject, name).unwrap_or_default()))
            .help(format!("see what it says: mesh explain {name}"));
    }
    let refusal = Refusal::new(format!("`{subject}` is no code, and nothing in the pages has this name")).help(KINDS);
    match nearest(name, names.iter().map(String::as_str).chain(codes.iter().map(|code| code.name))) {
        Some(near) => refusal.help(format!("did you mean `{near}`?")),
        None => refusal,
    }
}

const KINDS: &str = "name a service, workload, gateway, external, namespace, issuer, authorizer, group, guard, profile, \
                     template or environment, `platform` or `mesh`, then words of its page: checkout.breaker.connections";
