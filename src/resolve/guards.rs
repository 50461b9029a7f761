use super::index::Index;
use crate::intent;
use crate::ir::{Guard, Kind};
use crate::source::{Layer, Origin};

/// The rules of the house that exist here, by name.
pub(super) fn resolve(index: &Index<'_>) -> Vec<Guard> {
    index.guards.iter().copied().map(guard).collect()
}

fn guard(node: &intent::Guard) -> Guard {
    let intent::Guard { name, kind, is_warning, when, require, message, only_in: _ } = node;
    Guard {
        name: name.value.text().clone(),
        kind: kind.as_ref().map_or(Kind::Mesh, |said| self::kind(said.value)),
        is_warning: is_warning.as_ref().is_some_and(|said| said.value),
        when: when.clone(),
        require: require.clone(),
        message: message.as_ref().map(|said| said.value.clone()),
        origin: Origin::new(Layer::Own, name.span),
    }
}

pub(super) const fn kind(kind: intent::Kind) -> Kind {
    match kind {
        intent::Kind::Mesh => Kind::Mesh,
        intent::Kind::Namespace => Kind::Namespace,
        intent::Kind::Service => Kind::Service,
        intent::Kind::Workload => Kind::Workload,
        intent::Kind::Gateway => Kind::Gateway,
        intent::Kind::External => Kind::External,
    }
}
