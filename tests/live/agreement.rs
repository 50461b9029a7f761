//! What `query` answers of a mesh, and what the mesh of Envoys does: the same, for every pair of a caller and a request
//! that is made up here from what the intent says: each path that a rule names and its odd spellings, from everybody.

use std::collections::BTreeMap;
use std::path::Path;

use mesh::ir::{Conditions, Lines, Mesh, Paths, Service, ServiceId};
use mesh::query::{End, Question, ShownToken, Verdict, Who, can};
use mesh::value::ProtocolKind;
use serde_json::{Value, json};
use smol_str::SmolStr;

use crate::case::{Case, Finding};
use crate::compiled::Intent;
use crate::oracle::Oracle;
use crate::scenarios::replay;
use crate::tools::{MeshTools, Tools};

/// How many requests are sent of a mesh at most.
const MOST_REQUESTS: usize = 220;

/// The addresses of the pods without a proxy.
const PLAIN: &str = "10.244.7.7";
const VISITOR: &str = "10.244.7.8";

/// The meshes, with the environment that is asked about.
const MESHES: [(&str, &str, Option<&str>); 4] = [
    ("policies", "tests/live/agreement", None),
    ("bank", "examples/bank", Some("prod")),
    ("bookinfo", "examples/bookinfo", Some("normal")),
    ("online-boutique", "examples/online-boutique", None),
];

/// Rules by path, and the ways of normalizing paths that the language has, each in a mesh of its own: every spelling of
/// every path is sent.
const PATHS: &str = "tests/live/agreement/paths";
const MODES: [&str; 3] = ["base", "merge-slashes", "decode-and-merge-slashes"];
const EVERY_REQUEST: usize = 5_000;

/// A mesh to ask about.
struct Asking {
    name: String,
    folder: &'static str,
    environment: Option<&'static str>,
    /// How paths are normalized, where the pages leave that open.
    mode: Option<&'static str>,
    most: usize,
}

pub(crate) fn cases(root: &Path, tools: &Tools) -> Vec<Case> {
    let meshes = MESHES.map(|(name, folder, environment)| {
        let name = name.to_owned();
        Asking { name, folder, environment, mode: None, most: MOST_REQUESTS }
    });
    let modes = MODES.map(|mode| {
        let name = format!("paths-{mode}");
        Asking { name, folder: PATHS, environment: None, mode: Some(mode), most: EVERY_REQUEST }
    });
    let case = |asking: Asking| {
        let root = root.to_path_buf();
        let name = format!("agree {}", asking.name);
        Case { name, body: tools.with_mesh(move |tools| agrees(&tools, &root, &asking)) }
    };
    meshes.into_iter().chain(modes).map(case).collect()
}

fn agrees(tools: &MeshTools, root: &Path, asking: &Asking) -> Finding {
    let Asking { name, folder, environment, mode, most } = asking;
    let pages = text(&root.join(folder))?;
    let intent = Intent {
        text: mode.map_or(pages.clone(), |mode| pages.replace("MODE", mode)),
        environment: environment.map(str::to_owned),
        warnings: None,
        changes: Vec::new(),
    };
    let (compiled, mesh) = intent.compile_with(&Oracle::new(tools.oracle.clone()))?;
    let asked = asked(&mesh, *most);
    let steps: Vec<Value> = asked
        .iter()
        .map(|((from, send), each)| {
            json!({
                "say": format!("{from} {send}"), "from": from, "send": send, "each": each,
            })
        })
        .chain(with_token(&mesh))
        .collect();
    let requests: usize = asked.values().map(BTreeMap::len).sum();
    if requests < 100 {
        return Err(format!("only {requests} requests are told of"));
    }
    let scenario = json!({
        "story": "What `mesh can` says.",
        "pods": [
            {"name": "plain", "namespace": "internet", "proxy": "none", "address": PLAIN},
            {"name": "visitor", "namespace": "internet", "proxy": "none", "address": VISITOR},
        ],
        "steps": steps,
    });
    let file = compiled.folder.join(format!("agree-{name}.yaml"));
    std::fs::write(&file, scenario.to_string()).map_err(|error| error.to_string())?;
    replay(&file, Some(&compiled), tools, root)
}

/// The pages of a workspace in one text.
fn text(folder: &Path) -> Result<String, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut pages: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    pages.retain(|page| page.extension().is_some_and(|end| end == "kdl"));
    pages.sort();
    let mut text = String::new();
    for page in pages {
        let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = if folder.ends_with("agreement") { "mesh.kdl" } else { name.as_str() };
        let own = std::fs::read_to_string(&page).map_err(|error| error.to_string())?;
        text.extend(["// file: ", name, "\n", &own, "\n"]);
    }
    Ok(text)
}

/// Requests of a pod to a place, by what takes the place of `{}`, with what must come of each.
type Asked = BTreeMap<(String, String), BTreeMap<String, String>>;

fn asked(mesh: &Mesh, most: usize) -> Asked {
    let mut all = Vec::new();
    for (id, service) in mesh.services() {
        let callers = callers(mesh);
        for (pod, who) in &callers {
            all.extend(to_service(mesh, (pod, *who), (id, service)));
        }
        all.extend(through_doors(mesh, id, service));
    }
    // Evenly of all, so that none is left out for its place.
    let stride = all.len().div_ceil(most).max(1);
    let mut asked = Asked::new();
    for (from, send, part, expected) in all.into_iter().step_by(stride) {
        asked.entry((from, send)).or_default().insert(part, expected);
    }
    asked
}

/// Every pod that the intent implies, and one without a proxy.
fn callers(mesh: &Mesh) -> Vec<(String, Who)> {
    let services = mesh.services().map(|(id, it)| {
        let version = it.versions.first().map(|version| format!("-{}", version.name.value));
        (format!("{}{}", it.name, version.unwrap_or_default()), Who::Service(id))
    });
    let workloads = mesh.workloads().map(|(id, it)| (it.name.to_string(), Who::Workload(id)));
    services.chain(workloads).chain([("plain".to_owned(), Who::Stranger)]).collect()
}

type One = (String, String, String, String);

fn to_service(mesh: &Mesh, (pod, who): (&str, Who), (id, service): (ServiceId, &Service)) -> Vec<One> {
    let host = format!("{}.{}", service.name, mesh.namespace_name(service.namespace));
    let mut found = Vec::new();
    for port in &service.ports {
        let number = port.number.value;
        let mut question = Question { port: Some(number), ..Question::new(who, id) };
        question.address = (who == Who::Stranger).then(|| PLAIN.parse().ok()).flatten();
        match port.protocol.kind() {
            ProtocolKind::Http => {
                for (method, path) in requests(service) {
                    let asked = Question { method: method.clone(), path: path.clone(), ..question.clone() };
                    if let Some(expected) = expected(mesh, &asked) {
                        let send = format!("{method} http://{host}:{number}{{}}");
                        found.push((pod.to_owned(), send, path.to_string(), expected));
                    }
                }
            }
            ProtocolKind::Tcp => {
                if let Some(expected) = expected(mesh, &question) {
                    found.push((pod.to_owned(), format!("tcp {host}{{}}"), format!(":{number}"), expected));
                }
            }
            ProtocolKind::Tls => {}
        }
    }
    found
}

fn through_doors(mesh: &Mesh, id: ServiceId, service: &Service) -> Vec<One> {
    let mut found = Vec::new();
    for door in service.exposures.iter().filter(|door| door.kind == ProtocolKind::Http) {
        let gateway = mesh.gateway(door.gateway);
        let (Some(host), Some(listener)) = (door.host(), gateway.through(door).find(|it| it.redirect.is_none())) else {
            continue;
        };
        let scheme = if listener.protocol.value.is_encrypted() { "https" } else { "http" };
        let literals = door.paths.iter().map(|path| SmolStr::new(path.value.stem()));
        let paths = literals.flat_map(|path| spellings(&path)).chain(["/elsewhere".into()]);
        for (method, path) in
            paths.flat_map(|path| ["GET", "POST", "DELETE"].map(|method| (SmolStr::new(method), path.clone())))
        {
            let question = Question {
                method: method.clone(),
                path: path.clone(),
                host: Some(SmolStr::new(host.to_string())),
                address: VISITOR.parse().ok(),
                ..Question::new(Who::Outside(Some(door.gateway)), id)
            };
            if let Some(expected) = expected(mesh, &question) {
                found.push((
                    "visitor".to_owned(),
                    format!("{method} {scheme}://{host}{{}}"),
                    path.to_string(),
                    expected,
                ));
            }
        }
    }
    found
}

/// Requests of which some rule of the service says something, and their neighbours.
fn requests(service: &Service) -> Vec<(SmolStr, SmolStr)> {
    let mut methods: Vec<SmolStr> = vec!["GET".into(), "POST".into()];
    let mut paths: Vec<SmolStr> = vec!["/".into()];
    let mut add = |conditions: &Conditions| {
        methods.extend(conditions.named_methods().cloned());
        paths.extend(conditions.paths.iter().map(|path| SmolStr::new(path.value.stem().replace("{*}", "7"))));
    };
    service.grants.iter().chain(&service.denials).for_each(|grant| add(&grant.conditions));
    service.tokens.iter().for_each(|rule| add(&rule.conditions));
    let of_lines = |lines: &Lines| {
        let patterns = lines.paths.iter().flat_map(|set| match set {
            Paths::Patterns { patterns, .. } => patterns.iter().map(|path| SmolStr::new(path.value.stem())).collect(),
            Paths::Regex(_) => Vec::new(),
        });
        patterns.collect::<Vec<_>>()
    };
    paths.extend(service.routes.iter().flat_map(|route| &route.matches).flat_map(|wanted| of_lines(&wanted.lines)));
    methods.sort();
    methods.dedup();
    paths.sort();
    paths.dedup();
    let all: Vec<SmolStr> = paths.iter().flat_map(spellings).collect();
    // Each spelling by one of the methods in turn, and each path itself by all.
    let spelt = all.into_iter().zip(methods.clone().into_iter().cycle()).map(|(path, method)| (method, path));
    let plain = paths.iter().flat_map(|path| methods.iter().map(move |method| (method.clone(), path.clone())));
    plain.filter(|(_, path)| !path.is_empty()).chain(spelt).collect()
}

/// A path, and what resembles it.
fn spellings(path: &SmolStr) -> Vec<SmolStr> {
    let path = path.trim_end_matches('/');
    let inner = path.strip_prefix('/').unwrap_or_default();
    let first = inner.bytes().next().map(|byte| format!("/%{byte:02x}{}", inner.get(1..).unwrap_or_default()));
    let ends = [
        "/x",
        "/",
        "x",
        ";x",
        "/..;/y",
        "%2fx",
        "/../y",
        "/..%2fy",
        "?x=/y",
        "/x/./z",
        "%20",
        "%2F..%2Fy",
        "%5cx",
        "/..%5Cy",
        ";a=b/../y",
        "?",
        "%00",
        "%c0%afx",
        "%252fx",
        "%3bx",
        ".",
        "/.",
        "/..",
        "//",
    ];
    let begins = ["/", "/x/..", "/x/..%2f..", "/./", "/X/%2e%2e", "/%2f", "/%2e", "/.;", "/..", "/%5c"];
    let mut all: Vec<String> = ends.map(|end| format!("{path}{end}")).into();
    all.extend(begins.map(|begin| format!("{begin}{path}")));
    all.push(path.to_uppercase());
    all.extend(first);
    let is_path = |path: &String| path.starts_with('/') && !path.contains(['#', ' ', '{']);
    all.into_iter().filter(is_path).map(SmolStr::new).collect()
}

/// What must come of a request, as a scenario says it; none where that is not told.
fn expected(mesh: &Mesh, question: &Question) -> Option<String> {
    let answer = can(mesh, question).ok()?;
    if answer.facts.iter().any(|fact| fact.text.contains("--from-address")) {
        return None;
    }
    match answer.verdict {
        Verdict::Yes => Some("*@*".to_owned()),
        Verdict::No(End::Status(status)) => Some(status.to_string()),
        Verdict::No(End::Redirect(status)) => Some(format!("{status}>*")),
        Verdict::No(End::Closed) => Some("reset|closed".to_owned()),
        // There is no network between the applications of a scenario that could keep them apart.
        Verdict::No(End::NoDoor | End::Dropped) | Verdict::Depends(_) | Verdict::Unknown(_) => None,
    }
}

/// The same with tokens, where the key of this run signs them.
fn with_token(mesh: &Mesh) -> Vec<Value> {
    let own = mesh
        .issuers()
        .find(|(_, it)| matches!(it.keys.as_ref().map(|keys| &keys.value), Some(mesh::ir::Keys::Here(_))));
    let Some((issuer, it)) = own else { return Vec::new() };
    let (Some(iss), Some(audience)) = (it.iss.as_ref(), it.audiences.as_ref().and_then(|it| it.value.first())) else {
        return Vec::new();
    };
    let mut steps = Vec::new();
    let asking = mesh.services().filter(|(_, service)| !service.tokens.is_empty());
    for (id, service) in asking {
        let host = format!("{}.{}", service.name, mesh.namespace_name(service.namespace));
        for (pod, who) in callers(mesh) {
            for scope in ["", "admin", "read admin"] {
                let claims = vec![("scope".into(), scope.split(' ').map(SmolStr::new).collect())];
                let mut each = BTreeMap::new();
                for path in ["/", "/health", "/public/x", "/admin/x", "/admin", "//admin"] {
                    let token = Some(ShownToken { issuer, claims: claims.clone() });
                    let question =
                        Question { path: path.into(), token, address: PLAIN.parse().ok(), ..Question::new(who, id) };
                    each.extend(expected(mesh, &question).map(|expected| (path, expected)));
                }
                let token = json!({"issuer": iss.value.text(), "audience": audience, "scope": scope});
                let send = format!("GET http://{host}{{}}");
                let say = format!("{pod} with the scope `{scope}`");
                steps.push(json!({"say": say, "from": pod, "send": send, "token": token, "each": each}));
            }
        }
    }
    steps
}
