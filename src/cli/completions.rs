use super::arguments::{Arguments, Completions};
use super::exit::{Exit, Outcome};
use super::screen::Screen;
use clap::CommandFactory;

/// `mesh completions`.
pub(super) fn run(arguments: &Completions, screen: &mut Screen) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "mesh", &mut script);
    screen.say(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}
