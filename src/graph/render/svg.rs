use super::escape::xml;
use super::{is_broken, tenths};
use crate::graph::layout::{CARD_HEIGHT, Line, PILL_HEIGHT, Picture, Point, ROW_GAP, card_text, layout};
use crate::graph::model::{Edge, Graph, Kind, Node, NodeId, Relation, Standing};
use std::fmt::Write as _;

pub(super) const STYLE: &str = include_str!("picture.css");
/// The space around the picture, and below it for what its signs mean.
const MARGIN: i32 = 20;
const LEGEND: i32 = 44;

/// The graph as a picture of its own.
pub fn svg(graph: &Graph) -> String {
    let picture = layout(graph);
    let legend = legend(graph, picture.height + ROW_GAP / 2);
    let width = picture.width.max(legend.1) + 2 * MARGIN;
    let height = picture.height + ROW_GAP / 2 + LEGEND + MARGIN;
    let title = xml(&format!("{} in {}", graph.mesh, graph.environment));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"mesh-graph\" role=\"img\" aria-label=\"{title}\" \
         viewBox=\"{} {} {width} {height}\" width=\"{width}\" height=\"{height}\">\n<style>\n{STYLE}</style>\n",
        (picture.width - width) / 2,
        -MARGIN,
    );
    _ = writeln!(
        text,
        "<rect class=\"paper\" x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\"/>",
        (picture.width - width) / 2,
        -MARGIN
    );
    text.push_str(&drawing(graph, &picture, ""));
    text.push_str(&legend.0);
    text.push_str("</svg>\n");
    text
}

/// What is drawn, without the frame; `prefix` tells its arrows from those of other drawings on a page.
pub(super) fn drawing(graph: &Graph, picture: &Picture, prefix: &str) -> String {
    let mut text = String::from("<defs>\n");
    for class in ["call", "door", "route", "broken"] {
        _ = writeln!(
            text,
            "<marker id=\"{prefix}{class}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
             markerUnits=\"userSpaceOnUse\" orient=\"auto-start-reverse\"><path class=\"head {class}\" d=\"M0 0L8 4L0 8Z\"/></marker>"
        );
    }
    text.push_str("</defs>\n<g class=\"between\">\n");
    for (at, edge) in graph.edges.iter().enumerate() {
        if let Some(Line::Between { out, into }) = picture.lines.get(at) {
            let ends = (out.last(), into.first());
            let boxes = (graph.node(edge.from).home, graph.node(edge.to).home);
            let corners = (picture.boxes.get(boxes.0), picture.boxes.get(boxes.1));
            if let ((Some(from), Some(to)), (Some(a), Some(b))) = (ends, corners) {
                let (from, to) = (sum(*from, a.at), sum(*to, b.at));
                let directions = (from.1 > a.at.1, to.1 > b.at.1);
                text.push_str(&line(graph, at, &curve(from, to, directions), None));
            }
        }
    }
    text.push_str("</g>\n");
    for home in 0..graph.homes.len() {
        text.push_str(&home_group(graph, picture, home, prefix));
    }
    text
}

fn sum(a: Point, b: Point) -> Point {
    (a.0 + b.0, a.1 + b.1)
}

fn home_group(graph: &Graph, picture: &Picture, home: usize, prefix: &str) -> String {
    let (Some(place), Some(said)) = (picture.boxes.get(home), graph.homes.get(home)) else { return String::new() };
    let ((x, y), (width, height)) = (place.at, place.size);
    let mut text = format!("<g class=\"box\" data-home=\"{home}\" transform=\"translate({x} {y})\">\n");
    _ = writeln!(text, "<rect class=\"frame\" width=\"{width}\" height=\"{height}\" rx=\"14\"/>");
    text.push_str("<g class=\"inner\">\n");
    for (at, edge) in graph.edges.iter().enumerate() {
        let (from, to) = (graph.node(edge.from).home, graph.node(edge.to).home);
        match picture.lines.get(at) {
            Some(Line::Inside(points)) if from == home => text.push_str(&line(graph, at, &path(points), Some(prefix))),
            Some(Line::Between { out, .. }) if from == home => text.push_str(&line(graph, at, &path(out), None)),
            Some(Line::Between { into, .. }) if to == home => {
                text.push_str(&line(graph, at, &path(into), Some(prefix)));
            }
            Some(Line::Inside(_) | Line::Between { .. }) | None => {}
        }
    }
    for (id, node) in graph.of_home(home) {
        text.push_str(&card(graph, picture, id, node));
    }
    text.push_str("</g>\n");
    _ = writeln!(
        text,
        "<g class=\"title\"><rect class=\"grip\" x=\"6\" y=\"5\" width=\"{}\" height=\"24\" rx=\"8\"/>\
         <text x=\"16\" y=\"22\">{} <tspan class=\"kind\">{}</tspan></text></g>",
        (width - 12).min(260),
        xml(&said.name),
        said.kind.word(),
    );
    text.push_str("</g>\n");
    text
}

/// A line through points, that is upright at each of them.
fn path(points: &[Point]) -> String {
    let mut text = String::new();
    let mut last: Option<Point> = None;
    for &(x, y) in points {
        match last {
            None => _ = write!(text, "M{x} {y}"),
            Some((before, _)) if before == x => _ = write!(text, "V{y}"),
            Some((before, above)) => {
                let middle = i32::midpoint(above, y);
                _ = write!(text, "C{before} {middle} {x} {middle} {x} {y}");
            }
        }
        last = Some((x, y));
    }
    text
}

/// A curve between two borders; whether it leaves and enters them from below.
fn curve((x, y): Point, (to_x, to_y): Point, (leaves_below, enters_below): (bool, bool)) -> String {
    let reach = ((to_y - y).abs() / 2).clamp(ROW_GAP / 2, 160);
    let out = if leaves_below { y + reach } else { y - reach };
    let into = if enters_below { to_y + reach } else { to_y - reach };
    format!("M{x} {y}C{x} {out} {to_x} {into} {to_x} {to_y}")
}

/// One part of an edge; the last has the arrow.
fn line(graph: &Graph, at: usize, path: &str, arrow: Option<&str>) -> String {
    let Some(edge) = graph.edges.get(at).filter(|_| !path.is_empty()) else { return String::new() };
    let (class, fate) = (class(edge), edge.fate.word());
    let marker = arrow.map(|prefix| format!(" marker-end=\"url(#{prefix}{})\"", head(edge))).unwrap_or_default();
    let percent = edge.share.as_ref().and_then(|share| share.parse().ok());
    let width = percent.map(|percent| format!(" style=\"stroke-width:{}\"", pixels(percent))).unwrap_or_default();
    let title = xml(&title(graph, edge));
    format!(
        "<path class=\"edge {class}{}\" data-edge=\"{at}\"{width}{marker} d=\"{path}\"><title>{title}</title></path>\n",
        spaced(fate)
    )
}

/// A further class, after a space.
fn spaced(class: &str) -> String {
    if class.is_empty() { String::new() } else { format!(" {class}") }
}

fn title(graph: &Graph, edge: &Edge) -> String {
    let (from, to) = (&graph.node(edge.from).name, &graph.node(edge.to).name);
    let label = edge.label();
    let colon = if label.is_empty() { "" } else { ": " };
    format!("{from} {} {to}{colon}{label}", edge.relation.word())
}

fn class(edge: &Edge) -> &'static str {
    match (edge.standing, edge.relation) {
        _ if is_broken(edge) => "broken",
        (Standing::Unused, _) => "unused",
        (_, Relation::Call) => "call",
        (_, Relation::Door) => "door",
        (_, Relation::Route) => "route",
        (_, Relation::Mirror) => "route mirror",
    }
}

/// Which arrow an edge ends in.
fn head(edge: &Edge) -> &'static str {
    match edge.relation {
        _ if is_broken(edge) => "broken",
        Relation::Call => "call",
        Relation::Door => "door",
        Relation::Route | Relation::Mirror => "route",
    }
}

fn pixels(percent: u8) -> String {
    format!("{}.{}", tenths(percent) / 10, tenths(percent) % 10)
}

fn card(graph: &Graph, picture: &Picture, id: NodeId, node: &Node) -> String {
    let Some(card) = picture.cards.get(id.0) else { return String::new() };
    let ((x, y), (width, _)) = (card.at, card.size);
    let class = match node.kind {
        Kind::Ingress | Kind::Egress => "gateway",
        Kind::Service => "service",
        Kind::Workload => "workload",
        Kind::External => "external",
    };
    let mut text = format!(
        "<g class=\"card {class}{}\" data-node=\"{}\" transform=\"translate({x} {y})\">",
        spaced(node.fate.word()),
        id.0
    );
    _ = write!(text, "<title>{} {}</title>", node.kind.word(), xml(&graph.full_name(node)));
    let rounded = if matches!(node.kind, Kind::Ingress | Kind::Egress) { CARD_HEIGHT / 2 } else { 8 };
    text.push_str(&versions(node, width));
    _ = write!(text, "<rect class=\"face\" width=\"{width}\" height=\"{CARD_HEIGHT}\" rx=\"{rounded}\"/>");
    _ = write!(text, "<circle class=\"dot\" cx=\"15\" cy=\"16\" r=\"4\"/>");
    _ = write!(
        text,
        "<text class=\"name\" x=\"26\" y=\"20\">{}</text>",
        xml(&card_text(&format!("{}{}", node.fate.sign(), node.name)))
    );
    _ = writeln!(text, "<text class=\"note\" x=\"26\" y=\"36\">{}</text></g>", xml(&card_text(&node.note)));
    text
}

/// The versions below their service, each on a line as thick as its share.
fn versions(node: &Node, width: i32) -> String {
    let Ok(count) = i32::try_from(node.versions.len()) else { return String::new() };
    if count == 0 {
        return String::new();
    }
    let (gap, top) = (8, CARD_HEIGHT + 24);
    let pill = (width - gap * (count - 1)) / count;
    let mut text = String::new();
    for (at, version) in (0..).zip(&node.versions) {
        let x = at * (pill + gap);
        let middle = x + pill / 2;
        let class = if version.is_candidate { "pill candidate" } else { "pill" };
        let (half, bend) = (width / 2, CARD_HEIGHT + 12);
        let none = if version.percent == 0 { " none" } else { "" };
        _ = write!(
            text,
            "<path class=\"share{none}\" style=\"stroke-width:{}\" d=\"M{half} {CARD_HEIGHT}C{half} {bend} {middle} {bend} {middle} {top}\"/>",
            pixels(version.percent),
        );
        _ = write!(
            text,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{top}\" width=\"{pill}\" height=\"{PILL_HEIGHT}\" rx=\"11\"/>"
        );
        let name = xml(&short(&version.name, pill));
        _ = write!(
            text,
            "<text class=\"version\" x=\"{middle}\" y=\"{}\">{name} {} %</text>",
            top + 15,
            version.percent
        );
    }
    text
}

/// A name that stands in a pill of this width beside its share.
fn short(name: &str, width: i32) -> String {
    let letters = usize::try_from((width - 44) / 6).unwrap_or(0).max(2);
    if name.chars().count() <= letters {
        return name.to_owned();
    }
    let head: String = name.chars().take(letters - 1).collect();
    format!("{head}\u{2026}")
}

/// What the lines mean that are there, and how wide that is.
fn legend(graph: &Graph, top: i32) -> (String, i32) {
    let has = |wanted: &str| graph.edges.iter().any(|edge| class(edge) == wanted || edge.fate.word() == wanted);
    let signs = [
        ("call", "calls"),
        ("door", "opened at a gateway"),
        ("route", "a route sends it on"),
        ("route mirror", "gets copies"),
        ("unused", "allowed, not called"),
        ("broken", "refused, denied or shadowed"),
        ("new", "new"),
        ("changed", "changed"),
        ("gone", "gone"),
    ];
    let (mut text, mut x, y) = (String::from("<g class=\"legend\">\n"), 0, top + 10);
    for (class, words) in signs.into_iter().filter(|(class, _)| has(class)) {
        _ = writeln!(text, "<path class=\"edge {class}\" d=\"M{x} {y}H{}\"/>", x + 30);
        _ = writeln!(text, "<text x=\"{}\" y=\"{}\">{words}</text>", x + 38, y + 4);
        x += 62 + i32::try_from(words.len()).unwrap_or(0) * 7;
    }
    text.push_str("</g>\n");
    (text, x)
}
