//! The comment on a pull request: one screen before anything is unfolded, never longer than its forge takes.

use super::across::{Across, Own, across, alike, count, names};
use super::escape::{code, fence, tagged, words};
use super::terminal::{reach, shown};
use super::{Told, steps, unified};
use crate::diagnostic::Count;
use crate::diff::{Accepted, Change, Id, Ignored, Operation, Report, Unknown};
use crate::value::Risk;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
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
    /// Whether requests that show it, and the order, are told.
    shows_more: bool,
}

/// The reports of all environments as one comment: as much as there is room for, and how much that is.
pub fn markdown(reports: &[(Report<'_>, Told<'_>)], comment: &Comment<'_>) -> String {
    let most = comment.budget / PART_OF_BUDGET.1 * PART_OF_BUDGET.0;
    let all = All { reports, findings: across(reports) };
    let rows = all.findings.len();
    let whole = Room { context: Some(3), shows_low: true, rows, shows_more: true };
    let mut rooms = vec![
        whole,
        Room { context: Some(0), ..whole },
        Room { context: Some(0), shows_low: false, ..whole },
        Room { context: None, shows_low: false, ..whole },
    ];
    let halves = std::iter::successors(Some(rows), |rows| (*rows > 0).then_some(rows / 2));
    rooms.extend(halves.map(|rows| Room { context: None, shows_low: false, rows, shows_more: false }));
    let texts = rooms.iter().map(|room| all.text(comment, *room));
    let fitting = texts.into_iter().find(|text| text.len() <= most);
    fitting.unwrap_or_else(|| all.shortest(comment))
}

/// The reports of all environments, and what is found in them.
struct All<'r> {
    reports: &'r [(Report<'r>, Told<'r>)],
    findings: Vec<Across<'r>>,
}

/// A comment of HTML that nobody sees, by which the comment is found again.
fn marker(comment: &Comment<'_>) -> String {
    let name: String =
        comment.marker.chars().filter(|sign| sign.is_alphanumeric() || "-_.:/".contains(*sign)).collect();
    format!("<!-- mesh-diff:{} -->", name.replace("--", "-"))
}

impl All<'_> {
    /// What is said however little room there is.
    fn shortest(&self, comment: &Comment<'_>) -> String {
        let risk = self.reports.iter().map(|(report, _)| report.risk()).max().unwrap_or(Risk::None);
        let (marker, count) = (marker(comment), Count(self.findings.len(), "finding"));
        format!("{marker}\n**mesh: risk {}, {count}**, too long to be shown here.\n", risk.name())
    }

    fn text(&self, comment: &Comment<'_>, room: Room) -> String {
        let mut text = format!("{}\n", marker(comment));
        self.heads(&mut text);
        self.tables(room, &mut text);
        self.waived(&mut text);
        self.examples(room, &mut text);
        self.objects(room, &mut text);
        self.order(room, &mut text);
        let digest = comment.digest.get(..19).unwrap_or(comment.digest);
        let _ = writeln!(text, "<sub>{} · {digest}</sub>", code(comment.command));
        text
    }

    /// The verdict, and what is compared: environments of the same sides together.
    fn heads(&self, text: &mut String) {
        let sides = alike(self.reports, |_, told| vec![format!("{} → {}", code(&told.from), code(&told.to))]);
        for (number, (own, sides)) in sides.iter().enumerate() {
            let names = words(&names(self.reports, own));
            let verdict = if number == 0 { format!("**mesh: {}** · ", self.verdict()) } else { String::new() };
            let _ = writeln!(text, "{verdict}{names}{}{sides}\n", if names.is_empty() { "" } else { " · " });
        }
        let is_same = |report: &Report<'_>| report.changes.is_empty() && report.unknown.is_empty();
        let same: Own =
            (0..).zip(self.reports).filter(|(_, (report, _))| is_same(report)).map(|(number, _)| number).collect();
        if !same.is_empty() && same.len() < self.reports.len() {
            let _ = writeln!(text, "Nothing changes in {}.\n", words(&names(self.reports, &same)));
        }
        for (own, note) in alike(self.reports, |report, _| unknown(report)) {
            let _ = writeln!(text, "{note}{}\n", self.within(&own));
        }
    }

    /// `1 critical, 1 high, 2 low`, of what there is.
    fn verdict(&self) -> String {
        let risks = [Risk::Critical, Risk::High, Risk::Medium, Risk::Low];
        let counts = risks.iter().map(|risk| (count(&self.findings, *risk), risk.name()));
        let counts: Vec<String> =
            counts.filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}")).collect();
        let objects: BTreeSet<&Id> =
            self.reports.iter().flat_map(|(report, _)| &report.changes).map(|change| change.id).collect();
        match (counts.is_empty(), objects.len(), self.reports.iter().all(|(report, _)| report.unknown.is_empty())) {
            (false, ..) => counts.join(", "),
            (true, 0, true) => "nothing changes".to_owned(),
            (true, 0, false) => "nothing is known to change".to_owned(),
            (true, count, _) => format!("no risk, {}", Count(count, "object")),
        }
    }

    /// The findings, a row each: those of lower risk folded.
    fn tables(&self, room: Room, text: &mut String) {
        let all: Vec<&Across<'_>> = self.findings.iter().filter(|row| row.finding.risk > Risk::None).collect();
        let shown = all.iter().take(room.rows).copied();
        let (grave, rest): (Vec<&Across<'_>>, Vec<&Across<'_>>) = shown.partition(|row| row.finding.risk >= Risk::High);
        if !grave.is_empty() {
            text.push_str(&self.table(&grave));
        }
        if all.len() > room.rows {
            let _ = writeln!(text, "{} of {} shown.\n", room.rows, Count(all.len(), "finding"));
        }
        if !rest.is_empty() {
            fold(&format!("{} of lower risk", Count(rest.len(), "finding")), &self.table(&rest), text);
        }
    }

    fn table(&self, rows: &[&Across<'_>]) -> String {
        let mut text = "| risk | what happens | where |\n|---|---|---|\n".to_owned();
        for row in rows {
            let Across { finding, told, .. } = row;
            let square = SQUARES.iter().find(|(risk, _)| *risk == finding.risk).map_or("", |(_, square)| square);
            let place = told.of(finding).unwrap_or_else(|| finding.object.to_string());
            let environments = row.environments(self.reports).filter(|_| !row.is_everywhere(self.reports));
            let mut what = environments.map(|names| format!("**{}** ", words(&names))).unwrap_or_default();
            let clauses: Vec<String> =
                shown(row.short_clauses(self.reports)).iter().map(|clause| words(clause)).collect();
            let _ = write!(what, "{}: {}", code(&finding.of_objects()), clauses.join("<br>"));
            let effects = finding.does().join("; ");
            let (safely, reach) = (finding.safely().join("; "), reach(finding).unwrap_or_default());
            for (word, said) in [("effect", effects), ("safe", safely), ("reaches", reach)] {
                if !said.is_empty() {
                    let _ = write!(what, "<br><sub>{word}: {}</sub>", words(&said));
                }
            }
            let _ = writeln!(text, "| {square} {} | {what} | {} |", finding.risk.name(), code(&place));
        }
        text.push('\n');
        text
    }

    /// A request that meets each of them, where not all do.
    fn examples(&self, room: Room, text: &mut String) {
        let shown = self.findings.iter().filter(|row| row.finding.risk > Risk::None).take(room.rows);
        let told = shown.filter_map(|row| {
            let finding = row.finding.all().find(|one| !one.example.is_empty())?;
            Some(format!(
                "- {} of {}: {}\n",
                finding.class.name,
                code(&finding.object.to_string()),
                words(&finding.example)
            ))
        });
        let told: Vec<String> = told.collect();
        if room.shows_more && !told.is_empty() {
            fold(&Count(told.len(), "example request").to_string(), &told.concat(), text);
        }
    }

    fn waived(&self, text: &mut String) {
        for (own, note) in alike(self.reports, |report, _| expired(report)) {
            let _ = writeln!(text, "{note}{}\n", self.within(&own));
        }
        let notes = alike(self.reports, waived);
        if notes.is_empty() {
            return;
        }
        let lines: Vec<String> = notes.iter().map(|(own, note)| format!("- {note}{}\n", self.within(own))).collect();
        let ignored = notes.iter().filter(|(_, note)| note.starts_with(IGNORED)).count();
        fold(
            &format!("{} accepted, {} ignored", notes.len() - ignored, Count(ignored, "field")),
            &lines.concat(),
            text,
        );
    }

    /// The objects, each with its lines where there is room for them.
    fn objects(&self, room: Room, text: &mut String) {
        let mut all = alike(self.reports, |report, _| shown_objects(report, room));
        // What becomes of one object in different environments stands together.
        let mut places = BTreeMap::new();
        for (_, (title, _)) in &all {
            let next = places.len();
            places.entry(title.clone()).or_insert(next);
        }
        all.sort_by_key(|(_, (title, _))| places.get(title).copied());
        let count = all.len();
        if count == 0 {
            return;
        }
        let Some(_) = room.context else {
            let _ = writeln!(text, "0 of {} shown.\n", Count(count, "object"));
            return;
        };
        let shown: Vec<String> = all
            .iter()
            .filter_map(|(own, (title, lines))| {
                let mut text = String::new();
                fold(&format!("{title}{}", self.within(own)), lines.as_ref()?, &mut text);
                Some(text)
            })
            .collect();
        let of = if shown.len() == count { String::new() } else { format!("{} of ", shown.len()) };
        fold(&format!("object diff ({of}{})", Count(count, "object")), &shown.concat(), text);
    }

    /// The safe order.
    fn order(&self, room: Room, text: &mut String) {
        let order = steps(self.reports);
        if room.shows_more && !order.is_empty() {
            let count = order.lines().filter(|line| line.starts_with("step ")).count();
            fold(&format!("safe order ({})", Count(count, "step")), &fence("", &order), text);
        }
    }

    /// Which of several environments something is in, where it is not in all: ` · dev, prod`.
    fn within(&self, own: &Own) -> String {
        let is_some = own.len() < self.reports.len();
        if is_some { format!(" · {}", words(&names(self.reports, own))) } else { String::new() }
    }
}

const SQUARES: [(Risk, &str); 5] =
    [(Risk::Critical, "🟥"), (Risk::High, "🟧"), (Risk::Medium, "🟨"), (Risk::Low, "🟦"), (Risk::None, "⬜")];

fn fold(title: &str, body: &str, text: &mut String) {
    let _ = writeln!(text, "<details><summary>{title}</summary>\n\n{body}\n</details>\n");
}

fn unknown(report: &Report<'_>) -> Vec<String> {
    let at = |namespace: &SmolStr| format!(" in {}", code(namespace));
    let note = |unknown: &Unknown| {
        let at = unknown.namespace.as_ref().map(at).unwrap_or_default();
        format!("⚠️ not known: {}{at}: {}", code(&unknown.kind), words(&unknown.reason))
    };
    report.unknown.iter().map(note).collect()
}

fn expired(report: &Report<'_>) -> Vec<String> {
    let note = |accepted: &Accepted| {
        let until = accepted.by.reason.until.map(|day| day.to_string()).unwrap_or_default();
        format!("⚠️ {} was accepted until {until}, which is over.", code(accepted.finding.class.name))
    };
    report.expired.iter().map(note).collect()
}

/// What a note of a field that is not compared begins with.
const IGNORED: &str = "ignored: ";

/// What people take on them, and what is not compared.
fn waived(report: &Report<'_>, told: &Told<'_>) -> Vec<String> {
    let accepted = report.accepted.iter().map(|Accepted { finding, by }| {
        let until = by.reason.until.map(|day| format!(" until {day}")).unwrap_or_default();
        let place = told.span(by.span).map(|place| format!(" ({})", code(&place))).unwrap_or_default();
        let (risk, class, object) = (finding.risk.name(), code(finding.class.name), code(&finding.of_objects()));
        format!("accepted{until}: {risk} {class} of {object}: {}{place}", words(&by.reason.text))
    });
    let ignored = report.ignored.iter().map(|Ignored { object, pointer, owner, reason, .. }| {
        let (object, pointer) = (code(object), code(pointer));
        format!("{IGNORED}{object} {pointer}, written by {}: {}", words(owner), words(reason))
    });
    accepted.chain(ignored).collect()
}

/// Every object with its title, and with its lines where there is room for them.
fn shown_objects(report: &Report<'_>, room: Room) -> Vec<(String, Option<String>)> {
    let told = report.told();
    let is_shown = |change: &Change<'_>| {
        let is_grave = told.get(change.id).is_some_and(|risk| *risk >= Risk::High);
        room.shows_low || is_grave || change.operation() != Operation::Change
    };
    let one = |change: &Change<'_>| {
        let title = format!("{} {}", change.operation().word(), tagged(&change.id.to_string()));
        let context = room.context.filter(|_| is_shown(change));
        (title, context.map(|context| fence("diff", &unified::hunks(change, context, &report.masks))))
    };
    report.changes.iter().map(one).collect()
}
