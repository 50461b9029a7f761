//! What `mesh graph` draws: `tests/graph/CASE/mesh.kdl` beside the picture in each format, and pictures of examples.
//! `BLESS=1` rewrites them; they are looked at before they are committed.

#![allow(clippy::disallowed_methods, reason = "reads and writes pictures on the disk and looks at `BLESS`")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a case that cannot be drawn is a fault")]

use mesh::disk::Workspace;
use mesh::graph::{Graph, layout, render};
use mesh::pipeline::{self, Request};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The graphs of every environment of a workspace.
fn graphs(folder: &Path) -> Vec<Graph> {
    let files = Workspace::open(folder, None).unwrap_or_else(|error| panic!("{error}"));
    let read = pipeline::read(&files, &Request::default());
    let meshes = read.environments.iter().filter_map(|(_, mesh)| mesh.as_ref());
    meshes.map(|mesh| Graph::of(mesh, &read.found, &read.sources)).collect()
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> =
        fs::read_dir(root().join("tests/graph")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

/// Compares a picture with the file at `path`, or rewrites it.
fn check(path: &Path, drawn: &str, faults: &mut Vec<String>) {
    if std::env::var("BLESS").is_ok_and(|value| value == "1") {
        fs::write(path, drawn).unwrap();
    } else if fs::read_to_string(path).unwrap_or_default() != drawn {
        faults.push(format!("{} is drawn otherwise now", path.display()));
    }
}

#[test]
fn cases_are_drawn_as_they_are_kept() {
    let mut faults = Vec::new();
    for case in cases() {
        let graphs = graphs(&case);
        let [graph] = graphs.as_slice() else { panic!("{}: not one environment", case.display()) };
        check(&case.join("graph.mmd"), &render::mermaid(graph), &mut faults);
        check(&case.join("graph.dot"), &render::dot(graph), &mut faults);
        check(&case.join("graph.svg"), &render::svg(graph), &mut faults);
    }
    let boutique = graphs(&root().join("examples/online-boutique"));
    check(&root().join("book/src/online-boutique.svg"), &render::svg(boutique.first().unwrap()), &mut faults);
    assert!(faults.is_empty(), "{}\nBLESS=1 writes what is drawn now", faults.join("\n"));
}

#[test]
fn no_text_of_intent_is_markup() {
    let graphs = graphs(&root().join("tests/graph/hostile"));
    let (page, picture) = (render::html(&graphs), render::svg(graphs.first().unwrap()));
    for (text, scripts) in [(&page, 2), (&picture, 0)] {
        assert_eq!(text.matches("<script").count(), scripts, "{text}");
        assert_eq!(text.matches("</script").count(), scripts, "{text}");
        assert!(!text.contains("<img") && !text.contains("alert('reason')</"), "{text}");
    }
    let data = page.split("id=\"data\">").nth(1).unwrap().split("</script>").next().unwrap();
    assert!(data.contains("alert('reason')"), "the page says the reason: {data}");
    assert!(!data.contains(['<', '>', '&']), "{data}");
}

#[test]
fn the_page_needs_nothing_from_anywhere() {
    let page = render::html(&graphs(&root().join("examples/bookinfo")));
    let addresses = page.match_indices("://").map(|(at, _)| &page[at.saturating_sub(5)..at + 20]);
    assert_eq!(addresses.filter(|address| !address.contains("://www.w3.org/2000")).count(), 0);
    for word in ["<link", "src=", "@import", "url(http", "fetch(", "innerHTML"] {
        assert!(!page.contains(word), "the page has {word}");
    }
    assert_eq!(page.matches("<svg class=\"mesh-graph\"").count(), 2, "a picture for each environment");
}

/// Whether two ranges have something in common.
fn meet(a: (i32, i32), b: (i32, i32)) -> bool {
    a.0 < b.0 + b.1 && b.0 < a.0 + a.1
}

#[test]
fn nothing_stands_on_anything_else() {
    let examples = fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().path());
    for folder in cases().into_iter().chain(examples.filter(|path| path.is_dir())) {
        for graph in graphs(&folder) {
            let picture = layout::layout(&graph);
            for (at, (card, node)) in picture.cards.iter().zip(&graph.nodes).enumerate() {
                let home = picture.boxes.get(node.home).unwrap();
                let is_inside = card.at.0 >= 0 && card.at.0 + card.size.0 <= home.size.0 && card.at.1 >= 30;
                assert!(is_inside && card.at.1 + card.size.1 <= home.size.1, "{}: {}", folder.display(), node.name);
                for (other, also) in picture.cards.iter().zip(&graph.nodes).skip(at + 1) {
                    let is_on = meet((card.at.0, card.size.0), (other.at.0, other.size.0))
                        && meet((card.at.1, card.size.1), (other.at.1, other.size.1));
                    assert!(!is_on || node.home != also.home, "{}: {}, {}", folder.display(), node.name, also.name);
                }
            }
            for (at, one) in picture.boxes.iter().enumerate() {
                for other in picture.boxes.iter().skip(at + 1) {
                    let is_on = meet((one.at.0, one.size.0), (other.at.0, other.size.0))
                        && meet((one.at.1, one.size.1), (other.at.1, other.size.1));
                    assert!(!is_on, "{}: two boxes overlap", folder.display());
                }
            }
        }
    }
}
