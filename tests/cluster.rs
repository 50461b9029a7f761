//! `mesh diff --from cluster --server-dry-run` against a program that answers as `kubectl` does: what it is asked, what is
//! made of its answers, and of its refusals.

#![allow(clippy::disallowed_methods, reason = "writes a program and runs it")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a case that cannot be made is a fault")]

use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SHOP: &str = r#"mesh shop language=1 { target istio "1.30" }
environment prod
namespace shop
service web namespace=shop {
    port 8080 http
    allow visitor
}
workload visitor namespace=shop { calls web }
"#;

/// It answers lists out of files, and `apply` with a file where there is one.
const KUBECTL: &str = r#"#!/bin/sh
folder=FOLDER
for last; do :; done
case "$*" in
    *current-context*) echo test ;;
    *" apply "*)
        cat > "$folder/asked.json"
        echo "$*" >> "$folder/asked.args"
        if [ -f "$folder/answer.json" ]; then cat "$folder/answer.json"
        else echo 'Error from server (Forbidden): namespaces "shop" is forbidden' >&2; exit 1; fi ;;
    *)
        path=${last%%\?*}
        file="$folder/${path##*/}.json"
        if [ -f "$file" ]; then cat "$file"
        else echo 'Error from server (NotFound): the server could not find the requested resource' >&2; exit 1; fi ;;
esac
"#;

struct Fake(PathBuf);

impl Fake {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cluster").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(folder.join("shop")).unwrap();
        fs::write(folder.join("shop/mesh.kdl"), SHOP).unwrap();
        let program = folder.join("kubectl");
        fs::write(&program, KUBECTL.replace("FOLDER", folder.to_str().unwrap())).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let group = json!({"groupVersion": "networking.k8s.io/v1", "version": "v1"});
        let groups = json!({"groups": [{"name": "networking.k8s.io", "preferredVersion": group, "versions": [group]}]});
        fs::write(folder.join("apis.json"), groups.to_string()).unwrap();
        Fake(folder)
    }

    fn mesh(&self, arguments: &[&str]) -> Output {
        let path = format!("{}:/usr/bin:/bin", self.0.display());
        Command::new(env!("CARGO_BIN_EXE_mesh"))
            .current_dir(self.0.join("shop"))
            .env("PATH", path)
            .args(arguments)
            .output()
            .unwrap()
    }

    /// The objects of the workspace, as a server has them that writes a label on each namespace.
    fn objects(&self) -> Vec<Value> {
        let told = self.mesh(&["compile", "--env", "prod", "-o", "-", "--format", "json"]);
        let list: Value = serde_json::from_slice(&told.stdout).unwrap();
        let mut objects = list["items"].as_array().unwrap().clone();
        for object in objects.iter_mut().filter(|object| object["kind"] == "Namespace") {
            object["metadata"]["labels"]["filled-in"] = "by-a-webhook".into();
        }
        objects
    }

    /// Lets the cluster have objects of the kinds that this program lists.
    fn has(&self, objects: &[Value]) {
        for (kind, plural) in [("Namespace", "namespaces"), ("NetworkPolicy", "networkpolicies")] {
            let own: Vec<&Value> = objects.iter().filter(|object| object["kind"] == kind).collect();
            let list = json!({"apiVersion": "v1", "kind": format!("{kind}List"), "metadata": {}, "items": own});
            fs::write(self.0.join(format!("{plural}.json")), list.to_string()).unwrap();
        }
    }

    fn answers(&self, objects: &[Value]) {
        let is_defaulted = |object: &&Value| !object["apiVersion"].as_str().unwrap().contains("istio.io");
        let own: Vec<&Value> = objects.iter().filter(is_defaulted).collect();
        let list = json!({"apiVersion": "v1", "kind": "List", "items": own});
        fs::write(self.0.join("answer.json"), list.to_string()).unwrap();
    }
}

/// The lines of a report that are about a namespace.
fn of_namespace(output: &Output) -> Vec<String> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().filter(|line| line.contains("Namespace/shop")).map(str::to_owned).collect()
}

const DIFF: [&str; 6] = ["diff", "--from", "cluster", "--env", "prod", "--full"];

#[test]
fn what_a_server_fills_in_is_no_difference_where_it_is_asked() {
    let fake = Fake::new("fills-in");
    let objects = fake.objects();
    fake.has(&objects);
    fake.answers(&objects);
    let unasked = fake.mesh(&DIFF);
    assert!(!of_namespace(&unasked).is_empty(), "{unasked:?}");
    assert!(!fake.0.join("asked.args").exists(), "nothing is asked that nobody wants");
    let asked = fake.mesh(&[&DIFF[..], &["--server-dry-run"]].concat());
    assert!(of_namespace(&asked).is_empty(), "{asked:?}");
    assert!(asked.stderr.is_empty(), "{asked:?}");
    let arguments = fs::read_to_string(fake.0.join("asked.args")).unwrap();
    for word in ["--dry-run=server", "--server-side", "--force-conflicts", "--field-manager=mesh"] {
        assert!(arguments.lines().all(|line| line.contains(word)), "{arguments}");
    }
    let sent: Value = serde_json::from_str(&fs::read_to_string(fake.0.join("asked.json")).unwrap()).unwrap();
    let kinds: Vec<&str> = sent["items"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"Namespace") && kinds.contains(&"NetworkPolicy"), "{kinds:?}");
    assert!(kinds.iter().all(|kind| ["Namespace", "NetworkPolicy"].contains(kind)), "{kinds:?}");
}

#[test]
fn where_a_server_refuses_the_answer_is_approximate_and_says_so() {
    let fake = Fake::new("refuses");
    fake.has(&fake.objects());
    let asked = fake.mesh(&[&DIFF[..], &["--server-dry-run"]].concat());
    let told = String::from_utf8(asked.stderr.clone()).unwrap();
    assert!(told.contains("approximate: ") && told.contains("may not be"), "{told}");
    assert!(!of_namespace(&asked).is_empty(), "{asked:?}");
}

#[test]
fn only_a_cluster_is_asked() {
    let fake = Fake::new("only-a-cluster");
    let asked = fake.mesh(&["diff", "--from", "dir:.", "--server-dry-run"]);
    assert_eq!(asked.status.code(), Some(2), "{asked:?}");
    assert!(String::from_utf8(asked.stderr).unwrap().contains("--server-dry-run asks the cluster"));
}

#[test]
fn the_rights_for_it_are_printed_beside_those_that_lists_need() {
    let fake = Fake::new("rights");
    let told = |arguments: &[&str]| String::from_utf8(fake.mesh(arguments).stdout).unwrap();
    let (lists, both) = (told(&["diff", "--print-rbac"]), told(&["diff", "--print-rbac", "--server-dry-run"]));
    assert!(!lists.contains("patch"), "{lists}");
    let rest = both.strip_prefix(&lists).unwrap();
    assert!(rest.contains("- patch") && rest.contains("- namespaces") && !rest.contains("virtualservices"), "{rest}");
}
