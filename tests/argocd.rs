//! The plugin of Argo CD as Argo CD runs it: the shipped configuration, a copy of the repository, the variables of each
//! call, a group of processes, all of standard output or nothing. Cases are `tests/argocd/*.case` (see `cmp/case.rs`);
//! `cargo test --test live -- argocd` asks Argo CD's own server the same.

#![allow(clippy::disallowed_methods, reason = "runs the binary in folders of its own")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a case that cannot be run is a fault")]

mod cmp;

use cmp::case::{self, Answer};
use cmp::plugin::{Plugin, Request, documents};
use std::fs;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[test]
fn every_case_is_answered() {
    let plugin = Plugin::shipped("cases");
    let mut faults = Vec::new();
    for case in case::all() {
        let repository = plugin.folder(&case.name);
        case.write_to(&repository);
        let answers: Vec<Answer> = case
            .calls
            .iter()
            .map(|call| {
                let request = Request { repository: &repository, path: &call.path, variables: &call.variables };
                if call.is_generate { plugin.generate(&request) } else { plugin.parameters(&request) }
            })
            .collect();
        for (call, answer) in case.calls.iter().zip(&answers) {
            short_and_plain(&case.name, answer);
            if answer.text() != call.expected {
                faults.push(format!("{}: expected\n{}found\n{}", case.name, call.expected, answer.text()));
            }
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&case.file, case.with(&answers)).unwrap();
        }
    }
    assert!(faults.is_empty() || std::env::var_os("BLESS").is_some(), "{}", faults.join("\n"));
}

/// What a person sees in Argo CD: at most ten lines, no escape code, nothing of the plugin's own machine.
fn short_and_plain(name: &str, answer: &Answer) {
    let Answer::Failed(lines) = answer else { return };
    assert!(lines.len() <= 11, "{name}: {} lines", lines.len() - 1);
    for line in lines {
        assert!(
            !line.contains('\u{1b}') && !line.contains("_cmp_server") && !line.contains("/target/"),
            "{name}: {line}"
        );
        assert!(line.chars().count() <= 250, "{name}: {line}");
    }
}

fn bank() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bank")
}

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn environment(name: &str) -> (&'static str, String) {
    ("ARGOCD_APP_PARAMETERS", format!(r#"[{{"name":"environment","string":"{name}"}}]"#))
}

/// Asks for a tree of the examples in one environment.
fn request<'r>(repository: &'r Path, variables: &'r [(String, String)]) -> Request<'r> {
    Request { repository, path: ".", variables }
}

#[test]
fn the_stream_is_what_compile_makes() {
    let plugin = Plugin::shipped("stream");
    for (example, name) in [("bank", "prod"), ("machine-native-ops", "prod"), ("bookinfo", "chaos")] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example);
        let (key, value) = environment(name);
        let variables = variables(&[(key, &value), ("ARGOCD_APP_SOURCE_PATH", ".")]);
        let generated = plugin.output(&request(&folder, &variables));
        assert!(generated.status.success(), "{}", String::from_utf8_lossy(&generated.stderr));
        let compiled = Command::new(env!("CARGO_BIN_EXE_mesh"))
            .args(["compile", "-o", "-", "--format", "json", "--env", name])
            .current_dir(&folder)
            .output()
            .unwrap();
        let compiled: serde_json::Value = serde_json::from_slice(&compiled.stdout).unwrap();
        assert_eq!(serde_json::Value::Array(documents(&generated.stdout)), compiled["items"], "{example}");
    }
}

#[test]
fn scopes_make_up_the_whole() {
    let plugin = Plugin::shipped("scopes");
    let (key, value) = environment("prod");
    let whole = variables(&[(key, &value)]);
    let all = documents(&plugin.output(&request(&bank(), &whole)).stdout);
    let place = |object: &serde_json::Value| {
        let of = if object["kind"] == "Namespace" { "name" } else { "namespace" };
        object["metadata"][of].as_str().unwrap_or("istio-system").to_owned()
    };
    let mut namespaces: Vec<String> = all.iter().map(place).collect();
    namespaces.sort();
    namespaces.dedup();
    assert!(namespaces.len() > 3, "{namespaces:?}");
    let mut parts = Vec::new();
    for namespace in &namespaces {
        let part = variables(&[(key, &value), ("ARGOCD_APP_NAMESPACE", namespace)]);
        let part = documents(&plugin.output(&request(&bank(), &part)).stdout);
        assert!(part.iter().all(|object| place(object) == *namespace), "{namespace}");
        parts.extend(part);
    }
    let sorted = |mut objects: Vec<serde_json::Value>| {
        objects.sort_by_key(ToString::to_string);
        objects
    };
    assert_eq!(sorted(parts), sorted(all));
}

#[test]
fn fifty_at_once_do_not_disturb_each_other() {
    let plugin = Plugin::shipped("parallel");
    let (key, value) = environment("prod");
    let good = variables(&[(key, &value)]);
    let (key, value) = environment("nowhere");
    let bad = variables(&[(key, &value)]);
    let whole = plugin.output(&request(&bank(), &good));
    std::thread::scope(|scope| {
        for at in 0..50 {
            let (plugin, good, bad, whole) = (&plugin, &good, &bad, &whole);
            scope.spawn(move || {
                let variables = if at % 5 == 0 { bad } else { good };
                let output = plugin.output(&request(&bank(), variables));
                match at % 5 {
                    0 => assert!(!output.status.success() && output.stdout.is_empty()),
                    _ => assert!(output == *whole, "{}", String::from_utf8_lossy(&output.stderr)),
                }
            });
        }
    });
}

#[test]
fn a_reader_that_goes_away_is_a_failure() {
    let plugin = Plugin::shipped("readers");
    let (key, value) = environment("prod");
    let variables = variables(&[(key, &value)]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = plugin.start_generate(&request(&bank(), &variables), full.into()).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1);
    let mut child = plugin.start_generate(&request(&bank(), &variables), Stdio::piped());
    drop(child.stdout.take());
    assert!(!child.wait().unwrap().success());
}

#[test]
fn a_signal_ends_it_at_once() {
    let plugin = Plugin::shipped("signals");
    let (key, value) = environment("prod");
    let variables = variables(&[(key, &value)]);
    // It stays in the middle of its work: nobody reads what it writes.
    let repository = plugin.folder("repository");
    fs::write(repository.join("mesh.kdl"), large()).unwrap();
    let mut child = plugin.start_generate(&request(&repository, &variables), Stdio::piped());
    let mut first = [0];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    let group = format!("-{}", child.id());
    assert!(Command::new("kill").args(["-TERM", "--", &group]).status().unwrap().success());
    let status = child.wait().unwrap();
    // Nobody reads on, so that nothing but the signal ends it.
    assert_eq!(status.signal(), Some(15), "{status}");
}

/// A mesh whose objects do not fit into a pipe.
fn large() -> String {
    let services = (0..60).map(|at| format!("service s{at} namespace=shop {{ port 80 http }}\n"));
    let head = "mesh shop language=1 { target istio \"1.30\" }\nenvironment prod\nnamespace shop\n";
    std::iter::once(head.to_owned()).chain(services).collect()
}
