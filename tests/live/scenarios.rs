//! Every scenario: what it applies is admitted by Istio, its analyzers say of it what the scenario says they do, and the
//! mesh that it describes does what the steps say.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::case::{Case, Finding, none};
use crate::compiled::{Change, Compiled, Intent};
use crate::oracle::Oracle;
use crate::recipes::{self, Recipe};
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
    /// They stand in the scenario, or in the book.
    Manifests(String, Vec<Change>),
    /// The intent stands in the scenario, or in the book.
    Intent(Intent),
}

pub(crate) fn cases(root: &Path, tools: &Tools) -> Result<Vec<Case>, String> {
    let recipes = recipes::all(root)?;
    let mut cases = Vec::new();
    for file in files(&root.join("tests/live/scenarios"))? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let scenario = Scenario::read(&file, &recipes).map_err(|error| format!("{}: {error}", file.display()))?;
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
    fn read(file: &Path, recipes: &[Recipe]) -> Result<Self, String> {
        let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
        let documents = documents(&text)?;
        let [fields] = documents.as_slice() else { return Err("a scenario is one document".to_owned()) };
        Ok(Self {
            file: file.to_path_buf(),
            source: Source::read(fields, recipes)?,
            analysis: sorted_words(fields, "analysis"),
        })
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
            Source::Tree => None,
            Source::Manifests(..) | Source::Intent(_) => Some(self.source.write(&Oracle::new(tools.oracle.clone()))?),
        };
        replay(&self.file, compiled.as_ref(), tools, root)
    }
}

/// Replays a scenario in a mesh, whose tree is compiled where it is none of the repository.
pub(crate) fn replay(file: &Path, compiled: Option<&Compiled>, tools: &MeshTools, root: &Path) -> Finding {
    let mut command = Command::new(tools.python.join("bin/python"));
    command.args(["-m", "mesh", "--oracle"]).arg(&tools.oracle);
    command.arg("--envoy").arg(tools.python.join("envoy")).arg("--root").arg(root);
    if let Some(compiled) = compiled {
        command.arg("--compiled").arg(&compiled.folder);
    }
    command.arg(file).current_dir(root.join("tests/live")).env("PYTHONDONTWRITEBYTECODE", "1");
    let done = command.output().map_err(|error| error.to_string())?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr)))
}

impl Source {
    fn read(fields: &Value, recipes: &[Recipe]) -> Result<Self, String> {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let manifests = |text: String| Ok(Self::Manifests(text, changes(fields, recipes)?));
        let intent = |intent: String| -> Result<Self, String> {
            Ok(Self::Intent(Intent {
                text: intent,
                environment: text("environment"),
                warnings: Some(sorted_words(fields, "warnings")),
                changes: changes(fields, recipes)?,
            }))
        };
        match (text("tree"), text("manifests"), text("intent"), text("recipe")) {
            (Some(_), None, None, None) => Ok(Self::Tree),
            (None, Some(written), None, None) => manifests(written),
            (None, None, Some(written), None) => intent(written),
            (None, None, None, Some(name)) => {
                let recipe = named(recipes, &name)?;
                let written = instead(fields, &recipe.text)?;
                if recipe.is_intent { intent(written) } else { manifests(written) }
            }
            _ => Err("a scenario has either `tree`, `manifests`, `intent` or `recipe`".to_owned()),
        }
    }

    fn write(&self, oracle: &Oracle) -> Result<Compiled, String> {
        match self {
            Self::Tree => Err("a tree of the repository is asked about where it is found".to_owned()),
            Self::Intent(intent) => intent.compile(oracle),
            Self::Manifests(manifests, changes) => Compiled::of_manifests(manifests, changes),
        }
    }
}

fn named<'a>(recipes: &'a [Recipe], name: &str) -> Result<&'a Recipe, String> {
    let found = recipes.iter().find(|recipe| recipe.name == name);
    found.ok_or_else(|| format!("the book has no recipe `{name}`"))
}

/// A recipe with what cannot stand in a book, like the key of this run, in the place of what can.
fn instead(fields: &Value, recipe: &str) -> Result<String, String> {
    let mut text = recipe.to_owned();
    for (before, after) in texts(fields.get("instead")) {
        if !text.contains(&before) {
            return Err(format!("the recipe holds no `{before}`"));
        }
        text = text.replace(&before, &after);
    }
    Ok(text)
}

/// What the steps change in the intent, in their order: some of its texts, or all of it for another recipe.
fn changes(fields: &Value, recipes: &[Recipe]) -> Result<Vec<Change>, String> {
    let steps = fields.get("steps").and_then(Value::as_array).into_iter().flatten();
    let changes = steps.filter_map(|step| step.get("change"));
    let read = |change: &Value| match change.as_str() {
        Some(name) => Ok(Change::Whole(instead(fields, &named(recipes, name)?.text)?)),
        None => Ok(Change::Texts(texts(Some(change)))),
    };
    changes.map(read).collect()
}

/// Pairs of texts.
fn texts(value: Option<&Value>) -> Vec<(String, String)> {
    let pairs = value.and_then(Value::as_object).into_iter().flatten();
    pairs.filter_map(|(before, after)| Some((before.clone(), after.as_str()?.to_owned()))).collect()
}

fn sorted_words(fields: &Value, name: &str) -> Vec<String> {
    let words = fields.get(name).and_then(Value::as_array).into_iter().flatten();
    let mut words: Vec<String> = words.filter_map(Value::as_str).map(str::to_owned).collect();
    words.sort_unstable();
    words
}
