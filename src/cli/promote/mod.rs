//! `mesh promote`: which number decides the share of a canary, what comes next, and that nothing else changes.

mod edited;
mod line;
mod roll_out;

use super::arguments::{ExplainFormat, Place, Promote};
use super::exit::{Exit, Outcome, Refusal};
use super::screen::Screen;
use super::workspace;
use crate::diagnostic::Count;
use crate::diagnostic::render::{Format, summary};
use crate::disk;
use crate::source::{Files, Sources};
use edited::{Edited, new_findings};
use line::Line;
use roll_out::Move;
use serde_json::json;

/// `mesh promote`.
pub(super) fn run(arguments: &Promote, place: &Place, screen: &mut Screen) -> Outcome {
    let root = workspace::root(place)?;
    let files = disk::Workspace::open(&root, Some(&workspace::output_folder(&root, None)))?;
    let policy = workspace::policy(&arguments.environments, &root)?;
    let read = workspace::judge(&files, &root, &[], policy.clone())?;
    workspace::check_known(&read, &arguments.environments.names)?;
    if read.found.any_error() {
        screen.show(Format::Human, &read.found, &read.sources)?;
        screen.note(&format!("nothing promoted: {}\n", summary(&read.found)))?;
        return Ok(Exit::Faulty);
    }
    let stages = roll_out::stages(&read, &arguments.service, &arguments.environments.names)?;
    let step = roll_out::next(&read.sources, &stages, arguments.to)?;
    let line = Line::of(&read.sources, &step);
    let path = path(&files, &step)?;
    let after = workspace::judge(&Edited { files: &files, path: &path, text: &line.text }, &root, &[], policy)?;
    let news = new_findings(&read.found, &after.found, (step.place, &step.replacement()));
    if !news.is_empty() {
        screen.show(Format::Human, &news, &after.sources)?;
        let count = Count(news.sorted().len(), "new finding");
        screen.note(&format!("nothing written: {} % would bring {count}\n", step.to))?;
        return Ok(Exit::Faulty);
    }
    let is_written = !arguments.dry_run && step.from != step.to;
    if is_written {
        disk::rewrite(&root, &path, read.sources.text(step.place.file), &line.text)?;
    }
    match arguments.format.chosen {
        ExplainFormat::Human => screen.tell(&text(&read.sources, &step, &line, is_written))?,
        ExplainFormat::Json => screen.say(&data(&read.sources, &step, &line, is_written)?)?,
    }
    Ok(Exit::Fine)
}

/// The path of the file that is changed, from the root of the workspace.
fn path(files: &disk::Workspace, step: &Move<'_>) -> Result<String, Refusal> {
    let paths = files.list().map_err(|error| Refusal::new(error.to_string()))?;
    let path = usize::try_from(step.place.file.number()).ok().and_then(|at| paths.into_iter().nth(at));
    path.ok_or_else(|| Refusal::new("the workspace was changed by someone else meanwhile").help("run it again"))
}

fn text(sources: &Sources, step: &Move<'_>, line: &Line, is_written: bool) -> String {
    if step.from == step.to {
        return format!("{} is at {} % already\n", step.title(), step.to);
    }
    let step_of = step.step.map(|(at, of)| format!("   step {at} of {of}")).unwrap_or_default();
    let place = sources.show(step.place);
    let title = format!("{} {} % -> {} %{step_of}   {place}", step.title(), step.from, step.to);
    let environments: Vec<&str> = step.stages.iter().map(|stage| stage.environment).collect();
    let environments = environments.join(", ");
    let verdict = if is_written { "written; next: mesh compile" } else { "not written (--dry-run)" };
    let last = if step.to == 100 { format!("then {}\n", roll_out::after_the_last(step)) } else { String::new() };
    let (before, after) = (&line.before, &line.after);
    format!("{title}\n  in {environments}, no new findings\n- {before}\n+ {after}\n{verdict}\n{last}")
}

/// `{"version": 1, "service", "namespace", "candidate", "from", "to", "step", "steps", "environments", "place",
/// "before", "after", "written"}`; `step` and `steps` are `null` where there are none.
fn data(sources: &Sources, step: &Move<'_>, line: &Line, is_written: bool) -> Result<String, Refusal> {
    let environments: Vec<&str> = step.stages.iter().map(|stage| stage.environment).collect();
    let value = json!({
        "version": 1,
        "service": step.first().service.name.as_str(),
        "namespace": step.first().namespace(),
        "candidate": step.first().candidate(),
        "from": step.from,
        "to": step.to,
        "step": step.step.map(|(at, _)| at),
        "steps": step.step.map(|(_, of)| of),
        "environments": environments,
        "place": sources.show(step.place),
        "before": line.before,
        "after": line.after,
        "written": is_written,
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&value)?))
}
