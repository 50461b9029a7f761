//! The intent that stands in a scenario, compiled into a folder that lives as long as a case asks about it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use mesh::ir::{Gateway, Labels, Mesh, Service, Workload};
use mesh::pipeline::{self, Request};
use serde_json::{Map, Value, json};

use crate::workspace::{InMemory, codes, report};

/// Intent as a scenario holds it: one file, or several that begin with lines `// file: NAME.kdl`.
#[derive(Clone)]
pub(crate) struct Intent {
    pub(crate) text: String,
    /// The environment; none where there is one alone.
    pub(crate) environment: Option<String>,
    /// The codes of the warnings that it gives, sorted.
    pub(crate) warnings: Vec<String>,
}

/// A folder with the `tree` and what it is made for (`cluster.json`), removed with this value.
pub(crate) struct Compiled {
    pub(crate) folder: PathBuf,
}

impl Compiled {
    /// Manifests that nobody compiled, where a compiled tree would be.
    pub(crate) fn of_manifests(manifests: &str) -> Result<Self, String> {
        let written = Self { folder: fresh_folder() };
        put(&written.tree().join("manifests.yaml"), manifests.as_bytes()).map_err(|error| written.told(&error))?;
        Ok(written)
    }

    pub(crate) fn tree(&self) -> PathBuf {
        self.folder.join("tree")
    }

    fn told(&self, error: &std::io::Error) -> String {
        format!("{}: {error}", self.folder.display())
    }
}

impl Drop for Compiled {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

impl Intent {
    /// Compiles, and holds what the compiler warns of against what the scenario says that it does.
    pub(crate) fn compile(&self) -> Result<Compiled, String> {
        let environments = self.environment.iter().cloned().collect();
        let read = pipeline::read(&InMemory::split(&self.text), &Request { environments, ..Request::default() });
        let mut found = codes(&read);
        found.sort_unstable();
        if found != self.warnings {
            return Err(format!("expected the findings {:?}\n{}", self.warnings, report(&read)));
        }
        let [(_, Some(mesh))] = read.environments.as_slice() else {
            return Err("say by `environment` which one is replayed, of those that compile".to_owned());
        };
        let compiled = Compiled { folder: fresh_folder() };
        compiled.write(mesh).map_err(|error| compiled.told(&error))?;
        Ok(compiled)
    }
}

/// Cases run beside each other, and so do runs.
fn fresh_folder() -> PathBuf {
    static LAST: AtomicUsize = AtomicUsize::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("mesh-live-{}-{number}", std::process::id()))
}

impl Compiled {
    fn write(&self, mesh: &Mesh) -> std::io::Result<()> {
        let tree = pipeline::tree(mesh).map_err(std::io::Error::other)?;
        for (path, text) in &tree.files {
            put(&self.tree().join(path), text)?;
        }
        put(&self.folder.join("cluster.json"), described(mesh).to_string().as_bytes())
    }
}

fn put(file: &Path, text: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, text)
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
