use crate::ir::{Fact, Mesh, Service};
use crate::lower;
use crate::manifest::yaml;
use crate::source::{Layer, Origin, Sources, Span};

/// One value as people see it: who decided it, whom it won over, what it becomes.
pub(super) fn show(sources: &Sources, mesh: &Mesh, service: &Service, fact: &Fact) -> String {
    let name = format!("{}.{}", service.name, fact.path);
    let mut text = format!("{name} = {}   in {}\n", fact.value, mesh.environment);
    let mut rows = vec![row(sources, mesh, fact.origin, &fact.value)];
    for origin in &fact.overridden {
        let said = origin.span.map(|span| said(sources, span)).unwrap_or_default();
        rows.push(row(sources, mesh, *origin, &said));
    }
    let width = |column: usize| rows.iter().map(|row| row.get(column).map_or(0, String::len)).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    for (at, [layer, value, place]) in rows.iter().enumerate() {
        let decides = if at == 0 && rows.len() > 1 { "  <- decides" } else { "" };
        let [a, b, c] = widths;
        let line = format!("  {layer:a$}  {value:b$}  {place:c$}{decides}");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push_str(&becomes(mesh, fact));
    text
}

/// What is written at a place, on one line.
fn said(sources: &Sources, span: Span) -> String {
    let text = sources.slice(span);
    text.lines().next().unwrap_or("").trim_matches('"').to_owned()
}

fn row(sources: &Sources, mesh: &Mesh, origin: Origin, value: &str) -> [String; 3] {
    let layer = match origin.layer {
        Layer::BuiltIn => "built-in".to_owned(),
        Layer::MeshProfile | Layer::NamespaceProfile | Layer::OwnProfile => "profile".to_owned(),
        Layer::Mesh => "mesh".to_owned(),
        Layer::Namespace => "namespace".to_owned(),
        Layer::Own => "service".to_owned(),
        Layer::MeshOverlay => format!("mesh, {} overlay", mesh.environment),
        Layer::NamespaceOverlay => format!("namespace, {} overlay", mesh.environment),
        Layer::OwnOverlay => format!("{} overlay", mesh.environment),
    };
    [layer, value.to_owned(), origin.span.map(|span| sources.show(span)).unwrap_or_default()]
}

/// The fields of objects that come from the place where the value was said.
fn becomes(mesh: &Mesh, fact: &Fact) -> String {
    let Some(span) = fact.origin.span else { return String::new() };
    let mut fields: Vec<String> = Vec::new();
    lower::each(mesh, &mut |object| {
        let Ok((_, lines)) = yaml::write_traced(&object) else { return };
        let of_fact = lines.iter().filter(|line| line.origin.and_then(|origin| origin.span) == Some(span));
        let mut last = String::new();
        for line in of_fact {
            // The first line of what was said stands for all that is below it.
            if last.is_empty() || !line.path.starts_with(last.as_str()) {
                fields.push(format!("{}  {}", object.title(), line.path));
                last.clone_from(&line.path);
            }
        }
    });
    fields.dedup();
    let lines = fields.iter().enumerate();
    lines.map(|(at, field)| format!("{}  {field}\n", if at == 0 { "becomes" } else { "       " })).collect()
}
