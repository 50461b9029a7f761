use super::codes::UNKNOWN_PARAMETER;
use super::faults::{Use, unknown};
use super::index::{Index, Numbered};
use super::layers::{Chain, Level};
use super::removals::Removals;
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::intent::{self, Body, Holder, MISPLACED_NODE, MISSING_NODE};
use crate::ir::{ExternalId, Extra, GatewayId, Kind, NamespaceId, ServiceId, Thing, WorkloadId};
use crate::source::{Decided, Layer, Origin, Span, Spanned};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// A template with the path of its text.
#[derive(Clone)]
pub(super) struct Declared<'i> {
    pub(super) node: &'i intent::Template,
    pub(super) file: SmolStr,
}

/// What layers ask for, by template.
type Laid = BTreeMap<SmolStr, Asked>;

struct Asked {
    said: Spanned<SmolStr>,
    origin: Origin,
    params: BTreeMap<SmolStr, (Span, Decided<SmolStr>)>,
}

/// Every set of objects that is asked for, in the order of the things of the mesh.
pub(super) fn resolve(index: &Index<'_>, members: &Numbered, mesh: &Chain<'_>, found: &mut Diagnostics) -> Vec<Extra> {
    let mut asking = Asking { index, extras: Vec::new(), found };
    asking.ask(Thing::Mesh, mesh);
    let unheard = &mut Diagnostics::default();
    let mut namespaces = Vec::new();
    for (id, namespace) in (0..).map(NamespaceId).zip(&index.namespaces) {
        let bodies = namespace.pieces.iter().map(|piece| &piece.body).collect();
        let chain = mesh.with_namespace(index, id, bodies, unheard);
        asking.ask(Thing::Namespace(id), &chain);
        namespaces.push(chain);
    }
    let services = (0..).map(ServiceId).map(Thing::Service).zip(&members.services);
    let workloads = (0..).map(WorkloadId).map(Thing::Workload).zip(&members.workloads);
    for (thing, declared) in services.chain(workloads) {
        let Some(below) = namespaces.get(declared.namespace.0 as usize) else { continue };
        let bodies = declared.pieces.iter().map(|piece| &piece.body).collect();
        asking.ask(thing, &below.with_own(index, declared.namespace, bodies, unheard));
    }
    for (id, gateway) in (0..).map(GatewayId).zip(&index.gateways) {
        asking.ask(Thing::Gateway(id), &own(mesh, vec![&gateway.body]));
    }
    for (id, external) in (0..).map(ExternalId).zip(&index.externals) {
        asking.ask(Thing::External(id), &own(mesh, external.pieces.iter().map(|piece| &piece.body).collect()));
    }
    asking.extras
}

/// The layers of a node that takes no defaults.
fn own<'i>(mesh: &Chain<'i>, bodies: Vec<&'i Body>) -> Chain<'i> {
    let levels = Level::of_node(mesh.scope, [Layer::Own, Layer::OwnOverlay], bodies);
    Chain::of_levels(levels.collect(), mesh.scope, None)
}

struct Asking<'a, 'i> {
    index: &'a Index<'i>,
    extras: Vec<Extra>,
    found: &'a mut Diagnostics,
}

impl Asking<'_, '_> {
    fn ask(&mut self, thing: Thing, chain: &Chain<'_>) {
        let mut laid = Laid::new();
        for level in &chain.levels {
            lay(level, &mut laid, self.found);
        }
        for asked in laid.values() {
            self.asked(thing, asked);
        }
    }

    fn asked(&mut self, thing: Thing, asked: &Asked) {
        let name = &asked.said;
        let Some(template) = self.index.templates.get(&name.value) else {
            let known = self.index.templates.keys().map(SmolStr::as_str);
            return self.found.push(unknown("template", &Use::whole(&name.value, name.span), known));
        };
        let kind = kind(template.node.holder);
        if !reaches(asked.origin.layer, kind, thing.kind()) {
            return self.found.push(misplaced(name, kind, thing.kind()));
        }
        if kind != thing.kind() {
            return;
        }
        let params = self.params(template.node, asked);
        let Declared { node: _, file } = template;
        self.extras.push(Extra {
            template: name.value.clone(),
            file: file.clone(),
            thing,
            params,
            origin: asked.origin,
        });
    }

    /// Every parameter of a template; those that nobody may or has to say are reported.
    fn params(&mut self, template: &intent::Template, asked: &Asked) -> Vec<(SmolStr, Decided<SmolStr>)> {
        let names = || template.params.iter().map(|param| param.name.value.text().as_str());
        for (name, (span, _)) in &asked.params {
            if names().all(|known| known != name) {
                let fault =
                    Diagnostic::new(&UNKNOWN_PARAMETER, format!("`{}` has no parameter `{name}`", asked.said.value))
                        .at(*span, "no `param` of the template has this name");
                self.found.push(match nearest(name, names()) {
                    Some(near) => fault.fix(format!("did you mean `{near}`?"), *span, near),
                    None if template.params.is_empty() => fault.help("take it out: the template has no parameters"),
                    None => {
                        let listed: Vec<String> = names().map(|name| format!("`{name}`")).collect();
                        fault.help(format!("it has {}", listed.join(", ")))
                    }
                });
            }
        }
        let value = |param: &intent::Param| {
            let said = asked.params.get(param.name.value.text()).map(|(_, said)| said.clone());
            let default = param.default.as_ref();
            let unsaid =
                |said: &Spanned<SmolStr>| Decided::new(said.value.clone(), Origin::new(Layer::BuiltIn, said.span));
            said.or_else(|| default.map(unsaid))
        };
        let mut values = Vec::new();
        for param in &template.params {
            let name = param.name.value.text();
            match value(param) {
                Some(value) => values.push((name.clone(), value)),
                None => self.found.push(
                    Diagnostic::new(&MISSING_NODE, format!("`extra {}` needs `{name}`", asked.said.value))
                        .at_known(asked.origin.span, "a parameter without a default is not said")
                        .help(format!("say it: `extra {} {{ {name} VALUE }}`", asked.said.value)),
                ),
            }
        }
        values.sort_by(|a, b| a.0.cmp(&b.0));
        values
    }
}

/// Lays what one layer asks for over the weaker ones: each template by its name, parameter by parameter.
fn lay(level: &Level<'_>, laid: &mut Laid, found: &mut Diagnostics) {
    let mut removals = Removals::of(level, "extra", |removal| Some(removal.key.value.clone()));
    removals.take(|name| laid.remove(name).is_some());
    for said in level.bodies.iter().filter_map(|body| body.words.extras.as_deref()).flatten() {
        let intent::Extra { template, params, span } = said;
        removals.check_added(&template.value, &template.value, template.span, found);
        let origin = Origin::new(level.layer, *span);
        let fresh = || Asked { said: template.clone(), origin, params: BTreeMap::new() };
        let asked = laid.entry(template.value.clone()).or_insert_with(fresh);
        asked.origin = origin;
        asked.said = template.clone();
        for intent::Setting { name, value } in params {
            let decided = Decided::new(value.value.clone(), Origin::new(level.layer, value.span));
            asked.params.insert(name.value.text().clone(), (name.span, decided));
        }
    }
    removals.finish(found);
}

fn kind(holder: Holder) -> Kind {
    match holder {
        Holder::Mesh => Kind::Mesh,
        Holder::Namespace => Kind::Namespace,
        Holder::Service => Kind::Service,
        Holder::Workload => Kind::Workload,
        Holder::Gateway => Kind::Gateway,
        Holder::External => Kind::External,
    }
}

/// Whether what is said in `layer` of a thing may mean things of the template's kind.
fn reaches(layer: Layer, kind: Kind, thing: Kind) -> bool {
    match layer {
        Layer::Own | Layer::OwnOverlay => kind == thing,
        Layer::Namespace | Layer::NamespaceOverlay => {
            matches!(kind, Kind::Namespace | Kind::Service | Kind::Workload)
        }
        Layer::Mesh | Layer::MeshOverlay => {
            matches!(kind, Kind::Mesh | Kind::Namespace | Kind::Service | Kind::Workload)
        }
        Layer::BuiltIn | Layer::Platform | Layer::MeshProfile | Layer::NamespaceProfile | Layer::OwnProfile => true,
    }
}

fn misplaced(name: &Spanned<SmolStr>, kind: Kind, thing: Kind) -> Diagnostic {
    let (wanted, here) = (kind.word(), thing.word());
    Diagnostic::new(&MISPLACED_NODE, format!("`{}` is a template for `{wanted}`", name.value))
        .at(name.span, format!("asked for in `{here}`, which no `{wanted}` takes defaults from"))
        .help(format!("ask for it in a `{wanted}`"))
}
