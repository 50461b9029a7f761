//! Every view of every case under `tests/render/`: a folder holds `case.json` (files and diagnostics) and what each view
//! makes of them. `BLESS=1` rewrites the latter.

#![allow(clippy::disallowed_methods, reason = "reads cases from the disk and looks at `BLESS`")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a case that cannot be read is a fault"
)]

use mesh::diagnostic::render::{Format, Look, render, summary};
use mesh::diagnostic::{Code, Diagnostic, Diagnostics, Edit, Help, Label, Severity, is_hidden};
use mesh::source::{Sources, Span};
use proptest::prelude::{ProptestConfig, Strategy, any, proptest};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const VIEWS: [(Format, &str); 5] = [
    (Format::Human, "human.txt"),
    (Format::Short, "short.txt"),
    (Format::Json, "json.json"),
    (Format::Sarif, "sarif.json"),
    (Format::Github, "github.txt"),
];

/// A case: the files in order, each a list of lines, and what is told about them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    files: Vec<(String, Vec<Lines>)>,
    #[serde(default = "eighty")]
    width: usize,
    diagnostics: Vec<Told>,
}

/// One line, or as many lines or words that are alike as it takes to be long.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Lines {
    One(String),
    Alike { times: usize, line: String },
    Long { times: usize, word: String, last: String },
}

impl Lines {
    fn text(&self) -> String {
        match self {
            Lines::One(line) => line.clone(),
            Lines::Alike { times, line } => vec![line.as_str(); *times].join("\n"),
            Lines::Long { times, word, last } => word.repeat(*times) + last,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    code: String,
    #[serde(default)]
    warning: bool,
    title: String,
    primary: Option<Mark>,
    #[serde(default)]
    related: Vec<Mark>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    helps: Vec<Action>,
}

/// A place: the first occurrence of `on` in the file, through to `to` if that is said, or the empty place right after it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    file: String,
    on: String,
    to: Option<String>,
    #[serde(default)]
    after: bool,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    text: String,
    #[serde(default)]
    edits: Vec<(Mark, String)>,
}

fn eighty() -> usize {
    80
}

/// The case as the crate has it.
fn build(case: &Case) -> (Sources, Diagnostics) {
    let mut sources = Sources::default();
    let mut ids = BTreeMap::new();
    for (name, lines) in &case.files {
        let lines: Vec<String> = lines.iter().map(Lines::text).collect();
        ids.insert(name.as_str(), sources.add(name, lines.join("\n")));
    }
    let span = |mark: &Mark| {
        let file = ids[mark.file.as_str()];
        let start = sources.text(file).find(&mark.on).unwrap_or_else(|| panic!("no {:?} in {}", mark.on, mark.file));
        let to = mark.to.as_ref().map_or(start, |to| start + sources.text(file)[start..].find(to).unwrap());
        let end = to + mark.to.as_ref().unwrap_or(&mark.on).len();
        Span::new(file, u32::try_from(if mark.after { end } else { start }).unwrap(), u32::try_from(end).unwrap())
    };
    let label = |mark: &Mark| Label { span: span(mark), text: mark.text.clone() };
    let mut found = Diagnostics::default();
    for told in &case.diagnostics {
        let edit = |(mark, text): &(Mark, String)| Edit { span: span(mark), replacement: text.clone() };
        let help = |action: &Action| Help { text: action.text.clone(), edits: action.edits.iter().map(edit).collect() };
        let mut diagnostic = Diagnostic::new(code(&told.code, told.warning), &told.title);
        diagnostic.primary = told.primary.as_ref().map(label);
        diagnostic.related = told.related.iter().map(label).collect();
        diagnostic.notes.clone_from(&told.notes);
        diagnostic.helps = told.helps.iter().map(help).collect();
        found.push(diagnostic);
    }
    (sources, found)
}

/// A kind of fault that exists for this test only.
fn code(name: &str, warning: bool) -> &'static Code {
    let page = format!("# {name}\n\nWhat `{name}` is about.\n\n## Why\n\nBecause of {{it}}.\n");
    Box::leak(Box::new(Code {
        name: name.to_owned().leak(),
        severity: if warning { Severity::Warning } else { Severity::Error },
        summary: "a fault of this test",
        page: page.leak(),
    }))
}

fn cases() -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/render");
    let mut cases: Vec<(String, Case)> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(path.join("case.json")).unwrap();
            let case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path.display().to_string(), case)
        })
        .collect();
    cases.sort_by(|(one, _), (other, _)| one.cmp(other));
    assert!(!cases.is_empty());
    cases
}

#[test]
fn views_are_as_recorded() {
    let bless = std::env::var("BLESS").is_ok_and(|value| value == "1");
    let mut different = Vec::new();
    for (folder, case) in cases() {
        let (sources, found) = build(&case);
        for (format, file) in VIEWS {
            let seen = render(format, &found, &sources, &Look { colour: false, width: case.width })
                .replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
            let path = format!("{folder}/{file}");
            if bless {
                fs::write(&path, seen).unwrap();
            } else if fs::read_to_string(&path).unwrap_or_default() != seen {
                different.push(format!("{path}\n{seen}"));
            }
        }
    }
    assert!(different.is_empty(), "not as recorded (BLESS=1 records it):\n{}", different.join("\n"));
}

#[test]
fn colour_adds_nothing_but_colour() {
    for (folder, case) in cases() {
        let (sources, found) = build(&case);
        let look = |colour: bool| render(Format::Human, &found, &sources, &Look { colour, width: case.width });
        assert_eq!(anstream::adapter::strip_str(&look(true)).to_string(), look(false), "{folder}");
        assert_eq!(look(true).contains("\u{1b}["), !found.is_empty(), "{folder}");
    }
}

#[test]
fn data_is_json() {
    for (folder, case) in cases() {
        let (sources, found) = build(&case);
        for format in [Format::Json, Format::Sarif] {
            let text = render(format, &found, &sources, &Look { colour: false, width: 80 });
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            let told = value.pointer("/diagnostics").or(value.pointer("/runs/0/results")).unwrap();
            assert_eq!(told.as_array().unwrap().len(), found.sorted().len(), "{folder}");
        }
    }
}

#[test]
fn summary_counts_each_once() {
    let tell = |errors: usize, warnings: usize| {
        let mut found = Diagnostics::default();
        for number in 0..errors {
            found.push(Diagnostic::new(code("an-error", false), format!("error {number}")));
        }
        for number in 0..warnings {
            found.push(Diagnostic::new(code("a-warning", true), format!("warning {number}")));
            found.push(Diagnostic::new(code("a-warning", true), format!("warning {number}")));
        }
        summary(&found)
    };
    assert_eq!(tell(0, 0), "nothing found");
    assert_eq!(tell(1, 0), "1 error");
    assert_eq!(tell(0, 1), "1 warning");
    assert_eq!(tell(2, 1), "2 errors, 1 warning");
    assert_eq!(tell(201, 0), "200 errors, and 1 more not shown");
}

/// Text with everything in it that is hard to show.
fn hard_text() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "a",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "é",
        "中",
        "🙂",
        "\u{202e}",
        "\u{1b}[2J",
        "\0",
        "{",
        "](x)",
        "::",
        "%",
        "\u{feff}",
    ]);
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn nothing_breaks_a_view(
        texts in [hard_text(), hard_text(), hard_text()],
        places in proptest::collection::vec((0..4_u32, 0..70_u32, 0..70_u32), 6),
        width in 0..200_usize,
        colour in any::<bool>(),
    ) {
        let mut sources = Sources::default();
        for text in &texts {
            sources.add(text, text.as_str());
        }
        let span = |at: usize| {
            let (file, one, other) = places[at];
            Span::new(mesh::source::FileId::new(file), one.min(other), one.max(other))
        };
        let mut diagnostic = Diagnostic::new(code("a-code", false), &texts[0])
            .at(span(0), &texts[1])
            .related(span(1), &texts[2])
            .related(span(2), &texts[0])
            .note(&texts[1])
            .help(&texts[2])
            .fix(&texts[0], span(3), &texts[1]);
        let edits = [4, 5].map(|at| Edit { span: span(at), replacement: texts[2].clone() });
        diagnostic.helps.push(Help { text: texts[1].clone(), edits: edits.to_vec() });
        let mut found = Diagnostics::default();
        found.push(diagnostic);
        for (format, _) in VIEWS {
            let seen = render(format, &found, &sources, &Look { colour, width });
            let plain = anstream::adapter::strip_str(&seen).to_string();
            let shown = if format == Format::Human { plain } else { seen };
            assert!(!shown.contains(|character| character != '\n' && is_hidden(character)), "{format:?}: {shown:?}");
        }
    }
}
