//! With which rights a cluster is read, and what is said where one of them is missing.

use std::path::Path;

use serde_json::{Value, json};

use super::server::{Cluster, Said};
use super::{expect, operations};
use crate::case::Finding;
use crate::trees::documents;

/// The account, as the server names it.
const READER: &str = "system:serviceaccount:default:reader";

pub(crate) fn check(cluster: &Cluster, root: &Path) -> Finding {
    let bank = root.join("examples/bank");
    cluster.apply_from("-k", &root.join("out/bank/prod"))?;
    let role = printed(cluster, &bank)?;
    enough(cluster, &bank, &role)?;
    missing(cluster, &bank, &role)?;
    by_namespace(cluster, &bank, &role)
}

/// Whoever holds a token of an account with the printed rights and nothing more sees what an administrator sees; no
/// request of his is anything but a list, and none is of Secrets.
fn enough(cluster: &Cluster, bank: &Path, role: &Value) -> Finding {
    for rule in role["rules"].as_array().into_iter().flatten() {
        let names = ["resources", "apiGroups"].map(|part| rule[part].to_string());
        if rule["verbs"] != json!(["list"])
            || names.iter().any(|names| names.contains("secrets") || names.contains('*'))
        {
            return Err(format!("more than lists of what is compared: {rule}"));
        }
    }
    grant(cluster, role)?;
    let said = ask(cluster, bank)?;
    expect(&said, &[("nothing differs, and all of it is known", said.code == Some(0))])?;
    let requests = cluster.requests(READER);
    let is_meant = |request: &&String| request.starts_with("list ") || request.starts_with("get /api");
    let others: Vec<&String> = requests.iter().filter(|request| !is_meant(request)).collect();
    let lists = requests.iter().filter(|request| request.starts_with("list ")).count();
    if !others.is_empty() || lists == 0 || requests.iter().any(|request| request.contains("secrets")) {
        return Err(format!("{lists} lists, and besides {others:?}"));
    }
    let denied = cluster.kubectl(&["auth", "can-i", "get", "secrets", "--as", READER, "-n", "web"]);
    if denied.is_ok() { Err("the printed rights let Secrets be read".to_owned()) } else { Ok(()) }
}

/// Kinds of which the reader may lose the right.
const LOST: [(&str, &str); 3] =
    [("virtualservices", "VirtualService"), ("networkpolicies", "NetworkPolicy"), ("namespaces", "Namespace")];

/// Without one of the rights its kind is unknown, and neither comes nor goes.
fn missing(cluster: &Cluster, bank: &Path, role: &Value) -> Finding {
    for (plural, kind) in LOST {
        grant(cluster, &without(role, plural))?;
        let said = ask(cluster, bank)?;
        let told = said.json()["reports"][0]["unknown"].to_string();
        expect(
            &said,
            &[
                ("it ends with 4", said.code == Some(4)),
                ("nothing comes and nothing goes", operations(&said).is_empty()),
                ("the kind is unknown", told.contains(&format!("\"{kind}\""))),
            ],
        )
        .map_err(|told| format!("without {plural}: {told}"))?;
    }
    grant(
        cluster,
        &json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": { "name": "mesh-diff" }, "rules": [] }),
    )?;
    let said = ask(cluster, bank)?;
    expect(&said, &[("without any right nothing is compared", said.code == Some(2) && said.out.is_empty())])
}

/// Who may list a kind in the namespaces of the mesh alone is asked for no more.
fn by_namespace(cluster: &Cluster, bank: &Path, role: &Value) -> Finding {
    grant(cluster, &without(role, "virtualservices"))?;
    let namespaces = cluster.kubectl(&["get", "namespaces", "-o", "name"])?;
    for namespace in namespaces.lines().filter_map(|line| line.strip_prefix("namespace/")) {
        cluster.apply(
            &json!({
                "apiVersion": "v1", "kind": "List", "items": [
                    { "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": { "name": "routes", "namespace": namespace },
                      "rules": [{ "apiGroups": ["networking.istio.io"], "resources": ["virtualservices"], "verbs": ["list"] }] },
                    bound("RoleBinding", &json!({ "name": "routes", "namespace": namespace }), "Role", "routes"),
                ],
            })
            .to_string(),
        )?;
    }
    let said = ask(cluster, bank)?;
    expect(&said, &[("nothing differs, and all of it is known", said.code == Some(0))])
}

fn ask(cluster: &Cluster, folder: &Path) -> Result<Said, String> {
    cluster.mesh("reader", folder, &["diff", "--from", "cluster", "--env", "prod", "--format", "json"])
}

/// The role that is printed.
fn printed(cluster: &Cluster, folder: &Path) -> Result<Value, String> {
    let said = cluster.mesh("admin", folder, &["diff", "--print-rbac", "--env", "prod"])?;
    documents(&said.out)?.pop().ok_or_else(|| said.told())
}

fn without(role: &Value, plural: &str) -> Value {
    let mut role = role.clone();
    for rule in role["rules"].as_array_mut().into_iter().flatten() {
        if let Some(resources) = rule["resources"].as_array_mut() {
            resources.retain(|resource| resource != plural);
        }
    }
    if let Some(rules) = role["rules"].as_array_mut() {
        rules.retain(|rule| rule["resources"] != json!([]));
    }
    role
}

fn bound(kind: &str, metadata: &Value, of: &str, name: &str) -> Value {
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": metadata,
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": of, "name": name },
        "subjects": [{ "kind": "ServiceAccount", "name": "reader", "namespace": "default" }],
    })
}

/// Gives the reader a role, and no other.
fn grant(cluster: &Cluster, role: &Value) -> Result<(), String> {
    let name = role["metadata"]["name"].as_str().unwrap_or_default();
    let account = json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": { "name": "reader", "namespace": "default" } });
    let binding = bound("ClusterRoleBinding", &json!({ "name": name }), "ClusterRole", name);
    cluster.apply(&json!({ "apiVersion": "v1", "kind": "List", "items": [role, account, binding] }).to_string())?;
    let token = cluster.kubectl(&["create", "token", "reader", "-n", "default"])?;
    cluster.write_user("reader", &format!("https://127.0.0.1:{}", cluster.port), token.trim())
}
