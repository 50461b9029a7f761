//! Kubernetes' own decoder, as kubectl has it, reads every hard string as it was meant: as value, key and list item.
#![allow(clippy::disallowed_methods, reason = "a test runs kubectl")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a case that cannot be read is a fault")]

#[path = "../yaml_cases/mod.rs"]
mod yaml_cases;

use mesh::manifest::yaml;
use serde_json::{Map, Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

/// The program that `setup.sh` built with kubectl in it; none where it did not run.
fn oracle() -> Option<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/setup.sh");
    let listed = Command::new(script).arg("--list").output().ok()?;
    let listed = String::from_utf8(listed.stdout).ok()?;
    let path = listed.lines().find_map(|line| line.strip_prefix("oracle "))?;
    (path != "-").then(|| path.to_owned())
}

/// What kubectl makes of `object` without any cluster; none where there is no kubectl.
fn through_kubectl(object: &Value) -> Option<Value> {
    let mut kubectl = Command::new(oracle()?)
        .args(["kubectl", "label", "--local", "-f", "-", "-o", "json", "k=v"])
        // Istio's test packages write a warning to standard output where these two folders are not named.
        .envs([("TARGET_OUT", "/"), ("LOCAL_OUT", "/")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut written = Vec::new();
    yaml::write(object, &mut written).unwrap();
    kubectl.stdin.take().unwrap().write_all(&written).unwrap();
    let output = kubectl.wait_with_output().unwrap();
    assert!(output.status.success(), "kubectl cannot read what was written");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn kubernetes_reads_every_hard_string() {
    let texts: Vec<String> = yaml_cases::strings().all().collect();
    let named = |name: &str| texts.iter().map(|text| (text.clone(), Value::from(name))).collect::<Map<String, Value>>();
    let numbered: Map<String, Value> =
        texts.iter().enumerate().map(|(i, text)| (format!("n{i}"), Value::from(text.clone()))).collect();
    let object = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": "hard", "annotations": named("annotation"), "finalizers": texts },
        "data": numbered,
        "binaryData": named("AAAA"),
        "immutable": false,
    });
    let Some(read) = through_kubectl(&object) else {
        println!("skipped: needs kubectl, run tests/live/setup.sh");
        return;
    };
    for place in ["/metadata/annotations", "/metadata/finalizers", "/data", "/binaryData"] {
        assert_eq!(read.pointer(place), object.pointer(place), "{place}");
    }
}
