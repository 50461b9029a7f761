use super::{Class, traffic_destination_changed};
use crate::diff::view::routing::{Destination, Rule, destinations};
use crate::diff::view::{names, services, subsets, words};
use crate::diff::{Change, Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.weight", find };

/// Istio takes weights as parts of their sum, so shares are compared and not numbers.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for (change, before, after) in comparison.routes() {
        let old = services::with_ports(comparison.before, destinations(before));
        let new = services::with_ports(comparison.after, destinations(after));
        // That requests go elsewhere altogether is told as that, with their shares.
        let is_elsewhere = || traffic_destination_changed::is_elsewhere(comparison, before, after);
        if old.is_empty() || new.is_empty() || is_elsewhere() {
            continue;
        }
        let steps = steps(&old, &new);
        let largest = steps.iter().map(|(_, old, new)| (new - old).abs()).fold(0.0, f64::max);
        if largest < 0.000_1 {
            continue;
        }
        found.push(finding(comparison, change, &steps, (before, after)));
    }
}

/// What the shares of destinations were and are.
fn steps<'d>(old: &'d [Destination], new: &'d [Destination]) -> Vec<(&'d Destination, f64, f64)> {
    let share =
        |of: &[Destination], to: &Destination| of.iter().find(|one| one.is_where(to)).map_or(0.0, |one| one.share);
    let gone = old.iter().filter(|from| !new.iter().any(|to| to.is_where(from)));
    let all = gone.chain(new).map(|to| (to, share(old, to), share(new, to)));
    all.filter(|(_, old, new)| (old - new).abs() >= 0.000_1).collect()
}

fn finding(
    comparison: &Comparison<'_>,
    change: &Change<'_>,
    steps: &[(&Destination, f64, f64)],
    (before, after): (&Rule<'_>, &Rule<'_>),
) -> Finding {
    let largest = steps.iter().map(|(_, old, new)| (new - old).abs()).fold(0.0, f64::max);
    let is_cut_over = steps.iter().any(|(_, _, new)| *new > 99.999_9);
    let lacking = steps.iter().find(|(to, _, new)| *new > 0.0 && subsets::is_lacking(comparison, to));
    let risk = match largest {
        _ if lacking.is_some() => Risk::Critical,
        _ if is_cut_over => Risk::High,
        ..=5.000_1 => Risk::Low,
        ..=25.000_1 => Risk::Medium,
        _ => Risk::High,
    };
    let what = format!("{} ({} points)", told(steps), words::percent(largest).trim_end_matches(" %"));
    let effect = match lacking {
        Some((to, ..)) => format!("no DestinationRule defines {}: those requests fail with 503", to.told()),
        None => "requests are spread otherwise from one moment to the next".to_owned(),
    };
    let all = |of: &Rule<'_>| {
        destinations(of)
            .iter()
            .map(|to| format!("{} {}", to.told(), words::percent(to.share)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    Finding::new(&CLASS, risk, change, after.field(before, "route"), what)
        .of(after.told())
        .effect(effect)
        .safe(match (lacking, risk >= Risk::High) {
            (Some(_), _) => "add the subset first, and lead requests to it a release later",
            (None, true) => "go in smaller steps, and look at the error rate after each",
            (None, false) => "",
        })
        .values(Some(all(before)), Some(all(after)))
}

/// The steps as people read them: what all destinations share is said once.
fn told(steps: &[(&Destination, f64, f64)]) -> String {
    let shares = |(_, old, new): &(_, f64, f64)| format!("{} -> {}", words::percent(*old), words::percent(*new));
    let Some((first, ..)) = steps.first() else { return String::new() };
    let is_one_host = steps.iter().all(|(to, ..)| (&to.host, to.port) == (&first.host, first.port));
    let name = |to: &Destination| match &to.subset {
        Some(subset) => format!("subset {subset}"),
        None => "no subset".to_owned(),
    };
    let all = steps.iter().map(|step| {
        let name = if is_one_host { name(step.0) } else { step.0.told() };
        format!("{name} {}", shares(step))
    });
    let all = all.collect::<Vec<_>>().join(", ");
    if is_one_host { format!("{} {all}", names::short(&first.host)) } else { all }
}
