use super::codes::{CYCLE, NAMESPACE_NEEDED};
use super::index::{Index, unknown};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{Body, Mesh, Profile, Scope};
use crate::ir::NamespaceId;
use crate::source::{Layer, Span, Spanned};
use smol_str::SmolStr;

/// One layer: the blocks that say the same with the same weight, from one file or several.
#[derive(Clone)]
pub(super) struct Level<'i> {
    pub(super) layer: Layer,
    pub(super) bodies: Vec<&'i Body>,
    /// The namespace that a short name in it means; none in profiles and in `mesh`.
    pub(super) home: Option<NamespaceId>,
    /// The namespace of the node whose layer this is: what `same-namespace` means, in profiles too.
    pub(super) own: Option<NamespaceId>,
}

/// The layers of a node, weakest first.
#[derive(Clone)]
pub(super) struct Chain<'i> {
    pub(super) levels: Vec<Level<'i>>,
    pub(super) scope: &'i Scope,
    own: Option<NamespaceId>,
}

/// The three layers of one holder: its profiles, its own words, its overlays.
type Layers = [Layer; 3];
const OF_MESH: Layers = [Layer::MeshProfile, Layer::Mesh, Layer::MeshOverlay];
const OF_NAMESPACE: Layers = [Layer::NamespaceProfile, Layer::Namespace, Layer::NamespaceOverlay];
const OWN: Layers = [Layer::OwnProfile, Layer::Own, Layer::OwnOverlay];

impl<'i> Chain<'i> {
    /// The layers of `mesh`.
    pub(super) fn of_mesh(index: &Index<'i>, mesh: &'i Mesh, scope: &'i Scope, found: &mut Diagnostics) -> Self {
        let mut chain = Chain { levels: Vec::new(), scope, own: None };
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

    fn push_holder(
        &mut self,
        index: &Index<'i>,
        (layers, home): (&Layers, Option<NamespaceId>),
        bodies: Vec<&'i Body>,
        found: &mut Diagnostics,
    ) {
        let [profile, own, overlay] = *layers;
        let uses: Vec<&Spanned<SmolStr>> =
            bodies.iter().filter_map(|body| body.words.uses.as_ref()).flat_map(|uses| &uses.value).collect();
        for name in uses {
            self.push_profile(index, profile, name, &mut Vec::new(), found);
        }
        let overlays = self.overlays(&bodies);
        if bodies.iter().any(|body| body.says_something()) {
            self.levels.push(Level { layer: own, bodies, home, own: self.own });
        }
        for bodies in overlays {
            self.levels.push(Level { layer: overlay, bodies, home, own: self.own });
        }
    }

    /// The overlays that apply, those of the farthest ancestor first; one level for each environment of the line.
    fn overlays(&self, bodies: &[&'i Body]) -> Vec<Vec<&'i Body>> {
        let mut levels: Vec<Vec<&'i Body>> = vec![Vec::new(); self.scope.environments.len()];
        for overlay in bodies.iter().flat_map(|body| &body.overlays) {
            let nearest = overlay.environments.iter().filter_map(|name| self.scope.distance(&name.value)).min();
            if let Some(level) = nearest.and_then(|distance| levels.get_mut(distance)) {
                level.push(&overlay.body);
            }
        }
        levels.reverse();
        levels.retain(|level| !level.is_empty());
        levels
    }

    fn push_profile(
        &mut self,
        index: &Index<'i>,
        layer: Layer,
        name: &Spanned<SmolStr>,
        path: &mut Vec<SmolStr>,
        found: &mut Diagnostics,
    ) {
        let Some(pieces) = index.profiles.get(&name.value) else {
            let known = index.profiles.keys().map(SmolStr::as_str);
            found.push(unknown("profile", &name.value, name.span, known));
            return;
        };
        if path.contains(&name.value) {
            found.push(
                Diagnostic::new(&CYCLE, format!("profile `{}` uses itself", name.value))
                    .at(name.span, "this closes the circle")
                    .help("take one `use` of the circle out"),
            );
            return;
        }
        path.push(name.value.clone());
        for used in pieces.iter().filter_map(|profile| profile.body.words.uses.as_ref()).flat_map(|uses| &uses.value) {
            self.push_profile(index, layer, used, path, found);
        }
        path.pop();
        let bodies: Vec<&'i Body> = pieces.iter().map(|profile: &&'i Profile| &profile.body).collect();
        let overlays = self.overlays(&bodies);
        let of_profile = |bodies| Level { layer, bodies, home: None, own: self.own };
        let levels: Vec<Level<'i>> = std::iter::once(bodies).chain(overlays).map(of_profile).collect();
        self.levels.extend(levels);
    }
}

/// A short name in a node that belongs to no namespace.
pub(super) fn namespace_needed(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&NAMESPACE_NEEDED, format!("`{name}` means the namespace of a node, and this node has none"))
        .at(span, "said in a profile or in `mesh`")
        .help("write `namespace:NAME`")
}
