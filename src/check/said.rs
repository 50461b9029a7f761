//! How rules speak of values that a default or a profile says.

use crate::diagnostic::Diagnostic;
use crate::ir::Service;
use crate::source::{Layer, Origin};

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
