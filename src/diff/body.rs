use super::normalise::{Normal, Normalised, Written, normalise};
use super::{Id, Managers};
use crate::verbatim::{Node, Unread};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// All of an object, in the one form in which sides are compared. Two sides that have the same file have the same one of
/// these, and it is read when somebody looks into it: into most of what stands on both sides nobody does.
#[derive(Clone, Debug)]
pub struct Body(Arc<Inner>);

#[derive(Debug)]
enum Inner {
    Read(Normal),
    Later { id: Id, rest: Unread, normal: OnceLock<Box<Normal>> },
}

impl Body {
    /// The object that `node` is.
    pub(super) fn of(node: Node, id: &Id) -> Self {
        Body(Arc::new(Inner::Read(normalise(node, id))))
    }

    /// An object that is read later.
    pub(super) fn later(rest: Unread, id: Id) -> Self {
        Body(Arc::new(Inner::Later { id, rest, normal: OnceLock::new() }))
    }

    fn normal(&self) -> &Normal {
        match &*self.0 {
            Inner::Read(normal) => normal,
            Inner::Later { id, rest, normal } => normal.get_or_init(|| Box::new(normalise(rest.read(), id))),
        }
    }

    /// Whether it is one and the same as another.
    pub(super) fn is(&self, other: &Body) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// How it was written, where that says nothing.
    pub fn written(&self) -> Written {
        self.normal().written
    }

    /// What was done to bring it into that form.
    pub fn normalised(&self) -> Normalised {
        self.normal().normalised
    }

    /// Who wrote its fields, if it is of a cluster.
    pub(super) fn managers(&self) -> &Managers {
        &self.normal().managers
    }

    /// Changes it on this side alone.
    pub(super) fn change(&mut self, how: impl FnOnce(&mut Node)) {
        let mut normal = self.normal().clone();
        how(&mut normal.body);
        self.0 = Arc::new(Inner::Read(normal));
    }

    /// How all of it is written, where that can be told without reading it.
    pub(super) fn text(&self) -> Option<&str> {
        match &*self.0 {
            Inner::Read(_) => None,
            Inner::Later { rest, .. } => Some(rest.text()),
        }
    }
}

impl Deref for Body {
    type Target = Node;

    fn deref(&self) -> &Node {
        &self.normal().body
    }
}
