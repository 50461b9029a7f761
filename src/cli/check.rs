use super::arguments::{Check, OutputFormat, Place};
use super::exit::{Exit, Outcome};
use super::screen::Screen;
use super::workspace;
use crate::diagnostic::Count;
use crate::diagnostic::render::summary;
use crate::pipeline::Workspace;

/// `mesh check`.
pub(super) fn run(arguments: &Check, place: &Place, screen: &mut Screen) -> Outcome {
    let root = workspace::root(place)?;
    let output = workspace::output_folder(&root, None);
    let read = workspace::read_confined(&root, &output, &arguments.environments, false)?;
    screen.show(arguments.format.chosen.into(), &read.found, &read.sources)?;
    if matches!(arguments.format.chosen, OutputFormat::Human | OutputFormat::Short) {
        screen.tell(&format!("{}\n", verdict(&read)))?;
    }
    Ok(if read.found.any_error() { Exit::Faulty } else { Exit::Fine })
}

fn verdict(read: &Workspace) -> String {
    let environments = Count(read.environments.len(), "environment");
    let services = read.environments.iter().filter_map(|(_, mesh)| mesh.as_ref()).map(|mesh| mesh.services.len()).max();
    match services {
        Some(services) => format!("checked {}, {environments}: {}", Count(services, "service"), summary(&read.found)),
        None => summary(&read.found),
    }
}
