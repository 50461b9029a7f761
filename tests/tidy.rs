//! The rules of the house, which no compiler checks: who may use whom, sizes, names, words. Each check is shown to find
//! what is planted for it, so that it cannot pass because it looks at nothing.

#![allow(clippy::disallowed_methods, reason = "reads the project from the disk")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "what cannot be read is a fault")]

mod house;

use house::{Files, layers, rules};

/// A check, and a file with what it must find there.
struct Check {
    name: &'static str,
    run: fn(&Files) -> Vec<String>,
    /// Files that have one fault each, and the fault.
    planted: &'static [(&'static str, &'static str, &'static str)],
    /// Files in which it must find nothing.
    fine: &'static [(&'static str, &'static str)],
}

const CHECKS: &[Check] = &[
    Check {
        name: "layers",
        run: layers::check,
        planted: &[
            ("src/lower/grant.rs", "\nuse crate::intent::Grant;\n", "src/lower/grant.rs:2: lower may not use intent"),
            (
                "src/lower/istio/grant.rs",
                "use super::super::super::intent::Grant;\n",
                "src/lower/istio/grant.rs:1: lower may not use intent",
            ),
            (
                "src/check/mod.rs",
                "use crate::{diagnostic::{Code, Label}, manifest};\n",
                "src/check/mod.rs:1: check may not use manifest",
            ),
            (
                "src/lower/mod.rs",
                "fn a(b: crate::diagnostic::Code) {}",
                "src/lower/mod.rs:1: lower may not use diagnostic",
            ),
            ("src/helm/mod.rs", "", "src/helm/mod.rs: the table of layers does not have `helm`"),
            ("src/main.rs", "fn main() { mesh::pipeline::read() }", "src/main.rs:1: main may not use pipeline"),
        ],
        fine: &[
            (
                "src/lower/mod.rs",
                "use crate::ir::Mesh;\nuse super::ir;\n// crate::intent\nconst A: &str = \"crate::intent\";",
            ),
            ("src/lower/mod.rs", "use crate::lower::names;\n#[cfg(test)]\nmod tests {\n    use crate::intent;\n}\n"),
            ("src/lower/istio/mod.rs", "use super::intent;"),
        ],
    },
    Check {
        name: "sizes",
        run: rules::sizes,
        planted: &[("src/ir/long.rs", LINES_401, "src/ir/long.rs: 401 lines, at most 400")],
        fine: &[("src/ir/short.rs", LINES_400)],
    },
    Check {
        name: "names",
        run: rules::names,
        planted: &[
            ("src/lower/utils.rs", "", "src/lower/utils.rs: a name that says nothing"),
            ("tests/common/mod.rs", "", "tests/common/mod.rs: a name that says nothing"),
        ],
        fine: &[("src/lower/names.rs", ""), ("README.md", "")],
    },
    Check {
        name: "unfinished",
        run: rules::unfinished,
        planted: &[
            ("src/a.rs", "\n// TODO later", "src/a.rs:2: TODO"),
            ("src/a.rs", "fn a() { dbg!(1); }", "src/a.rs:1: dbg!"),
            ("book/src/tour.md", "FIXME", "book/src/tour.md:1: FIXME"),
        ],
        fine: &[("src/a.rs", "const A: &str = \"TODO\";")],
    },
    Check {
        name: "dead code",
        run: rules::dead_code,
        planted: &[
            ("src/a.rs", "// let a = 1;", "src/a.rs:1: a comment that is code: // let a = 1;"),
            ("src/a.rs", "fn a() {\n    // b(c)?\n}", "src/a.rs:2: a comment that is code: // b(c)?"),
        ],
        fine: &[("src/a.rs", "/// let a = 1;\n// let there be light.\n// A word; and another.")],
    },
    Check {
        name: "products",
        run: rules::products,
        planted: &[
            ("src/ir/a.rs", "struct VirtualService;", "src/ir/a.rs:1: ir knows no `virtualservice`"),
            ("src/ir/a.rs", "const A: &str = \"subset\";", "src/ir/a.rs:1: ir knows no `subset`"),
        ],
        fine: &[("src/ir/a.rs", "// Istio drops it.\nstruct Service;"), ("src/lower/a.rs", "struct VirtualService;")],
    },
    Check {
        name: "aborts",
        run: rules::aborts,
        planted: &[
            ("src/a.rs", "fn a() {\n    b.unwrap();\n}", "src/a.rs:2: .unwrap()"),
            ("src/a.rs", "fn a() { b.expect(\"c\") }", "src/a.rs:1: .expect("),
        ],
        fine: &[
            ("src/a.rs", "#[cfg(test)]\nmod tests {\n    fn a() { b.unwrap() }\n}"),
            ("src/a.rs", "#[allow(clippy::expect_used, reason = \"c\")]\nfn a() {\n    b.expect(\"c\")\n}"),
            ("src/a/tests.rs", "fn a() { b.unwrap() }"),
        ],
    },
    Check {
        name: "messages",
        run: rules::messages,
        planted: &[
            ("src/a.rs", "const A: &str = \"Invalid port\";", "src/a.rs:1: `invalid` in \"Invalid port\""),
            (
                "tests/errors/a/b.stderr",
                "error[a]: please stop\n",
                "tests/errors/a/b.stderr: `please` in `please stop`",
            ),
            (
                "tests/errors/a/b.stderr",
                "warning[a]: Stop\n",
                "tests/errors/a/b.stderr: no lower-case phrase without a period: `Stop`",
            ),
        ],
        fine: &[
            ("src/a.rs", "// An invalid port."),
            ("tests/errors/a/b.stderr", "error[a]: expected `A`, found `B`\n"),
        ],
    },
    Check {
        name: "headings",
        run: rules::headings,
        planted: &[("src/ir/mod.rs", "mod a;", "src/ir/mod.rs: does not open with what it is")],
        fine: &[("src/ir/mod.rs", "//! The mesh."), ("src/ir/a.rs", "mod a;")],
    },
    Check {
        name: "world",
        run: rules::world,
        planted: &[("src/ir/a.rs", "use std::fs;", "src/ir/a.rs:1: std::fs in the core")],
        fine: &[("src/disk/a.rs", "use std::fs;"), ("src/ir/a.rs", "use std::fmt;")],
    },
    Check {
        name: "rules",
        run: rules::rules,
        planted: &[(
            "src/check/rules/no_port.rs",
            "code!(\"no-ports\", Error, \"\")",
            "src/check/rules/no_port.rs: holds no `code!(\"no-port\", ...)`",
        )],
        fine: &[("src/check/rules/no_port.rs", "code!(\"no-port\", Error, \"\")")],
    },
    Check {
        name: "mentions",
        run: rules::mentions,
        planted: &[("README.md", "\nSee `src/lost.rs`.", "README.md:2: there is no src/lost.rs")],
        fine: &[(
            "README.md",
            "See README.md, `src/check/rules/CODE.rs`, `src/lower/<kind>.rs`, and resources/lost.rs.",
        )],
    },
];

const LINES_400: &str = LINES_401.split_at(400).0;
const LINES_401: &str = match str::from_utf8(&[b'\n'; 401]) {
    Ok(lines) => lines,
    Err(_) => "",
};

#[test]
fn the_house_is_tidy() {
    let files = Files::of_the_project();
    assert!(files.rust("src/").count() > 100, "the project was not found");
    let mut faults = Vec::new();
    for check in CHECKS {
        faults.extend((check.run)(&files).into_iter().map(|fault| format!("{}: {fault}", check.name)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_check_can_fail() {
    let one = |path: &str, text: &str| Files([(path.to_owned(), text.to_owned())].into());
    for check in CHECKS {
        for (path, text, fault) in check.planted {
            assert_eq!((check.run)(&one(path, text)), [*fault], "{}: {path}\n{text}", check.name);
        }
        for (path, text) in check.fine {
            assert_eq!((check.run)(&one(path, text)), [""; 0], "{}: {path}\n{text}", check.name);
        }
    }
}
