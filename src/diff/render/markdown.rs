//! The comment on a pull request: one screen before anything is unfolded, never longer than its forge takes.

use super::escape::{code, fence, tagged, words};
use super::terminal::{reach, shown};
use super::{Told, steps, unified};
use crate::diagnostic::Count;
use crate::diff::{Finding, Operation, Report};
use crate::value::Risk;
use std::fmt::Write;

/// What a comment says beside its reports.
#[derive(Debug)]
pub struct Comment<'c> {
    /// What the comment is found again by, to be written over: the workspace.
    pub marker: &'c str,
    /// The command that says the same in a clone.
    pub command: &'c str,
    /// The digest of what is told.
    pub digest: &'c str,
    /// How many bytes the forge takes.
    pub budget: usize,
}

/// How much of the budget is used: forges count differently.
const PART_OF_BUDGET: (usize, usize) = (19, 20);

/// What a comment has room for.
#[derive(Clone, Copy)]
struct Room {
    /// The lines around each change; none: no lines of objects at all.
    context: Option<usize>,
    /// Whether objects without a high risk are shown too.
    shows_low: bool,
    /// How many findings have a row.
    rows: usize,
    /// Whether the order is told.
    shows_steps: bool,
}

/// The reports of all environments as one comment: as much as there is room for, and how much that is.
pub fn markdown(reports: &[(Report<'_>, Told<'_>)], comment: &Comment<'_>) -> String {
    let most = comment.budget / PART_OF_BUDGET.1 * PART_OF_BUDGET.0;
    let rows = reports.iter().map(|(report, _)| report.findings.len()).max().unwrap_or_default();
    let whole = Room { context: Some(3), shows_low: true, rows, shows_steps: true };
    let mut rooms = vec![
        whole,
        Room { context: Some(0), ..whole },
        Room { context: Some(0), shows_low: false, ..whole },
        Room { context: None, shows_low: false, ..whole },
    ];
    let mut rows = rows;
    while rows > 0 {
        rows /= 2;
        rooms.push(Room { context: None, shows_low: false, rows, shows_steps: false });
    }
    let texts = rooms.iter().map(|room| text(reports, comment, *room));
    let fitting = texts.into_iter().find(|text| text.len() <= most);
    fitting.unwrap_or_else(|| shortest(reports, comment))
}

/// What is said however little room there is.
fn shortest(reports: &[(Report<'_>, Told<'_>)], comment: &Comment<'_>) -> String {
    let risk = reports.iter().map(|(report, _)| report.risk()).max().unwrap_or(Risk::None);
    let count: usize = reports.iter().map(|(report, _)| report.findings.len()).sum();
    let marker = marker(comment);
    format!("{marker}\n**mesh: risk {}, {}**, too long to be shown here.\n", risk.name(), Count(count, "finding"))
}

/// A comment of HTML that nobody sees, by which the comment is found again.
fn marker(comment: &Comment<'_>) -> String {
    let name: String =
        comment.marker.chars().filter(|sign| sign.is_alphanumeric() || "-_.:/".contains(*sign)).collect();
    format!("<!-- mesh-diff:{} -->", name.replace("--", "-"))
}

fn text(reports: &[(Report<'_>, Told<'_>)], comment: &Comment<'_>, room: Room) -> String {
    let mut text = format!("{}\n", marker(comment));
    // Environments in which the same happens are told of once.
    let mut sections: Vec<(Vec<&str>, String, &Told<'_>, String)> = Vec::new();
    for (report, told) in reports {
        let (verdict, body) = (verdict(report), section(report, told, room));
        let name = told.environment.as_deref().unwrap_or_default();
        match sections.iter_mut().find(|(_, known, _, other)| *known == verdict && *other == body) {
            Some((names, ..)) => names.push(name),
            None => sections.push((vec![name], verdict, told, body)),
        }
    }
    for (names, verdict, told, body) in sections {
        let names: Vec<String> = names.iter().filter(|name| !name.is_empty()).map(|name| words(name)).collect();
        let names = if names.is_empty() { String::new() } else { format!(" · {}", names.join(", ")) };
        let _ = writeln!(text, "**mesh: {verdict}**{names} · {} → {}\n\n{body}", code(&told.from), code(&told.to));
    }
    let digest = comment.digest.get(..19).unwrap_or(comment.digest);
    let _ = writeln!(text, "<sub>{} · {digest}</sub>", code(comment.command));
    text
}

/// `1 critical, 1 high, 2 low`, of what there is.
fn verdict(report: &Report<'_>) -> String {
    let risks = [Risk::Critical, Risk::High, Risk::Medium, Risk::Low];
    let counts = risks
        .iter()
        .filter(|risk| report.count(**risk) > 0)
        .map(|risk| format!("{} {}", report.count(*risk), risk.name()));
    let counts: Vec<String> = counts.collect();
    match (counts.is_empty(), report.changes.len(), report.unknown.is_empty()) {
        (false, ..) => counts.join(", "),
        (true, 0, true) => "nothing changes".to_owned(),
        (true, 0, false) => "nothing is known to change".to_owned(),
        (true, count, _) => format!("no risk, {}", Count(count, "object")),
    }
}

const SQUARES: [(Risk, &str); 5] =
    [(Risk::Critical, "🟥"), (Risk::High, "🟧"), (Risk::Medium, "🟨"), (Risk::Low, "🟦"), (Risk::None, "⬜")];

fn section(report: &Report<'_>, told: &Told<'_>, room: Room) -> String {
    let all: Vec<&Finding> = report.findings.iter().filter(|finding| finding.risk > Risk::None).collect();
    let shown: Vec<&Finding> = all.iter().take(room.rows).copied().collect();
    let (grave, rest): (Vec<&Finding>, Vec<&Finding>) = shown.iter().partition(|finding| finding.risk >= Risk::High);
    let mut text = String::new();
    if !grave.is_empty() {
        text.push_str(&table(&grave, told));
    }
    if all.len() > shown.len() {
        let _ = writeln!(text, "{} of {} shown.\n", shown.len(), Count(all.len(), "finding"));
    }
    unknown(report, &mut text);
    if !rest.is_empty() {
        fold(&format!("{} of lower risk", Count(rest.len(), "finding")), &table(&rest, told), &mut text);
    }
    waived(report, told, &mut text);
    objects(report, room, &mut text);
    let order = steps(report);
    if room.shows_steps && !order.is_empty() {
        let count = Count(order.lines().filter(|line| line.starts_with("step ")).count(), "step").to_string();
        fold(&format!("safe order ({count})"), &fence("", &order), &mut text);
    }
    text
}

fn fold(title: &str, body: &str, text: &mut String) {
    let _ = writeln!(text, "<details><summary>{title}</summary>\n\n{body}\n</details>\n");
}

fn table(findings: &[&Finding], told: &Told<'_>) -> String {
    let mut text = "| risk | what happens | where |\n|---|---|---|\n".to_owned();
    for finding in findings {
        let square = SQUARES.iter().find(|(risk, _)| *risk == finding.risk).map_or("", |(_, square)| square);
        let place = told.of(finding).unwrap_or_else(|| finding.object.to_string());
        let clauses: Vec<String> = shown(finding.clauses()).iter().map(|clause| words(clause)).collect();
        let mut what = clauses.join("<br>");
        let effects = finding.effects().join("; ");
        if !effects.is_empty() {
            let _ = write!(what, "{}{}", if clauses.len() > 1 { "<br>" } else { "; " }, words(&effects));
        }
        let safely = finding.safely().join("; ");
        if !safely.is_empty() {
            let _ = write!(what, "<br>safe: {}", words(&safely));
        }
        if let Some(reach) = reach(finding) {
            let _ = write!(what, "<br>reaches {}", words(&reach));
        }
        let risk = finding.risk.name();
        let _ = writeln!(text, "| {square} {risk} | {}: {what} | {} |", code(&finding.of_objects()), code(&place));
    }
    text.push('\n');
    text
}

fn unknown(report: &Report<'_>, text: &mut String) {
    for unknown in &report.unknown {
        let at = unknown.namespace.as_ref().map(|name| format!(" in {}", code(name))).unwrap_or_default();
        let _ = writeln!(text, "⚠️ not known: {}{at}: {}\n", code(&unknown.kind), words(&unknown.reason));
    }
}

fn waived(report: &Report<'_>, told: &Told<'_>, text: &mut String) {
    for accepted in &report.expired {
        let until = accepted.by.reason.until.map(|day| day.to_string()).unwrap_or_default();
        let class = code(accepted.finding.class.name);
        let _ = writeln!(text, "⚠️ {class} was accepted until {until}, which is over.\n");
    }
    let (accepted, ignored) = (&report.accepted, &report.ignored);
    if accepted.is_empty() && ignored.is_empty() {
        return;
    }
    let mut body = String::new();
    for accepted in accepted {
        let until = accepted.by.reason.until.map(|day| format!(" until {day}")).unwrap_or_default();
        let place = told.span(accepted.by.span).map(|place| format!(" ({})", code(&place))).unwrap_or_default();
        let (finding, reason) = (&accepted.finding, words(&accepted.by.reason.text));
        let object = code(&finding.of_objects());
        let _ = writeln!(
            body,
            "- accepted{until}: {} {} of {object}: {reason}{place}",
            finding.risk.name(),
            code(finding.class.name)
        );
    }
    for ignored in ignored {
        let (object, pointer) = (code(&ignored.object), code(&ignored.pointer));
        let _ = writeln!(
            body,
            "- ignored: {object} {pointer}, written by {}: {}",
            words(&ignored.owner),
            words(&ignored.reason)
        );
    }
    fold(&format!("{} accepted, {} ignored", accepted.len(), Count(ignored.len(), "field")), &body, text);
}

/// The objects, each with its lines where there is room for them.
fn objects(report: &Report<'_>, room: Room, text: &mut String) {
    let all = report.changes.len();
    if all == 0 {
        return;
    }
    let Some(context) = room.context else {
        let _ = writeln!(text, "0 of {} shown.\n", Count(all, "object"));
        return;
    };
    let told = report.told();
    let mut body = String::new();
    let mut shown = 0;
    for change in &report.changes {
        let is_grave = told.get(change.id).is_some_and(|risk| *risk >= Risk::High);
        if !room.shows_low && !is_grave && change.operation() == Operation::Change {
            continue;
        }
        shown += 1;
        let title = format!("{} {}", change.operation().word(), tagged(&change.id.to_string()));
        fold(&title, &fence("diff", &unified::hunks(change, context, &report.masks)), &mut body);
    }
    let count =
        if shown == all { Count(all, "object").to_string() } else { format!("{shown} of {}", Count(all, "object")) };
    fold(&format!("object diff ({count})"), &body, text);
}
