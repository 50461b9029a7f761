use super::{is_broken, tenths};
use crate::graph::model::{Edge, Graph, Kind, Relation, Standing};
use std::fmt::Write as _;

/// The graph as a flowchart of Mermaid.
pub fn mermaid(graph: &Graph) -> String {
    let mut text = format!("---\ntitle: {}\n---\nflowchart TD\n", quoted(&title(graph)));
    for (at, home) in graph.homes.iter().enumerate() {
        _ = writeln!(text, "  subgraph b{at}[\"{}\"]", escaped(&home.name));
        for (id, node) in graph.of_home(at) {
            let (open, close) = shape(node.kind);
            _ = writeln!(text, "    n{}{open}\"{}\"{close}", id.0, escaped(&node.name));
            for (version, share) in node.versions.iter().enumerate() {
                _ = writeln!(text, "    n{}v{version}([\"{}\"])", id.0, escaped(&share.name));
            }
        }
        text.push_str("  end\n");
    }
    lines(graph, &mut text);
    let classes = [
        ("gate", "stroke-width:3px", [Kind::Ingress, Kind::Egress].as_slice()),
        ("outside", "stroke-dasharray:4 3", &[Kind::External]),
    ];
    for (class, style, kinds) in classes {
        let ids = graph.nodes().filter(|(_, node)| kinds.contains(&node.kind)).map(|(id, _)| format!("n{}", id.0));
        let ids: Vec<String> = ids.collect();
        if !ids.is_empty() {
            _ = writeln!(text, "  classDef {class} {style}\n  class {} {class}", ids.join(","));
        }
    }
    text
}

/// What the picture is of.
fn title(graph: &Graph) -> String {
    format!("{} in {}", graph.mesh, graph.environment)
}

/// The edges, then how thick those with a share are: Mermaid counts links in the order of the text.
fn lines(graph: &Graph, text: &mut String) {
    let (mut count, mut styles) = (0, String::new());
    for (id, node) in graph.nodes() {
        for (version, share) in node.versions.iter().enumerate() {
            _ = writeln!(text, "  n{0} -->|\"{1} %\"| n{0}v{version}", id.0, share.percent);
            let tenths = tenths(share.percent);
            _ = writeln!(styles, "  linkStyle {count} stroke-width:{}.{}px", tenths / 10, tenths % 10);
            count += 1;
        }
    }
    for edge in &graph.edges {
        let label = escaped(&edge.label());
        let label = if label.is_empty() { label } else { format!("|\"{label}\"|") };
        _ = writeln!(text, "  n{} {}{label} n{}", edge.from.0, arrow(edge), edge.to.0);
        if is_broken(edge) {
            _ = writeln!(styles, "  linkStyle {count} stroke:#c62828");
        }
        count += 1;
    }
    text.push_str(&styles);
}

fn arrow(edge: &Edge) -> &'static str {
    match (edge.standing, edge.relation) {
        (Standing::Denied | Standing::Refused | Standing::Shadowed, _) => "-.-x",
        (Standing::Unused, _) | (Standing::Open, Relation::Mirror) => "-.->",
        (Standing::Open, Relation::Call | Relation::Door | Relation::Route) => "-->",
    }
}

fn shape(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Ingress | Kind::Egress => ("{{", "}}"),
        Kind::Service => ("[", "]"),
        Kind::Workload => ("(", ")"),
        Kind::External => ("[[", "]]"),
    }
}

/// A string of YAML, for the head of the diagram.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Text that is nothing but text inside of quotes: what could be markup, Markdown or an entity is an entity.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | '.' | '-' | '/' | ',' | ':' | '=' | '(' | ')' | '+' | '%' => {
                escaped.push(character);
            }
            _ if character.is_alphanumeric() => escaped.push(character),
            _ => _ = write!(escaped, "#{};", u32::from(character)),
        }
    }
    escaped
}
