use super::arguments::{Arguments, TEMPLATE};
use super::exit::{Exit, Outcome};
use super::screen::Screen;
use clap::{Args, CommandFactory};

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh completions bash > /etc/bash_completion.d/mesh
  mesh completions zsh  > \"${fpath[1]}/_mesh\"
  mesh completions fish > ~/.config/fish/completions/mesh.fish")]
pub(super) struct Completions {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

/// `mesh completions`.
pub(super) fn run(arguments: &Completions, screen: &mut Screen) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "mesh", &mut script);
    screen.say(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}
