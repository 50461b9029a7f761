//! Makes the objects of templates: text with holes, filled with what a thing of the mesh is, read back as objects.
//!
//! Input is a resolved [`Mesh`] and the texts of its templates; output is objects that stand in the mesh like those that
//! people write out. No template takes the process down: it is bounded in size, in the length and depth of what it says,
//! and so in the stack that it takes, in what it may call, in work and in output. It sees nothing but the mesh: no file, no
//! clock, no variable of the process.

mod context;
mod engine;
mod faults;
mod filters;
mod shape;

pub use faults::CODES;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Carried, CarriedBy, Extra, Mesh, NamespaceId, Thing};
use crate::source::{Attached, FileId, Span};
use crate::verbatim::{self, Door, FIELD_NOT_ALLOWED, Text};
use engine::Filled;
use std::collections::{BTreeMap, BTreeSet};

/// Adds the objects of every template that is asked for to the mesh.
pub fn expand(mesh: &mut Mesh, attached: &Attached<'_>, found: &mut Diagnostics) {
    if mesh.extras.is_empty() {
        return;
    }
    let objects = all(mesh, attached, found);
    mesh.carried.extend(objects);
    mesh.carried
        .sort_by(|a, b| (a.kind.name, a.namespace, &a.name.value).cmp(&(b.kind.name, b.namespace, &b.name.value)));
}

fn all(mesh: &Mesh, attached: &Attached<'_>, found: &mut Diagnostics) -> Vec<Carried> {
    let mut engine = engine::Engine::new(mesh);
    // One fault of a template is told of once, not for each thing that asks for it.
    let mut faulty: BTreeSet<FileId> = BTreeSet::new();
    let mut objects = Vec::new();
    // The first that asks for each template that has made nothing yet.
    let mut idle: BTreeMap<FileId, Option<&Extra>> = BTreeMap::new();
    for extra in &mesh.extras {
        let Some((file, text)) = attached.file(&extra.file) else { continue };
        if faulty.contains(&file) {
            continue;
        }
        let mut own = Diagnostics::default();
        let filled = engine.render((file, text), extra, &mut own);
        if let Filled::Text(output) = &filled {
            let mut of_output = Diagnostics::default();
            let made = read(mesh, extra, output, &mut of_output);
            let is_idle = made.is_empty() && !of_output.any_error();
            idle.entry(file).and_modify(|asked| *asked = asked.filter(|_| is_idle)).or_insert(is_idle.then_some(extra));
            objects.extend(made);
            own.extend(of_output.sorted().into_iter().cloned().map(without_edits));
        }
        if matches!(filled, Filled::Faulty) || own.any_error() && matches!(filled, Filled::Text(_)) {
            faulty.insert(file);
        }
        found.append(own);
    }
    let idle = idle.into_iter().filter(|(file, _)| !faulty.contains(file));
    found.extend(idle.filter_map(|(file, asked)| Some(faults::makes_nothing(asked?, Span::new(file, 0, 0)))));
    objects
}

/// What is made is not what is written: an edit would change the template's words.
fn without_edits(mut fault: Diagnostic) -> Diagnostic {
    for help in &mut fault.helps {
        help.edits.clear();
    }
    fault
}

/// The objects of what a template made.
fn read(mesh: &Mesh, extra: &Extra, output: &Text, found: &mut Diagnostics) -> Vec<Carried> {
    let home = home(mesh, extra.thing);
    let home_name = home.map_or(mesh.root_namespace.value.text(), |id| mesh.namespace_name(id));
    let mut objects = Vec::new();
    for body in verbatim::read(output, found).unwrap_or_default() {
        let Some(object) = verbatim::object(body, Door::Template, output.span, found) else { continue };
        if let Some(said) = object.namespace.as_ref().filter(|said| said.value != *home_name) {
            found.push(faults::elsewhere(&FIELD_NOT_ALLOWED, said, home_name));
            continue;
        }
        let mut body = object.body;
        body.said_at(extra.origin);
        let name = object.name.map(|name| name);
        let by = CarriedBy::Template(extra.thing);
        objects.push(Carried { kind: object.kind, namespace: home, name, body, by, origin: extra.origin });
    }
    objects
}

/// The namespace of what a thing asks for; none: that of the control plane.
fn home(mesh: &Mesh, thing: Thing) -> Option<NamespaceId> {
    match thing {
        Thing::Mesh => None,
        Thing::Namespace(id) => Some(id),
        Thing::Service(id) => Some(mesh.service(id).namespace),
        Thing::Workload(id) => Some(mesh.workload(id).namespace),
        Thing::Gateway(id) => Some(mesh.gateway(id).namespace),
        Thing::External(id) => mesh.external(id).namespace,
    }
}
