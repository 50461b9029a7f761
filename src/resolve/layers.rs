use super::codes::NAMESPACE_NEEDED;
use super::index::Index;
use super::laying::said_twice;
use super::profiles::Profiles;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{Body, Mesh, Overlay, Scope};
use crate::ir::NamespaceId;
use crate::source::{Layer, Span};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// One layer: the blocks that say the same with the same weight, from one file or several.
#[derive(Clone)]
pub(super) struct Level<'i> {
    pub(super) layer: Layer,
    pub(super) bodies: Vec<&'i Body>,
    /// The namespace that a short name in it means; none in profiles and in `mesh`.
    pub(super) home: Option<NamespaceId>,
    /// The namespace of the node whose layer this is: what `same-namespace` means, in profiles too.
    pub(super) own: Option<NamespaceId>,
    /// Whether callers are clients of a gateway, which it knows by their addresses alone.
    pub(super) is_at_gateway: bool,
    /// Whether it is the words of a profile that a weaker layer uses too: what it takes away is gone already, or was
    /// said there to be nothing.
    pub(super) is_again: bool,
}

impl<'i> Level<'i> {
    /// The blocks of a layer; of a node in `home`, if it has a namespace.
    pub(super) fn of(layer: Layer, bodies: Vec<&'i Body>, home: Option<NamespaceId>) -> Self {
        Level { layer, bodies, home, own: home, is_at_gateway: false, is_again: false }
    }

    /// Whether it is the words of a profile.
    pub(super) fn is_profile(&self) -> bool {
        matches!(self.layer, Layer::MeshProfile | Layer::NamespaceProfile | Layer::OwnProfile)
    }

    /// Whether it is these very blocks.
    fn is_of(&self, bodies: &[&Body]) -> bool {
        self.bodies.iter().map(|body| body.span).eq(bodies.iter().map(|body| body.span))
    }

    /// What a node says itself, and above it its overlays that apply: of words that no profile and no default says.
    pub(super) fn of_node(
        scope: &Scope,
        [own, overlay]: [Layer; 2],
        bodies: Vec<&'i Body>,
    ) -> impl Iterator<Item = Self> {
        let level = |layer, bodies| Level::of(layer, bodies, None);
        let above = overlays(scope, &bodies).into_iter();
        let above = above.map(move |said| level(overlay, said.iter().map(|overlay| &overlay.body).collect()));
        std::iter::once(level(own, bodies)).chain(above)
    }
}

/// The layers of a node, weakest first.
#[derive(Clone)]
pub(super) struct Chain<'i> {
    pub(super) levels: Vec<Level<'i>>,
    pub(super) scope: &'i Scope,
    own: Option<NamespaceId>,
    is_of_gateway: bool,
}

/// The three layers of one holder: its profiles, its own words, its overlays.
type Layers = [Layer; 3];
const OF_MESH: Layers = [Layer::MeshProfile, Layer::Mesh, Layer::MeshOverlay];
const OF_NAMESPACE: Layers = [Layer::NamespaceProfile, Layer::Namespace, Layer::NamespaceOverlay];
const OWN: Layers = [Layer::OwnProfile, Layer::Own, Layer::OwnOverlay];

impl<'i> Chain<'i> {
    /// These layers alone: of a node that takes no defaults.
    pub(super) fn of_levels(levels: Vec<Level<'i>>, scope: &'i Scope, own: Option<NamespaceId>) -> Self {
        Chain { levels, scope, own, is_of_gateway: false }
    }

    /// The layers of `mesh`.
    pub(super) fn of_mesh(index: &Index<'i>, mesh: &'i Mesh, scope: &'i Scope, found: &mut Diagnostics) -> Self {
        let mut chain = Chain { levels: Vec::new(), scope, own: None, is_of_gateway: false };
        chain.push_holder(index, (&OF_MESH, None), vec![&mesh.body], found);
        chain
    }

    /// These layers and those of a namespace above them.
    pub(super) fn with_namespace(
        &self,
        index: &Index<'i>,
        id: NamespaceId,
        bodies: Vec<&'i Body>,
        found: &mut Diagnostics,
    ) -> Self {
        let mut chain = self.clone();
        chain.own = Some(id);
        chain.levels.iter_mut().for_each(|level| level.own = Some(id));
        let platforms = index.platforms(id);
        if !platforms.is_empty() {
            chain.levels.insert(0, Level { own: Some(id), ..Level::of(Layer::Platform, platforms, None) });
        }
        chain.push_holder(index, (&OF_NAMESPACE, Some(id)), bodies, found);
        chain
    }

    /// These layers and those of a service or workload above them.
    pub(super) fn with_own(
        &self,
        index: &Index<'i>,
        home: NamespaceId,
        bodies: Vec<&'i Body>,
        found: &mut Diagnostics,
    ) -> Self {
        let mut chain = self.clone();
        chain.push_holder(index, (&OWN, Some(home)), bodies, found);
        chain
    }

    /// The layers of a gateway, which nothing lies below.
    pub(super) fn of_gateway(
        index: &Index<'i>,
        home: NamespaceId,
        body: &'i Body,
        scope: &'i Scope,
        found: &mut Diagnostics,
    ) -> Self {
        let mut chain = Chain { levels: Vec::new(), scope, own: Some(home), is_of_gateway: true };
        chain.push_holder(index, (&OWN, Some(home)), vec![body], found);
        chain
    }

    fn level(&self, layer: Layer, bodies: Vec<&'i Body>, home: Option<NamespaceId>) -> Level<'i> {
        Level { own: self.own, is_at_gateway: self.is_of_gateway, ..Level::of(layer, bodies, home) }
    }

    fn push_holder(
        &mut self,
        index: &Index<'i>,
        (layers, home): (&Layers, Option<NamespaceId>),
        bodies: Vec<&'i Body>,
        found: &mut Diagnostics,
    ) {
        let [profile, own, overlay] = *layers;
        self.push_profiles(index, profile, &bodies, found);
        let overlays = overlays(self.scope, &bodies);
        if bodies.iter().any(|body| body.says_something()) {
            let level = self.level(own, bodies, home);
            self.levels.push(level);
        }
        for overlays in overlays {
            let bodies = overlays.iter().map(|overlay| &overlay.body).collect();
            let level = self.level(overlay, bodies, home);
            self.levels.push(level);
        }
    }

    /// The profiles that these blocks use, each once, the later over the earlier and each over those it uses.
    fn push_profiles(&mut self, index: &Index<'i>, layer: Layer, bodies: &[&'i Body], found: &mut Diagnostics) {
        let mut uses = bodies.iter().filter_map(|body| body.words.uses.as_ref());
        let Some(names) = uses.next() else { return };
        for again in uses {
            found.push(said_twice("`use`", again.span, names.span));
        }
        let (mut profiles, mut judged_elsewhere) = (Profiles::default(), Diagnostics::default());
        for name in &names.value {
            // What profiles use among themselves is judged once for all: `profiles::check`.
            let is_known = index.profiles.contains_key(&name.value);
            profiles.meet(index, name, if is_known { &mut judged_elsewhere } else { &mut *found });
        }
        for profile in profiles.in_order {
            let overlays = overlays(self.scope, &[&profile.body]).into_iter();
            let overlays = overlays.map(|level| level.into_iter().map(|overlay| &overlay.body).collect());
            for bodies in std::iter::once(vec![&profile.body]).chain(overlays) {
                let is_again = self.levels.iter().any(|weaker| weaker.is_profile() && weaker.is_of(&bodies));
                let level = Level { is_again, ..self.level(layer, bodies, None) };
                self.levels.push(level);
            }
        }
    }
}

/// The overlays of these blocks that apply, those of the farthest ancestor first; one level for each environment of
/// the line.
pub(super) fn overlays<'i>(scope: &Scope, bodies: &[&'i Body]) -> Vec<Vec<&'i Overlay>> {
    let mut levels: BTreeMap<Reverse<usize>, Vec<&'i Overlay>> = BTreeMap::new();
    for overlay in bodies.iter().flat_map(|body| &body.overlays) {
        if let Some(distance) = overlay.environments.iter().filter_map(|name| scope.distance(&name.value)).min() {
            levels.entry(Reverse(distance)).or_default().push(overlay);
        }
    }
    levels.into_values().collect()
}

/// A short name in a node that belongs to no namespace.
pub(super) fn namespace_needed(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&NAMESPACE_NEEDED, format!("`{name}` means the namespace of a node, and this node has none"))
        .at(span, "said in a profile or in `mesh`")
        .help("write `namespace:NAME`")
}
