//! How rules speak of values that a default or a profile says.

use crate::diagnostic::Diagnostic;
use crate::ir::{Labels, Service, Workload};
use crate::source::{Decided, Layer, Origin};

/// Adds to a fault in a default whom it reaches and how; what a node says itself needs no such word.
pub(super) fn reaching(fault: Diagnostic, origin: Origin, service: &Service) -> Diagnostic {
    let way = match origin.layer {
        Layer::Own | Layer::OwnOverlay => return fault,
        Layer::BuiltIn => "as what is built in",
        Layer::Platform => "through `platform`",
        Layer::MeshProfile => "through a profile that `mesh` uses",
        Layer::Mesh | Layer::MeshOverlay => "as a default of `mesh`",
        Layer::NamespaceProfile => "through a profile that its namespace uses",
        Layer::Namespace | Layer::NamespaceOverlay => "as a default of its namespace",
        Layer::OwnProfile => "through a profile that it uses",
    };
    match service.origin.span {
        Some(span) => fault.related(span, format!("reaches `{}` {way}", service.name)),
        None => fault,
    }
}

/// A node that selects pods, as far as a finding shows it.
#[derive(Clone, Copy)]
pub(super) struct Selecting<'m> {
    pub(super) name: &'m str,
    pub(super) selector: &'m Decided<Labels>,
    pub(super) origin: Origin,
}

impl<'m> From<&'m Service> for Selecting<'m> {
    fn from(service: &'m Service) -> Self {
        Selecting { name: &service.name, selector: &service.selector, origin: service.origin }
    }
}

impl<'m> From<&'m Workload> for Selecting<'m> {
    fn from(workload: &'m Workload) -> Self {
        Selecting { name: &workload.name, selector: &workload.selector, origin: workload.origin }
    }
}

/// Tells of two nodes that select the same pods, `tell` by their names. They have labels of their own unless one of them
/// says otherwise: that one comes first, `later` if both do.
pub(super) fn same_pods(
    later: Selecting<'_>,
    first: Selecting<'_>,
    tell: impl FnOnce(&str, &str) -> Diagnostic,
) -> Diagnostic {
    let (at, other) = if later.selector.span().is_some() { (later, first) } else { (first, later) };
    let place = |node: Selecting<'_>| node.selector.span().or(node.origin.span);
    let fault = tell(at.name, other.name).at_known(place(at), format!("the pods of `{}`", at.name));
    match place(other) {
        Some(span) => fault.related(span, format!("also the pods of `{}`", other.name)),
        None => fault,
    }
}
