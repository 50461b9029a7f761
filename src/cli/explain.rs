use super::arguments::{Explain, Place};
use super::exit::{Exit, Outcome, Refusal};
use super::screen::Screen;
use super::{fact, workspace};
use crate::diagnostic::{Code, nearest};
use crate::ir::{self, Fact, Mesh, Service};
use crate::pipeline;
use crate::source::Sources;

/// `mesh explain`.
pub(super) fn run(arguments: &Explain, place: &Place, screen: &mut Screen) -> Outcome {
    let codes = pipeline::codes();
    if let Some(code) = codes.iter().find(|code| code.name == arguments.subject) {
        screen.say(&page(code))?;
        return Ok(Exit::Fine);
    }
    let Ok(root) = workspace::root(place) else { return Err(unknown_code(&arguments.subject, &codes)) };
    let read = workspace::read(&root, &workspace::output_folder(&root, None), &arguments.environments)?;
    let mut text = String::new();
    for (_, mesh) in &read.environments {
        let Some(mesh) = mesh else { continue };
        for (service, path) in meant(mesh, &arguments.subject) {
            text.push_str(&values(&read.sources, mesh, service, path));
        }
    }
    if text.is_empty() {
        return Err(nothing(&read.environments, &arguments.subject, &codes));
    }
    screen.say(&text)?;
    Ok(Exit::Fine)
}

/// The page of a message, without the lines that only make its examples whole workspaces.
fn page(code: &Code) -> String {
    let shown = code.page.lines().filter(|line| !line.starts_with('~') && !line.starts_with("<!--"));
    let mut text = shown.collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
}

/// The services that a path begins with, each with the rest of the path.
fn meant<'m, 's>(mesh: &'m Mesh, subject: &'s str) -> Vec<(&'m Service, &'s str)> {
    let rest = |name: &str| match subject.strip_prefix(name) {
        Some("") => Some(""),
        Some(rest) => rest.strip_prefix('.'),
        None => None,
    };
    let mut found = Vec::new();
    for service in &mesh.services {
        let full = format!("{}.{}", service.name, mesh.namespace_name(service.namespace));
        if let Some(path) = rest(&full).or_else(|| rest(&service.name)) {
            found.push((service, path));
        }
    }
    found
}

/// One value in full, or a line for each where the path names several.
fn values(sources: &Sources, mesh: &Mesh, service: &Service, path: &str) -> String {
    let facts = ir::facts(mesh, service);
    let exact: Vec<&Fact> = facts.iter().filter(|fact| fact.path == path).collect();
    let below = format!("{path}.");
    let within: Vec<&Fact> =
        facts.iter().filter(|fact| path.is_empty() || fact.path == path || fact.path.starts_with(&below)).collect();
    match (exact.as_slice(), within.as_slice()) {
        ([one], [_]) => fact::show(sources, mesh, service, one),
        (_, []) => String::new(),
        (_, several) => table(sources, mesh, service, several),
    }
}

fn table(sources: &Sources, mesh: &Mesh, service: &Service, facts: &[&Fact]) -> String {
    let namespace = mesh.namespace_name(service.namespace);
    let mut text = format!("{}.{namespace} in {}\n", service.name, mesh.environment);
    let width = |of: fn(&Fact) -> usize| facts.iter().map(|fact| of(fact)).max().unwrap_or(0);
    let (paths, values) = (width(|fact| fact.path.len()), width(|fact| fact.value.len()).min(40));
    for fact in facts {
        let place = fact.origin.span.map_or_else(|| "built-in".to_owned(), |span| sources.show(span));
        text.push_str(&format!("  {:paths$}  {:values$}  {place}\n", fact.path, fact.value));
    }
    text
}

fn unknown_code(subject: &str, codes: &[&Code]) -> Refusal {
    let refusal =
        Refusal::new(format!("no message has the code {subject}, and there is no workspace here to look it up in"));
    match nearest(subject, codes.iter().map(|code| code.name)) {
        Some(near) => refusal.help(format!("did you mean {near}?")),
        None => refusal.help("the codes are listed in the book; a path of intent needs a workspace: -C DIR"),
    }
}

fn nothing(environments: &[(String, Option<Mesh>)], subject: &str, codes: &[&Code]) -> Refusal {
    let refusal = Refusal::new(format!("{subject} is no code, and no service has such a value"));
    let first = environments.iter().find_map(|(_, mesh)| mesh.as_ref());
    let services: Vec<&str> =
        first.iter().flat_map(|mesh| &mesh.services).map(|service| service.name.as_str()).collect();
    let name = subject.split('.').next().unwrap_or(subject);
    let known = codes.iter().map(|code| code.name).chain(services.iter().copied());
    if services.contains(&name) {
        return refusal.help(format!("see what it has: mesh explain {name}"));
    }
    match nearest(name, known) {
        Some(near) => refusal.help(format!("did you mean {near}?")),
        None if first.is_none() => refusal.help("the workspace has errors: mesh check"),
        None => refusal.help("name a service, then words of its page: checkout.breaker.connections"),
    }
}
