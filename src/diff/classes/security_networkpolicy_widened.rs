use super::Class;
use crate::diff::view::network::{self, Way};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.networkpolicy_widened", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in network::steps(comparison) {
        let is_opened = step.was_closed && !step.is_closed;
        let Some(first) = step.more.first().filter(|_| !is_opened) else { continue };
        let more = if step.more.len() > 1 { format!(" and {} more", step.more.len() - 1) } else { String::new() };
        let what = match step.way {
            Way::In => format!("{} may be reached by {}{more}", step.of, first.told()),
            Way::Out => format!("{} may reach {}{more}", step.of, first.told()),
        };
        found.push(
            Finding::new(&CLASS, Risk::High, step.change, &step.pointer, what)
                .effect("the network lets it through; what stands before the application is its proxy alone")
                .safe("name the pods and ports that really talk"),
        );
    }
    for step in network::relabelled(comparison).into_iter().filter(|step| step.is_more) {
        let name = &step.change.id.name;
        let what = match step.way {
            Way::In => format!("{} may be reached by pods of namespace {name}", step.of),
            Way::Out => format!("{} may reach pods of namespace {name}", step.of),
        };
        found.push(
            Finding::new(&CLASS, Risk::High, step.change, "/metadata/labels", format!("{what}: {}", step.asked))
                .effect("the network lets it through; what stands before the application is its proxy alone")
                .safe("ask for the namespace by its name: kubernetes.io/metadata.name"),
        );
    }
}
