use super::arguments::{Graph as Arguments, GraphFormat, Place};
use super::exit::{Exit, Outcome, Refusal};
use super::screen::Screen;
use super::workspace;
use crate::diagnostic::render::summary;
use crate::graph::{Graph, render};
use crate::pipeline::Workspace;

/// How many lines Mermaid draws where nobody sets `maxEdges`.
const MERMAID_LINES: usize = 500;

/// `mesh graph`.
pub(super) fn run(arguments: &Arguments, place: &Place, screen: &mut Screen) -> Outcome {
    let root = workspace::root(place)?;
    let read = workspace::read(&root, &workspace::output_folder(&root, None), &arguments.environments)?;
    let graphs = graphs(&read)?;
    let text = match arguments.format {
        GraphFormat::Mermaid => render::mermaid(one(&graphs)?),
        GraphFormat::Dot => render::dot(one(&graphs)?),
        GraphFormat::Html => render::html(&graphs),
        GraphFormat::Svg => render::svg(one(&graphs)?),
    };
    match &arguments.output {
        Some(file) => {
            super::file::write(file, &text)?;
            screen.tell(&format!("wrote {}\n", file.display()))?;
        }
        None => screen.say(&text)?,
    }
    let lines = graphs.first().map_or(0, |graph| graph.edges.len());
    if matches!(arguments.format, GraphFormat::Mermaid) && lines > MERMAID_LINES {
        screen.note(&format!(
            "{lines} lines: Mermaid draws {MERMAID_LINES} unless its page says otherwise (--format html)\n"
        ))?;
    }
    if read.found.any_error() {
        screen.note(&format!("as far as it is known: {} (mesh check)\n", summary(&read.found)))?;
    }
    Ok(Exit::Fine)
}

/// The graph of every environment that could be closed.
fn graphs(read: &Workspace) -> Result<Vec<Graph>, Refusal> {
    let meshes = read.environments.iter().filter_map(|(_, mesh)| mesh.as_ref());
    let graphs: Vec<Graph> = meshes.map(|mesh| Graph::of(mesh, &read.found, &read.sources)).collect();
    if graphs.is_empty() {
        return Err(Refusal::new(format!("nothing can be drawn while the workspace has {}", summary(&read.found)))
            .help("see what is wrong: mesh check"));
    }
    Ok(graphs)
}

/// The one that is drawn in a format that has one picture.
fn one(graphs: &[Graph]) -> Result<&Graph, Refusal> {
    match graphs {
        [one] => Ok(one),
        several => {
            let names: Vec<String> = several.iter().map(|graph| format!("--env {}", graph.environment)).collect();
            Err(Refusal::new(format!("a picture is of one environment, and there are {}", several.len()))
                .help(format!("say which: {}; or draw all in one page: --format html", names.join(" or "))))
        }
    }
}
