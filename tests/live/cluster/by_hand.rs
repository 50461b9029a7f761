//! What somebody does in a cluster by hand is told with who did it, and what becomes of it.

use std::path::Path;

use serde_json::Value;

use super::repository::Repository;
use super::server::{Cluster, Said};
use super::{classes, expect};
use crate::case::Finding;

const SHOP: &str = r#"mesh shop language=1 { target istio "1.30" }
environment prod
namespace shop
service web namespace=shop {
    port 8080 http
    timeout "2s"
    allow visitor
}
workload visitor namespace=shop { calls web }
"#;

/// Edits by hand: of what, by which program as the server notes it, the patch, the class, and what is said of it.
const EDITS: [(&str, &str, &str, &str, &str); 3] = [
    (
        "virtualservice/web",
        "kubectl-edit",
        r#"[{"op": "replace", "path": "/spec/http/0/timeout", "value": "9s"}]"#,
        "drift.overwritten",
        "/spec/http/0/timeout was applied as 2s and is 9s in the cluster",
    ),
    (
        "authorizationpolicy/web",
        "debugging",
        r#"[{"op": "add", "path": "/spec/rules/0/to", "value": [{"operation": {"methods": ["GET"]}}]}]"#,
        "drift.overwritten",
        "/spec/rules/0",
    ),
    (
        "namespace/shop",
        "kubectl-label",
        r#"[{"op": "add", "path": "/metadata/labels/team", "value": "blue"}]"#,
        "drift.kept",
        "/metadata/labels/team",
    ),
];

pub(crate) fn check(cluster: &Cluster, _root: &Path) -> Finding {
    let repository = Repository::of_page(cluster, SHOP)?;
    repository.apply(cluster, "prod")?;
    let quiet = ask(cluster, &repository)?;
    expect(&quiet, &[("what was applied has not drifted", quiet.code == Some(0))])?;
    for (object, manager, patch, class, what) in EDITS {
        let manager_word = format!("--field-manager={manager}");
        let patched = ["patch", object, "-n", "shop", "--type=json", "-p", patch, &manager_word];
        cluster.kubectl(&patched)?;
        let said = ask(cluster, &repository)?;
        let of_it = findings(&said, class);
        expect(
            &said,
            &[
                ("it is told", said.code == Some(1)),
                (class, classes(&said).iter().any(|found| found == class)),
                (what, of_it.iter().any(|text| text.contains(what))),
                (manager, of_it.iter().any(|text| text.contains(manager))),
            ],
        )
        .map_err(|told| format!("{object} by {manager}: {told}"))?;
        // Applying again undoes what was written over; what was added is taken out by hand.
        repository.apply(cluster, "prod")?;
        if class == "drift.kept" {
            cluster.kubectl(&["label", "namespace", "shop", "team-"])?;
        }
    }
    let restored = ask(cluster, &repository)?;
    expect(&restored, &[("applying has undone it", restored.code == Some(0))])
}

fn ask(cluster: &Cluster, repository: &Repository) -> Result<Said, String> {
    let arguments = ["diff", "--from", "git:HEAD", "--three-way", "--env", "prod", "--format", "json"];
    cluster.mesh("admin", &repository.folder, &arguments)
}

/// What is said of a class.
fn findings(said: &Said, class: &str) -> Vec<String> {
    let report = &said.json()["reports"][0];
    let own = report["findings"].as_array().into_iter().flatten().filter(|finding| finding["class"] == class);
    own.map(Value::to_string).collect()
}
