use super::arguments::{Arguments, TEMPLATE};
use super::exit::{Exit, Outcome, Refusal};
use super::screen::Screen;
use clap::{Args, CommandFactory};
use std::path::PathBuf;

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh man /usr/local/share/man/man1
  mesh man pages && man -l pages/mesh-compile.1")]
pub(super) struct Man {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// `mesh man`.
pub(super) fn run(arguments: &Man, screen: &mut Screen) -> Outcome {
    let folder = &arguments.folder;
    let refuse = |error: std::io::Error| Refusal::new(format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(refuse)?;
    let mut command = Arguments::command();
    command.build();
    let commands: Vec<clap::Command> = std::iter::once(&command).chain(command.get_subcommands()).cloned().collect();
    for command in &commands {
        let mut page = Vec::new();
        clap_mangen::Man::new(command.clone()).render(&mut page).map_err(refuse)?;
        page.extend(examples(command).into_bytes());
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        std::fs::write(folder.join(format!("{name}.1")), page).map_err(refuse)?;
    }
    screen.tell(&format!("wrote {} pages into {}\n", commands.len(), folder.display()))?;
    Ok(Exit::Fine)
}

/// The examples of the long help, as a section of a page: they stand as they are, and roff reads none of their signs.
fn examples(command: &clap::Command) -> String {
    let help = command.get_before_long_help().map(ToString::to_string).unwrap_or_default();
    let Some(lines) = help.strip_prefix("Examples:\n") else { return String::new() };
    let plain = |line: &str| format!("\\&{}\n", line.replace('\\', "\\e").replace('-', "\\-"));
    let lines: String = lines.lines().map(plain).collect();
    format!(".SH EXAMPLES\n.nf\n{lines}.fi\n")
}
