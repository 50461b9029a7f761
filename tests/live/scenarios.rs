//! Every scenario: what it applies is admitted by Istio, its analyzers say of it what the scenario says they do, and the
//! mesh that it describes does what the steps say.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::case::{Case, Finding, none};
use crate::compiled::{Compiled, Intent};
use crate::oracle::Oracle;
use crate::tools::{MeshTools, Tools};
use crate::trees::documents;

/// A file under `scenarios/`. The harness in Python reads the rest of it.
#[derive(Clone)]
struct Scenario {
    file: PathBuf,
    source: Source,
    /// The codes that the analyzers report, sorted.
    analysis: Vec<String>,
}

/// Where the manifests of a scenario come from.
#[derive(Clone)]
enum Source {
    /// A compiled tree of the repository: asked about where it is found.
    Tree,
    /// They stand in the scenario.
    Manifests(String),
    /// The intent stands in the scenario.
    Intent(Intent),
}

pub(crate) fn cases(root: &Path, tools: &Tools) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for file in files(&root.join("tests/live/scenarios"))? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let scenario = Scenario::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        if !matches!(scenario.source, Source::Tree) {
            let asked = scenario.clone();
            let body = tools.with_oracle(move |oracle| asked.admitted(&oracle));
            cases.push(Case { name: format!("admit {name}"), body });
            let asked = scenario.clone();
            let body = tools.with_oracle(move |oracle| asked.analyzed(&oracle));
            cases.push(Case { name: format!("analyze {name}"), body });
        }
        let root = root.to_path_buf();
        let body = tools.with_mesh(move |tools| scenario.replayed(&tools, &root));
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

impl Scenario {
    fn read(file: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
        let documents = documents(&text)?;
        let [fields] = documents.as_slice() else { return Err("a scenario is one document".to_owned()) };
        Ok(Self { file: file.to_path_buf(), source: Source::read(fields)?, analysis: sorted_words(fields, "analysis") })
    }

    fn admitted(&self, oracle: &Oracle) -> Finding {
        let written = self.source.write(oracle)?;
        none(&oracle.validate(std::slice::from_ref(&written.folder))?)
    }

    fn analyzed(&self, oracle: &Oracle) -> Finding {
        let written = self.source.write(oracle)?;
        let messages = oracle.analyze(&[written.tree()])?;
        let mut codes: Vec<&str> = messages.iter().map(|message| message.code.as_str()).collect();
        codes.sort_unstable();
        if codes == self.analysis {
            return Ok(());
        }
        let told: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
        Err(format!("expected {:?}, found {codes:?}\n{}", self.analysis, told.join("\n")))
    }

    fn replayed(&self, tools: &MeshTools, root: &Path) -> Finding {
        let compiled = match &self.source {
            Source::Tree | Source::Manifests(_) => None,
            Source::Intent(intent) => Some(intent.compile(&Oracle::new(tools.oracle.clone()))?),
        };
        let mut command = Command::new(tools.python.join("bin/python"));
        command.args(["-m", "mesh", "--oracle"]).arg(&tools.oracle);
        command.arg("--envoy").arg(tools.python.join("envoy")).arg("--root").arg(root);
        if let Some(compiled) = &compiled {
            command.arg("--compiled").arg(&compiled.folder);
        }
        command.arg(&self.file).current_dir(root.join("tests/live")).env("PYTHONDONTWRITEBYTECODE", "1");
        let done = command.output().map_err(|error| error.to_string())?;
        if done.status.success() {
            return Ok(());
        }
        Err(format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr)))
    }
}

impl Source {
    fn read(fields: &Value) -> Result<Self, String> {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        match (text("tree"), text("manifests"), text("intent")) {
            (Some(_), None, None) => Ok(Self::Tree),
            (None, Some(manifests), None) => Ok(Self::Manifests(manifests)),
            (None, None, Some(intent)) => Ok(Self::Intent(Intent {
                text: intent,
                environment: text("environment"),
                warnings: sorted_words(fields, "warnings"),
                changes: changes(fields),
            })),
            _ => Err("a scenario has either `tree`, `manifests` or `intent`".to_owned()),
        }
    }

    fn write(&self, oracle: &Oracle) -> Result<Compiled, String> {
        match self {
            Self::Tree => Err("a tree of the repository is asked about where it is found".to_owned()),
            Self::Intent(intent) => intent.compile(oracle),
            Self::Manifests(manifests) => Compiled::of_manifests(manifests),
        }
    }
}

/// What the steps change in the intent, in their order.
fn changes(fields: &Value) -> Vec<Vec<(String, String)>> {
    let steps = fields.get("steps").and_then(Value::as_array).into_iter().flatten();
    let changes = steps.filter_map(|step| step.get("change")?.as_object());
    let texts = |(before, after): (&String, &Value)| Some((before.clone(), after.as_str()?.to_owned()));
    changes.map(|change| change.iter().filter_map(texts).collect()).collect()
}

fn sorted_words(fields: &Value, name: &str) -> Vec<String> {
    let words = fields.get(name).and_then(Value::as_array).into_iter().flatten();
    let mut words: Vec<String> = words.filter_map(Value::as_str).map(str::to_owned).collect();
    words.sort_unstable();
    words
}
