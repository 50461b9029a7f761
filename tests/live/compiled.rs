//! The intent that stands in a scenario, compiled into a folder that lives as long as a case asks about it.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use mesh::ir::{Gateway, Labels, Mesh, Service, Workload};
use mesh::pipeline::{self, Request};
use serde_json::{Map, Value, json};

use crate::oracle::Oracle;
use crate::workspace::{InMemory, codes, report};

/// Where this stands in an intent, the JWKS of this run's issuer is put in, as a string of KDL.
const JWKS: &str = "@JWKS@";

/// Intent as a scenario holds it: one file, or several that begin with lines `// file: NAME.kdl`.
#[derive(Clone)]
pub(crate) struct Intent {
    pub(crate) text: String,
    /// The environment; none where there is one alone.
    pub(crate) environment: Option<String>,
    /// The codes of the warnings that it gives, sorted; none where any will do.
    pub(crate) warnings: Option<Vec<String>>,
    /// What its steps change in it, one after the other.
    pub(crate) changes: Vec<Change>,
}

/// What becomes of an intent while all runs.
#[derive(Clone)]
pub(crate) enum Change {
    /// Each text stands for another.
    Texts(Vec<(String, String)>),
    /// Another intent takes its place.
    Whole(String),
}

impl Change {
    fn of(&self, text: &str) -> Result<String, String> {
        let pairs = match self {
            Self::Whole(other) => return Ok(other.clone()),
            Self::Texts(pairs) => pairs,
        };
        let mut changed = text.to_owned();
        for (before, after) in pairs {
            if !changed.contains(before) {
                return Err(format!("nothing says `{before}`, which is to be changed"));
            }
            changed = changed.replace(before, after);
        }
        Ok(changed)
    }
}

/// A folder with the `tree`, the trees after each change (`tree-1`), what they are made for (`cluster.json`) and the key
/// that signs tokens (`issuer.json`); removed with this value.
pub(crate) struct Compiled {
    pub(crate) folder: PathBuf,
}

impl Compiled {
    /// Manifests that nobody compiled, where a compiled tree would be, and what they become by each change.
    pub(crate) fn of_manifests(manifests: &str, changes: &[Change]) -> Result<Self, String> {
        let written = Self { folder: fresh_folder() };
        let mut text = manifests.to_owned();
        written.put("tree/manifests.yaml", text.as_bytes())?;
        for (change, number) in changes.iter().zip(1..) {
            text = change.of(&text)?;
            written.put(&format!("tree-{number}/manifests.yaml"), text.as_bytes())?;
        }
        let nothing = json!({ "services": [], "workloads": [], "gateways": [] });
        written.put("cluster.json", nothing.to_string().as_bytes())?;
        Ok(written)
    }

    pub(crate) fn tree(&self) -> PathBuf {
        self.folder.join("tree")
    }

    fn write(&self, name: &str, mesh: &Mesh) -> Result<(), String> {
        let tree = pipeline::tree(mesh).map_err(|error| error.to_string())?;
        tree.files.iter().try_for_each(|(path, text)| self.put(&format!("{name}/{path}"), text))
    }

    fn put(&self, path: &str, text: &[u8]) -> Result<(), String> {
        let file = self.folder.join(path);
        let folder = file.parent().unwrap_or(&self.folder);
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&file, text))
            .map_err(|error| format!("{}: {error}", file.display()))
    }
}

impl Drop for Compiled {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

impl Intent {
    /// Compiles the intent, and what it becomes by each change.
    pub(crate) fn compile(&self, oracle: &Oracle) -> Result<Compiled, String> {
        self.compile_with(oracle).map(|(compiled, _)| compiled)
    }

    /// The same, with the mesh before any change.
    pub(crate) fn compile_with(&self, oracle: &Oracle) -> Result<(Compiled, Mesh), String> {
        let compiled = Compiled { folder: fresh_folder() };
        let mut text = self.text.clone();
        if text.contains(JWKS) {
            let issuer = issuer(oracle)?;
            let jwks = issuer.get("jwks").and_then(Value::as_str).unwrap_or_default();
            text = text.replace(JWKS, &format!("#\"{jwks}\"#"));
            compiled.put("issuer.json", issuer.to_string().as_bytes())?;
        }
        let mesh = self.read(&text)?;
        compiled.put("cluster.json", described(&mesh).to_string().as_bytes())?;
        compiled.write("tree", &mesh)?;
        for (change, number) in self.changes.iter().zip(1..) {
            text = change.of(&text)?;
            compiled.write(&format!("tree-{number}"), &self.read(&text)?)?;
        }
        Ok((compiled, mesh))
    }

    /// The mesh; what the compiler warns of is held against what the scenario says that it does.
    fn read(&self, text: &str) -> Result<Mesh, String> {
        let environments = self.environment.iter().cloned().collect();
        let mut read = pipeline::read(&InMemory::split(text), &Request { environments, ..Request::default() });
        let mut found = codes(&read);
        found.sort_unstable();
        let is_told = self.warnings.as_ref().map_or(!read.found.any_error(), |warnings| found == *warnings);
        if !is_told {
            return Err(format!("expected the findings {:?}\n{}", self.warnings, report(&read)));
        }
        match (read.environments.pop(), read.environments.is_empty()) {
            (Some((_, Some(mesh))), true) => Ok(mesh),
            _ => Err("say by `environment` which one is replayed, of those that compile".to_owned()),
        }
    }
}

/// One key for all cases of a run: its making takes longer than all else that is compiled.
fn issuer(oracle: &Oracle) -> Result<&'static Value, String> {
    static ISSUER: OnceLock<Result<Value, String>> = OnceLock::new();
    ISSUER.get_or_init(|| oracle.issuer()).as_ref().map_err(Clone::clone)
}

/// Cases run beside each other, and so do runs.
fn fresh_folder() -> PathBuf {
    static LAST: AtomicUsize = AtomicUsize::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("mesh-live-{}-{number}", std::process::id()))
}

/// What the intent takes for granted in the cluster, for the harness to start it: whose pods, behind which ports.
fn described(mesh: &Mesh) -> Value {
    json!({
        "services": mesh.services.iter().map(|service| of_service(mesh, service)).collect::<Vec<_>>(),
        "workloads": mesh.workloads.iter().map(|workload| of_workload(mesh, workload)).collect::<Vec<_>>(),
        "gateways": mesh.gateways.iter().map(|gateway| of_gateway(mesh, gateway)).collect::<Vec<_>>(),
    })
}

fn of_service(mesh: &Mesh, service: &Service) -> Value {
    let ports = service.ports.iter().map(|port| {
        json!({
            "name": port.name.value, "port": port.number.value.number(), "target": port.target.value.number(),
            "protocol": port.protocol.word(),
        })
    });
    let versions = service
        .versions
        .iter()
        .map(|version| json!({ "name": version.name.value, "labels": labels(&version.selector.value) }));
    json!({
        "name": service.name, "namespace": mesh.namespace_name(service.namespace), "account": service.account.name.value,
        "labels": labels(&service.selector.value),
        "ports": ports.collect::<Vec<_>>(), "versions": versions.collect::<Vec<_>>(),
    })
}

fn of_workload(mesh: &Mesh, workload: &Workload) -> Value {
    json!({
        "name": workload.name, "namespace": mesh.namespace_name(workload.namespace),
        "account": workload.account.name.value, "labels": labels(&workload.selector.value),
    })
}

fn of_gateway(mesh: &Mesh, gateway: &Gateway) -> Value {
    let targets = gateway
        .listeners
        .iter()
        .map(|listener| (listener.number.value.number().to_string(), Value::from(listener.target.value.number())));
    json!({
        "name": gateway.name, "namespace": mesh.namespace_name(gateway.namespace),
        "account": gateway.account.name.value, "labels": labels(&gateway.selector.value),
        "targets": targets.collect::<Map<_, _>>(),
    })
}

fn labels(labels: &Labels) -> Map<String, Value> {
    labels.iter().map(|(key, value)| (key.to_string(), Value::from(value.as_str()))).collect()
}
