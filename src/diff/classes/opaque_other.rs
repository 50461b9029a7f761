use super::Class;
use crate::diff::shape::Shape;
use crate::diff::view::{At, is_read, leaves, texts};
use crate::diff::{Change, Comparison, FieldChange, Finding, Id, Operation};
use crate::value::Risk;
use crate::verbatim::{Node, Value, escaped, steps};

pub(super) static CLASS: Class = Class { name: "opaque.other", find };

/// It comes behind all others: what none of them reads is told by itself, so that nothing is passed over.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in &comparison.changes {
        let Some(known) = knowledge(change) else { continue };
        let is_told = |pointer: &str| {
            found.iter().any(|finding| {
                finding.object == *change.id
                    && !finding.pointer.is_empty()
                    && pointer.starts_with(&finding.pointer)
                    && finding.pointer != "/spec"
            })
        };
        let mut fields = unread(change);
        fields.retain(|field| !is_told(field));
        let is_silent = !found.iter().any(|finding| finding.object == *change.id);
        match change.operation() {
            Operation::Change if change.id.kind == "ConfigMap" && !fields.is_empty() => {
                let of_maps = of_config(change, &known, &fields, found);
                found.extend(of_maps);
            }
            Operation::Change if !fields.is_empty() => found.push(changed(change, &known, &fields)),
            Operation::Delete | Operation::Add
                if is_silent && !fields.is_empty() && !is_renamed(comparison, change) =>
            {
                found.push(whole(change, &known));
            }
            Operation::Change | Operation::Delete | Operation::Add => {}
        }
    }
}

/// Whether another object of the kind says the same in its place.
fn is_renamed(comparison: &Comparison<'_>, change: &Change<'_>) -> bool {
    let said = |change: &Change<'_>| change.after.or(change.before).map(|object| At::spec(object).canonical());
    comparison.changes.iter().any(|other| {
        (&other.id.kind, &other.id.namespace) == (&change.id.kind, &change.id.namespace)
            && other.operation() != change.operation()
            && other.operation() != Operation::Change
            && said(other) == said(change)
    })
}

/// What is known of a kind: the risk of a change that nothing is known of, and what it is about.
struct Known {
    risk: Risk,
    about: &'static str,
}

const RUNS: &str = "what runs";

impl Known {
    fn effect(&self) -> String {
        match self.about {
            RUNS => "what runs changes, and no rule of the mesh by it".to_owned(),
            about => format!("no class of changes knows what that does; it is about {about}"),
        }
    }
}

fn knowledge(change: &Change<'_>) -> Option<Known> {
    let (risk, about) = match (change.id.group.as_str(), change.id.kind.as_str()) {
        ("networking.istio.io" | "security.istio.io" | "gateway.networking.k8s.io", _) => {
            (Risk::Medium, "what the mesh does with requests")
        }
        ("telemetry.istio.io", _) => (Risk::Low, "what proxies tell"),
        ("install.istio.io" | "sailoperator.io", _) => (Risk::High, "how the whole mesh is run"),
        ("", "Service") => (Risk::Medium, "which pods, ports and protocols stand behind a name"),
        ("", "Namespace") if change.operation() == Operation::Change => (Risk::Medium, "a namespace"),
        ("", "Namespace") => (Risk::Critical, "a namespace, with all that is in it"),
        ("", "ConfigMap") if change.id.name.starts_with("istio") => (Risk::High, "how the whole mesh is run"),
        ("", "ServiceAccount") => (Risk::Low, "by which identity pods are known"),
        ("apps" | "batch", _) => (Risk::Low, RUNS),
        ("argoproj.io" | "flagger.app" | "serving.knative.dev", _) => (Risk::Low, "how versions take over"),
        ("networking.k8s.io", _) => (Risk::Medium, "what the network lets through"),
        _ => return None,
    };
    Some(Known { risk, about })
}

/// The fields that no class reads and that say something else: where they stand.
fn unread(change: &Change<'_>) -> Vec<String> {
    let mut all = Vec::new();
    let is_body = |pointer: &str| match pointer.strip_prefix("/metadata/") {
        // By which control plane pods get a proxy is told of the namespace as a whole.
        Some("labels/istio.io~1rev") if change.id.kind == "Namespace" => false,
        Some(rest) => rest.contains("istio.io~1") && !rest.contains("analyze-suppress") && !rest.ends_with("dry-run"),
        None => pointer != "/apiVersion" && pointer != "/kind",
    };
    match change.operation() {
        Operation::Change => change.fields.iter().for_each(|field| of_field(change.id, field, &mut all)),
        Operation::Add | Operation::Delete => {
            if let Some(object) = change.after.or(change.before) {
                leaves(&object.body, "", &mut all);
                // Who may call whom is compared as a whole, and how: a policy that changes nothing of it has no effect.
                let is_whole = ["AuthorizationPolicy", "PeerAuthentication"].contains(&change.id.kind.as_str());
                if !is_whole && all.iter().all(|pointer| !is_body(pointer)) {
                    return vec!["/metadata/name".to_owned()];
                }
            }
        }
    }
    all.retain(|pointer| is_body(pointer) && !is_read(&change.id.kind, pointer));
    all.sort();
    all.dedup();
    all
}

fn of_field(id: &Id, field: &FieldChange<'_>, into: &mut Vec<String>) {
    let held = |node| At::of(node).milliseconds();
    if held(field.before).is_some() && held(field.before) == held(field.after) {
        return;
    }
    let shape = Shape::of(id).and_then(|shape| shape.at(&field.pointer));
    let said = |node: Option<&Node>| {
        let mut all = Vec::new();
        if let Some(node) = node {
            leaves(node, &field.pointer, &mut all);
            if let Some(shape) = shape {
                zeros(node, &field.pointer, shape, &mut all);
            }
        }
        all
    };
    let (old, new) = (said(field.before), said(field.after));
    let is_there = |all: &[String]| all.contains(&field.pointer);
    if is_there(&old) || is_there(&new) || (field.before.is_some() && field.after.is_some()) {
        into.extend(old.into_iter().chain(new));
    } else {
        into.extend(old);
        into.extend(new);
    }
}

/// The values that say nothing by themselves where leaving them out says something else: `replicas: 0`.
fn zeros(node: &Node, at: &str, shape: &Shape, into: &mut Vec<String>) {
    match &node.value {
        Value::Map(entries) => {
            for (entry, shape) in entries.iter().filter_map(|entry| Some((entry, shape.field(&entry.key)?))) {
                zeros(&entry.node, &format!("{at}/{}", escaped(&entry.key)), shape, into);
            }
        }
        Value::List(items) => {
            for (index, (item, shape)) in items.iter().zip(shape.items().into_iter().cycle()).enumerate() {
                zeros(item, &format!("{at}/{index}"), shape, into);
            }
        }
        Value::Null => {}
        Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => {
            if shape.has_default() && !into.iter().any(|known| known == at) {
                into.push(at.to_owned());
            }
        }
    }
}

fn changed(change: &Change<'_>, known: &Known, fields: &[String]) -> Finding {
    let shown: Vec<String> = fields
        .iter()
        .take(3)
        .map(|pointer| pointer.trim_start_matches('/').replace('/', ".").replace("~1", "/"))
        .collect();
    let more = if fields.len() > 3 { format!(" and {} more", fields.len() - 3) } else { String::new() };
    let pointer = fields.first().cloned().unwrap_or_default();
    let value = |object: Option<&crate::diff::Object>| {
        let node = object.and_then(|object| {
            steps(&pointer).try_fold(At::of(Some(&*object.body)), |at, key| {
                let next =
                    key.parse::<usize>().ok().and_then(|index| at.items().nth(index)).unwrap_or_else(|| at.key(&key));
                next.is_there().then_some(next)
            })
        });
        node.map(At::canonical)
    };
    let (before, after) = (value(change.before), value(change.after));
    let said = |text: String| if text.is_empty() { "(empty)".to_owned() } else { text };
    let told = |value: &Option<String>| value.clone().filter(|text| text.len() <= LONGEST).map(said);
    let from_to = match (fields.len(), told(&before), told(&after)) {
        (1, Some(before), Some(after)) => format!(": {before} -> {after}"),
        (1, None, Some(after)) if before.is_none() => format!(" is new: {after}"),
        (1, Some(before), None) if after.is_none() => format!(" is gone: {before}"),
        (1, ..) => " changes".to_owned(),
        _ => " change".to_owned(),
    };
    let what = format!("{}{more} of {}{from_to}", shown.join(", "), change.id.kind);
    Finding::new(&CLASS, known.risk, change, &pointer, what).effect(known.effect()).values(before, after)
}

/// Where the mesh says what may be called that it does not know: a class of its own tells that.
const OUTBOUND: &str = "outboundTrafficPolicy.mode";

/// What changes in texts of a map that are YAML themselves, a line for each text.
fn of_config(change: &Change<'_>, known: &Known, fields: &[String], found: &[Finding]) -> Vec<Finding> {
    let is_told = found.iter().any(|finding| finding.object == *change.id);
    let mut all = Vec::new();
    for pointer in fields {
        let text = |object: Option<&crate::diff::Object>| object?.body.find(pointer)?.text().cloned();
        let read = text(change.before).zip(text(change.after)).and_then(|(old, new)| texts::differing(&old, &new));
        let Some(mut read) = read else {
            all.push(changed(change, known, std::slice::from_ref(pointer)));
            continue;
        };
        read.retain(|(path, ..)| !(is_told && path == OUTBOUND));
        if read.is_empty() {
            continue;
        }
        let word = |value: &Option<String>| match value {
            Some(text) if text.len() <= LONGEST => text.clone(),
            Some(_) => "another text".to_owned(),
            None => "none".to_owned(),
        };
        let shown = read.iter().take(3).map(|(path, was, is)| format!("{path} {} -> {}", word(was), word(is)));
        let more = if read.len() > 3 { format!(" and {} more", read.len() - 3) } else { String::new() };
        let key = pointer.trim_start_matches("/data/");
        let what = format!("{key} of {}: {}{more}", change.id.kind, shown.collect::<Vec<_>>().join(", "));
        all.push(Finding::new(&CLASS, known.risk, change, pointer, what).effect(known.effect()));
    }
    all
}

/// Up to how many bytes a value is shown in words.
const LONGEST: usize = 60;

fn whole(change: &Change<'_>, known: &Known) -> Finding {
    let (verb, risk) = match change.operation() {
        Operation::Delete => ("goes", known.risk),
        Operation::Add | Operation::Change => ("comes", known.risk.min(Risk::Low)),
    };
    if change.id.kind == "Namespace" {
        let finding = Finding::new(&CLASS, risk, change, "", format!("namespace {} {verb}", change.id.name));
        return match change.operation() {
            Operation::Delete => finding
                .effect("everything in it is deleted with it, whoever made it")
                .safe("move what is still used first"),
            Operation::Add | Operation::Change => finding,
        };
    }
    Finding::new(&CLASS, risk, change, "", format!("{} {verb}", change.id)).effect(known.effect())
}
