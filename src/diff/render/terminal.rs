use super::{Detail, Told, head, values};
use crate::diagnostic::{Count, visible};
use crate::diff::{Accepted, Change, Finding, Masks, Operation, Report};
use crate::value::Risk;
use anstyle::{AnsiColor, Style};
use std::collections::BTreeMap;
use std::fmt::Write;

/// For people: the verdict, what changes by risk, then the objects.
pub fn terminal(report: &Report<'_>, told: &Told<'_>, detail: Detail) -> String {
    let environment = told.environment.as_ref().map(|name| format!("  env {}", visible(name))).unwrap_or_default();
    let style = style(report.risk());
    let sides = format!("{} -> {}", visible(&told.from), visible(&told.to));
    let mut text = format!("{style}{}{style:#}  {sides}{environment}\n", head(report));
    let is_shown = |finding: &&Finding| finding.risk > Risk::None || detail == Detail::Full;
    for finding in report.findings.iter().filter(is_shown) {
        match detail {
            Detail::Full => finding.all().for_each(|one| entry(&one.alone(), (told, detail), &mut text)),
            Detail::Default | Detail::Summary => entry(finding, (told, detail), &mut text),
        }
    }
    if detail != Detail::Full {
        without_effect(report, &mut text);
    }
    if detail != Detail::Summary {
        objects(report, detail, &mut text);
    }
    notes(report, told, &mut text);
    text
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

fn entry(finding: &Finding, (told, detail): (&Told<'_>, Detail), text: &mut String) {
    let place = told.of(finding).map(|place| format!("  {place}")).unwrap_or_default();
    let Finding { class, risk, .. } = finding;
    let style = style(*risk);
    let (object, sign, name, class) = (finding.of_objects(), sign(*risk), risk.name(), class.name);
    let _ = writeln!(text, "{style}{sign} {name:8} {class}{style:#}  {}{}", visible(&object), visible(&place));
    for clause in shown(finding.clauses()) {
        let _ = writeln!(text, "     {}", visible(&clause));
    }
    if detail == Detail::Summary {
        return;
    }
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
fn without_effect(report: &Report<'_>, text: &mut String) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.risk == Risk::None) {
        *counts.entry(finding.class.name).or_default() += finding.all().count();
    }
    for (class, count) in counts {
        let _ = writeln!(text, "   none     {class}  {} (--full)", Count(count, "object"));
    }
}

/// Objects that come or go, and those of whose change nothing was told above.
fn objects(report: &Report<'_>, detail: Detail, text: &mut String) {
    let told = report.told();
    for change in &report.changes {
        let operation = change.operation();
        let risk = told.get(change.id);
        if operation == Operation::Change && detail == Detail::Default && risk.is_some() {
            continue;
        }
        let style = match operation {
            Operation::Add => AnsiColor::Green.on_default(),
            Operation::Change => Style::new(),
            Operation::Delete => AnsiColor::Red.on_default(),
        };
        let _ = writeln!(
            text,
            "{style}{}  {:8} {}{style:#}",
            operation.sign(),
            operation.word(),
            visible(&change.id.to_string())
        );
        if detail == Detail::Full {
            fields(change, &report.masks, text);
        }
    }
}

fn fields(change: &Change<'_>, masks: &Masks, text: &mut String) {
    for field in &change.fields {
        let _ = writeln!(text, "     {}", visible(&values::line(field, masks)));
    }
}

fn notes(report: &Report<'_>, told: &Told<'_>, text: &mut String) {
    for Accepted { finding, by } in &report.accepted {
        let until = by.reason.until.map(|day| format!(" until {day}")).unwrap_or_default();
        let place = told.span(by.span).map(|place| format!("  {place}")).unwrap_or_default();
        let (class, object) = (finding.class.name, finding.of_objects());
        let name = finding.risk.name();
        let _ = writeln!(
            text,
            "accepted: {name} {class} of {}{until}: {}{place}",
            visible(&object),
            visible(&by.reason.text)
        );
    }
    for Accepted { finding, by } in &report.expired {
        let until = by.reason.until.map(|day| day.to_string()).unwrap_or_default();
        let _ = writeln!(
            text,
            "accepted until {until}, which is over: {} of {}",
            finding.class.name,
            visible(&finding.of_objects())
        );
    }
    for ignored in &report.ignored {
        let show =
            |node: &Option<_>| node.as_ref().map_or("absent".to_owned(), |node| values::text(node, &report.masks));
        let (before, after) = (show(&ignored.before), show(&ignored.after));
        let said = format!(
            "{} {} {before} -> {after} (written by {}: {})",
            ignored.object, ignored.pointer, ignored.owner, ignored.reason
        );
        let _ = writeln!(text, "ignored: {}", visible(&said));
    }
    for unknown in &report.unknown {
        let at = unknown.namespace.as_ref().map(|namespace| format!(" in {namespace}")).unwrap_or_default();
        let _ = writeln!(text, "not known: {}{}: {}", visible(&unknown.kind), visible(&at), visible(&unknown.reason));
    }
}
