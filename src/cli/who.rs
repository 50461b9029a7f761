//! `mesh who`: who may call a service, and whom one calls.

use super::arguments::{Environments, ExplainFormat, Place, TEMPLATE, ValuesFormat};
use super::exit::{Exit, Outcome, Refusal};
use super::names;
use super::screen::{Screen, by_environment, columns};
use super::workspace;
use crate::diagnostic::render::summary;
use crate::ir::Mesh;
use crate::pipeline::Workspace;
use crate::query::{self, Line, Through};
use crate::source::{Sources, Span};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::fmt::Write as _;

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh who calls checkout          everybody who may call it, and how
  mesh who is-called-by web        what web calls, and what of that it may")]
pub(super) struct Who {
    /// calls or is-called-by
    #[arg(value_name = "RELATION", hide_possible_values = true)]
    relation: Relation,
    /// A service, or behind is-called-by a workload; with `.NAMESPACE` where two share a name
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    environments: Environments,
    #[command(flatten)]
    format: ValuesFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Relation {
    Calls,
    IsCalledBy,
}

/// `mesh who`.
pub(super) fn run(arguments: &Who, place: &Place, screen: &mut Screen) -> Outcome {
    let root = workspace::root(place)?;
    let read = workspace::read(&root, &workspace::output_folder(&root, None), &arguments.environments)?;
    let mut found: Vec<(String, Vec<Line>)> = Vec::new();
    for (environment, mesh) in names::meshes(&read)? {
        found.push((environment.to_owned(), arguments.lines(mesh)?));
    }
    let text = match arguments.format.chosen {
        ExplainFormat::Human => shown(&read, arguments, &found),
        ExplainFormat::Json => data(&read.sources, &found)?,
    };
    screen.say(&text)?;
    if read.found.any_error() {
        screen.note(&format!("as far as it is known: {} (mesh check)\n", summary(&read.found)))?;
    }
    Ok(Exit::Fine)
}

impl Who {
    fn lines(&self, mesh: &Mesh) -> Result<Vec<Line>, Refusal> {
        match self.relation {
            Relation::Calls => Ok(query::callers(mesh, names::service(mesh, &self.name)?)),
            Relation::IsCalledBy => Ok(query::callees(mesh, names::caller(mesh, &self.name)?.who)),
        }
    }
}

/// A table; environments that say the same are told of once.
fn shown(read: &Workspace, arguments: &Who, found: &[(String, Vec<Line>)]) -> String {
    let texts = found.iter().map(|(environment, lines)| (environment.as_str(), table(&read.sources, arguments, lines)));
    by_environment(texts, "\n")
}

fn table(sources: &Sources, arguments: &Who, lines: &[Line]) -> String {
    if lines.is_empty() {
        let name = &arguments.name;
        return match arguments.relation {
            Relation::Calls => format!("nobody may call {name}\n"),
            Relation::IsCalledBy => format!("{name} calls nothing\n"),
        };
    }
    let first = match arguments.relation {
        Relation::Calls => "caller",
        Relation::IsCalledBy => "callee",
    };
    let mut rows = vec![[first, "how", "through", "since"].map(str::to_owned)];
    for line in lines {
        let how = if line.how.is_empty() { "everything".to_owned() } else { line.how.clone() };
        rows.push([line.name.clone(), how, through(line), since(sources, line.span)]);
    }
    let mut text = String::new();
    let mut told = columns(&rows).into_iter();
    text.extend(told.next().map(|head| format!("{head}\n")));
    for (row, line) in told.zip(lines) {
        _ = writeln!(text, "{row}");
        for (except, span) in &line.except {
            _ = writeln!(text, "  but not {except}   {}", since(sources, *span));
        }
    }
    text
}

fn through(line: &Line) -> String {
    match &line.through {
        Through::Mesh => "mesh".to_owned(),
        Through::Gateway(name) => format!("gateway {name}"),
    }
}

fn since(sources: &Sources, span: Option<Span>) -> String {
    span.map_or_else(|| "built-in".to_owned(), |span| sources.show(span))
}

/// `{"version": 1, "lines": [...]}`; `mesh schema who` describes it.
fn data(sources: &Sources, found: &[(String, Vec<Line>)]) -> Result<String, Refusal> {
    let place = |span: Option<Span>| span.map_or(Value::Null, |span| sources.show(span).into());
    let except = |(how, span): &(String, Option<Span>)| json!({"how": how, "place": place(*span)});
    let one = |environment: &String, line: &Line| {
        let gateway = match &line.through {
            Through::Mesh => Value::Null,
            Through::Gateway(name) => name.as_str().into(),
        };
        json!({
            "environment": environment,
            "name": line.name,
            "how": line.how,
            "except": line.except.iter().map(except).collect::<Vec<_>>(),
            "gateway": gateway,
            "place": place(line.span),
        })
    };
    let lines: Vec<Value> =
        found.iter().flat_map(|(environment, lines)| lines.iter().map(move |line| one(environment, line))).collect();
    Ok(format!("{}\n", serde_json::to_string_pretty(&json!({"version": 1, "lines": lines}))?))
}
