use super::{Policy, Right, Team};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest, or_list};
use crate::source::{FileId, Span};
use crate::syntax::{self, Entry, Node, Value};
use crate::value::{HostPattern, Label, WorkspacePath};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// A policy that cannot be read: it says nothing, rather than less than was meant.
pub static BAD_POLICY: Code = code!("bad-policy", Error, "a policy that cannot be read");

const WORDS: [&str; 5] = ["folder", "namespace", "host", "may", "services"];

/// Reads a policy: nodes `team NAME { }`.
pub fn read(file: FileId, text: &str, found: &mut Diagnostics) -> Policy {
    let document = syntax::parse(file, text, found);
    let mut policy = Policy::default();
    let mut names: BTreeMap<SmolStr, Span> = BTreeMap::new();
    for node in &document.nodes {
        let Some(team) = team(node, found) else { continue };
        if let Some(first) = names.insert(team.name.clone(), node.name.span) {
            let twice = fault(node.name.span, format!("team `{}` is there twice", team.name));
            found.push(twice.related(first, "first here").help("write what it owns in one node"));
        }
        policy.teams.push(team);
    }
    twice(&policy, &document.nodes, found);
    policy
}

fn fault(at: Span, title: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&BAD_POLICY, title).at(at, "in the policy")
}

fn team(node: &Node<'_>, found: &mut Diagnostics) -> Option<Team> {
    let word = node.name.value.as_ref();
    if word != "team" {
        found.push(
            fault(node.name.span, format!("a policy knows teams, and no `{word}`")).help("write `team NAME { }`"),
        );
        return None;
    }
    let name = node.arguments().next().and_then(text);
    let Some(name) = name.filter(|_| node.entries.len() == 1) else {
        found.push(fault(node.name.span, "a team has one name").help("write `team NAME { }`"));
        return None;
    };
    let mut team = Team {
        name: name.into(),
        services: None,
        folders: Vec::new(),
        namespaces: Vec::new(),
        hosts: Vec::new(),
        rights: BTreeSet::new(),
    };
    for child in node.children() {
        fill(&mut team, child, found);
    }
    if team.folders.is_empty() {
        let lost = fault(node.name.span, format!("team `{}` has no folder", team.name));
        found.push(lost.help("say where its pages lie: `folder \"teams/shop\"`; the whole workspace is `folder .`"));
    }
    Some(team)
}

/// Reads one word of a team.
fn fill(team: &mut Team, node: &Node<'_>, found: &mut Diagnostics) {
    let word = node.name.value.as_ref();
    if let Some(property) = node.entries.iter().find(|entry| entry.key.is_some()) {
        found.push(fault(property.span, format!("`{word}` has no properties")));
    }
    if node.entries.is_empty() || node.block.is_some() {
        found.push(fault(node.name.span, format!("`{word}` takes values, and no block")));
    }
    for entry in node.arguments() {
        let taken = match word {
            "folder" => text(entry).and_then(folder).map(|folder| team.folders.push(folder)),
            "namespace" => text(entry).and_then(namespace).map(|name| team.namespaces.push(name)),
            "host" => text(entry).and_then(host).map(|host| team.hosts.push(host)),
            "may" => text(entry).and_then(right).map(|right| _ = team.rights.insert(right)),
            "services" => number(entry).map(|number| team.services = Some(number)),
            _ => return found.push(unknown(word, node.name.span)),
        };
        if taken.is_none() {
            found.push(fault(entry.value_span, format!("expected {}", expected(word))));
        }
    }
}

fn unknown(word: &str, at: Span) -> Diagnostic {
    let fault = fault(at, format!("a team has no `{word}`"));
    match nearest(word, WORDS) {
        Some(near) => fault.fix(format!("did you mean `{near}`?"), at, near),
        None => fault.help(format!("it has {}", or_list(WORDS))),
    }
}

fn expected(word: &str) -> String {
    match word {
        "folder" => "a folder of the workspace, such as `\"teams/shop\"`; or `.`, all of it".to_owned(),
        "namespace" => "a namespace, or the beginning of several and `*`".to_owned(),
        "host" => "a host, `*.` and a host, or `*`".to_owned(),
        "services" => "a number".to_owned(),
        _ => or_list(Right::ALL.map(|(word, _)| word)),
    }
}

fn text<'e>(entry: &'e Entry<'_>) -> Option<&'e str> {
    match &entry.value {
        Value::String(text) => Some(text),
        Value::Integer(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => None,
    }
}

fn folder(text: &str) -> Option<SmolStr> {
    if text == "." {
        return Some(text.into());
    }
    WorkspacePath::parse(text).ok().map(|path| path.text().clone())
}

fn namespace(text: &str) -> Option<SmolStr> {
    // A label may not end in a hyphen, the beginning of one may.
    let start = text.strip_suffix('*').map(|start| start.trim_end_matches('-'));
    let is_one = match start {
        Some(start) => start.is_empty() || Label::parse(start).is_ok(),
        None => Label::parse(text).is_ok(),
    };
    is_one.then(|| text.into())
}

fn host(text: &str) -> Option<HostPattern> {
    if text == "*" { Some(HostPattern::Any) } else { HostPattern::parse(text).ok() }
}

fn right(text: &str) -> Option<Right> {
    Right::ALL.iter().find(|(word, _)| *word == text).map(|(_, right)| *right)
}

fn number(entry: &Entry<'_>) -> Option<u32> {
    match entry.value {
        Value::Integer(number) => u32::try_from(number).ok(),
        Value::String(_) | Value::Decimal(_) | Value::Boolean(_) | Value::Null => None,
    }
}

/// What two teams own alike is nobody's.
fn twice(policy: &Policy, nodes: &[Node<'_>], found: &mut Diagnostics) {
    let mut owners: BTreeMap<(&str, String), &str> = BTreeMap::new();
    for team in &policy.teams {
        let folders = team.folders.iter().map(|folder| ("folder", folder.to_string()));
        let namespaces = team.namespaces.iter().map(|name| ("namespace", name.to_string()));
        let hosts = team.hosts.iter().map(|host| ("host", host.to_string()));
        for owned in folders.chain(namespaces).chain(hosts) {
            let (word, name) = owned.clone();
            let Some(other) = owners.insert(owned, team.name.as_str()).filter(|other| *other != team.name) else {
                continue;
            };
            let at = nodes.iter().find(|node| node.arguments().any(|entry| is_text(&entry.value, &team.name)));
            let Some(at) = at.map(|node| node.name.span) else { continue };
            let title = format!("{word} `{name}` is of the teams `{other}` and `{}`", team.name);
            found.push(fault(at, title).help("leave it to one of the two"));
        }
    }
}

fn is_text(value: &Value<'_>, text: &str) -> bool {
    matches!(value, Value::String(found) if found == text)
}
