//! Every scenario: what it applies by hand is admitted by Istio, and the mesh that it describes does what it says.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::case::{Case, Finding, none};
use crate::oracle::Oracle;
use crate::tools::{MeshTools, Tools};
use crate::trees::documents;

pub(crate) fn cases(root: &Path, tools: &Tools) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for file in files(&root.join("tests/live/scenarios"))? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(manifests) = manifests_of(&file)? {
            let body = tools.with_oracle(move |oracle| admitted(&oracle, &manifests));
            cases.push(Case { name: format!("admit {name}"), body });
        }
        let root = root.to_path_buf();
        let body = tools.with_mesh(move |tools| replay(&tools, &root, &file));
        cases.push(Case { name: format!("replay {name}"), body });
    }
    Ok(cases)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    found.sort();
    Ok(found)
}

/// The manifests that stand in the scenario itself; compiled trees are asked about where they are found.
fn manifests_of(file: &Path) -> Result<Option<String>, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let scenario = documents(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(scenario.iter().find_map(|document| document.get("manifests")).and_then(Value::as_str).map(str::to_owned))
}

fn admitted(oracle: &Oracle, manifests: &str) -> Finding {
    let file = std::env::temp_dir().join(format!("mesh-live-{}.yaml", std::process::id()));
    std::fs::write(&file, manifests).map_err(|error| format!("{}: {error}", file.display()))?;
    let complaints = oracle.validate(std::slice::from_ref(&file));
    std::fs::remove_file(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    none(&complaints?)
}

fn replay(tools: &MeshTools, root: &Path, scenario: &Path) -> Finding {
    let done = Command::new(tools.python.join("bin/python"))
        .args(["-m", "mesh", "--oracle"])
        .arg(&tools.oracle)
        .arg("--envoy")
        .arg(tools.python.join("envoy"))
        .arg("--root")
        .arg(root)
        .arg(scenario)
        .current_dir(root.join("tests/live"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .map_err(|error| error.to_string())?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr)))
}
