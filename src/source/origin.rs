use super::Span;

/// Which layer said a thing, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The compiler itself, when nobody says anything.
    BuiltIn,
    /// The grants and denials of the platform.
    Platform,
    /// A profile used by `mesh`.
    MeshProfile,
    /// The words of `mesh`.
    Mesh,
    /// An overlay inside `mesh`.
    MeshOverlay,
    /// A profile used by the namespace.
    NamespaceProfile,
    /// The words of the namespace.
    Namespace,
    /// An overlay inside the namespace.
    NamespaceOverlay,
    /// A profile used by the node itself.
    OwnProfile,
    /// The words of the node itself: a service, a workload, a gateway.
    Own,
    /// An overlay inside the node itself.
    OwnOverlay,
}

/// Who said a thing, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The layer.
    pub layer: Layer,
    /// The place; none for what is built in.
    pub span: Option<Span>,
}

impl Origin {
    /// What nobody said.
    pub const BUILT_IN: Origin = Origin { layer: Layer::BuiltIn, span: None };

    /// Said by `layer` at `span`.
    pub const fn new(layer: Layer, span: Span) -> Self {
        Origin { layer, span: Some(span) }
    }
}

/// A value, who decided it, and whom it won over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided<T> {
    /// The value.
    pub value: T,
    /// Who decided.
    pub origin: Origin,
    /// Whom it won over, strongest first; almost always empty, hence one word.
    #[allow(clippy::box_collection, reason = "one word where a vector has three, in every value of the mesh")]
    overridden: Option<Box<Vec<Origin>>>,
}

impl<T> Decided<T> {
    /// `value`, said by `origin` alone.
    pub const fn new(value: T, origin: Origin) -> Self {
        Decided { value, origin, overridden: None }
    }

    /// What holds when nobody says anything.
    pub const fn built_in(value: T) -> Self {
        Decided::new(value, Origin::BUILT_IN)
    }

    /// Puts a stronger layer's word in place of this one, which is remembered.
    pub fn overrule(&mut self, value: T, origin: Origin) {
        let mut chain = self.overridden.take().unwrap_or_default();
        chain.insert(0, std::mem::replace(&mut self.origin, origin));
        self.overridden = Some(chain);
        self.value = value;
    }

    /// Whom the value won over, strongest first.
    pub fn overridden(&self) -> &[Origin] {
        self.overridden.as_deref().map_or(&[], Vec::as_slice)
    }

    /// Where it was said; none for what is built in.
    pub fn span(&self) -> Option<Span> {
        self.origin.span
    }

    /// The same decision about `change` of the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Decided<U> {
        Decided { value: change(self.value), origin: self.origin, overridden: self.overridden }
    }
}
