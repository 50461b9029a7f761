//! Prometheus' own `promtool` takes the rules and every expression of the dashboard that the standard library makes, and
//! the rules say of sample series what the book says of them.
#![allow(clippy::disallowed_methods, reason = "a test runs promtool")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a case that cannot be read is a fault"
)]

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TREE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/compile/templates/out/prod/shop/extras");

/// The program that `setup.sh` fetched; none where it did not run.
fn promtool() -> Option<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/setup.sh");
    let listed = Command::new(script).arg("--list").output().ok()?;
    let listed = String::from_utf8(listed.stdout).ok()?;
    let path = listed.lines().find_map(|line| line.strip_prefix("promtool "))?;
    (path != "-").then(|| path.to_owned())
}

fn compiled(file: &str) -> Value {
    serde_saphyr::from_str(&fs::read_to_string(Path::new(TREE).join(file)).unwrap()).unwrap()
}

/// A folder of its own, with the rules in it.
fn folder(name: &str, rules: &Value) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("rules.yaml"), serde_json::to_string(rules).unwrap()).unwrap();
    folder
}

fn run(promtool: &str, folder: &Path, arguments: &[&str]) {
    let output = Command::new(promtool).args(arguments).current_dir(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "promtool {}\n{said}", arguments.join(" "));
}

#[test]
fn the_rules_say_what_they_are_for() {
    let Some(promtool) = promtool() else {
        println!("skipped: needs promtool, run tests/live/setup.sh");
        return;
    };
    for service in ["cart", "stock", "store"] {
        let rules = &compiled(&format!("prometheusrule.{service}.yaml"))["spec"];
        let folder = folder(&format!("promtool-rules-{service}"), rules);
        run(&promtool, &folder, &["check", "rules", "--lint=all", "--lint-fatal", "rules.yaml"]);
        let tests = format!("{}/tests/live/promtool/{service}.yaml", env!("CARGO_MANIFEST_DIR"));
        if Path::new(&tests).exists() {
            fs::copy(tests, folder.join("tests.yaml")).unwrap();
            run(&promtool, &folder, &["test", "rules", "tests.yaml"]);
        }
    }
}

#[test]
fn every_expression_of_the_dashboard_is_one() {
    let Some(promtool) = promtool() else {
        println!("skipped: needs promtool, run tests/live/setup.sh");
        return;
    };
    let map = compiled("configmap.cart.dashboard.yaml");
    let dashboard: Value = serde_json::from_str(map["data"]["cart.shop.json"].as_str().unwrap()).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    let rules: Vec<Value> = targets
        .enumerate()
        .map(|(at, target)| json!({ "record": format!("panel:{at}"), "expr": target["expr"] }))
        .collect();
    assert!(rules.len() > 8, "{} expressions", rules.len());
    let folder = folder("promtool-dashboard", &json!({ "groups": [{ "name": "dashboard", "rules": rules }] }));
    run(&promtool, &folder, &["check", "rules", "rules.yaml"]);
    let mut ids: Vec<i64> = panels.iter().map(|panel| panel["id"].as_i64().unwrap()).collect();
    ids.dedup();
    assert_eq!(ids.len(), panels.len(), "panels of one id");
    for panel in panels {
        let place = |key: &str| panel["gridPos"][key].as_i64().unwrap();
        assert!(place("x") + place("w") <= 24, "a panel is wider than the page");
    }
    assert!(!dashboard.to_string().contains("{{ "), "a hole was left");
}
