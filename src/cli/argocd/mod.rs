//! `mesh argocd`: the plugin of Argo CD, and what sets it up.

mod arguments;
mod deadline;
mod doctor;
mod place;
mod setting_up;

use super::arguments::Place;
use super::exit::{Exit, Outcome, Refusal};
use super::screen::Screen;
use super::workspace::today;
use crate::argocd::{self, Failure, Job, Seen};
pub(super) use arguments::Arguments;
use arguments::{Command, Generate};
use place::Standing;
use std::io::Write;

/// `mesh argocd`.
pub(super) fn run(arguments: &Arguments, place: &Place, screen: &mut Screen) -> Outcome {
    let seen = Seen::of(std::env::vars_os());
    match &arguments.command {
        Command::Generate(arguments) => generate(arguments, &seen, place, screen),
        Command::Parameters => parameters(&seen, place, screen),
        Command::Doctor => doctor::run(&seen, place, screen),
        Command::Install(arguments) => setting_up::install(arguments, screen),
        Command::IgnoreDifferences(arguments) => setting_up::ignore_differences(arguments, place, screen),
        Command::Appset(arguments) => setting_up::appset(arguments, place, screen),
    }
}

/// All of standard output, or nothing and why.
fn generate(arguments: &Generate, seen: &Seen, place: &Place, screen: &mut Screen) -> Outcome {
    let generated = Standing::of(seen, place).and_then(|standing| {
        deadline::set(arguments.deadline);
        let Standing { files, prefix, here, policy } = standing;
        argocd::generate(&Job { seen, files: &files, prefix, here, today: today(), policy })
    });
    let generated = match generated {
        Ok(generated) => generated,
        Err(failure) => return refuse(&failure, screen),
    };
    let mut out = std::io::stdout().lock();
    out.write_all(&generated.stdout).and_then(|()| out.flush())?;
    if let Some(warnings) = generated.warnings {
        screen.warn(&warnings.to_string())?;
    }
    Ok(Exit::Fine)
}

fn parameters(seen: &Seen, place: &Place, screen: &mut Screen) -> Outcome {
    match Standing::of(seen, place).and_then(|standing| argocd::announce(&standing.files)) {
        Ok(text) => screen.say(&format!("{text}\n"))?,
        Err(failure) => return refuse(&failure, screen),
    }
    Ok(Exit::Fine)
}

fn refuse(failure: &Failure, screen: &mut Screen) -> Outcome {
    screen.warn(&failure.to_string())?;
    Ok(Exit::Faulty)
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Failure::new(refusal.what, refusal.help.unwrap_or_default())
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        let (what, help) = failure.parts();
        Refusal { what, help }
    }
}
