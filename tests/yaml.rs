//! What our YAML says is what readers of YAML 1.2 and 1.1 read: hard strings (`tests/yaml/strings.json`) as value, key
//! and list item, and arbitrary values.
#![allow(clippy::disallowed_methods, reason = "a test reads its cases and runs other readers")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a case that cannot be read is a fault"
)]

mod yaml_cases;

use mesh::manifest::yaml;
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use serde_json::{Map, Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use yaml_cases::{Strings, strings};

fn write(value: &Value) -> String {
    let mut out = Vec::new();
    yaml::write(value, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// `text` as a value, as keys of a scalar, a list and a map, and as a list item.
fn everywhere(text: &str) -> Value {
    json!({
        "value": text,
        "key": { text: text },
        "keys": [{ text: { text: [text] } }, { text: [1] }],
        "items": [text, [text, { "k": text }]],
    })
}

#[test]
fn operators_words_stay_plain_and_all_others_are_quoted() {
    let Strings { plain, quoted } = strings();
    for text in plain {
        assert_eq!(write(&Value::from(text.clone())), format!("{text}\n"));
    }
    for text in quoted {
        let line = write(&Value::from(text.clone()));
        assert!(line.starts_with('"') && line.ends_with("\"\n") && line.lines().count() == 1, "{text:?}: {line}");
        let odd = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{202e}');
        assert!(!line.trim_end().chars().any(odd), "{text:?}: {line:?}");
    }
}

#[test]
fn yaml_1_2_reads_every_hard_string() {
    for text in strings().all() {
        let value = everywhere(&text);
        let written = write(&value);
        let read: Value = serde_saphyr::from_str(&written).unwrap_or_else(|e| panic!("{text:?}: {e}\n{written}"));
        assert_eq!(read, value, "{written}");
    }
}

/// Reads a JSON list of `[yaml, json]` and prints each that PyYAML reads as something else.
const PYYAML: &str = "
import json, sys, yaml
loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
for written, meant in json.load(sys.stdin):
    for loader in {yaml.SafeLoader, getattr(yaml, 'CSafeLoader', yaml.SafeLoader)}:
        try:
            read = yaml.load(written, loader)
        except yaml.YAMLError as error:
            read = error
        if read != meant:
            print(loader.__name__, ascii(written[:200]), ascii(meant)[:200], ascii(read)[:200])
";

#[test]
fn yaml_1_1_reads_every_hard_string() {
    let found = Command::new("python3").args(["-c", "import yaml"]).stderr(Stdio::null()).status();
    if !found.is_ok_and(|status| status.success()) {
        println!("skipped: needs PyYAML, run tests/live/setup.sh");
        return;
    }
    let cases: Vec<Value> = strings()
        .all()
        .map(|text| everywhere(&text))
        .map(|value| Value::from(vec![write(&value).into(), value]))
        .collect();
    let mut python =
        Command::new("python3").args(["-c", PYYAML]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    python.stdin.take().unwrap().write_all(Value::from(cases).to_string().as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}

/// Strings of the characters that matter to YAML, more often than any others.
fn text() -> impl Strategy<Value = String> {
    let hard = prop::collection::vec(
        prop::sample::select(
            "0123456789abefnoxyNOEX_.:-+#,=<>~!&*?|@%`'\"{}[]/\\ \t\n\r\u{85}\u{2028}".chars().collect::<Vec<_>>(),
        ),
        0..9,
    )
    .prop_map(String::from_iter);
    prop_oneof![hard, any::<String>(), "[a-z0-9./-]{1,40}"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..5).prop_map(|all| Value::from(Map::from_iter(all))),
        ]
    })
}

proptest! {
    #[test]
    fn any_string_reads_back(text in text()) {
        let value = everywhere(&text);
        let read: Value = serde_saphyr::from_str(&write(&value)).unwrap();
        assert_eq!(read, value);
    }

    #[test]
    fn any_value_reads_back_and_traces_one_record_a_line(value in value()) {
        let written = write(&value);
        let read: Value = serde_saphyr::from_str(&written).unwrap();
        assert_eq!(read, value);
        let (traced, lines) = yaml::write_traced(&value).unwrap();
        assert_eq!(traced, written.as_bytes());
        assert_eq!(lines.len(), written.lines().count());
    }
}
