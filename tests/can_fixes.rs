//! What `mesh can` proposes to let a request in: written where it says, it does that and nothing else.

#![allow(clippy::disallowed_methods, reason = "reads examples and scenarios from the disk")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "what cannot be read is a fault")]

mod workspace;

use mesh::diagnostic::Diagnostics;
use mesh::diff::{Sides, Waivers, compare};
use mesh::ir::Mesh;
use mesh::pipeline::{self, Workspace};
use mesh::query::{Answer, Question, Who, can};
use mesh::source::Span;
use mesh::syntax;
use mesh::value::Risk;
use std::fs;
use std::path::Path;
use workspace::InMemory;

/// Requests that are tried: by method and path.
const REQUESTS: [(&str, &str); 5] =
    [("GET", "/"), ("POST", "/new/thing"), ("DELETE", "/a-b_c.d~e"), ("GET", "/x/../y//z?q=1"), ("PUT", "/it's*{x}")];

/// How many proposals of a workspace are compiled.
const MOST_OF_ONE: usize = 2;

/// The workspaces of the examples and of the live suite's scenarios, each as one text.
fn texts() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for example in ["bank", "bookinfo", "hello", "machine-native-ops", "online-boutique"] {
        let folder = Path::new("examples").join(example);
        let mut pages: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        pages.retain(|page| page.extension().is_some_and(|end| end == "kdl"));
        pages.sort();
        let page = |path: &std::path::PathBuf| {
            format!("// file: {}\n{}", path.file_name().unwrap().to_str().unwrap(), fs::read_to_string(path).unwrap())
        };
        texts.push((example.to_owned(), pages.iter().map(page).collect::<Vec<_>>().concat()));
    }
    let mut scenarios: Vec<_> =
        fs::read_dir("tests/live/scenarios").unwrap().map(|entry| entry.unwrap().path()).collect();
    scenarios.sort();
    for scenario in scenarios {
        let fields: serde_json::Value = serde_saphyr::from_str(&fs::read_to_string(&scenario).unwrap()).unwrap();
        let name = scenario.file_stem().unwrap().to_string_lossy().into_owned();
        texts.extend(fields["intent"].as_str().map(|intent| (name, intent.to_owned())));
    }
    texts
}

/// The text with a line in the block of the node that stands at a place.
fn pasted(read: &Workspace, files: &InMemory, line: &str, into: Span) -> InMemory {
    let (name, text) = (read.sources.name(into.file), read.sources.text(into.file));
    let document = syntax::parse(into.file, text, &mut Diagnostics::default());
    let holds = |node: &&syntax::Node<'_>| node.span.start <= into.start && into.end <= node.span.end;
    let node = document.nodes.iter().find(holds).unwrap();
    let (at, new) = match &node.block {
        Some(block) => (block.span.end as usize - 1, format!("\n{line}\n")),
        None => (node.span.end as usize, format!(" {{\n{line}\n}}")),
    };
    let mut edited = text.to_owned();
    edited.insert_str(at, &new);
    let pages = files.iter().map(|(own, text)| if own == name { edited.as_str() } else { text });
    InMemory::split(&pages.collect::<Vec<_>>().concat())
}

fn callers(mesh: &Mesh) -> Vec<Who> {
    let services = mesh.services().map(|(id, _)| Who::Service(id));
    let workloads = mesh.workloads().map(|(id, _)| Who::Workload(id));
    services.chain(workloads).chain(mesh.namespaces().map(|(id, _)| Who::Namespace(id))).collect()
}

/// What does not hold of a proposal.
fn fault(files: &InMemory, read: &Workspace, question: &Question, answer: &Answer) -> Option<String> {
    let mut edited = files.clone();
    for fix in &answer.fixes {
        let into = fix.into.unwrap();
        let now = edited.read().unwrap();
        // An earlier line may have moved the node.
        let (text, old) = (now.sources.text(into.file), read.sources.text(into.file));
        let moved = u32::try_from(text.len() - old.len()).unwrap();
        let is_moved = text.get(..into.end as usize) != old.get(..into.end as usize);
        let by = if is_moved { moved } else { 0 };
        edited = pasted(&now, &edited, &fix.line, Span { start: into.start + by, end: into.end + by, ..into });
    }
    let now = edited.read().unwrap();
    if now.found.any_error() {
        return Some(workspace::report(&now));
    }
    let (old, new) = (read.environments[0].1.as_ref()?, now.environments[0].1.as_ref()?);
    let after = can(new, question).ok()?;
    if !after.is_yes() && !after.headline().starts_with("depends") {
        return Some(format!("{}\n{:#?}", after.headline(), after.facts));
    }
    let (before, after) = (pipeline::side(old).unwrap(), pipeline::side(new).unwrap());
    let sides = Sides { before: &before, after: &after, live: None };
    let report = compare(sides, Vec::new(), &Waivers::default(), None);
    let of_access = |class: &str| class.starts_with("security.") && class != "security.networkpolicy_widened";
    let opened: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| finding.risk > Risk::None && of_access(finding.class.name))
        .map(|finding| format!("{} {}: {}", finding.class.name, finding.object, finding.said()))
        .collect();
    if answer.fixes.iter().all(|fix| fix.line.starts_with("calls ")) {
        return (!opened.is_empty()).then(|| opened.join("\n"));
    }
    let service = new.service(question.target);
    let is_request = answer.fixes.iter().any(|fix| fix.line.contains("{ method "));
    let is_exact = |text: &str| {
        let prefix = format!("security.access_widened AuthorizationPolicy/{}/", new.namespace_name(service.namespace));
        let Some((_, said)) = text.split_once(" may be called by ").filter(|_| text.starts_with(&prefix)) else {
            return false;
        };
        let (caller, how) = said.split_once(" with ").unwrap_or((said, ""));
        // Of a namespace those are left out who are let in already.
        let name = caller.split(" of ").next().unwrap_or_default();
        let is_one = name.contains('.') && !name.contains([' ', ',']);
        let is_caller = is_one || (matches!(question.who, Who::Namespace(_)) && caller.starts_with("namespace "));
        let parts: Vec<&str> = how.split(", ").collect();
        let is_said_once = |what: &str| parts.iter().filter(|part| part.starts_with(what)).count() == 1;
        let is_that_request = is_said_once("method ")
            && parts.contains(&format!("method {}", question.method).as_str())
            && is_said_once("path ");
        is_caller && is_said_once("port ") && !how.contains(" or ") && (!is_request || is_that_request)
    };
    (opened.len() != 1 || !is_exact(&opened[0])).then(|| opened.join("\n"))
}

#[test]
fn what_is_proposed_lets_in_the_request_and_nothing_else() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, text) in texts() {
        let files = InMemory::split(&text);
        let read = files.read().unwrap();
        if read.found.any_error() {
            continue;
        }
        let Some((_, Some(mesh))) = read.environments.first() else { continue };
        let mut tried = 0;
        for (index, (who, target)) in
            callers(mesh).into_iter().flat_map(|who| mesh.services().map(move |(id, _)| (who, id))).enumerate()
        {
            let (method, path) = REQUESTS[index % REQUESTS.len()];
            let mut question = Question::new(who, target);
            (question.method, question.path) = (method.into(), path.into());
            let Ok(answer) = can(mesh, &question) else { continue };
            if answer.fixes.is_empty() || tried >= MOST_OF_ONE {
                continue;
            }
            (tried, count) = (tried + 1, count + 1);
            if let Some(because) = fault(&files, &read, &question, &answer) {
                let lines: Vec<&str> = answer.fixes.iter().map(|fix| fix.line.as_str()).collect();
                wrong.push(format!(
                    "{name}: {} to {}, {method} {path}: {lines:?} gives\n{because}\n",
                    who.name(mesh),
                    mesh.service(target).name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 60, "only {count} proposals");
}
