//! The page of the book that shows what words become: under each KDL block stand pieces of the YAML that it compiles to.
//!
//! A block of YAML begins with `# FILE FIELD`, as `# shop/virtualservices/web.yaml spec.http`, and holds that field as
//! the compiler writes it. `BLESS=1` writes the blocks; what stands there then is read like every golden file.

#![allow(clippy::disallowed_methods, reason = "reads the book from the disk and looks at `BLESS`")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a page that cannot be read is a fault"
)]

mod workspace;

use mesh::manifest::yaml;
use mesh::{emit, lower, pipeline};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use workspace::{InMemory, report};

const PAGES: [&str; 3] = ["becomes.md", "doors.md", "tour.md"];

/// The lines of a field of a file, without the indentation of the first.
fn field(workspace: &pipeline::Workspace, file: &str, field: &str) -> String {
    let mesh = workspace.environments.first().and_then(|(_, mesh)| mesh.as_ref()).unwrap();
    let mut found = String::new();
    lower::each(mesh, &mut |object| {
        if emit::path(&object, mesh.root_namespace.value.text()) != file {
            return;
        }
        let (text, lines) = yaml::write_traced(&object).unwrap();
        let text = String::from_utf8(text).unwrap();
        let inside = |path: &str| match path.strip_prefix(field) {
            Some(rest) => rest.is_empty() || rest.starts_with(['.', '[']),
            None => false,
        };
        let own: Vec<&str> = text.lines().zip(&lines).filter(|(_, line)| inside(&line.path)).map(|it| it.0).collect();
        let margin = own.first().map_or(0, |first| first.len() - first.trim_start().len());
        for line in own {
            _ = writeln!(found, "{}", line.get(margin..).unwrap_or(line));
        }
    });
    assert!(!found.is_empty(), "{file} has no field {field}");
    found
}

/// The page with every block of YAML as the KDL before it compiles, and how many there are.
fn compiled(page: &str) -> (String, usize) {
    let mut text = String::new();
    let mut workspace = None;
    let mut blocks = 0;
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("```") {
        text.push_str(before);
        let (block, after) = after.split_once("\n```").expect("a block without its end");
        let (language, body) = block.split_once('\n').unwrap_or((block, ""));
        match language {
            "kdl" => {
                let shown = body.lines().map(|line| line.strip_prefix('~').unwrap_or(line));
                let kdl = shown.collect::<Vec<_>>().join("\n");
                let read = InMemory::split(&kdl).read().unwrap();
                assert!(read.found.is_empty(), "{}\n{kdl}", report(&read));
                workspace = Some(read);
                _ = write!(text, "```{block}\n```");
            }
            "yaml" if body.starts_with("# ") => {
                let title = body.lines().next().unwrap();
                let (file, name) = title.trim_start_matches("# ").split_once(' ').unwrap();
                let workspace = workspace.as_ref().expect("KDL before the YAML");
                _ = write!(text, "```yaml\n{title}\n{}```", field(workspace, file, name));
                blocks += 1;
            }
            _ => _ = write!(text, "```{block}\n```"),
        }
        rest = after;
    }
    text.push_str(rest);
    (text, blocks)
}

#[test]
fn pages_show_what_words_become() {
    for name in PAGES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src").join(name);
        let page = fs::read_to_string(&path).unwrap();
        let (text, blocks) = compiled(&page);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let differs = page.lines().zip(text.lines()).find(|(old, new)| old != new);
        assert!(page == text, "{name} is not what compiles, first at {differs:?}: BLESS=1 writes its blocks");
        assert!(blocks > 0 || name != "becomes.md", "{name} shows nothing");
    }
}
