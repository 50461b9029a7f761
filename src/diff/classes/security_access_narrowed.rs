use super::Class;
use crate::diff::view::{access, network};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.access_narrowed", find };

const SAFE: &str = "try it with the annotation istio.io/dry-run first, and see in the access logs whom it would refuse";

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in access::steps(comparison).into_iter().filter(|step| !step.is_wider) {
        let more = if step.more > 0 { format!("; {} more", step.more) } else { String::new() };
        let (what, effect) = match &step.asked {
            Some([_, asked]) => (
                format!("{}: {asked} is asked about requests by {}{more}", step.to, step.requests),
                "what it does not let in is refused with 403; nobody here knows what that is",
            ),
            None => (
                format!("{} may not be called any more by {}{more}", step.to, step.requests),
                match step.witness.is_empty() {
                    true => "all of them are refused with 403, which were let in",
                    false => "such a request is refused with 403, which was let in",
                },
            ),
        };
        let example = if step.asked.is_some() { "" } else { &step.witness };
        found.push(
            Finding::new(&CLASS, Risk::Medium, step.change, &step.pointer, what)
                .effect(effect)
                .example(example)
                .safe(SAFE)
                .on(step.side, step.change)
                .exact(step.is_exact),
        );
    }
    for step in network::steps(comparison) {
        let Some(first) = step.less.first() else { continue };
        let more = if step.less.len() > 1 { format!(" and {} more", step.less.len() - 1) } else { String::new() };
        let is_closing = !step.was_closed && step.is_closed;
        let what = match step.way {
            network::Way::In if is_closing => {
                format!("{} are closed to the network but for what policies name", step.of)
            }
            network::Way::Out if is_closing => format!("{} may reach only what policies name", step.of),
            network::Way::In => format!("{} may not be reached any more by {}{more}", step.of, first.told()),
            network::Way::Out => format!("{} may not reach {}{more} any more", step.of, first.told()),
        };
        found.push(
            Finding::new(&CLASS, Risk::Medium, step.change, &step.pointer, what)
                .effect("connections hang until they time out; no proxy can answer for it")
                .safe("see in the metrics of the callers that nobody needs it"),
        );
    }
    for step in network::relabelled(comparison).into_iter().filter(|step| !step.is_more) {
        let name = &step.change.id.name;
        let what = match step.way {
            network::Way::In => format!("{} may not be reached any more by pods of namespace {name}", step.of),
            network::Way::Out => format!("{} may not reach pods of namespace {name} any more", step.of),
        };
        let what = format!("{what}: {}", step.asked);
        found.push(
            Finding::new(&CLASS, Risk::Medium, step.change, "/metadata/labels", what)
                .effect("connections hang until they time out; no proxy can answer for it")
                .safe("see in the metrics of the callers that nobody needs it"),
        );
    }
}
