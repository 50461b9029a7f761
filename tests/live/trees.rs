//! Every compiled tree of the repository before Istio's validation, its analyzers, Kubernetes' decoder and kustomize.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::case::{Body, Case, Finding, none};
use crate::oracle::Oracle;
use crate::tools::Tools;

/// One environment, compiled.
#[derive(Clone)]
struct Tree {
    folder: PathBuf,
    /// What the cluster holds besides, where the presumption of the oracle is not enough.
    cluster: Option<PathBuf>,
    /// What the analyzers are known to say of it: the codes in a file `analysis` beside the example or case.
    told: Vec<String>,
}

type Question = fn(&Oracle, &Tree) -> Finding;

/// The questions, by the name of the case.
const QUESTIONS: [(&str, Question); 4] =
    [("validate", validate), ("analyze", analyze), ("decode", decode), ("kustomize", kustomize)];

pub(crate) fn cases(root: &Path, tools: &Tools) -> Result<Vec<Case>, String> {
    let trees = find(root)?;
    let mut cases = vec![examples_are_compiled(&trees, root)?];
    for tree in trees {
        let shown = tree.folder.strip_prefix(root).unwrap_or(&tree.folder).display().to_string();
        for (question, ask) in QUESTIONS {
            let tree = tree.clone();
            let body = tools.with_oracle(move |oracle| ask(&oracle, &tree));
            cases.push(Case { name: format!("{question} {shown}"), body });
        }
    }
    Ok(cases)
}

/// Trees are found by where they stand, so one that is not there would be passed over in silence.
fn examples_are_compiled(trees: &[Tree], root: &Path) -> Result<Case, String> {
    let is_compiled = |example: &Path| trees.iter().any(|tree| tree.folder.starts_with(compiled(root, example)));
    let examples = folders(&root.join("examples"))?;
    let is_workspace = |example: &&PathBuf| example.join("mesh.kdl").exists();
    let missing = examples.iter().filter(is_workspace).filter(|example| !is_compiled(example));
    let told: Vec<String> = missing.map(|example| format!("{} has no tree under out/", example.display())).collect();
    Ok(Case { name: "every example is compiled".to_owned(), body: Body::Check(Box::new(move || none(&told))) })
}

/// The examples, each environment of them with its name and its tree.
pub(crate) fn of_examples(root: &Path) -> Result<Vec<(PathBuf, String, PathBuf)>, String> {
    let mut all = Vec::new();
    for example in folders(&root.join("examples"))? {
        for tree in environments(&compiled(root, &example), &example)? {
            let name = tree.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            all.push((example.clone(), name, tree.folder));
        }
    }
    Ok(all)
}

/// Where an example's trees stand.
fn compiled(root: &Path, example: &Path) -> PathBuf {
    root.join("out").join(example.file_name().unwrap_or_default())
}

fn find(root: &Path) -> Result<Vec<Tree>, String> {
    let mut trees = Vec::new();
    for example in folders(&root.join("examples"))? {
        trees.extend(environments(&compiled(root, &example), &example)?);
    }
    for case in folders(&root.join("tests/compile"))? {
        trees.extend(environments(&case.join("out"), &case)?);
    }
    Ok(trees)
}

fn environments(compiled: &Path, source: &Path) -> Result<Vec<Tree>, String> {
    let cluster = Some(source.join("cluster.yaml")).filter(|file| file.exists());
    let trees = folders(compiled)?.into_iter().filter(|folder| folder.join("kustomization.yaml").exists());
    let analysis = std::fs::read_to_string(source.join("analysis")).unwrap_or_default();
    let told: Vec<String> = analysis.split_whitespace().map(str::to_owned).collect();
    Ok(trees.map(|folder| Tree { folder, cluster: cluster.clone(), told: told.clone() }).collect())
}

/// The folders in a folder, sorted; none where it does not exist.
fn folders(parent: &Path) -> Result<Vec<PathBuf>, String> {
    if !parent.exists() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(parent).map_err(|error| format!("{}: {error}", parent.display()))?;
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    Ok(found)
}

fn validate(oracle: &Oracle, tree: &Tree) -> Finding {
    none(&oracle.validate(std::slice::from_ref(&tree.folder))?)
}

fn analyze(oracle: &Oracle, tree: &Tree) -> Finding {
    let mut paths = vec![tree.folder.clone()];
    paths.extend(tree.cluster.clone());
    let mut messages = oracle.analyze(&paths)?;
    messages.retain(|message| !tree.told.contains(&message.code));
    none(&messages.iter().map(|message| format!("{} {}", message.code, message.text)).collect::<Vec<_>>())
}

/// Kubernetes' decoder must read the same values as a YAML 1.2 reader: a plain `y` or `1_000` would differ.
fn decode(oracle: &Oracle, tree: &Tree) -> Finding {
    let files = tree.resources()?;
    let decoded = by_identity(oracle.decode(&files)?);
    let mut read = Vec::new();
    for file in &files {
        read.extend(documents(&text_of(file)?)?);
    }
    same(&by_identity(read), &decoded)
}

fn kustomize(oracle: &Oracle, tree: &Tree) -> Finding {
    let built = by_identity(documents(&oracle.kustomize(&tree.folder)?)?);
    let mut read = Vec::new();
    for file in tree.resources()? {
        read.extend(documents(&text_of(&file)?)?);
    }
    same(&by_identity(read), &built)
}

impl Tree {
    fn resources(&self) -> Result<Vec<PathBuf>, String> {
        let kustomization = documents(&text_of(&self.folder.join("kustomization.yaml"))?)?;
        let listed = kustomization.iter().filter_map(|document| document.get("resources")?.as_array()).flatten();
        let files: Vec<PathBuf> = listed.filter_map(Value::as_str).map(|file| self.folder.join(file)).collect();
        if files.is_empty() { Err("kustomization.yaml lists no resource".to_owned()) } else { Ok(files) }
    }
}

fn text_of(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

pub(crate) fn documents(text: &str) -> Result<Vec<Value>, String> {
    serde_saphyr::from_multiple(text).map_err(|error| error.to_string())
}

fn by_identity(objects: Vec<Value>) -> BTreeMap<String, Value> {
    objects.into_iter().map(|object| (identity(&object), object)).collect()
}

fn identity(object: &Value) -> String {
    ["/kind", "/metadata/namespace", "/metadata/name"]
        .map(|place| object.pointer(place).and_then(Value::as_str).unwrap_or_default())
        .join(" ")
}

fn same(expected: &BTreeMap<String, Value>, found: &BTreeMap<String, Value>) -> Finding {
    let names = expected.keys().chain(found.keys());
    let different = names.filter(|name| expected.get(*name) != found.get(*name));
    let told = different.map(|name| format!("{name}: {:?} became {:?}", expected.get(name), found.get(name)));
    none(&told.collect::<Vec<_>>())
}
