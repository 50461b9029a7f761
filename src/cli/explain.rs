use super::arguments::{Explain, ExplainFormat, Place};
use super::exit::{Exit, Outcome, Refusal};
use super::fact::Explained;
use super::line::Address;
use super::screen::Screen;
use super::workspace;
use crate::diagnostic::render::summary;
use crate::diagnostic::{Code, nearest};
use crate::ir::{self, Fact, Mesh, NamespaceId};
use crate::pipeline::{self, Workspace};
use crate::source::{Origin, Sources};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// `mesh explain`.
pub(super) fn run(arguments: &Explain, place: &Place, screen: &mut Screen) -> Outcome {
    let codes = pipeline::codes();
    if let Some(manifest) = &arguments.manifest {
        let line = Address::parse(manifest)?;
        let root = workspace::root(place)?;
        let read = workspace::read(&root, &workspace::output_folder(&root, None), &arguments.environments)?;
        screen.say(&line.explained(&read)?)?;
        return Ok(Exit::Fine);
    }
    let subject = arguments.subject.as_deref().unwrap_or_default();
    let is_page = matches!(arguments.format, ExplainFormat::Human);
    if let Some(code) = codes.iter().find(|code| is_page && code.name == subject) {
        screen.say(&page(code))?;
        return Ok(Exit::Fine);
    }
    let Ok(root) = workspace::root(place) else { return Err(unknown_code(subject, &codes)) };
    let read = workspace::read(&root, &workspace::output_folder(&root, None), &arguments.environments)?;
    let text = match arguments.format {
        ExplainFormat::Human => shown(&read, subject),
        ExplainFormat::Json => data(&read, subject)?,
    };
    match text {
        Some(text) => {
            screen.say(&text)?;
            if read.found.any_error() {
                screen.note(&format!("as far as it is known: {} (mesh check)\n", summary(&read.found)))?;
            }
        }
        None => return Err(nothing(&read, subject, &codes)),
    }
    Ok(Exit::Fine)
}

/// The page of a message, without the lines that only make its examples whole workspaces.
fn page(code: &Code) -> String {
    let shown = code.page.lines().filter(|line| !line.starts_with('~') && !line.starts_with("<!--"));
    let mut text = shown.collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
}

/// What a path begins with.
pub(super) struct Named<'m> {
    /// `service`, `workload`, `gateway` or `external`.
    pub(super) kind: &'static str,
    pub(super) name: &'m str,
    /// None where it is the whole mesh's.
    namespace: Option<NamespaceId>,
    pub(super) origin: Origin,
    pub(super) facts: Vec<Fact>,
}

/// Everything that has values, with all of them.
pub(super) fn everything(mesh: &Mesh) -> Vec<Named<'_>> {
    let services = mesh.services.iter().map(|it| ("service", it.name.as_str(), Some(it.namespace), it.origin));
    let workloads = mesh.workloads.iter().map(|it| ("workload", it.name.as_str(), Some(it.namespace), it.origin));
    let gateways = mesh.gateways.iter().map(|it| ("gateway", it.name.as_str(), Some(it.namespace), it.origin));
    let externals = mesh.externals.iter().map(|it| ("external", it.name.as_str(), it.namespace, it.origin));
    let all = services.chain(workloads).chain(gateways).chain(externals);
    let named = all.map(|(kind, name, namespace, origin)| {
        let facts = facts(mesh, kind, origin);
        Named { kind, name, namespace, origin, facts }
    });
    named.collect()
}

/// What `subject` begins with, each with the facts that the rest of it means.
fn meant<'m>(mesh: &'m Mesh, subject: &str) -> Vec<Named<'m>> {
    let mut found = everything(mesh);
    found.retain_mut(|named| {
        let full = full_name(mesh, named.name, named.namespace);
        let Some(path) = rest(subject, &full).or(rest(subject, named.name)) else { return false };
        named.facts.retain(|fact| path.is_empty() || rest(&fact.path, path).is_some());
        !named.facts.is_empty()
    });
    found
}

/// A name with its namespace, where it has one.
fn full_name(mesh: &Mesh, name: &str, namespace: Option<NamespaceId>) -> String {
    namespace.map_or_else(|| name.to_owned(), |id| format!("{name}.{}", mesh.namespace_name(id)))
}

/// What follows `name` in `path`, which begins with it.
fn rest<'p>(path: &'p str, name: &str) -> Option<&'p str> {
    match path.strip_prefix(name)? {
        "" => Some(""),
        rest => rest.strip_prefix('.'),
    }
}

fn facts(mesh: &Mesh, kind: &str, origin: Origin) -> Vec<Fact> {
    let service = mesh.services.iter().find(|service| kind == "service" && service.origin == origin);
    let workload = mesh.workloads.iter().find(|workload| kind == "workload" && workload.origin == origin);
    let gateway = mesh.gateways.iter().find(|gateway| kind == "gateway" && gateway.origin == origin);
    let service = service.map(|service| ir::facts(mesh, service));
    let workload = workload.map(|workload| ir::workload_facts(mesh, workload));
    let external = mesh.externals.iter().find(|external| kind == "external" && external.origin == origin);
    let outside = gateway
        .map(|gateway| ir::gateway_facts(mesh, gateway))
        .or_else(|| external.map(|external| ir::external_facts(mesh, external)));
    service.or(workload).or(outside).unwrap_or_default()
}

/// One value in full, or a line for each where the path names several; environments that say the same are told of once.
fn shown(read: &Workspace, subject: &str) -> Option<String> {
    const MARK: &str = "\u{0}";
    let mut texts: Vec<(String, Vec<&str>)> = Vec::new();
    for (environment, mesh) in &read.environments {
        for (mesh, named) in mesh.iter().flat_map(|mesh| meant(mesh, subject).into_iter().map(move |it| (mesh, it))) {
            let text = match named.facts.as_slice() {
                [one] => Explained::new(&read.sources, mesh, &named, one).text(MARK),
                several => table(&read.sources, mesh, &named, several, MARK),
            };
            match texts.iter_mut().find(|(known, _)| *known == text) {
                Some((_, environments)) => environments.push(environment),
                None => texts.push((text, vec![environment])),
            }
        }
    }
    let texts: Vec<String> = texts.iter().map(|(text, names)| text.replace(MARK, &names.join(", "))).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// `{"version": 1, "values": [...]}`; each value as [`Explained::data`] gives it, with its `environment`, `kind` and
/// `namespace`.
fn data(read: &Workspace, subject: &str) -> Result<Option<String>, Refusal> {
    let mut values: Vec<Value> = Vec::new();
    for (environment, mesh) in &read.environments {
        let Some(mesh) = mesh else { continue };
        for named in meant(mesh, subject) {
            for fact in &named.facts {
                let mut value = Explained::new(&read.sources, mesh, &named, fact).data();
                if let Some(fields) = value.as_object_mut() {
                    fields.insert("environment".to_owned(), environment.as_str().into());
                    fields.insert("kind".to_owned(), named.kind.into());
                    let namespace = named.namespace.map(|id| mesh.namespace_name(id).as_str());
                    fields.insert("namespace".to_owned(), namespace.into());
                }
                values.push(value);
            }
        }
    }
    if values.is_empty() {
        return Ok(None);
    }
    Ok(Some(format!("{}\n", serde_json::to_string_pretty(&json!({ "version": 1, "values": values }))?)))
}

fn table(sources: &Sources, mesh: &Mesh, named: &Named<'_>, facts: &[Fact], environments: &str) -> String {
    let name = full_name(mesh, named.name, named.namespace);
    let mut text = format!("{} {name}   in {environments}\n", named.kind);
    let paths = facts.iter().map(|fact| fact.path.len()).max().unwrap_or(0);
    let values = facts.iter().map(|fact| fact.value.chars().count()).max().unwrap_or(0).min(40);
    for fact in facts {
        let place = fact.origin.span.map_or_else(|| "built-in".to_owned(), |span| sources.show(span));
        _ = writeln!(text, "  {:paths$}  {:values$}  {place}", fact.path, fact.value);
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
    let services = mesh.services.iter().map(|it| it.name.as_str());
    let workloads = mesh.workloads.iter().map(|it| it.name.as_str());
    let gateways = mesh.gateways.iter().map(|it| it.name.as_str());
    let externals = mesh.externals.iter().map(|it| it.name.as_str());
    let mut names: Vec<&str> = services.chain(workloads).chain(gateways).chain(externals).collect();
    let name = subject.split('.').next().unwrap_or(subject);
    if names.contains(&name) {
        return Refusal::new(format!("`{name}` says nothing of `{}`", rest(subject, name).unwrap_or_default()))
            .help(format!("see what it says: mesh explain {name}"));
    }
    let refusal =
        Refusal::new(format!("`{subject}` is no code, and no service, workload, gateway or external has this name"));
    names.extend(codes.iter().map(|code| code.name));
    match nearest(name, names) {
        Some(near) => refusal.help(format!("did you mean `{near}`?")),
        None => refusal.help("name one, then words of its page: checkout.breaker.connections"),
    }
}
