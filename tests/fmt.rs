//! The one layout: each `tests/fmt/NAME.kdl` is laid out as `tests/fmt/NAME.out` says (`BLESS=1` writes it), and
//! whatever is valid KDL keeps its meaning and its comments and is laid out but once.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // a test reads the disk, and fails so

use mesh::diagnostic::Diagnostics;
use mesh::source::FileId;
use mesh::syntax;
use proptest::prelude::{ProptestConfig, prop, prop_assert_eq, proptest};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages below a folder.
fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|end| end == "kdl") {
            found.push(path);
        }
    }
}

/// The layout of a text; nothing where it is no KDL.
fn laid_out(text: &str, name: &str) -> Option<String> {
    let mut found = Diagnostics::default();
    let document = syntax::parse(FileId::new(0), text, &mut found);
    if found.any_error() {
        return None;
    }
    Some(syntax::format(&document).unwrap_or_else(|| panic!("{name}: the layout would say something else")))
}

#[test]
fn every_case_is_laid_out_as_it_says() {
    let mut cases = Vec::new();
    pages(&root().join("tests/fmt"), &mut cases);
    assert!(!cases.is_empty());
    for path in cases {
        let name = path.display().to_string();
        let text = laid_out(&fs::read_to_string(&path).unwrap(), &name).unwrap_or_else(|| panic!("{name} is no KDL"));
        let out = path.with_extension("out");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&out, &text).unwrap();
        }
        assert_eq!(text, fs::read_to_string(&out).unwrap_or_default(), "{name}");
    }
}

#[test]
fn a_layout_is_laid_out_already() {
    let mut paths = Vec::new();
    for folder in ["examples", "stdlib", "tests"] {
        pages(&root().join(folder), &mut paths);
    }
    let mut valid = 0;
    for path in paths {
        let name = path.display().to_string();
        let Some(once) = laid_out(&fs::read_to_string(&path).unwrap(), &name) else { continue };
        assert_eq!(laid_out(&once, &name).as_ref(), Some(&once), "{name}");
        valid += 1;
    }
    assert!(valid > 100, "{valid} valid files would mean that folders were not found");
}

#[test]
fn our_own_pages_are_laid_out() {
    let mut paths = Vec::new();
    for folder in ["examples", "stdlib", "src/cli/init"] {
        pages(&root().join(folder), &mut paths);
    }
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(laid_out(&text, "").as_ref(), Some(&text), "{}", path.display());
    }
}

/// What a page is made of where lines go on: words, ends, and each way to take an end of line away.
const MARKS: [&str; 22] = [
    "a",
    "b",
    "k=v",
    "k",
    "=",
    "(t)",
    " ",
    " ",
    "\n",
    "\n",
    ";",
    " {",
    " {\n",
    "}",
    " }",
    "// c\n",
    "/* x */",
    "/-",
    "\\\n",
    " \\ // d\n",
    " \\ /* y */\n",
    " \\ /* y */ // z\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_that_go_on_keep_their_meaning(marks in prop::collection::vec(prop::sample::select(&MARKS[..]), 1..14)) {
        let text = marks.concat();
        if let Some(once) = laid_out(&text, &text) {
            prop_assert_eq!(laid_out(&once, &once), Some(once));
        }
    }
}
