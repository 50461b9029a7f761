//! KDL's official suite, as the `kdl` crate carries it: every case is read, or refused, as it says.
#![allow(clippy::disallowed_methods, clippy::indexing_slicing, clippy::unwrap_used)] // a test reads the disk, and fails so

mod plain;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What our language forbids and KDL allows: the document is complete all the same.
const ALLOWED_BY_KDL: [&str; 7] = [
    "bare-url",
    "bare-variable",
    "colon-after-name",
    "duplicate-property",
    "leading-zero",
    "number-out-of-range",
    "wrong-quotes",
];

/// The one case of the suite without an expected document that is no mistake: its number was too large for the crate.
const VALID_WITHOUT_EXPECTATION: &str = "hex.kdl";

#[test]
fn every_case_is_read_as_the_suite_says() {
    let folder = suite();
    let mut valid = 0;
    let mut faulty = Vec::new();
    let mut wrong = Vec::new();
    for path in cases(&folder.join("input")) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let expected = fs::read_to_string(folder.join("expected_kdl").join(&name)).ok();
        if expected.is_none() && name != VALID_WITHOUT_EXPECTATION {
            faulty.push(name.clone());
            if plain::ours(&text).1.is_empty() {
                wrong.push(format!("{name}: read without a fault"));
            }
            continue;
        }
        valid += 1;
        wrong.extend(check_valid(&name, &text, expected.as_deref()));
    }
    assert!(faulty.iter().all(|name| name.ends_with("_fail.kdl")), "{faulty:?}");
    assert!(valid >= 233 && faulty.len() >= 87, "{valid} valid and {} faulty cases", faulty.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with our reading of a valid case.
fn check_valid(name: &str, text: &str, expected: Option<&str>) -> Vec<String> {
    let (ours, codes) = plain::ours(text);
    let mut wrong = Vec::new();
    if let Some(code) = codes.iter().find(|code| !ALLOWED_BY_KDL.contains(code)) {
        wrong.push(format!("{name}: refused with {code}"));
    }
    if let Some(expected) = expected.map(|expected| plain::ours(expected).0).filter(|expected| *expected != ours) {
        wrong.push(format!("{name}: expected {expected:?}, found {ours:?}"));
    }
    match plain::theirs(text) {
        Some(theirs) if theirs != ours => wrong.push(format!("{name}: kdl reads {theirs:?}, we read {ours:?}")),
        Some(_) => {}
        None => wrong.push(format!("{name}: the kdl crate refuses it")),
    }
    let laid_out = plain::laid_out(text);
    if laid_out.is_none() || laid_out.as_deref().and_then(plain::laid_out) != laid_out {
        wrong.push(format!("{name}: laid out as {laid_out:?}"));
    }
    wrong
}

/// The folder of the suite, in the sources of the `kdl` crate that this crate is tested with.
fn suite() -> PathBuf {
    let host = run("rustc", &["--print", "host-tuple"]);
    // Without a platform, cargo wants the sources of every platform's dependencies, of which some are never fetched.
    let metadata = run("cargo", &["metadata", "--format-version", "1", "--offline", "--filter-platform", host.trim()]);
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let kdl = packages.iter().find(|package| package["name"] == "kdl").unwrap();
    Path::new(kdl["manifest_path"].as_str().unwrap()).with_file_name("tests").join("test_cases")
}

/// What a program of the toolchain prints.
fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn cases(folder: &Path) -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}
