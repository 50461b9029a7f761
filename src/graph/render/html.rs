use super::escape::{json, xml};
use super::svg::{STYLE, drawing};
use crate::graph::layout::{BOX_GAP, Line, Picture, ROW_GAP, layout};
use crate::graph::model::{Edge, Finding, Graph, Node, Row, Section};
use serde_json::{Value, json as value};
use std::fmt::Write as _;

const PAGE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Nothing is loaded and nothing is sent: the page is all there is.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/// Graphs of environments as one page that needs nothing else: a picture to walk through, and a page for each node.
pub fn html(graphs: &[Graph]) -> String {
    let mesh = graphs.first().map_or("mesh", |graph| graph.mesh.as_str());
    let title = xml(mesh);
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}: the mesh</title>\n<style>\n{STYLE}{PAGE}</style>\n</head>\n<body>\n"
    );
    text.push_str(&header(graphs, &title));
    text.push_str("<main>\n<section id=\"stage\" aria-label=\"The mesh as a graph\">\n");
    let mut data = Vec::new();
    for (at, graph) in graphs.iter().enumerate() {
        let picture = layout(graph);
        let hidden = if at == 0 { "" } else { " hidden" };
        _ = writeln!(
            text,
            "<svg class=\"mesh-graph\" data-environment=\"{at}\" role=\"group\" aria-describedby=\"keys\" \
             aria-label=\"{title} in {}\" viewBox=\"0 0 {} {}\"{hidden}>\n<g class=\"camera\">",
            xml(&graph.environment),
            picture.width,
            picture.height
        );
        text.push_str(&drawing(graph, &picture, &format!("e{at}-")));
        text.push_str("</g>\n</svg>\n");
        data.push(environment(graph, &picture));
    }
    text.push_str(STAGE_END);
    let data = value!({ "version": 1, "mesh": mesh, "boxGap": BOX_GAP, "rowGap": ROW_GAP, "environments": data });
    _ = writeln!(text, "<script type=\"application/json\" id=\"data\">{}</script>", json(&data.to_string()));
    _ = writeln!(text, "<script>\n{SCRIPT}</script>\n</body>\n</html>");
    text
}

const STAGE_END: &str = "\
<div id=\"zoom\" role=\"toolbar\" aria-label=\"View\">
<button type=\"button\" data-do=\"in\" aria-label=\"Zoom in\">+</button>
<button type=\"button\" data-do=\"out\" aria-label=\"Zoom out\">&#8722;</button>
<button type=\"button\" data-do=\"fit\" class=\"word\">Fit</button>
</div>
<p id=\"keys\">Arrow keys walk, Enter opens, Esc closes, / searches, + and &#8722; zoom, 0 shows all.</p>
</section>
<aside id=\"page\" aria-label=\"Details\" tabindex=\"-1\"></aside>
</main>
";

fn header(graphs: &[Graph], title: &str) -> String {
    let mut text = format!("<header>\n<h1>{title}</h1>\n<label class=\"environment\">in <select id=\"environment\">");
    for (at, graph) in graphs.iter().enumerate() {
        _ = write!(text, "<option value=\"{at}\">{}</option>", xml(&graph.environment));
    }
    text.push_str(
        "</select></label>\n<p id=\"counts\"></p>\n\
         <div class=\"search\" role=\"search\"><input id=\"search\" type=\"search\" placeholder=\"Search\" \
         aria-label=\"Search services, namespaces and hosts\" autocomplete=\"off\" role=\"combobox\" \
         aria-expanded=\"false\" aria-controls=\"hits\"><ul id=\"hits\" role=\"listbox\" aria-label=\"Found\" hidden></ul></div>\n\
         <button type=\"button\" id=\"fold\">Fold all</button>\n</header>\n",
    );
    text
}

fn environment(graph: &Graph, picture: &Picture) -> Value {
    let boxes = graph.homes.iter().zip(&picture.boxes).map(|(home, place)| {
        value!({
            "name": home.name, "kind": home.kind.word(), "row": place.row,
            "at": [place.at.0, place.at.1], "size": [place.size.0, place.size.1],
        })
    });
    value!({
        "name": graph.environment,
        "size": [picture.width, picture.height],
        "boxes": boxes.collect::<Vec<_>>(),
        "nodes": graph.nodes.iter().zip(&picture.cards).map(|(it, card)| node(it, card.at, card.size)).collect::<Vec<_>>(),
        "edges": graph.edges.iter().zip(&picture.lines).map(|(it, line)| edge(it, line)).collect::<Vec<_>>(),
        "findings": graph.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn node(node: &Node, at: (i32, i32), size: (i32, i32)) -> Value {
    let Node { name, home, kind, note, versions, sections, place, fate } = node;
    let versions: Vec<Value> = versions.iter().map(|it| value!([it.name, it.percent, it.is_candidate])).collect();
    value!({
        "name": name, "box": home, "kind": kind.word(), "note": note, "place": place, "versions": versions, "fate": fate.word(),
        "at": [at.0, at.1], "size": [size.0, size.1], "sections": sections.iter().map(section).collect::<Vec<_>>(),
    })
}

fn section(section: &Section) -> Value {
    let row = |Row { word, value, place, line }: &Row| value!([word, value, place, line]);
    value!({ "title": section.title, "rows": section.rows.iter().map(row).collect::<Vec<_>>() })
}

fn edge(edge: &Edge, line: &Line) -> Value {
    let ports = match line {
        Line::Inside(_) => Value::Null,
        Line::Between { out, into } => {
            let (from, to) = (out.last().copied().unwrap_or_default(), into.first().copied().unwrap_or_default());
            value!([from.0, from.1, to.0, to.1])
        }
    };
    value!({
        "from": edge.from.0, "to": edge.to.0, "relation": edge.relation.word(), "standing": edge.standing.word(),
        "label": edge.label(), "place": edge.place, "ports": ports,
    })
}

fn finding(finding: &Finding) -> Value {
    let Finding { code, level, is_error, title, place } = finding;
    value!([code, level, is_error, title, place])
}
