use super::arguments::{Compile, OutputFormat, Place};
use super::exit::{Exit, Outcome, Refusal};
use super::screen::{Screen, columns};
use super::workspace;
use crate::diagnostic::render::{Format, Look, render, summary};
use crate::diagnostic::{Count, Severity, and_list};
use crate::disk::{self, Report};
use crate::emit::{self, Tree};
use crate::ir::{Carried, CarriedBy, Mesh};
use crate::lower;
use crate::pipeline::{self, Workspace};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// `mesh compile`.
pub(super) fn run(arguments: &Compile, place: &Place, screen: &mut Screen) -> Outcome {
    let begun = Instant::now();
    let root = workspace::root(place)?;
    let to_stdout = arguments.output.as_deref() == Some(Path::new("-"));
    if to_stdout && arguments.check {
        return Err(Refusal::new("--check compares with a folder, and -o - has none").help("leave one of the two out"));
    }
    let folder = workspace::output_folder(&root, arguments.output.as_deref().filter(|_| !to_stdout));
    let writes = !to_stdout && !arguments.check;
    let environments = &arguments.environments;
    let mut read = match arguments.retain_from {
        // A confined process starts no other, and git reads revisions.
        Some(_) => workspace::read(&root, &folder, environments)?,
        None => workspace::read_confined(&root, &folder, environments, writes)?,
    };
    if read.found.any_error() {
        if matches!(arguments.format.chosen, OutputFormat::Json) && !to_stdout {
            screen.say(&as_json(&read, &[])?)?;
        } else {
            // The standard output of `-o -` is for objects alone.
            let format = if to_stdout { Format::Human } else { arguments.format.chosen.into() };
            screen.show(format, &read.found, &read.sources)?;
        }
        screen.note(&format!("nothing compiled: {}\n", summary(&read.found)))?;
        return Ok(Exit::Faulty);
    }
    if let Some(revision) = &arguments.retain_from {
        super::retain::retain(&root, revision, &mut read, screen)?;
    }
    let meshes: Vec<(&str, &Mesh)> =
        read.environments.iter().filter_map(|(name, mesh)| mesh.as_ref().map(|mesh| (name.as_str(), mesh))).collect();
    if to_stdout {
        let outcome = stream(&meshes, arguments.format.chosen);
        // The process ends: to give a large mesh back piece by piece would cost a good part of what reading it did.
        std::mem::forget(read);
        return outcome;
    }
    let targets = trees(&meshes, &folder)?;
    let done: Vec<Done<'_>> = targets.iter().map(|target| settle(target, arguments.check)).collect::<Result<_, _>>()?;
    tell(arguments, &read, &done, screen)?;
    if matches!(arguments.format.chosen, OutputFormat::Human) {
        tell_verdict(&read, begun, screen)?;
    }
    let differs = done.iter().any(|done| !done.report.is_unchanged());
    Ok(if arguments.check && differs { Exit::Faulty } else { Exit::Fine })
}

/// The tree of one environment and where it goes.
struct Target<'m> {
    environment: &'m str,
    mesh: &'m Mesh,
    tree: Tree,
    folder: PathBuf,
}

/// A tree that was written, or compared.
struct Done<'t> {
    target: &'t Target<'t>,
    report: Report,
}

/// All trees, before any is written: a fault in one must not leave another half done.
fn trees<'m>(meshes: &[(&'m str, &'m Mesh)], folder: &Path) -> Result<Vec<Target<'m>>, Refusal> {
    let one = |(environment, mesh): &(&'m str, &'m Mesh)| {
        Ok(Target { environment, mesh, tree: pipeline::tree(mesh)?, folder: folder.join(environment) })
    };
    meshes.iter().map(one).collect()
}

fn settle<'t>(target: &'t Target<'t>, only_compare: bool) -> Result<Done<'t>, Refusal> {
    let report = if only_compare {
        disk::compare(&target.folder, &target.tree)?
    } else {
        disk::replace(&target.folder, &target.tree)?
    };
    Ok(Done { target, report })
}

fn stream(meshes: &[(&str, &Mesh)], format: OutputFormat) -> Outcome {
    let [(_, mesh)] = meshes else {
        let names = and_list(meshes.iter().map(|(name, _)| *name));
        return Err(
            Refusal::new(format!("-o - takes one environment, and there are {names}")).help("say which: --env ENV")
        );
    };
    let mut out = io::stdout().lock();
    match format {
        OutputFormat::Json => out.write_all(&emit::list(&lower::lower(mesh).objects)?)?,
        OutputFormat::Human | OutputFormat::Short | OutputFormat::Sarif | OutputFormat::Github => {
            pipeline::stream(mesh, &mut out)?;
        }
    }
    out.flush()?;
    Ok(Exit::Fine)
}

fn tell(arguments: &Compile, read: &Workspace, done: &[Done<'_>], screen: &mut Screen) -> Result<(), Refusal> {
    match arguments.format.chosen {
        OutputFormat::Json => screen.say(&as_json(read, done)?)?,
        OutputFormat::Sarif | OutputFormat::Github => {
            screen.show(arguments.format.chosen.into(), &read.found, &read.sources)?;
        }
        OutputFormat::Human | OutputFormat::Short => {
            if !arguments.check {
                screen.tell(&written(done))?;
            }
            for done in done.iter().filter(|_| arguments.check) {
                if done.report.is_unchanged() {
                    screen.tell(&compared(done))?;
                } else {
                    screen.say(&compared(done))?;
                }
            }
        }
    }
    Ok(())
}

fn objects(tree: &Tree) -> usize {
    // Two files hold no object of the cluster, nor do patches for pods; a file of gateways may hold several.
    let documents = |text: &[u8]| 1 + text.windows(5).filter(|window| window == b"\n---\n").count();
    let is_object = |path: &str| path.contains('/') && !path.starts_with("control-plane/") && !path.contains("/pods/");
    let of_cluster = tree.files.iter().filter(|(path, _)| is_object(path));
    of_cluster.map(|(_, text)| documents(text)).sum()
}

/// A line for each tree, and below it the files that changed where others stayed.
fn written(done: &[Done<'_>]) -> String {
    let row = |Done { target, report }: &Done<'_>| {
        let services = workspace::services(target.mesh);
        let objects = Count(objects(&target.tree), "object").to_string();
        let title = format!("compiled {}", target.environment);
        [title, services, objects, target.folder.display().to_string(), what_changed(report)]
    };
    let lines = columns(&done.iter().map(row).collect::<Vec<_>>());
    let list = |report: &Report| if report.unchanged > 0 { list(report) } else { String::new() };
    let told = |(line, done): (&String, &Done<'_>)| {
        [line.clone(), "\n".to_owned(), by_hand(done.target.mesh), list(&done.report)]
    };
    lines.iter().zip(done).flat_map(told).collect()
}

/// A line that counts what is said in Istio's own words, and names what of it decides over access or traffic; none where nothing is.
fn by_hand(mesh: &Mesh) -> String {
    let patches = mesh.patches.iter().map(|patch| patch.kind.name);
    let carried = by_hand_whole(mesh).map(|object| object.kind.name);
    let kinds = mesh.patches.iter().map(|patch| patch.kind).chain(by_hand_whole(mesh).map(|object| object.kind));
    let guards: BTreeSet<&str> = kinds.filter(|kind| kind.decides()).map(|kind| kind.name).collect();
    let counts = [(patches.count(), "patch"), (carried.count(), "raw object")];
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| Count(*count, word).to_string()).collect();
    if counts.is_empty() {
        return String::new();
    }
    let decide = if guards.is_empty() {
        String::new()
    } else {
        format!("; {} decides over access or traffic beside the pages", and_list(guards.into_iter()))
    };
    format!("  by hand: {}{decide}\n", counts.join(", "))
}

/// The objects that somebody wrote out.
fn by_hand_whole(mesh: &Mesh) -> impl Iterator<Item = &Carried> + Clone {
    mesh.carried.iter().filter(|object| object.by == CarriedBy::Hand)
}

fn what_changed(report: &Report) -> String {
    let (added, changed, removed) = (report.added.len(), report.changed.len(), report.removed.len());
    match report.unchanged {
        _ if report.is_unchanged() => "unchanged".to_owned(),
        0 if changed + removed == 0 => format!("{} written", Count(added, "file")),
        unchanged => {
            let parts = [(changed, "changed"), (added, "new"), (removed, "removed"), (unchanged, "unchanged")];
            let mut parts = parts.iter().filter(|(number, _)| *number > 0);
            let first = parts.next().map(|(number, word)| format!("{} {word}", Count(*number, "file")));
            let rest = parts.map(|(number, word)| format!("{number} {word}"));
            first.into_iter().chain(rest).collect::<Vec<_>>().join(", ")
        }
    }
}

/// How many changed files are named.
const NAMED: usize = 20;

fn list(report: &Report) -> String {
    let of = |sign: char, paths: &[String]| paths.iter().map(|path| format!("  {sign} {path}\n")).collect::<Vec<_>>();
    let all = [of('~', &report.changed), of('+', &report.added), of('-', &report.removed)].concat();
    let mut text: String = all.iter().take(NAMED).map(String::as_str).collect();
    if all.len() > NAMED {
        _ = writeln!(text, "  and {} more", all.len() - NAMED);
    }
    text
}

fn compared(done: &Done<'_>) -> String {
    let Done { target, report } = done;
    let folder = target.folder.display();
    if report.is_unchanged() {
        return format!("{folder} is what the intent says: {}\n", Count(report.unchanged, "file"));
    }
    let differ = report.added.len() + report.changed.len() + report.removed.len();
    let verb = if differ == 1 { "differs" } else { "differ" };
    let again = format!("mesh compile --env {}, then commit", target.environment);
    format!("{folder} is not what the intent says: {} {verb} ({again})\n{}", Count(differ, "file"), list(report))
}

fn tell_verdict(read: &Workspace, begun: Instant, screen: &mut Screen) -> io::Result<()> {
    let warnings = read.found.count(Severity::Warning);
    if warnings == 0 && !screen.is_terminal {
        return Ok(());
    }
    let verdict = match warnings {
        0 => "no warnings".to_owned(),
        _ => format!("{} (mesh check)", summary(&read.found)),
    };
    let time = if screen.is_terminal { format!("  {} ms", begun.elapsed().as_millis()) } else { String::new() };
    screen.tell(&format!("{verdict}{time}\n"))
}

/// `{"version": 1, "diagnostics": [...], "errors": 0, "warnings": 0, "dropped": 0, "environments": [...]}`: what `mesh
/// check --format json` gives, and the trees, none if there are errors. A tree has `name` (of its environment),
/// `directory`, how many `services` and `objects` it has, of which how many are `raw`, how many `patches` there are, and the paths below `directory` that were `added`, `changed`
/// and `removed`, or would be (`--check`); `unchanged` is a number.
fn as_json(read: &Workspace, done: &[Done<'_>]) -> Result<String, Refusal> {
    let look = Look { colour: false, width: 100 };
    let mut report: serde_json::Value = serde_json::from_str(&render(Format::Json, &read.found, &read.sources, &look))?;
    let environments: Vec<serde_json::Value> = done
        .iter()
        .map(|Done { target, report }| {
            let Report { added, changed, removed, unchanged } = report;
            json!({
                "name": target.environment,
                "directory": target.folder.display().to_string(),
                "services": target.mesh.services.len(),
                "objects": objects(&target.tree),
                "patches": target.mesh.patches.len(),
                "raw": by_hand_whole(target.mesh).count(),
                "added": added,
                "changed": changed,
                "removed": removed,
                "unchanged": unchanged,
            })
        })
        .collect();
    if let Some(fields) = report.as_object_mut() {
        fields.insert("environments".to_owned(), environments.into());
    }
    let mut text = serde_json::to_string_pretty(&report)?;
    text.push('\n');
    Ok(text)
}
