//! Classes of changes against each other: what is undone mirrors what was done, what is broken on purpose in the trees of
//! `out/` is found, and what is only said otherwise is not.

#![allow(clippy::disallowed_methods, reason = "reads trees from the disk")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a tree that cannot be read is a fault")]

mod mutants;

use mesh::diagnostic::Diagnostics;
use mesh::diff::{Comparison, Object, Side, Sides, Waivers, classes, compare};
use mesh::source::FileId;
use mesh::value::Risk;
use mesh::verbatim::{Entry, Node, Text, Value, read};
use mutants::MUTATIONS;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn files(path: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            into.push(path);
        }
    }
    into.sort();
}

fn documents(path: &Path) -> Vec<Node> {
    let text = fs::read_to_string(path).unwrap();
    read(&Text::of_file(FileId::new(0), &text), &mut Diagnostics::default()).unwrap_or_default()
}

fn side(bodies: &[Node]) -> Side {
    let mut side = Side::default();
    for object in bodies.iter().filter_map(|body| Object::of(body.clone(), None)) {
        side.insert(object);
    }
    side
}

/// The classes that are found from one side to another, each with its risk.
fn found(before: &[Node], after: &[Node]) -> BTreeSet<(&'static str, Risk)> {
    let (before, after) = (side(before), side(after));
    let comparison = Comparison::of(Sides { before: &before, after: &after, live: None });
    classes::find(&comparison).into_iter().map(|finding| (finding.class.name, finding.risk)).collect()
}

/// How many findings there are to read.
fn lines(before: &[Node], after: &[Node]) -> usize {
    let (before, after) = (side(before), side(after));
    let sides = Sides { before: &before, after: &after, live: None };
    let mut report = compare(sides, Vec::new(), &Waivers::default(), None);
    report.join();
    report.findings.iter().filter(|finding| finding.risk > Risk::None).count()
}

/// Whose the objects are, and that many of them go, is no effect of what they say.
fn has_effect(found: &BTreeSet<(&'static str, Risk)>) -> bool {
    found.iter().any(|(class, risk)| *risk > Risk::None && !class.starts_with("ownership."))
}

/// The trees of all examples.
fn trees() -> Vec<(String, Vec<Node>)> {
    let mut trees = Vec::new();
    for example in fs::read_dir("out").unwrap() {
        for environment in fs::read_dir(example.unwrap().path()).unwrap() {
            let path = environment.unwrap().path();
            let mut all = Vec::new();
            files(&path, &mut all);
            trees.push((path.display().to_string(), all.iter().flat_map(|file| documents(file)).collect()));
        }
    }
    trees.sort_by(|one, other| one.0.cmp(&other.0));
    trees
}

/// Classes of which one is found where the other is undone.
const MIRRORS: &[(&str, &[&str])] = &[
    ("traffic.weight", &["traffic.weight"]),
    ("traffic.route_reordered", &["traffic.route_reordered"]),
    ("traffic.match_widened", &["traffic.match_narrowed"]),
    ("traffic.destination_changed", &["traffic.destination_changed"]),
    ("traffic.rewrite", &["traffic.rewrite"]),
    ("traffic.redirect", &["traffic.redirect"]),
    ("traffic.header_policy", &["traffic.header_policy"]),
    ("traffic.cors", &["traffic.cors"]),
    ("traffic.mirror", &["traffic.mirror"]),
    ("traffic.fault_injected", &["traffic.fault_injected", "traffic.match_narrowed"]),
    ("resilience.timeout", &["resilience.timeout"]),
    ("resilience.retries", &["resilience.retries"]),
    ("resilience.breaker_loosened", &["resilience.breaker_tightened"]),
    ("resilience.breaker_removed", &["resilience.breaker_tightened"]),
    ("resilience.lb_changed", &["resilience.lb_changed"]),
    ("security.access_widened", &["security.access_narrowed"]),
    ("security.mtls_downgraded", &["security.mtls_upgraded"]),
    ("security.mtls_upgraded", &["security.mtls_downgraded"]),
    ("security.default_flip", &["security.default_flip"]),
    ("security.networkpolicy_widened", &["security.access_narrowed"]),
    ("security.default_deny_removed", &["security.access_narrowed"]),
    ("security.jwt_removed", &["security.issuer_changed"]),
    ("exposure.host_added", &["traffic.route_removed"]),
    ("exposure.port_opened", &["traffic.route_removed", "traffic.endpoints_changed", "exposure.port_opened"]),
    ("tls.mode", &["tls.mode"]),
    ("tls.min_version_lowered", &["tls.cipher"]),
    ("egress.host_added", &["egress.sidecar_egress_narrowed"]),
    ("egress.outbound_policy_opened", &["egress.sidecar_egress_narrowed"]),
    ("egress.exportTo_changed", &["egress.exportTo_changed"]),
    ("scope.selector_changed", &["scope.selector_changed"]),
    ("namespace.injection_changed", &["namespace.injection_changed"]),
];

#[test]
fn what_is_undone_mirrors_what_was_done() {
    let mut cases = Vec::new();
    files(Path::new("tests/diff"), &mut cases);
    let (mut count, mut faults) = (0, Vec::new());
    for path in cases.iter().filter(|path| path.ends_with("before.yaml")) {
        let (before, after) = (documents(path), documents(&path.with_file_name("after.yaml")));
        let (there, back) = (found(&before, &after), found(&after, &before));
        // A subset that nobody here names may be named elsewhere when it goes, and by nobody before it comes.
        let is_one_way = there.contains(&("traffic.subset_selector_changed", Risk::Low));
        if !is_one_way && has_effect(&there) != has_effect(&back) {
            faults.push(format!("{}: {there:?}, and back {back:?}", path.display()));
        }
        for (class, mirrors) in MIRRORS.iter().filter(|(class, _)| there.iter().any(|(name, _)| name == class)) {
            // What another authorizer lets in that the former did not is known neither way.
            let is_of_authorizers = path.parent().is_some_and(|case| case.ends_with("another-authorizer"));
            let is_mirrored = is_of_authorizers || back.iter().any(|(name, _)| mirrors.contains(name));
            if !is_mirrored {
                faults.push(format!("{}: {class}, and back {back:?}", path.display()));
            }
            count += 1;
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count > 60, "{count} changes were undone");
}

/// What is at the end of a way of keys; items of lists by their number.
fn at<'n>(node: &'n mut Node, way: &str) -> Option<&'n mut Node> {
    way.split('/').filter(|step| !step.is_empty()).try_fold(node, |node, step| match &mut node.value {
        Value::Map(entries) => entries.iter_mut().find(|entry| entry.key == step).map(|entry| &mut entry.node),
        Value::List(items) => items.get_mut(step.parse::<usize>().ok()?),
        Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => None,
    })
}

/// Sets what stands at the end of a way, or takes it away.
fn set(body: &mut Node, way: &str, value: Option<&str>) -> bool {
    let (parent, key) = way.rsplit_once('/').unwrap_or(("", way));
    let Some(parent) = at(body, parent) else { return false };
    let new = value.map(|text| {
        let mut read = read(&Text::of_file(FileId::new(0), text), &mut Diagnostics::default()).unwrap();
        read.remove(0)
    });
    match (&mut parent.value, new) {
        (Value::Map(entries), Some(node)) => match entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => entry.node = node,
            None => entries.push(Entry { key: key.into(), origin: None, node }),
        },
        (Value::Map(entries), None) => {
            let before = entries.len();
            entries.retain(|entry| entry.key != key);
            return entries.len() < before;
        }
        (Value::List(items), value) => {
            let Some(index) = key.parse::<usize>().ok().filter(|index| *index < items.len()) else { return false };
            items.remove(index);
            if let Some(node) = value {
                items.insert(index, node);
            }
        }
        (Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_), _) => return false,
    }
    true
}

#[test]
fn what_is_broken_on_purpose_is_found() {
    let (trees, mut faults) = (trees(), Vec::new());
    let (mut edits, mut read) = (0, 0);
    for mutation in MUTATIONS {
        let mut count = 0;
        for (name, tree) in &trees {
            let fitting = |body: &Node| {
                body.get("kind").and_then(Node::text).is_some_and(|kind| kind == mutation.kind)
                    && at(&mut body.clone(), mutation.with).is_some()
            };
            for index in (0..tree.len()).filter(|index| tree.get(*index).is_some_and(fitting)).take(3) {
                let mut broken = tree.clone();
                if mutation.way.is_empty() {
                    broken.remove(index);
                } else if !set(broken.get_mut(index).unwrap(), mutation.way, mutation.value) {
                    continue;
                }
                let is_same = tree
                    .get(index)
                    .zip(broken.get(index))
                    .is_some_and(|(old, new)| old.value.says_the_same(&new.value));
                if is_same {
                    continue;
                }
                let found = found(tree, &broken);
                let is_found = found.iter().any(|(class, _)| mutation.classes.contains(class));
                if !is_found {
                    let of = tree.get(index).and_then(|body| body.path("metadata.name")?.text());
                    faults.push(format!("{name}: {} {of:?} {}: {found:?}", mutation.kind, mutation.way));
                }
                count += 1;
                // An object that goes takes many things with it.
                if !mutation.way.is_empty() {
                    (edits, read) = (edits + 1, read + lines(tree, &broken));
                }
            }
        }
        if count == 0 {
            faults.push(format!("no tree has {} with {}", mutation.kind, mutation.with));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(read * 10 < edits * 12, "{read} lines for {edits} edits");
}

/// The same tree in other words: keys in another order, other units, weights of another sum, lists that are sets turned
/// round.
fn said_otherwise(node: &mut Node) {
    match &mut node.value {
        Value::Map(entries) => {
            entries.reverse();
            let is_set =
                |key: &str| ["hosts", "methods", "principals", "paths", "namespaces", "notPaths"].contains(&key);
            for entry in entries.iter_mut() {
                if let Value::List(items) = &mut entry.node.value
                    && is_set(&entry.key)
                {
                    items.reverse();
                }
                if let ("weight", Value::Integer(weight)) = (entry.key.as_str(), &mut entry.node.value) {
                    *weight *= 3;
                }
                if let ("timeout" | "interval" | "baseEjectionTime" | "perTryTimeout", Value::Text(text)) =
                    (entry.key.as_str(), &mut entry.node.value)
                    && let Some(seconds) = text.strip_suffix('s').and_then(|number| number.parse::<u64>().ok())
                {
                    *text = format!("{}ms", seconds * 1000).into();
                }
                said_otherwise(&mut entry.node);
            }
        }
        Value::List(items) => items.iter_mut().for_each(said_otherwise),
        Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => {}
    }
}

#[test]
fn what_is_only_said_otherwise_has_no_effect() {
    for (name, tree) in trees() {
        let mut other = tree.clone();
        let is_read = |body: &Node| body.get("kind").and_then(Node::text).is_none_or(|kind| kind != "EnvoyFilter");
        other.iter_mut().filter(|body| is_read(body)).for_each(said_otherwise);
        let found = found(&tree, &other);
        assert!(!has_effect(&found), "{name}: {found:?}");
    }
}
