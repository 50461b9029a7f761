use super::arguments::LookArguments;
use super::exit::{Exit, Refusal};
use crate::diagnostic::render::{Format, Look, render};
use crate::diagnostic::{Diagnostics, visible};
use crate::source::Sources;
use std::io::{self, IsTerminal, Write};

/// Where people read: what a command has to say goes to standard output, what went wrong to standard error.
pub(super) struct Screen {
    look: Look,
    quiet: bool,
    pub(super) is_terminal: bool,
}

#[allow(clippy::unused_self, reason = "nothing is written but through the one screen")]
impl Screen {
    pub(super) fn new(arguments: &LookArguments) -> Self {
        arguments.write_color_choice();
        Screen { quiet: arguments.quiet, ..Screen::plain() }
    }

    /// A screen for arguments that could not be read.
    pub(super) fn plain() -> Self {
        let choice = anstream::AutoStream::choice(&io::stderr());
        let colour = !matches!(choice, anstream::ColorChoice::Never);
        let look = Look { colour, width: width().unwrap_or(100).clamp(40, 200) };
        Screen { look, quiet: false, is_terminal: io::stdout().is_terminal() }
    }

    /// Says something, whatever is asked to be left out.
    pub(super) fn say(&mut self, text: &str) -> io::Result<()> {
        let mut out = anstream::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// Says something that `--quiet` leaves out.
    pub(super) fn tell(&mut self, text: &str) -> io::Result<()> {
        if self.quiet { Ok(()) } else { self.say(text) }
    }

    /// Says something beside the output, that `--quiet` leaves out.
    pub(super) fn note(&mut self, text: &str) -> io::Result<()> {
        if self.quiet { Ok(()) } else { self.warn(text) }
    }

    /// Says something on standard error.
    pub(super) fn warn(&mut self, text: &str) -> io::Result<()> {
        anstream::stderr().lock().write_all(text.as_bytes())
    }

    /// Shows what was found: for people on standard error, for machines on standard output.
    pub(super) fn show(&mut self, format: Format, found: &Diagnostics, sources: &Sources) -> io::Result<()> {
        let text = render(format, found, sources, &self.look);
        match format {
            Format::Human | Format::Short => self.warn(&text),
            Format::Json | Format::Sarif | Format::Github => self.say(&text),
        }
    }

    /// Says why a command could not be carried out.
    pub(super) fn refuse(&mut self, refusal: &Refusal) -> Exit {
        let red = anstyle::AnsiColor::Red.on_default().bold();
        let cyan = anstyle::AnsiColor::Cyan.on_default().bold();
        let help = refusal.help.as_ref().map(|help| format!("{cyan}help{cyan:#}: {}\n", visible(help)));
        let text = format!("{red}error{red:#}: {}\n{}", visible(&refusal.what), help.unwrap_or_default());
        // Nobody can be told where standard error cannot be written to.
        _ = self.warn(&text);
        Exit::Unusable
    }
}

/// How many columns people have: as they say, else as the terminal says.
fn width() -> Option<usize> {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    said.or_else(|| rustix::termios::tcgetwinsize(io::stderr()).ok().map(|size| usize::from(size.ws_col)))
}

/// What is said of each environment: once of those of which the same is said, under their names if there are others.
pub(super) fn by_environment<'e>(said: impl Iterator<Item = (&'e str, String)>, behind_names: &str) -> String {
    let mut texts: Vec<(String, Vec<&str>)> = Vec::new();
    for (environment, text) in said {
        match texts.iter_mut().find(|(known, _)| *known == text) {
            Some((_, environments)) => environments.push(environment),
            None => texts.push((text, vec![environment])),
        }
    }
    match texts.as_slice() {
        [(text, _)] => text.clone(),
        several => {
            let each = several.iter().map(|(text, names)| format!("in {}:{behind_names}{text}", names.join(", ")));
            each.collect::<Vec<_>>().join("\n")
        }
    }
}

/// Rows as lines whose cells stand under each other; the last cell of a row is as long as it is.
pub(super) fn columns<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..N).map(|at| width(at).unwrap_or(0)).collect();
    let line = |row: &[String; N]| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
