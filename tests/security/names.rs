use super::{Ground, MESH, lossy};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Names that would become paths, or other files than they say.
const NAMES: [&str; 44] = [
    "..",
    ".",
    "...",
    "../x",
    "../../x",
    "a/b",
    "/etc/passwd",
    "a/../../x",
    "~",
    "~root",
    "-",
    "--",
    "-rf",
    "--output=/x",
    "CON",
    "NUL",
    "com1",
    "aux.yaml",
    "a.yaml",
    "a b",
    "a\\tb",
    "a\\nb",
    "a\\u{0}b",
    "a:b",
    "C:",
    "a\\\\b",
    "\\\\\\\\host",
    "*",
    "?",
    "a|b",
    "a>b",
    "<a",
    "a;b",
    "$(id)",
    "`id`",
    "%2e%2e",
    "\\u{202e}x",
    "x\\u{200b}",
    "\\u{430}dmin",
    "A",
    "Web",
    "web-",
    "-web",
    "kustomization.yaml/..",
];

/// Every file below a folder.
fn files(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        found.insert(entry.display().to_string());
        if entry.is_dir() && !entry.is_symlink() {
            files(&entry, found);
        }
    }
}

#[test]
fn t_07_no_name_becomes_a_path() {
    for name in NAMES {
        for page in [
            format!("service \"{name}\" namespace=shop {{ port 80 http }}\n"),
            format!("service web namespace=\"{name}\" {{ port 80 http }}\n"),
            format!("namespace \"{name}\"\n"),
            format!("environment \"{name}\"\n"),
            format!("gateway \"{name}\" namespace=shop\n"),
            format!("external \"{name}\" namespace=shop {{ host api.example; port 443 tls }}\n"),
        ] {
            let ground = Ground::new("t-07");
            ground.write("web.kdl", &page);
            let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
            files(&ground.folder, &mut before);
            let output = ground.mesh(&["compile"]);
            files(&ground.folder, &mut after);
            let out = ground.repo().join("out").display().to_string();
            let new: Vec<&String> = after.difference(&before).filter(|path| !path.starts_with(&out)).collect();
            assert!(new.is_empty(), "{page}: {new:?}");
            let is_refused = output.status.code() == Some(1);
            assert!(is_refused || !after.iter().any(|path| path.contains("..")), "{page}: {}", lossy(&output.stderr));
        }
    }
}

#[test]
fn t_10_no_text_begins_another_object() {
    let ground = Ground::new("t-10");
    let marks = "a\\n---\\nkind: Secret\\n---\\n{{ .Values.x }}\\n...\\n# x";
    ground.write(
        "mesh.kdl",
        &format!(
            "{MESH}namespace lab {{ annotation note=\"{marks}\" }}\nservice web namespace=shop {{ port 80 http }}\n"
        ),
    );
    let stream = ground.mesh(&["argocd", "generate"]);
    let objects = ground.mesh(&["compile", "-o", "-", "--format", "json"]);
    assert!(stream.status.success() && objects.status.success(), "{}", lossy(&stream.stderr));
    let objects: serde_json::Value = serde_json::from_slice(&objects.stdout).unwrap();
    let text = lossy(&stream.stdout);
    let documents: Vec<serde_json::Value> = text
        .split("---\n")
        .filter(|document| !document.is_empty())
        .map(|document| serde_saphyr::from_str(document).unwrap())
        .collect();
    assert_eq!(serde_json::Value::Array(documents), objects["items"]);
}
