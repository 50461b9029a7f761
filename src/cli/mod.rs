//! The command line: arguments in, screens and exit codes out; a file a command.
//!
//! It is an edge: it knows the disk, the clock and the terminal, and leaves all meaning to the passes.
#![allow(
    clippy::disallowed_methods,
    reason = "an edge: the commands know the clock, the folder they stand in and the terminal"
)]

mod argocd;
mod arguments;
mod becomes;
mod can;
mod check;
mod compile;
mod completions;
mod definition;
mod diff;
mod environments;
mod exit;
mod explain;
mod fact;
mod file;
mod fmt;
mod graph;
mod help;
mod init;
mod line;
mod man;
mod names;
mod overview;
mod policy;
mod promote;
mod retain;
mod revision;
mod schema;
mod screen;
mod who;
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
        Err(error) => return usage(&error).into(),
    };
    let mut screen = Screen::new(&arguments.look);
    let outcome = match &arguments.command {
        None => overview::run(&arguments.place, &mut screen),
        Some(Command::Init(init)) => init::run(init, &arguments.place, &mut screen),
        Some(Command::Compile(compile)) => compile::run(compile, &arguments.place, &mut screen),
        Some(Command::Check(check)) => check::run(check, &arguments.place, &mut screen),
        Some(Command::Fmt(fmt)) => fmt::run(fmt, &arguments.place, &mut screen),
        Some(Command::Explain(explain)) => explain::run(explain, &arguments.place, &mut screen),
        Some(Command::Diff(diff)) => diff::run(diff, &arguments.place, &mut screen),
        Some(Command::Can(can)) => can::run(can, &arguments.place, &mut screen),
        Some(Command::Who(who)) => who::run(who, &arguments.place, &mut screen),
        Some(Command::Graph(graph)) => graph::run(graph, &arguments.place, &mut screen),
        Some(Command::Promote(promote)) => promote::run(promote, &arguments.place, &mut screen),
        Some(Command::Argocd(argocd)) => argocd::run(argocd, &arguments.place, &mut screen),
        Some(Command::Schema(schema)) => schema::run(schema, &mut screen),
        Some(Command::Man(man)) => man::run(man, &mut screen),
        Some(Command::Completions(completions)) => completions::run(completions, &mut screen),
        Some(Command::Help(help)) => help::run(help, &mut screen),
    };
    outcome.unwrap_or_else(|error| screen.refuse(&error)).into()
}

/// Shows what clap has to say: help that was asked for, or what is wrong with the arguments.
fn usage(error: &clap::Error) -> Exit {
    match error.print() {
        Ok(()) if !error.use_stderr() => Exit::Fine,
        Ok(()) => Exit::Unusable,
        Err(error) => Screen::plain().refuse(&error.into()),
    }
}
