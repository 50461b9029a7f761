use super::faults::Use;
use super::index::Index;
use super::settings::Settings;
use crate::diagnostic::Diagnostics;
use crate::intent::{self, Intent, RawText, Scope};
use crate::ir::{Carried, CarriedBy};
use crate::source::{Attached, Layer, Origin, Span};
use crate::verbatim::{self, Text};

/// The objects that are written out, by kind, namespace and name.
pub(super) fn resolve(
    intents: &[&Intent],
    (index, settings): (&Index<'_>, &Settings),
    scope: &Scope,
    attached: &Attached<'_>,
    found: &mut Diagnostics,
) -> Vec<Carried> {
    let root = settings.root_namespace.as_ref().map_or("istio-system", |root| root.value.text());
    let mut carried = Vec::new();
    for raw in intents.iter().flat_map(|intent| &intent.raws) {
        let is_here = raw.only_in.is_empty() || raw.only_in.iter().any(|name| scope.applies(&name.value));
        if !is_here {
            continue;
        }
        let objects = match &raw.said {
            RawText::Here(objects) => objects.clone(),
            RawText::File(path) => match attached.file(path.value.text()) {
                Some((file, text)) => read(&Text::of_file(file, text), path.span, found),
                // That it could not be read is told of already.
                None => continue,
            },
        };
        carried.extend(objects.into_iter().filter_map(|object| placed(index, root, object)));
    }
    carried.sort_by(|a, b| (a.kind.name, a.namespace, &a.name.value).cmp(&(b.kind.name, b.namespace, &b.name.value)));
    carried
}

/// The objects of a file that is named at `said`.
fn read(text: &Text, said: Span, found: &mut Diagnostics) -> Vec<verbatim::Object> {
    verbatim::read(text, found).map(|bodies| intent::objects(bodies, said, found)).unwrap_or_default()
}

/// An object in its namespace, which is declared or is the control plane's.
fn placed(index: &Index<'_>, root: &str, object: verbatim::Object) -> Option<Carried> {
    let verbatim::Object { kind, name, namespace, body } = object;
    let namespace = namespace?;
    let namespace = match index.namespace_of(&namespace.value) {
        None if namespace.value == root => None,
        Some(_) | None => Some(index.namespace(&Use::whole(&namespace.value, namespace.span))?),
    };
    let origin = Origin::new(Layer::Own, name.span);
    Some(Carried { kind, namespace, name, body, by: CarriedBy::Hand, origin })
}
