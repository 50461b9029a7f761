//! `--server-dry-run`: what an API server would make of objects, instead of what is known of its defaults.

use super::Arguments;
use super::arguments::Source;
use super::source::All;
use crate::cli::exit::Refusal;
use crate::cli::screen::Screen;
use crate::cluster::{Cluster, ClusterError};
use crate::diagnostic::Diagnostics;
use crate::diff::{Held, Id, Object, Side};
use crate::manifest::Shown;
use crate::source::FileId;
use crate::verbatim;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How many objects are asked about at once.
const AT_ONCE: usize = 50;

/// Lets the server fill in what it would, in objects of the later side that the cluster has. One that is new is not asked
/// about: its namespace or its kind may come with it.
pub(super) fn fill(all: &mut All, arguments: &Arguments, screen: &mut Screen) -> Result<(), Refusal> {
    let Some(Source::Cluster(context)) = &arguments.from else {
        return Err(Refusal::new("--server-dry-run asks the cluster that is compared with, and --from says none")
            .help("say --from cluster, or leave it out: the defaults of Kubernetes are known"));
    };
    let cluster = Cluster::open(context.as_deref()).map_err(|error| Refusal::new(error.to_string()))?;
    let mut refused: Vec<(Id, ClusterError)> = Vec::new();
    for (environment, side) in &mut all.to.sides {
        let Some(live) = all.from.sides.get(environment) else { continue };
        let is_asked = |object: &&Object| {
            !object.id.is_setting() && is_filled(&object.id.group, &object.id.kind) && live.get(&object.id).is_some()
        };
        let asked: Vec<Object> = side.objects().filter(is_asked).cloned().collect();
        for some in asked.chunks(AT_ONCE) {
            take(&cluster, some, side, &mut refused);
        }
    }
    if let Some((id, error)) = refused.first() {
        let count = refused.len();
        screen.warn(&format!(
            "approximate: the server did not say what it would make of {count} objects, among them {id}: {error}\n"
        ))?;
    }
    Ok(())
}

/// Whether a server fills in fields of a kind. Istio's definitions of its kinds have no defaults.
pub(super) fn is_filled(group: &str, kind: &str) -> bool {
    !group.ends_with("istio.io") && kind != "Secret"
}

/// Puts what the server would make of objects in their place; where it refuses some, each is asked about alone.
fn take(cluster: &Cluster, objects: &[Object], side: &mut Side, refused: &mut Vec<(Id, ClusterError)>) {
    match (cluster.would_apply(&sent(objects)), objects) {
        (Ok(text), _) => put(&text, objects, side, refused),
        (Err(error), [one]) => refused.push((one.id.clone(), error)),
        (Err(_), several) => {
            for one in several {
                take(cluster, std::slice::from_ref(one), side, refused);
            }
        }
    }
}

fn sent(objects: &[Object]) -> String {
    let one = |object: &Object| {
        let mut body = serde_json::to_value(Shown(&object.body)).unwrap_or_default();
        if let Value::Object(fields) = &mut body {
            fields.insert("apiVersion".to_owned(), object.api.as_str().into());
            fields.insert("kind".to_owned(), object.id.kind.as_str().into());
        }
        body
    };
    json!({"apiVersion": "v1", "kind": "List", "items": objects.iter().map(one).collect::<Vec<_>>()}).to_string()
}

/// An object of which the answer says nothing stays as it was, and is told.
fn put(text: &str, objects: &[Object], side: &mut Side, refused: &mut Vec<(Id, ClusterError)>) {
    let documents = verbatim::decode(FileId::new(0), text, &mut Diagnostics::default());
    let answered = documents.into_iter().flat_map(|document| Held::of(document).objects);
    let mut answered: BTreeMap<Id, Object> = answered.map(|object| (object.id.clone(), object)).collect();
    for object in objects {
        match answered.remove(&object.id) {
            Some(answer) => side.insert(Object { body: answer.body, ..object.clone() }),
            None => refused.push((object.id.clone(), ClusterError::Failed("its answer has it not".to_owned()))),
        }
    }
}
