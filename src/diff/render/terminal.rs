use super::across::{Across, Own, across, alike, names};
use super::{Detail, Told, head, values};
use crate::diagnostic::{Count, visible};
use crate::diff::{Accepted, Change, Finding, Ignored, Masks, Operation, Report};
use crate::value::Risk;
use anstyle::{AnsiColor, Style};
use std::collections::BTreeMap;
use std::fmt::Write;

/// For people: the verdict of each environment, what changes by risk, then the objects.
pub fn terminal(reports: &[(Report<'_>, Told<'_>)], detail: Detail) -> String {
    let mut text = String::new();
    for (report, told) in reports {
        let environment = told.environment.as_ref().map(|name| format!("  env {}", visible(name))).unwrap_or_default();
        let style = style(report.risk());
        let sides = format!("{} -> {}", visible(&told.from), visible(&told.to));
        let _ = writeln!(text, "{style}{}{style:#}  {sides}{environment}", head(report));
    }
    for row in across(reports).iter().filter(|row| row.finding.risk > Risk::None || detail == Detail::Full) {
        entry(row, (reports, detail), &mut text);
    }
    if detail != Detail::Full {
        without_effect(reports, &mut text);
    }
    if detail != Detail::Summary {
        for (own, line) in alike(reports, |report, _| objects(report, detail)) {
            let (line, fields) = line;
            let _ = writeln!(text, "{line}{}", within(reports, &own));
            text.push_str(&fields);
        }
    }
    for (own, note) in alike(reports, notes) {
        let _ = writeln!(text, "{note}{}", within(reports, &own));
    }
    text
}

/// Which of several environments something is in: `  in dev, prod`.
fn within(reports: &[(Report<'_>, Told<'_>)], own: &Own) -> String {
    if reports.len() > 1 { format!("  in {}", visible(&names(reports, own))) } else { String::new() }
}

fn style(risk: Risk) -> Style {
    match risk {
        Risk::Critical => AnsiColor::Red.on_default().bold(),
        Risk::High => AnsiColor::Yellow.on_default().bold(),
        Risk::Medium => AnsiColor::Yellow.on_default(),
        Risk::Low => AnsiColor::Cyan.on_default(),
        Risk::None => Style::new(),
    }
}

/// So that colour is never the only sign.
const fn sign(risk: Risk) -> &'static str {
    match risk {
        Risk::Critical => "!!",
        Risk::High => "! ",
        Risk::Medium | Risk::Low => "~ ",
        Risk::None => "  ",
    }
}

fn entry(row: &Across<'_>, (reports, detail): (&[(Report<'_>, Told<'_>)], Detail), text: &mut String) {
    let environments = row.environments(reports).map(|names| format!("  in {names}")).unwrap_or_default();
    if detail == Detail::Full {
        for one in row.finding.all().map(Finding::alone) {
            title(&one, row.told, &environments, text);
            let _ = writeln!(text, "     {}", visible(&one.said()));
            reasons(&one, text);
        }
        return;
    }
    title(&row.finding, row.told, &environments, text);
    for clause in shown(row.clauses(reports)) {
        let _ = writeln!(text, "     {}", visible(&clause));
    }
    if detail == Detail::Default {
        reasons(&row.finding, text);
    }
}

fn title(finding: &Finding, told: &Told<'_>, environments: &str, text: &mut String) {
    let place = told.of(finding).map(|place| format!("  {place}")).unwrap_or_default();
    let Finding { class, risk, .. } = finding;
    let style = style(*risk);
    let (object, sign, name, class) = (finding.of_objects(), sign(*risk), risk.name(), class.name);
    let (object, place, environments) = (visible(&object), visible(&place), visible(environments));
    let _ = writeln!(text, "{style}{sign} {name:8} {class}{style:#}  {object}{place}{environments}");
}

/// What a finding does, how to do it safely, and whom it meets.
fn reasons(finding: &Finding, text: &mut String) {
    for effect in finding.effects() {
        let _ = writeln!(text, "     effect  {}", visible(&effect));
    }
    for safe in finding.safely() {
        let _ = writeln!(text, "     safe    {}", visible(safe));
    }
    if let Some(reach) = reach(finding) {
        let _ = writeln!(text, "     reach   {}", visible(&reach));
    }
}

/// How many clauses of a finding are shown.
const MOST_CLAUSES: usize = 5;

/// The first clauses of a finding, and how many more there are.
pub(super) fn shown(mut clauses: Vec<String>) -> Vec<String> {
    let more = clauses.len().saturating_sub(MOST_CLAUSES);
    if more > 1 {
        clauses.truncate(MOST_CLAUSES);
        clauses.push(format!("and {more} more of the kind (--full)"));
    }
    clauses
}

/// How many callers or hosts are named.
const MOST_NAMED: usize = 5;

/// Whom a finding reaches: `3 callers (a, b, c), 1 public host (shop.example.com)`.
pub(super) fn reach(finding: &Finding) -> Option<String> {
    let part = |names: &[String], noun: &str| {
        let mut shown: Vec<&str> = names.iter().take(MOST_NAMED).map(String::as_str).collect();
        if names.len() > MOST_NAMED {
            shown.push("...");
        }
        (!names.is_empty()).then(|| format!("{} ({})", Count(names.len(), noun), shown.join(", ")))
    };
    let parts = [part(&finding.callers, "caller"), part(&finding.hosts, "public host")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What changes to no effect, counted by class.
fn without_effect(reports: &[(Report<'_>, Told<'_>)], text: &mut String) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let findings = reports.iter().flat_map(|(report, _)| &report.findings);
    for finding in findings.filter(|finding| finding.risk == Risk::None) {
        *counts.entry(finding.class.name).or_default() += finding.all().count();
    }
    for (class, count) in counts {
        let _ = writeln!(text, "   none     {class}  {} (--full)", Count(count, "object"));
    }
}

/// Objects that come or go, and those of whose change nothing was told above, each with its fields where all is shown.
fn objects(report: &Report<'_>, detail: Detail) -> Vec<(String, String)> {
    let told = report.told();
    let is_told = |change: &Change<'_>| told.contains_key(change.id) && change.operation() == Operation::Change;
    let shown = report.changes.iter().filter(|change| detail == Detail::Full || !is_told(change));
    let line = |change: &Change<'_>| {
        let operation = change.operation();
        let style = match operation {
            Operation::Add => AnsiColor::Green.on_default(),
            Operation::Change => Style::new(),
            Operation::Delete => AnsiColor::Red.on_default(),
        };
        let (sign, word, object) = (operation.sign(), operation.word(), change.id.to_string());
        format!("{style}{sign}  {word:8} {}{style:#}", visible(&object))
    };
    let fields = |change: &Change<'_>| match detail {
        Detail::Full => fields(change, &report.masks),
        Detail::Default | Detail::Summary => String::new(),
    };
    shown.map(|change| (line(change), fields(change))).collect()
}

fn fields(change: &Change<'_>, masks: &Masks) -> String {
    let lines = change.fields.iter().map(|field| format!("     {}\n", visible(&values::line(field, masks))));
    lines.collect()
}

fn notes(report: &Report<'_>, told: &Told<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for Accepted { finding, by } in &report.accepted {
        let until = by.reason.until.map(|day| format!(" until {day}")).unwrap_or_default();
        let place = told.span(by.span).map(|place| format!("  {place}")).unwrap_or_default();
        let (class, object, reason) = (finding.class.name, finding.of_objects(), &by.reason.text);
        let name = finding.risk.name();
        notes.push(format!("accepted: {name} {class} of {object}{until}: {reason}{place}"));
    }
    for Accepted { finding, by } in &report.expired {
        let until = by.reason.until.map(|day| day.to_string()).unwrap_or_default();
        let (class, object) = (finding.class.name, finding.of_objects());
        notes.push(format!("accepted until {until}, which is over: {class} of {object}"));
    }
    for ignored in &report.ignored {
        let show =
            |node: &Option<_>| node.as_ref().map_or("absent".to_owned(), |node| values::text(node, &report.masks));
        let (before, after) = (show(&ignored.before), show(&ignored.after));
        let Ignored { object, pointer, owner, reason, .. } = ignored;
        notes.push(format!("ignored: {object} {pointer} {before} -> {after} (written by {owner}: {reason})"));
    }
    for unknown in &report.unknown {
        let at = unknown.namespace.as_ref().map(|namespace| format!(" in {namespace}")).unwrap_or_default();
        notes.push(format!("not known: {}{at}: {}", unknown.kind, unknown.reason));
    }
    notes.iter().map(|note| visible(note).into_owned()).collect()
}
