//! The command line: arguments in, screens and exit codes out; a file a command.
//!
//! It is an edge: it knows the disk, the clock and the terminal, and leaves all meaning to the passes.
#![allow(
    clippy::disallowed_methods,
    reason = "an edge: the commands know the clock, the folder they stand in and the terminal"
)]

mod arguments;
mod check;
mod compile;
mod completions;
mod exit;
mod explain;
mod fact;
mod init;
mod overview;
mod screen;
mod workspace;

use arguments::{Arguments, Command};
use clap::Parser;
use exit::Exit;
use screen::Screen;
use std::process::ExitCode;

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let is_help = !error.use_stderr();
            return match error.print() {
                Ok(()) if is_help => Exit::Fine.into(),
                Ok(()) | Err(_) => Exit::Unusable.into(),
            };
        }
    };
    let mut screen = Screen::new(&arguments.look);
    let outcome = match &arguments.command {
        None => overview::run(&arguments.place, &mut screen),
        Some(Command::Init(init)) => init::run(init, &arguments.place, &mut screen),
        Some(Command::Compile(compile)) => compile::run(compile, &arguments.place, &mut screen),
        Some(Command::Check(check)) => check::run(check, &arguments.place, &mut screen),
        Some(Command::Explain(explain)) => explain::run(explain, &arguments.place, &mut screen),
        Some(Command::Completions(completions)) => completions::run(completions, &mut screen),
        Some(Command::ExitCodes) => exit::explain(&mut screen),
    };
    outcome.unwrap_or_else(|error| screen.refuse(&error)).into()
}
