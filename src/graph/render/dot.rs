use super::{is_broken, tenths};
use crate::graph::model::{Edge, Graph, Kind, Relation, Standing};
use std::fmt::Write as _;

const HEAD: &str = "  graph [rankdir=TB, fontname=\"Helvetica\", style=\"rounded\", color=\"#9aa4b2\", labeljust=l]
  node [shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\", fontname=\"Helvetica\", fontsize=12]
  edge [color=\"#5b6778\", fontname=\"Helvetica\", fontsize=9]
";

/// The graph in the language of Graphviz.
pub fn dot(graph: &Graph) -> String {
    let mut text = format!("digraph {} {{\n", quoted(&format!("{} in {}", graph.mesh, graph.environment)));
    text.push_str(HEAD);
    for (at, home) in graph.homes.iter().enumerate() {
        _ = writeln!(text, "  subgraph cluster_{at} {{\n    label={}", quoted(&home.name));
        for (id, node) in graph.of_home(at) {
            let note = if node.note.is_empty() { String::new() } else { format!("\n{}", node.note) };
            let label = quoted(&format!("{}{note}", node.name));
            _ = writeln!(text, "    n{} [label={label}{}]", id.0, shape(node.kind));
            for (version, share) in node.versions.iter().enumerate() {
                let label = quoted(&share.name);
                _ = writeln!(text, "    n{0}v{version} [label={label}, shape=oval, fontsize=10]", id.0);
                let (label, tenths) = (quoted(&format!("{} %", share.percent)), tenths(share.percent));
                let width = format!("{}.{}", tenths / 10, tenths % 10);
                _ = writeln!(text, "    n{0} -> n{0}v{version} [label={label}, penwidth={width}]", id.0);
            }
        }
        text.push_str("  }\n");
    }
    for edge in &graph.edges {
        let label = quoted(&edge.label());
        _ = writeln!(text, "  n{} -> n{} [label={label}{}]", edge.from.0, edge.to.0, style(edge));
    }
    text.push_str("}\n");
    text
}

fn shape(kind: Kind) -> &'static str {
    match kind {
        Kind::Ingress | Kind::Egress => ", shape=hexagon, style=filled",
        Kind::Service => "",
        Kind::Workload => ", shape=component",
        Kind::External => ", style=\"dashed\"",
    }
}

fn style(edge: &Edge) -> &'static str {
    match (edge.standing, edge.relation) {
        _ if is_broken(edge) => ", style=dashed, color=\"#c62828\", fontcolor=\"#c62828\", arrowhead=tee",
        (Standing::Unused, _) | (_, Relation::Mirror) => ", style=dotted",
        (_, Relation::Door) => ", color=\"#1f6feb\"",
        (_, Relation::Call | Relation::Route) => "",
    }
}

/// A string of DOT: a backslash is one, and a line break is a break of the label.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            // Not even in a string may Graphviz read an entity of HTML.
            '&' => quoted.push_str("&amp;"),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
