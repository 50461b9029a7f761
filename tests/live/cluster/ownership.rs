//! What is whose in a cluster that is not ours alone.

use std::path::Path;

use super::repository::Repository;
use super::server::Cluster;
use super::{classes, expect, operations};
use crate::case::Finding;

const SHOP: &str = r#"mesh shop language=1 { target istio "1.30" }
environment prod
namespace shop
service web namespace=shop {
    port 8080 http
    timeout "2s"
    allow visitor
}
service cart namespace=shop {
    port 8080 http
    timeout "3s"
    allow visitor
}
workload visitor namespace=shop { calls web cart }
"#;

/// Objects of others: by hand, by Helm, by another project and another environment, in our namespace and in theirs.
const OTHERS: &str = r#"
apiVersion: v1
kind: Namespace
metadata: {name: bank}
---
apiVersion: v1
kind: Secret
metadata: {name: canary, namespace: shop}
stringData: {password: canary-in-a-secret}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: by-hand, namespace: shop}
spec: {hosts: [by-hand.shop.svc.cluster.local], http: [{route: [{destination: {host: by-hand}}]}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: of-helm
  namespace: shop
  labels: {app.kubernetes.io/managed-by: Helm}
  annotations: {meta.helm.sh/release-name: theirs, meta.helm.sh/release-namespace: shop}
spec: {host: of-helm}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: of-another-project
  namespace: bank
  labels: {app.kubernetes.io/managed-by: mesh, mesh.kdl/project: bank, mesh.kdl/environment: prod}
spec: {hosts: [api.example.com], ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: of-another-environment
  namespace: shop
  labels: {app.kubernetes.io/managed-by: mesh, mesh.kdl/project: shop, mesh.kdl/environment: dev}
spec: {workloadSelector: {labels: {app: nobody}}, egress: [{hosts: ["./*"]}]}
"#;

pub(crate) fn check(cluster: &Cluster, _: &Path) -> Finding {
    own(cluster)?;
    foreign(cluster)
}

/// What somebody else has is no difference, and nothing of it ever goes; what two write is told.
fn foreign(cluster: &Cluster) -> Finding {
    let repository = Repository::of_page(cluster, SHOP)?;
    repository.apply(cluster, "prod")?;
    cluster.apply(OTHERS)?;
    let ask = || cluster.mesh("admin", &repository.folder, &["diff", "--from", "cluster", "--format", "json"]);
    let said = ask()?;
    expect(&said, &[("what is of others is no difference", said.code == Some(0))])?;
    let label = ["label", "--overwrite", "-n", "shop", "virtualservice/web"];
    cluster.kubectl(&[&label[..], &["app.kubernetes.io/managed-by=Helm"]].concat())?;
    let said = ask()?;
    let is_told = classes(&said).contains(&"ownership.foreign".to_owned());
    expect(&said, &[("an object that Helm says is its own is foreign", is_told)])?;
    // Without its intent it goes only if it is ours.
    repository.edit("mesh.kdl", "    timeout \"2s\"\n", "")?;
    let said = ask()?;
    let deleted: Vec<String> = operations(&said).into_iter().filter(|line| line.starts_with("delete")).collect();
    expect(&said, &[("nobody takes Helm's object away", deleted.is_empty())])?;
    let is_silent = !format!("{}{}", said.out, said.err).contains("canary-in-a-secret");
    expect(&said, &[("no Secret is told", is_silent)])
}

/// What is ours: an object made by hand is adopted, another name is one going and one coming, and a mass delete is critical.
fn own(cluster: &Cluster) -> Finding {
    let repository = Repository::of_page(cluster, SHOP)?;
    cluster.apply("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}")?;
    cluster.apply(
        "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: web, namespace: shop}, \
         spec: {hosts: [web.shop.svc.cluster.local], http: [{route: [{destination: {host: web}}]}]}}",
    )?;
    let ask = |more: &[&str]| {
        cluster.mesh("admin", &repository.folder, &[&["diff", "--from", "cluster", "--format", "json"], more].concat())
    };
    let said = ask(&[])?;
    let is_adopted = classes(&said).contains(&"ownership.adopted".to_owned());
    let is_changed = operations(&said).contains(&"change VirtualService/shop/web".to_owned());
    expect(&said, &[("what was made by hand is adopted", is_adopted), ("and changes", is_changed)])?;

    repository.apply(cluster, "prod")?;
    repository.edit("mesh.kdl", "service cart", "service basket")?;
    repository.edit("mesh.kdl", "calls web cart", "calls web basket")?;
    let said = ask(&["--allow-mass-delete"])?;
    let told = operations(&said);
    let has = |line: &str| told.contains(&line.to_owned());
    expect(
        &said,
        &[
            ("another name is told as such", classes(&said).contains(&"ownership.renamed".to_owned())),
            ("the old one goes", has("delete VirtualService/shop/cart")),
            ("the new one comes", has("add VirtualService/shop/basket")),
        ],
    )?;

    repository.restore()?;
    repository
        .write("mesh.kdl", "mesh shop language=1 { target istio \"1.30\" }\nenvironment prod\nnamespace shop\n")?;
    let said = ask(&["--fail-on", "critical"])?;
    let is_mass = classes(&said).contains(&"ownership.mass_delete".to_owned());
    expect(&said, &[("a mass delete is critical", is_mass && said.code == Some(3))])?;
    let said = ask(&["--allow-mass-delete"])?;
    let is_mass = classes(&said).contains(&"ownership.mass_delete".to_owned());
    expect(&said, &[("and is allowed by its word", !is_mass)])
}
