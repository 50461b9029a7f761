//! What the libraries and programs that others publish for their own formats make of ours: Google's CEL of the answers of
//! guards, Envoy of the expressions that proxies take, Grafana's types of the dashboard of the standard library.
#![allow(clippy::disallowed_methods, reason = "a test runs programs")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a case that cannot be read is a fault")]

use mesh::ir::Kind;
use mesh::model::{Environment, It, Mesh};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The path of a tool that `setup.sh` made; none, and a word about it, where it did not run.
fn tool(name: &str) -> Option<PathBuf> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/setup.sh");
    let listed = Command::new(script).arg("--list").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let path =
        listed.lines().filter_map(|line| line.split_once(' ')).find(|(known, path)| *known == name && *path != "-");
    if path.is_none() {
        println!("skipped: needs {name}, run tests/live/setup.sh");
    }
    path.map(|(_, path)| PathBuf::from(path))
}

fn file(name: &str, value: &Value) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, value.to_string()).unwrap();
    path
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn every_answer_is_that_of_googles_cel() {
    let Some(judges) = tool("judges") else { return };
    let rows: Vec<(&str, &str)> =
        include_str!("../cel/answers.txt").lines().filter_map(|line| line.split_once(" ==> ")).skip(1).collect();
    let it: Value = serde_json::from_str(include_str!("../cel/it.json")).unwrap();
    let expressions: Vec<&str> = rows.iter().map(|(expression, _)| *expression).collect();
    let asked = file("cel.json", &json!({"variables": {"it": it}, "expressions": expressions}));
    let output = Command::new(judges).arg("cel").arg(asked).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let answers = String::from_utf8(output.stdout).unwrap();
    assert_eq!(answers.lines().count(), rows.len());
    for ((expression, wanted), answer) in rows.iter().zip(answers.lines()) {
        let wanted = wanted.split_once(" ### ").map_or(*wanted, |(_, theirs)| theirs);
        let answer: Value = serde_json::from_str(answer).unwrap();
        let is_alike = match answer.get("value") {
            Some(value) => serde_json::from_str::<Value>(wanted).is_ok_and(|wanted| are_equal(&wanted, value)),
            None => answer.get(wanted).is_some(),
        };
        assert!(is_alike, "{expression}: the table has {wanted}, Google's {answer}");
    }
}

/// Whether two values are the same where a number is written in several ways.
fn are_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| are_equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| are_equal(value, other)))
        }
        (one, other) => one == other,
    }
}

/// A proxy that writes a log, filtered by an expression.
fn proxy(expression: &str) -> Value {
    let kind = |name: &str| format!("type.googleapis.com/envoy.extensions.{name}");
    let filter = json!({"@type": kind("access_loggers.filters.cel.v3.ExpressionFilter"), "expression": expression});
    let log = json!({"@type": kind("access_loggers.file.v3.FileAccessLog"), "path": "/dev/null"});
    let echo = json!({"@type": kind("filters.network.echo.v3.Echo")});
    json!({"static_resources": {"listeners": [{
        "name": "one",
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
        "access_log": [{
            "name": "envoy.access_loggers.file",
            "filter": {"extension_filter": {"name": "cel", "typed_config": filter}},
            "typed_config": log,
        }],
        "filter_chains": [{"filters": [{"name": "envoy.filters.network.echo", "typed_config": echo}]}],
    }]}})
}

#[test]
fn envoy_takes_the_filters_that_the_table_says() {
    let Some(python) = tool("python") else { return };
    for line in include_str!("../cel/filters.txt").lines().filter(|line| !line.starts_with('#')) {
        let (mark, expression) = line.split_once(' ').unwrap();
        let configuration = file("filter.json", &proxy(expression));
        let mut envoy = Command::new(python.join("envoy"));
        envoy.args(["--mode", "validate", "--log-level", "error", "--config-path"]).arg(configuration);
        let output = envoy.output().unwrap();
        assert_eq!(output.status.success(), mark != "-", "{expression}\n{}", told(&output));
    }
}

#[test]
fn the_fields_of_kinds_are_those_of_their_modules() {
    let Some(python) = tool("python") else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/fields.py");
    let output = Command::new(python.join("bin/python")).arg(script).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let made = String::from_utf8(output.stdout).unwrap();
    let is_kept = made == include_str!("../../src/verbatim/fields.txt");
    assert!(is_kept, "src/verbatim/fields.txt is not what tests/live/fields.py makes");
}

#[test]
fn grafana_knows_every_field_of_the_dashboard() {
    let Some(judges) = tool("judges") else { return };
    let tree = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/compile/templates/out/prod/shop/extras");
    let map = fs::read_to_string(PathBuf::from(tree).join("configmap.cart.dashboard.yaml")).unwrap();
    let map: Value = serde_saphyr::from_str(&map).unwrap();
    for text in map["data"].as_object().unwrap().values() {
        let dashboard: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
        let output = Command::new(&judges).arg("dashboard").arg(file("dashboard.json", &dashboard)).output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
    }
}

/// What a command of ours writes.
fn said(folder: &str, arguments: &[&str]) -> Vec<u8> {
    let mesh = Command::new(env!("CARGO_BIN_EXE_mesh")).args(["-C", folder]).args(arguments).output().unwrap();
    assert!(!mesh.stdout.is_empty(), "mesh -C {folder} {}\n{}", arguments.join(" "), told(&mesh));
    mesh.stdout
}

/// What a mesh is to guards and templates: each kind of thing of it, with the mesh and its environment.
fn models(workspace: &str) -> Vec<Value> {
    let folder = mesh::disk::Workspace::open(Path::new(workspace), None).unwrap();
    let read = mesh::pipeline::read(&folder, &mesh::pipeline::Request::default());
    let mut models = Vec::new();
    for mesh in read.environments.iter().filter_map(|(_, mesh)| mesh.as_ref()) {
        models.push(json!({"mesh": Mesh::of(mesh), "environment": Environment::of(mesh)}));
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Mesh) {
            models.extend(kind.things(mesh).into_iter().map(|thing| json!({ kind.word(): It::of(thing, mesh) })));
        }
    }
    models
}

#[test]
fn what_commands_write_is_what_their_schemas_say() {
    let Some(judges) = tool("judges") else { return };
    let root = env!("CARGO_MANIFEST_DIR");
    let folders = ["examples/bank", "examples/online-boutique", "tests/compile/doors", "tests/compile/telemetry"]
        .map(|folder| format!("{root}/{folder}"));
    let explained = ["payments", "frontend", "cart", "cart"];
    let out = format!("{}/schema-out", env!("CARGO_TARGET_TMPDIR"));
    for subject in ["grammar", "model", "diagnostics", "compile", "explain"] {
        let scratch = |name: String| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let schema = scratch(format!("{subject}.schema.json"));
        fs::write(&schema, said(&folders[0], &["schema", subject])).unwrap();
        let mut written: Vec<PathBuf> = Vec::new();
        for (at, folder) in folders.iter().enumerate() {
            let mut keep = |text: &[u8]| {
                let path = scratch(format!("{subject}.{at}.{}.json", written.len()));
                fs::write(&path, text).unwrap();
                written.push(path);
            };
            match subject {
                "grammar" => {}
                "model" => models(folder).iter().for_each(|model| keep(model.to_string().as_bytes())),
                "diagnostics" => keep(&said(folder, &["check", "--format", "json"])),
                "compile" => keep(&said(folder, &["compile", "--format", "json", "-o", &out])),
                _ => keep(&said(folder, &["explain", "--format", "json", explained[at]])),
            }
        }
        let output = Command::new(&judges).arg("schema").arg(&schema).args(&written).output().unwrap();
        assert!(output.status.success(), "{subject}\n{}", told(&output));
    }
}
