//! `mesh diff`: where the two sides come from, and what becomes of the report.

mod arguments;
mod dry_run;
mod normalised;
mod source;
mod view;

pub(super) use arguments::Diff as Arguments;

use super::arguments::Place;
use super::exit::{Exit, Outcome, Refusal};
use super::screen::Screen;
use super::workspace;
use crate::diff::render::Told;
use crate::diff::{Ignored, Report, Sides, Waivers, compare, ignore};
use crate::pipeline;
use crate::value::Risk;
use source::{Pair, Read};
use view::View;

/// `mesh diff`.
pub(super) fn run(arguments: &Arguments, place: &Place, screen: &mut Screen) -> Outcome {
    if arguments.cluster.print_rbac {
        return source::print_rights(arguments, place, screen);
    }
    let Some(mut all) = source::all(arguments, place, screen)? else { return Ok(Exit::Unusable) };
    if arguments.cluster.server_dry_run {
        dry_run::fill(&mut all, arguments, screen)?;
    }
    let mut compared = source::pairs(&mut all)?;
    let source::All { from, to, live: _ } = all;
    let ignored: Vec<_> = compared.iter_mut().map(|pair| waive(pair, &to)).collect();
    let mut reports: Vec<(Report<'_>, Told<'_>)> =
        compared.iter().zip(ignored).map(|(pair, ignored)| report(pair, ignored, (&from, &to))).collect();
    blame(&mut reports, &compared, (&from, &to));
    for (report, _) in &mut reports {
        report.join();
    }
    let reports: Vec<_> = reports.into_iter().map(|(report, told)| (allowed(report, arguments), told)).collect();
    let shown = View::new(&reports, (&from.graphs, &to.graphs), arguments);
    screen.say(&shown.text(arguments.view.format)?)?;
    if arguments.sides.explain_normalisation {
        compared.iter().try_for_each(|pair| screen.say(&normalised::explained(pair)))?;
    }
    if let Some(folder) = &arguments.view.artifact_dir {
        shown.write(folder)?;
    }
    if let Some(expected) = arguments.gates.expect.as_ref().filter(|expected| **expected != shown.digest()) {
        let found = shown.digest();
        return Err(Refusal::new(format!("what changes is not what was reviewed: expected {expected}, found {found}"))
            .help("review it again; the digest stands at the end of the comment and of --format json"));
    }
    if arguments.gates.exit_zero {
        return Ok(Exit::Fine);
    }
    let exits = reports.iter().map(|(report, _)| exit(report, arguments));
    Ok(exits.max_by_key(|exit| rank(*exit)).unwrap_or(Exit::Fine))
}

/// The class of changes that is allowed by a word.
const MASS_DELETE: &str = "ownership.mass_delete";

/// Without what the user says is meant so.
fn allowed<'r>(mut report: Report<'r>, arguments: &Arguments) -> Report<'r> {
    if arguments.sides.allow_mass_delete {
        report.findings.retain(|finding| finding.class.name != MASS_DELETE);
    }
    report
}

/// Makes the sides agree in what is ignored.
fn waive(pair: &mut Pair, to: &Read) -> Vec<Ignored> {
    let waivers = to.waivers.get(&pair.environment);
    let ignores = waivers.map_or(&[][..], |waivers| &waivers.ignores);
    if ignores.is_empty() {
        return Vec::new();
    }
    if let Some(live) = &mut pair.live {
        ignore(&pair.before, live, ignores, Some(workspace::today()));
    }
    ignore(&pair.before, &mut pair.after, ignores, Some(workspace::today()))
}

fn report<'r>(pair: &'r Pair, ignored: Vec<Ignored>, (from, to): (&'r Read, &'r Read)) -> (Report<'r>, Told<'r>) {
    let nothing = Waivers::default();
    let waivers = |read: &'r Read| read.waivers.get(&pair.environment).unwrap_or(&nothing);
    let waivers = waivers(to).with_doors_before(waivers(from));
    let sides = Sides { before: &pair.before, after: &pair.after, live: pair.live.as_ref() };
    let report = compare(sides, ignored, &waivers, Some(workspace::today()));
    let told = Told {
        from: pair.from.clone(),
        to: pair.to.clone(),
        environment: pair.environment.clone(),
        before: from.sources.as_ref(),
        after: to.sources.as_ref(),
    };
    (report, told)
}

/// Points findings at the lines whose edit caused them.
fn blame(reports: &mut [(Report<'_>, Told<'_>)], pairs: &[Pair], (from, to): (&Read, &Read)) {
    let (Some(before), Some(after)) = (&from.sources, &to.sources) else { return };
    let edits = pipeline::edits(before, after);
    for ((report, _), pair) in reports.iter_mut().zip(pairs) {
        let is_whole = [&pair.before, &pair.after].into_iter().any(|side| side.objects().next().is_none());
        if is_whole {
            // An environment that comes or goes does all of it.
            let own = edits.iter().filter(|edit| edit.of == pair.environment);
            report.blame(&own.cloned().collect::<Vec<_>>());
        } else {
            report.blame(&edits);
        }
    }
}

fn exit(report: &Report<'_>, arguments: &Arguments) -> Exit {
    let gate: Option<Risk> = arguments.gates.fail_on.into();
    if !report.expired.is_empty() || gate.is_some_and(|gate| report.risk() >= gate) {
        return Exit::TooRisky;
    }
    let is_same = report.changes.is_empty() && !report.has_drifted();
    match (report.unknown.is_empty() || arguments.gates.allow_partial, is_same) {
        (false, _) => Exit::Incomplete,
        (true, true) => Exit::Fine,
        (true, false) => Exit::Faulty,
    }
}

/// What stops more has a higher rank: a risk that was asked to stop at, then what is not known, then differences.
const fn rank(exit: Exit) -> u8 {
    match exit {
        Exit::Fine => 0,
        Exit::Faulty => 1,
        Exit::Incomplete => 2,
        Exit::TooRisky => 3,
        Exit::Unusable => 4,
    }
}
