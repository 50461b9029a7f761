//! Questions to the oracle program, and its answers.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What an analyzer says of an object.
pub(crate) struct Message {
    pub(crate) code: String,
    pub(crate) text: String,
}

/// The program that links Istio's and Kubernetes' own code.
/// What Istio says of every object of a kind that a word of ours cannot do without, whatever stands in it: a line each.
const KNOWN_WARNINGS: &str = include_str!("known-warnings.txt");

fn is_known(warning: &str) -> bool {
    KNOWN_WARNINGS.lines().any(|known| known == warning)
}

pub(crate) struct Oracle {
    program: PathBuf,
}

impl Oracle {
    pub(crate) fn new(program: PathBuf) -> Self {
        Self { program }
    }

    /// What schema, CEL rules and webhook say against the objects, one line each.
    pub(crate) fn validate(&self, paths: &[PathBuf]) -> Result<Vec<String>, String> {
        let verdicts = self.ask(&["validate"], paths)?;
        let mut complaints = Vec::new();
        for verdict in &verdicts {
            for level in ["errors", "warnings"] {
                let found = verdict.get(level).and_then(Value::as_array).into_iter().flatten();
                let found = found.filter(|text| level != "warnings" || !text.as_str().is_some_and(is_known));
                complaints.extend(found.map(|text| format!("{}: {level}: {text}", told(verdict, "file"))));
            }
        }
        Ok(complaints)
    }

    /// What the analyzers of istioctl say: errors and warnings.
    pub(crate) fn analyze(&self, paths: &[PathBuf]) -> Result<Vec<Message>, String> {
        let messages = self.ask(&["analyze"], paths)?;
        let known =
            |message: &&Value| told(message, "text").strip_prefix("Schema validation warning: ").is_some_and(is_known);
        let serious = messages.iter().filter(|message| told(message, "level") != "Info" && !known(message));
        let message = |message| Message {
            code: told(message, "code").to_owned(),
            text: format!("{}: {}", told(message, "origin"), told(message, "text")),
        };
        Ok(serious.map(message).collect())
    }

    /// The objects as Kubernetes' decoder reads them. A label marks that they went through it; it is taken off again.
    pub(crate) fn decode(&self, files: &[PathBuf]) -> Result<Vec<Value>, String> {
        const MARK: &str = "decoded-by";
        let arguments = ["kubectl", "label", "--local", "--output=json", "decoded-by=kubectl"];
        let named: Vec<PathBuf> = files.iter().flat_map(|file| [PathBuf::from("--filename"), file.clone()]).collect();
        let mut objects = self.ask(&arguments, &named)?;
        for object in &mut objects {
            if let Some(labels) = object.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
                labels.shift_remove(MARK);
            }
        }
        Ok(objects)
    }

    /// What `kubectl kustomize` makes of a folder, as text.
    pub(crate) fn kustomize(&self, folder: &Path) -> Result<String, String> {
        self.run(&["kubectl", "kustomize"], &[folder.to_path_buf()])
    }

    /// A key that signs tokens: what signs, and what checks as a JWKS.
    pub(crate) fn issuer(&self) -> Result<Value, String> {
        let answer = self.run(&["issuer", "live"], &[])?;
        serde_json::from_str(&answer).map_err(|error| format!("{error} in the answer {answer}"))
    }

    fn ask(&self, arguments: &[&str], paths: &[PathBuf]) -> Result<Vec<Value>, String> {
        let answer = self.run(arguments, paths)?;
        let objects = serde_json::Deserializer::from_str(&answer).into_iter::<Value>();
        objects.collect::<Result<_, _>>().map_err(|error| format!("{error} in the answer {answer}"))
    }

    fn run(&self, arguments: &[&str], paths: &[PathBuf]) -> Result<String, String> {
        let done = Command::new(&self.program)
            .args(arguments)
            .args(paths)
            // Istio's test packages write a warning to standard output where these two folders are not named.
            .envs([("TARGET_OUT", "/"), ("LOCAL_OUT", "/")])
            .output()
            .map_err(|error| format!("{}: {error}", self.program.display()))?;
        if done.status.success() {
            Ok(String::from_utf8_lossy(&done.stdout).into_owned())
        } else {
            Err(String::from_utf8_lossy(&done.stderr).into_owned())
        }
    }
}

fn told<'a>(line: &'a Value, field: &str) -> &'a str {
    line.get(field).and_then(Value::as_str).unwrap_or_default()
}
