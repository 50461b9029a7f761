//! `--server-dry-run`: what a server fills in is no difference, and nothing is written.

use std::path::Path;

use super::repository::Repository;
use super::server::Cluster;
use super::{expect, operations};
use crate::case::Finding;

/// A Deployment, of whose defaults this program knows nothing.
const SHOP: &str = r##"mesh shop language=1 { target istio "1.30" }
environment prod
namespace shop
service web namespace=shop {
    port 8080 http
    allow visitor
}
workload visitor namespace=shop { calls web }
raw #"""
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      serviceAccountName: web
      containers:
        - name: web
          image: example.com/web:1
"""#
"##;

pub(crate) fn check(cluster: &Cluster, _root: &Path) -> Finding {
    let repository = Repository::of_page(cluster, SHOP)?;
    repository.apply(cluster, "prod")?;
    let ask = |more: &[&str]| {
        let arguments = ["diff", "--from", "cluster", "--env", "prod", "--format", "json"];
        cluster.mesh("admin", &repository.folder, &[&arguments[..], more].concat())
    };
    let of_deployment = |all: Vec<String>| all.iter().any(|one| one.contains("Deployment/shop/web"));
    let guessed = ask(&[])?;
    expect(&guessed, &[("without it, defaults are differences", of_deployment(operations(&guessed)))])?;
    let before = version(cluster)?;
    let asked = ask(&["--server-dry-run"])?;
    expect(
        &asked,
        &[
            ("with it, nothing differs", asked.code == Some(0)),
            ("nothing is approximate", asked.err.is_empty()),
            ("nothing was written", version(cluster)? == before),
        ],
    )?;
    repository.edit("mesh.kdl", "web:1", "web:2")?;
    let edited = ask(&["--server-dry-run"])?;
    let told = edited.out.matches("/spec/template/spec/containers/0/image").count();
    expect(
        &edited,
        &[
            ("an edit is told", of_deployment(operations(&edited)) && told > 0),
            ("and nothing else is", operations(&edited).len() == 1 && !edited.out.contains("imagePullPolicy")),
            ("nothing was written", version(cluster)? == before),
        ],
    )
}

fn version(cluster: &Cluster) -> Result<String, String> {
    cluster.kubectl(&["get", "deployment", "web", "-n", "shop", "-o", "jsonpath={.metadata.resourceVersion}"])
}
