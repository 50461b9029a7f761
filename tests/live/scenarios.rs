//! Every scenario: what it applies by hand is admitted by Istio, its analyzers say of it what the scenario says they do,
//! and the mesh that it describes does what the steps say.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::case::{Case, Finding, none};
use crate::oracle::Oracle;
use crate::tools::{MeshTools, Tools};
use crate::trees::documents;

/// The manifests that stand in a scenario itself; compiled trees are asked about where they are found.
#[derive(Clone)]
struct ByHand {
    manifests: String,
    /// The codes that the analyzers report, sorted.
    analysis: Vec<String>,
}

pub(crate) fn cases(root: &Path, tools: &Tools) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for file in files(&root.join("tests/live/scenarios"))? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(by_hand) = ByHand::read(&file)? {
            let asked = by_hand.clone();
            cases.push(Case {
                name: format!("admit {name}"),
                body: tools.with_oracle(move |oracle| asked.admitted(&oracle)),
            });
            let body = tools.with_oracle(move |oracle| by_hand.analyzed(&oracle));
            cases.push(Case { name: format!("analyze {name}"), body });
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

impl ByHand {
    fn read(file: &Path) -> Result<Option<Self>, String> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let scenario = documents(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        let field = |name: &str| scenario.iter().find_map(|document| document.get(name));
        let Some(manifests) = field("manifests").and_then(Value::as_str) else { return Ok(None) };
        let codes = field("analysis").and_then(Value::as_array).into_iter().flatten();
        let analysis = codes.filter_map(Value::as_str).map(str::to_owned).collect();
        Ok(Some(Self { manifests: manifests.to_owned(), analysis }))
    }

    fn admitted(&self, oracle: &Oracle) -> Finding {
        none(&self.ask(|path| oracle.validate(path))?)
    }

    fn analyzed(&self, oracle: &Oracle) -> Finding {
        let messages = self.ask(|path| oracle.analyze(path))?;
        let mut codes: Vec<&str> = messages.iter().map(|message| message.code.as_str()).collect();
        codes.sort_unstable();
        if codes == self.analysis {
            return Ok(());
        }
        let told: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
        Err(format!("expected {:?}, found {codes:?}\n{}", self.analysis, told.join("\n")))
    }

    /// The oracle reads files, so the manifests stand in one as long as they are asked about.
    fn ask<T>(&self, question: impl Fn(&[PathBuf]) -> Result<T, String>) -> Result<T, String> {
        let file = std::env::temp_dir().join(format!("mesh-live-{}.yaml", std::process::id()));
        let told = |error: std::io::Error| format!("{}: {error}", file.display());
        std::fs::write(&file, &self.manifests).map_err(told)?;
        let answer = question(std::slice::from_ref(&file));
        std::fs::remove_file(&file).map_err(told)?;
        answer
    }
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
