use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::ir::Accepted;
use crate::source::Spanned;
use crate::value::{ObjectName, Pointer};
use crate::verbatim::{Node, Value, unescaped};
use std::collections::BTreeMap;

pub(super) static CODE: Code = code!("ignore-nothing", Error, "an object or a field that is not compiled");

/// Looks for each object and field that is named, among those that are made and those that are carried through.
pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let objects = objects(subject);
    for ignore in &subject.mesh.ignores {
        let Some(object) = object(subject, &objects, &ignore.object, found) else { continue };
        for pointer in &ignore.pointers {
            found.extend(missing(object, &ignore.object.value, pointer));
        }
    }
    for accept in &subject.mesh.accepts {
        if let Some(Accepted::Object(name)) = &accept.of {
            object(subject, &objects, name, found);
        }
    }
}

type Objects<'o> = BTreeMap<ObjectName, &'o Node>;

fn objects<'o>(subject: &Subject<'o>) -> Objects<'o> {
    let mesh = subject.mesh;
    let made = subject.made.iter().map(|made| {
        let name = ObjectName::new(&made.kind.1, made.namespace.as_deref(), &made.name);
        (name, &made.body)
    });
    let carried = mesh.carried.iter().map(|carried| {
        let namespace = carried.namespace.map_or(mesh.root_namespace.value.text(), |id| mesh.namespace_name(id));
        (ObjectName::new(carried.kind.name, Some(namespace), &carried.name.value), &carried.body)
    });
    made.chain(carried).collect()
}

fn object<'o>(
    subject: &Subject<'_>,
    objects: &Objects<'o>,
    name: &Spanned<ObjectName>,
    found: &mut Diagnostics,
) -> Option<&'o Node> {
    let environment = subject.mesh.environment.name.as_str();
    let object = objects.get(&name.value).copied();
    if object.is_none() {
        let fault = Diagnostic::new(&CODE, format!("no object is `{}`", name.value))
            .at(name.span, format!("nothing of this kind and name is compiled in `{environment}`"));
        found.push(match nearest(name.value.text(), objects.keys().map(|name| name.text().as_str())) {
            Some(near) => fault.fix(format!("did you mean `{near}`?"), name.span, format!("\"{near}\"")),
            None => fault.help("name an object as `mesh compile -o -` shows it: its kind, namespace and name; what is in one environment alone is named in its `in NAME { ... }`"),
        });
    }
    object
}

/// What is wrong with a field whose object has not even what it would be in, or one that is named almost so. A field
/// that the other controller adds is no part of ours.
fn missing(object: &Node, name: &ObjectName, pointer: &Spanned<Pointer>) -> Option<Diagnostic> {
    let text = pointer.value.text();
    let mut at = object;
    let mut walked = String::new();
    let parts: Vec<&str> = text.split('/').skip(1).collect();
    for (place, part) in parts.iter().enumerate() {
        let key = unescaped(part);
        let next = if let Value::List(items) = &at.value {
            key.parse::<usize>().ok().and_then(|place| items.get(place))
        } else {
            at.get(&key)
        };
        if let Some(next) = next {
            at = next;
            walked = format!("{walked}/{part}");
            continue;
        }
        // What is said of an object beside its fields is anybody's.
        let is_open = parts.first() == Some(&"metadata") && place > 0;
        let is_last = place + 1 == parts.len();
        let near = nearest(&key, at.entries().iter().map(|entry| entry.key.as_str()));
        if is_open || is_last && place > 0 && !at.entries().is_empty() && near.is_none() {
            return None;
        }
        let holder = if walked.is_empty() { "the object".to_owned() } else { format!("`{walked}`") };
        let fault = Diagnostic::new(&CODE, format!("`{name}` has no field `{text}`"))
            .at(pointer.span, format!("{holder} has no `{key}`"));
        return Some(match near {
            Some(near) => {
                let rest = parts.get(place + 1..).unwrap_or_default();
                let right = std::iter::once(near)
                    .chain(rest.iter().copied())
                    .fold(walked, |path, part| format!("{path}/{part}"));
                fault.fix(format!("did you mean `{right}`?"), pointer.span, format!("\"{right}\""))
            }
            None => fault.help("name a field as `mesh compile -o -` shows it; places in lists count from 0"),
        });
    }
    None
}
