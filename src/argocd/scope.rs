use super::parameters::{Chosen, Parameters};
use super::{Failure, Seen};
use crate::diagnostic::or_list;
use crate::ir::{Managed, Mesh};
use crate::manifest::{Object, Spec};
use smol_str::SmolStr;
use std::fmt;

/// How much of an environment's objects one Application holds. Over all namespaces that the mesh writes to, and that of
/// the control plane, the scopes are disjoint and make up the whole: so a fleet is split among Applications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// All.
    All,
    /// The Namespace and what is in it.
    Namespace(SmolStr),
    /// What stands in the control plane's namespace or in none: it holds for the whole mesh.
    Mesh(SmolStr),
}

impl Scope {
    /// What the Application says of itself, else what its destination says.
    pub(super) fn of(parameters: &Parameters, seen: &Seen, mesh: &Mesh) -> Result<Self, Failure> {
        let destination = match (parameters.scope, seen.namespace()) {
            (Some(Chosen::All), _) | (None, None) => return Ok(Scope::All),
            (Some(Chosen::Namespace), None) => {
                return Err(Failure::new(
                    "the scope is `namespace`, and the Application's destination has none",
                    "write spec.destination.namespace, or make the parameter `scope` `all`",
                ));
            }
            (Some(Chosen::Namespace) | None, Some(destination)) => destination,
        };
        if destination == mesh.root_namespace.value.text() {
            return Ok(Scope::Mesh(destination.into()));
        }
        let is_ours = |name: &&SmolStr| *name == destination;
        match written(mesh).find(is_ours) {
            Some(name) => Ok(Scope::Namespace(name.clone())),
            None => Err(nowhere(destination, mesh)),
        }
    }

    /// Whether an object is the Application's.
    pub(super) fn holds(&self, object: &Object) -> bool {
        let namespace = object.metadata.namespace.as_ref();
        match self {
            Scope::All => true,
            Scope::Namespace(name) if is_namespace(object) => object.metadata.name == *name,
            Scope::Namespace(name) => namespace == Some(name),
            Scope::Mesh(_) if is_namespace(object) => false,
            Scope::Mesh(root) => namespace.is_none_or(|namespace| namespace == root),
        }
    }
}

fn is_namespace(object: &Object) -> bool {
    matches!(object.spec, Spec::Namespace)
}

/// The namespaces that objects are written into.
fn written(mesh: &Mesh) -> impl Iterator<Item = &SmolStr> {
    let ours = mesh.namespaces.iter().filter(|namespace| namespace.managed.value != Managed::Nothing);
    ours.map(|namespace| &namespace.name)
}

/// How many namespaces are named where none is the right one.
const NAMED: usize = 8;

fn nowhere(destination: &str, mesh: &Mesh) -> Failure {
    let names: Vec<&str> =
        written(mesh).map(SmolStr::as_str).chain([mesh.root_namespace.value.text().as_str()]).collect();
    let shown = or_list(names.iter().take(NAMED).copied());
    let more = if names.len() > NAMED { " and others" } else { "" };
    Failure::new(
        format!("the mesh writes nothing into `{destination}`, the Application's destination"),
        format!("make it {shown}{more}; or take spec.destination.namespace out, for all of them in one Application"),
    )
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::All => Ok(()),
            Scope::Namespace(name) => write!(f, ", namespace {name}"),
            Scope::Mesh(_) => write!(f, ", what holds for the whole mesh"),
        }
    }
}
