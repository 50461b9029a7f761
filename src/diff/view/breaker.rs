//! When calls are cut off: pods that fail are taken out, and what is over a limit fails at once.

use super::policy::{self, Ejection, ejection, limits};
use super::words::{percent, span};
use crate::diff::classes::Class;
use crate::diff::{Change, Comparison, Finding};
use crate::value::Risk;

/// In which direction it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diff) enum Way {
    /// Calls are cut off later.
    Looser,
    /// Calls are cut off sooner.
    Tighter,
    /// There is no limit any more.
    Removed,
}

/// A change of when calls are cut off.
#[derive(Debug)]
pub(in crate::diff) struct Step<'c, 's> {
    change: &'c Change<'s>,
    pointer: String,
    /// In which direction.
    pub(in crate::diff) way: Way,
    /// Whether all pods may be out at once now.
    pub(in crate::diff) is_all: bool,
    host: String,
    old: String,
    new: String,
}

impl Step<'_, '_> {
    /// A finding of it.
    pub(in crate::diff) fn finding(&self, class: &'static Class, risk: Risk) -> Finding {
        let what = format!("{} -> {}", self.old, self.new);
        Finding::new(class, risk, self.change, &self.pointer, what)
            .of(&self.host)
            .values(Some(self.old.clone()), Some(self.new.clone()))
    }
}

/// Every change of when calls are cut off.
pub(in crate::diff) fn steps<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Step<'c, 's>> {
    let mut steps = Vec::new();
    for step in policy::steps(comparison, "outlierDetection", ejection) {
        let host = step.told();
        let told = |way, is_all, old, new| Step {
            change: step.change,
            pointer: step.pointer.clone(),
            way,
            is_all,
            host: host.clone(),
            old,
            new,
        };
        match (&step.old, &step.new) {
            (Some(old), None) => steps.push(told(Way::Removed, false, ejects(old), "no pod is taken out".to_owned())),
            (None, Some(new)) => {
                steps.push(told(Way::Tighter, new.most >= 100.0, "no pod is taken out".to_owned(), ejects(new)));
            }
            (Some(old), Some(new)) => {
                let directions = directions(old, new);
                for way in [Way::Looser, Way::Tighter].into_iter().filter(|way| directions.contains(way)) {
                    let is_all = new.most >= 100.0 && old.most < 100.0;
                    steps.push(told(way, is_all, ejects(old), ejects(new)));
                }
            }
            (None, None) => {}
        }
    }
    for step in policy::steps(comparison, "connectionPool", limits) {
        steps.extend([Way::Removed, Way::Looser, Way::Tighter].into_iter().filter_map(|way| of_pool(&step, way)));
    }
    steps
}

/// The limits of connections and requests that change in one direction.
fn of_pool<'c, 's>(step: &policy::Step<'c, 's, Vec<(&'static str, f64)>>, way: Way) -> Option<Step<'c, 's>> {
    let direction = |old: f64, new: f64| match () {
        () if new >= MANY => Way::Removed,
        () if new > old => Way::Looser,
        () => Way::Tighter,
    };
    let both = step.old.iter().zip(&step.new).map(|((name, old), (_, new))| (*name, *old, *new));
    let own: Vec<(&str, f64, f64)> =
        both.filter(|(_, old, new)| (old - new).abs() > 0.0 && direction(*old, *new) == way).collect();
    let (first, ..) = own.first()?;
    let field = first.replace('.', "/");
    let pointer = match own.len() {
        1 => format!("{}/{field}", step.pointer),
        _ => step.pointer.clone(),
    };
    let told = |value: fn(&(&'static str, f64, f64)) -> (&'static str, f64)| {
        own.iter().map(value).map(|(name, value)| limit(name, value)).collect::<Vec<_>>().join(", ")
    };
    let (old, new) = (told(|(name, old, _)| (name, *old)), told(|(name, _, new)| (name, *new)));
    Some(Step { change: step.change, pointer, way, is_all: false, host: step.told(), old, new })
}

const MANY: f64 = 4_294_967_295.0;

fn limit(name: &str, value: f64) -> String {
    let short = name.rsplit('.').next().unwrap_or(name);
    match value {
        MANY.. => format!("{short} without limit"),
        _ if short.ends_with("Timeout") => format!("{short} {}", span(value)),
        _ => format!("{short} {value}"),
    }
}

/// In which directions one rule of ejection differs from another.
fn directions(old: &Ejection, new: &Ejection) -> Vec<Way> {
    let many = |count: Option<f64>| count.unwrap_or(f64::INFINITY);
    let rising = [(old.interval, new.interval), (old.health, new.health)].into_iter();
    let failures = old.failures.iter().zip(&new.failures).map(|(old, new)| (many(*old), many(*new)));
    let falling = [(new.time, old.time), (new.most, old.most)].into_iter();
    let mut ways: Vec<Way> = rising
        .chain(failures)
        .chain(falling)
        .filter_map(|(old, new)| match old.partial_cmp(&new)? {
            std::cmp::Ordering::Less => Some(Way::Looser),
            std::cmp::Ordering::Greater => Some(Way::Tighter),
            std::cmp::Ordering::Equal => None,
        })
        .collect();
    if old.rest != new.rest {
        ways.push(Way::Tighter);
    }
    ways
}

fn ejects(rule: &Ejection) -> String {
    let Ejection { failures: [of_5xx, of_gateway, of_local], interval, time, most, health, rest } = rule;
    let count = |count: Option<f64>, what: &str| count.map(|count| format!("after {count} {what}"));
    let mut parts: Vec<String> =
        [count(*of_5xx, "5xx"), count(*of_gateway, "gateway errors"), count(*of_local, "failed connections")]
            .into_iter()
            .flatten()
            .collect();
    parts.push(format!("counted every {}", span(*interval)));
    parts.push(format!("out for {}", span(*time)));
    parts.push(format!("at most {} of pods", percent(*most)));
    if *health > 0.0 {
        parts.push(format!("while {} are well", percent(*health)));
    }
    parts.extend(rest.iter().cloned());
    parts.join(", ")
}
