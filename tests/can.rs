//! `mesh can` against what a real mesh answers: the scenarios of the live suite say what each request comes to, the live
//! suite holds real Envoys to it, and this holds `query` to it.

#![allow(clippy::disallowed_methods, reason = "reads the scenarios from the disk")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "what cannot be read is a fault")]

mod workspace;

use mesh::ir::{GatewayId, Mesh, ServiceId, WorkloadId};
use mesh::pipeline::{self, Request};
use mesh::query::{End, Question, ShownToken, Verdict, Who, can};
use mesh::value::{Port, ProtocolKind};
use mesh::verbatim::Node;
use serde_json::Value;
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::path::Path;
use workspace::InMemory;

/// Keys that verify nothing: here no token is verified.
const JWKS: &str = r##"#"{"keys":[{"kty":"RSA","e":"AQAB","n":"wkVNQ0QxUTR2bUk1c3B2V1hKdjR3","kid":"a","alg":"RS256","use":"sig"}]}"#"##;

#[test]
fn it_says_what_a_real_mesh_answers() {
    let (mut told, mut faults) = (0, Vec::new());
    let (mut known, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    let mut files: Vec<_> =
        std::fs::read_dir("tests/live/scenarios").unwrap().flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files {
        let scenario = Scenario::read(&file);
        let Some(scenario) = scenario else { continue };
        for step in scenario.steps() {
            for (send, expected) in requests(step) {
                let Some((question, mesh)) = scenario.question(step, &send) else { continue };
                let Ok(answer) = can(mesh, &question) else { continue };
                let named: BTreeSet<String> = answer.facts.iter().filter_map(|fact| rule(&fact.text)).collect();
                unknown.extend(named.difference(&rules(mesh)).cloned());
                known.extend(named);
                let hangs_on_address = answer.facts.iter().any(|fact| fact.text.contains("--from-address"));
                let is_grpc = step["headers"]["content-type"] == "application/grpc";
                let found = answer.verdict;
                let Some(holds) = agrees(&found, &expected).filter(|_| !hangs_on_address && !is_grpc) else { continue };
                told += 1;
                if !holds {
                    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
                    faults.push(format!("{name}: {} {send}: {expected} and not {found:?}", step["say"]));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {told}\n{}", faults.len(), faults.join("\n"));
    assert!(told > 600, "only {told} requests are told of");
    assert!(unknown.is_empty() && known.len() > 40, "of {} rules there are not: {unknown:?}", known.len());
}

/// The rule of a `VirtualService` that a fact names: ``VirtualService shop/web, rule `default` ``.
fn rule(fact: &str) -> Option<String> {
    let end = fact.find(", rule `")? + ", rule `".len();
    let length = fact.get(end..)?.find('`')? + 1;
    fact.get(..end + length).map(str::to_owned)
}

/// The rules that the compiled mesh has, as facts name them.
fn rules(mesh: &Mesh) -> BTreeSet<String> {
    let side = pipeline::side(mesh).unwrap();
    let mut all = BTreeSet::new();
    for object in side.objects().filter(|object| object.id.kind == "VirtualService") {
        let namespace = object.id.namespace.clone().unwrap_or_default();
        for route in object.body.path("spec.http").map(Node::list).unwrap_or_default() {
            let name = route.get("name").and_then(Node::text).unwrap();
            all.insert(format!("VirtualService {namespace}/{}, rule `{name}`", object.id.name));
        }
    }
    all
}

/// A caller whom a route leaves out has rules of its own, which are named after it.
#[test]
fn rules_for_one_caller_are_named_with_it() {
    let text = r#"// file: mesh.kdl
mesh shop language=1 { target istio "1.30" }
namespace shop
namespace ops
service checkout namespace=shop {
    port 8080 http
    port 9090 http
    versions v1 v2
    canary v2 percent=10 { match { from tester; header x-beta "1" } }
    route special { match { from web; path "/s/*" }; to v2 }
    route slow { match { not { from api namespace:ops } }; timeout "1s" }
    route rest { match { path "/rest"; not { from probe.ops } } }
    allow api web tester probe.ops other.ops
}
workload api namespace=shop { calls checkout }
workload web namespace=shop { calls checkout }
workload tester namespace=shop { calls checkout }
workload probe namespace=ops { calls checkout.shop }
workload other namespace=ops { calls checkout.shop }
"#;
    let read = InMemory::split(text).read().unwrap();
    let mesh = read.environments[0].1.as_ref().unwrap();
    let ways = [
        ("api", "/", "default.api.8080`, for api"),
        ("api", "/rest", "rest.api.8080`, for api"),
        ("web", "/s/x", "special.8080`, for web"),
        ("web", "/", "slow.8080`"),
        ("tester", "/", "slow.canary-v2.8080`, for tester"),
        ("other", "/", "default.namespace-ops.8080`, for namespace:ops"),
        ("other", "/rest", "rest.namespace-ops.8080`, for namespace:ops"),
        ("probe", "/rest", "default.probe.ops.8080`, for probe.ops"),
    ];
    for (caller, path, expected) in ways {
        let id = mesh.workloads.iter().position(|own| own.name == caller).unwrap();
        let mut question = Question::new(Who::Workload(WorkloadId(u32::try_from(id).unwrap())), ServiceId(0));
        question.path = path.into();
        question.headers = vec![("x-beta".into(), "1".into())];
        let answer = can(mesh, &question).unwrap();
        let named: Vec<&str> = answer.facts.iter().map(|fact| fact.text.as_str()).collect();
        let expected = format!("VirtualService shop/checkout, rule `{expected}");
        assert!(named.iter().any(|text| text.contains(&expected)), "{caller} {path}: {expected} and not {named:?}");
        assert!(named.iter().filter_map(|text| rule(text)).all(|own| rules(mesh).contains(&own)), "{named:?}");
    }
}

/// A scenario whose intent compiles, before anything is changed in it.
struct Scenario {
    fields: Value,
    mesh: Mesh,
}

impl Scenario {
    fn read(file: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(file).unwrap();
        let fields: Value = serde_saphyr::from_str(&text).unwrap();
        let intent = fields["intent"].as_str()?.replace("@JWKS@", JWKS);
        if fields.get("network-policy").is_some() || fields.get("without").is_some() {
            return None;
        }
        let environments = fields["environment"].as_str().map(str::to_owned).into_iter().collect();
        let mut read = pipeline::read(&InMemory::split(&intent), &Request { environments, ..Request::default() });
        let (_, mesh) = read.environments.pop()?;
        let mesh = mesh.unwrap_or_else(|| panic!("{}\n{}", file.display(), workspace::report(&read)));
        Some(Scenario { fields, mesh })
    }

    fn steps(&self) -> impl Iterator<Item = &Value> {
        let steps = self.fields["steps"].as_array().into_iter().flatten();
        steps.take_while(|step| step.get("change").is_none())
    }

    /// What a step asks, where it is a question that `can` knows.
    fn question(&self, step: &Value, send: &str) -> Option<(Question, &Mesh)> {
        let mesh = &self.mesh;
        let odd = ["sni", "to", "certificate", "at-once", "cookies"];
        if odd.iter().any(|word| step.get(word).is_some()) {
            return None;
        }
        let mut sent = Url::read(send)?;
        let from = step["from"].as_str()?;
        let who = self.pod(from)?;
        let asked = step["headers"]["host"].as_str();
        if let Some(asked) = asked.filter(|_| matches!(who, Pod::Plain) && self.is_door(&sent.host)) {
            // What a client asks for behind another name of TLS is a question of TLS.
            if sent.port == 443 || asked.ends_with('.') {
                return None;
            }
            sent.host = asked.split(':').next()?.to_lowercase();
        }
        let (who, target) = self.target(who, &sent)?;
        let mut question = Question::new(who, target);
        question.method = sent.method.as_str().into();
        question.path = sent.path.as_str().into();
        question.host = Some(match sent.port {
            80 | 443 => sent.host.as_str().into(),
            port => format!("{}:{port}", sent.host).into(),
        });
        question.port = Some(Port::new(sent.port.into()).ok()?);
        for (name, value) in step["headers"].as_object().into_iter().flatten() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let is_odd = ["x-fail", "x-sleep", "x-forwarded-for"].contains(&name.to_lowercase().as_str());
            if is_odd || value.contains("@TOKEN@") {
                return None;
            }
            match name.as_str() {
                "host" => question.host = Some(value.into()),
                _ => question.headers.push((name.to_lowercase().into(), value.into())),
            }
        }
        let pods = self.fields["pods"].as_array().into_iter().flatten();
        let address = pods.filter(|pod| pod["name"] == from).find_map(|pod| pod["address"].as_str());
        question.address = address.map(|address| address.parse().unwrap());
        if let Some(token) = step.get("token") {
            question.token = Some(self.token(token)?);
        }
        Some((question, mesh))
    }

    /// Who a pod is: one that the intent implies, or one of the scenario's own.
    fn pod(&self, name: &str) -> Option<Pod> {
        let mesh = &self.mesh;
        let own = self.fields["pods"].as_array().into_iter().flatten().find(|pod| pod["name"] == name);
        if let Some(pod) = own {
            return match (pod["proxy"].as_str(), pod.get("of"), pod.get("account")) {
                (Some("none"), ..) => Some(Pod::Plain),
                (None | Some("sidecar"), None, None) if pod.get("labels").is_none() => {
                    let namespace = pod["namespace"].as_str()?;
                    let known = mesh.namespaces().find(|(_, it)| it.name == namespace)?.0;
                    Some(Pod::Mesh(Who::Namespace(known)))
                }
                _ => None,
            };
        }
        let is = |full: &str, short: &str, namespace: &str| full == short || full == format!("{short}.{namespace}");
        let workload = mesh.workloads().find(|(_, it)| is(name, &it.name, mesh.namespace_name(it.namespace)));
        if let Some((id, _)) = workload {
            return Some(Pod::Mesh(Who::Workload(id)));
        }
        let service = mesh.services().find(|(_, it)| {
            let namespace = mesh.namespace_name(it.namespace);
            is(name, &it.name, namespace)
                || it.versions.iter().any(|version| is(name, &format!("{}-{}", it.name, version.name.value), namespace))
        });
        service.map(|(id, _)| Pod::Mesh(Who::Service(id)))
    }

    /// Whom a host means to a pod: a service by one of its names, or what a gateway serves under it.
    fn target(&self, pod: Pod, sent: &Url) -> Option<(Who, ServiceId)> {
        let mesh = &self.mesh;
        let home = match pod {
            Pod::Mesh(Who::Service(id)) => Some(mesh.service(id).namespace),
            Pod::Mesh(Who::Workload(id)) => Some(mesh.workload(id).namespace),
            Pod::Mesh(Who::Namespace(id)) => Some(id),
            Pod::Mesh(Who::Stranger | Who::Outside(_)) | Pod::Plain => None,
        };
        let parts: Vec<&str> = sent.host.split('.').collect();
        let by_name = mesh.services().find(|(_, it)| {
            let namespace = mesh.namespace_name(it.namespace);
            parts[0] == it.name
                && match parts.get(1) {
                    Some(own) => own == namespace && (parts.len() == 2 || parts[2] == "svc"),
                    None => home.is_none_or(|home| home == it.namespace),
                }
        });
        match (by_name, pod) {
            (Some((id, _)), Pod::Mesh(who)) => Some((who, id)),
            (Some((id, _)), Pod::Plain) => Some((Who::Stranger, id)),
            (None, Pod::Plain) => self.door(sent),
            (None, Pod::Mesh(_)) => None,
        }
    }

    /// Whether some gateway serves a host.
    fn is_door(&self, host: &str) -> bool {
        let served = self.mesh.gateways.iter().flat_map(|it| &it.listeners).flat_map(|it| &it.hosts);
        served.into_iter().any(|served| {
            let pattern = served.pattern.to_string();
            pattern == host || pattern.strip_prefix('*').is_some_and(|rest| host.ends_with(rest))
        })
    }

    fn door(&self, sent: &Url) -> Option<(Who, ServiceId)> {
        let open = |(id, gateway, host, path): &(ServiceId, GatewayId, String, usize)| {
            _ = (id, gateway, path);
            *host == sent.host || host.strip_prefix('*').is_some_and(|rest| sent.host.ends_with(rest))
        };
        let mut doors = Vec::new();
        for (id, service) in self.mesh.services() {
            for door in service.exposures.iter().filter(|door| door.kind == ProtocolKind::Http) {
                let host = door.host()?.to_string();
                let asked = mesh::value::Path::parse(sent.path.split('?').next().unwrap_or_default());
                let fits = |path: &mesh::value::Path| asked.as_ref().is_ok_and(|asked| path.covers(asked));
                for path in door.paths.iter().filter(|path| fits(&path.value)) {
                    doors.push((id, door.gateway, host.clone(), path.value.stem().len()));
                }
            }
        }
        let width = |host: &str| usize::from(host.starts_with('*')) * (100 - host.len());
        doors.retain(open);
        doors.sort_by_key(|(_, _, host, path)| (width(host), std::cmp::Reverse(*path)));
        doors.first().map(|(id, gateway, ..)| (Who::Outside(Some(*gateway)), *id))
    }

    /// A token that is in order.
    fn token(&self, said: &Value) -> Option<ShownToken> {
        if ["expired", "forged"].iter().any(|word| said.get(word).is_some()) || said["subject"] == "" {
            return None;
        }
        let iss = said["issuer"].as_str()?;
        let (issuer, it) =
            self.mesh.issuers().find(|(_, it)| it.iss.as_ref().is_some_and(|own| own.value.text() == iss))?;
        let wanted = it.audiences.as_ref().map(|it| it.value.clone()).unwrap_or_default();
        let shown = texts(&said["audience"]);
        let is_bearer = it.places.headers.iter().any(|header| header.name.value.text() == "authorization");
        if !is_bearer || !(wanted.is_empty() || shown.iter().any(|own| wanted.contains(own))) {
            return None;
        }
        let mut claims = Vec::new();
        if let Some(scope) = said["scope"].as_str() {
            claims.push(("scope".into(), scope.split(' ').map(SmolStr::new).collect()));
        }
        claims.push(("sub".into(), vec![said["subject"].as_str().unwrap_or("alice").into()]));
        flatten("", &said["claims"], &mut claims);
        Some(ShownToken { issuer, claims })
    }
}

#[derive(Clone, Copy)]
enum Pod {
    Mesh(Who),
    Plain,
}

fn texts(value: &Value) -> Vec<SmolStr> {
    match value {
        Value::String(text) => vec![text.as_str().into()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(SmolStr::new).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    }
}

fn flatten(before: &str, value: &Value, claims: &mut Vec<(SmolStr, Vec<SmolStr>)>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let name = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
        match value {
            Value::Object(_) => flatten(&name, value, claims),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                claims.push((name.into(), texts(value)));
            }
        }
    }
}

struct Url {
    method: String,
    host: String,
    port: u16,
    path: String,
}

impl Url {
    fn read(send: &str) -> Option<Self> {
        let (method, url) = send.split_once(' ')?;
        let (scheme, rest) = match url.split_once("://") {
            Some((scheme, rest)) => (scheme, rest),
            None if method == "tcp" => ("tcp", url),
            None => return None,
        };
        let at = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(at);
        let usual = if scheme == "https" { 443 } else { 80 };
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (authority, usual),
        };
        let path = if path.is_empty() { "/" } else { path };
        let is_plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
        let is_known = is_plain && !path.contains(['#', '@']) && host.rsplit('.').next() != Some("pod");
        is_known.then(|| Url { method: method.to_owned(), host: host.to_owned(), port, path: path.to_owned() })
    }
}

/// Every request of a step, with what must come of it.
fn requests(step: &Value) -> Vec<(String, Value)> {
    let Some(send) = step["send"].as_str() else { return Vec::new() };
    match step["each"].as_object() {
        Some(each) => each.iter().map(|(part, expected)| (send.replace("{}", part), expected.clone())).collect(),
        None => vec![(send.to_owned(), step["expect"].clone())],
    }
}

/// Whether a verdict is what came; none where what came is no matter of access and routes.
fn agrees(found: &Verdict, expected: &Value) -> Option<bool> {
    let patterns: Vec<String> = match expected {
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) => text.split('|').map(str::to_owned).collect(),
        Value::Object(shares) => shares.keys().cloned().collect(),
        Value::Null | Value::Bool(_) | Value::Array(_) => return None,
    };
    let arrives = |pattern: &String| pattern.contains('@');
    if patterns.iter().any(|pattern| pattern == "*") || (patterns.iter().any(arrives) && !patterns.iter().all(arrives))
    {
        return None;
    }
    let is_failure = patterns.iter().any(|pattern| ["503", "504", "429", "timeout"].contains(&pattern.as_str()));
    match found {
        Verdict::Yes if is_failure || patterns.iter().any(|pattern| pattern.starts_with("tls:")) => None,
        Verdict::Yes => Some(patterns.iter().all(arrives)),
        Verdict::No(End::Status(status)) => Some(patterns.iter().any(|pattern| *pattern == status.to_string())),
        Verdict::No(End::Redirect(status)) => {
            Some(patterns.iter().any(|pattern| pattern.starts_with(&format!("{status}>"))))
        }
        Verdict::No(End::Closed) => {
            let closed = ["reset", "closed", "refused", "503"];
            Some(patterns.iter().any(|pattern| closed.contains(&pattern.as_str()) || pattern.starts_with("tls:")))
        }
        // There is no network between the applications of a scenario that could keep them apart.
        Verdict::No(End::NoDoor | End::Dropped) | Verdict::Depends(_) | Verdict::Unknown(_) => None,
    }
}
