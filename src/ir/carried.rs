use super::{Labels, NamespaceId, Thing, Waiver};
use crate::source::{Origin, Span, Spanned};
use crate::verbatim::{Entry, Kind, Node};
use smol_str::SmolStr;

/// Fields that are merged into an object which a node makes, in the words of its kind.
#[derive(Clone, Debug)]
pub struct Patch {
    /// The node that makes the object.
    pub owner: Origin,
    /// The kind of the object.
    pub kind: &'static Kind,
    /// The name of the object; none: there is one.
    pub name: Option<Spanned<SmolStr>>,
    /// What is merged into it.
    pub body: Node,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
    /// Where it is said.
    pub origin: Origin,
    /// All of what is said there.
    pub whole: Span,
}

/// An object that is carried into the mesh as it is written.
#[derive(Clone, Debug)]
pub struct Carried {
    /// Its kind.
    pub kind: &'static Kind,
    /// Its namespace; none: that of the control plane.
    pub namespace: Option<NamespaceId>,
    /// Its name.
    pub name: Spanned<SmolStr>,
    /// All of it.
    pub body: Node,
    /// How it came.
    pub by: CarriedBy,
    /// Where it is said.
    pub origin: Origin,
}

impl Carried {
    /// The text at a path of keys with dots between them.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.body.path(path).and_then(Node::text).map(SmolStr::as_str)
    }

    /// Whether it may hold for pods with these labels, among others that nobody knows: it does not where it asks for
    /// another value of one of them.
    pub fn may_select(&self, labels: &Labels) -> bool {
        let asked = self.body.path("spec.selector.matchLabels").map(Node::entries).unwrap_or_default();
        let differs = |entry: &Entry| {
            let own = labels.iter().find(|(key, _)| *key == entry.key);
            own.is_some_and(|(_, value)| entry.node.text() != Some(value))
        };
        !asked.iter().any(differs)
    }
}

/// How an object came into the mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CarriedBy {
    /// Somebody wrote it out.
    Hand,
    /// This asked for a template.
    Template(Thing),
}
