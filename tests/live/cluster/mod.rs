//! `mesh diff` against a real API server of Kubernetes that knows Istio's kinds.

mod by_hand;
mod dry_run;
mod faults;
mod ownership;
mod repository;
mod rights;
mod scale;
mod server;

use std::path::Path;

use serde_json::{Value, json};

use crate::case::{Case, Finding, none};
use crate::tools::Tools;
use crate::trees;
use repository::Repository;
use server::{Cluster, Said};

type Check = fn(&Cluster, &Path) -> Finding;

/// Each of them has a server of its own.
const CHECKS: [(&str, Check); 8] = [
    ("in trouble", faults::check),
    ("of ten thousand objects", scale::check),
    ("holds what was applied", round_trip),
    ("tells an edit as git does", edits),
    ("knows what is whose", ownership::check),
    ("tells what was done by hand, and by whom", by_hand::check),
    ("fills in what it would, and writes nothing", dry_run::check),
    ("is read with the printed rights, and with fewer", rights::check),
];

/// Everything that is asked of a cluster.
pub(crate) fn cases(root: &Path, tools: &Tools) -> Vec<Case> {
    let case = |(name, check): (&str, Check)| {
        let root = root.to_path_buf();
        let body = tools.with_cluster(move |tools| check(&Cluster::start(tools)?, &root));
        Case { name: format!("cluster {name}"), body }
    };
    CHECKS.into_iter().map(case).collect()
}

/// Every example in each of its environments: what was applied is what the cluster has, whatever its server added.
fn round_trip(cluster: &Cluster, root: &Path) -> Finding {
    for (example, environment, tree) in trees::of_examples(root)? {
        cluster.apply_from("-k", &tree)?;
        let said = cluster.mesh("admin", &example, &["diff", "--from", "cluster", "--env", &environment])?;
        if said.code != Some(0) {
            return Err(format!("{} {environment}: {}", example.display(), said.told()));
        }
    }
    Ok(())
}

/// Edits of `examples/bank`: a file, a text in it, and what stands there instead.
const EDITS: [(&str, &str, &str); 6] = [
    ("payments.kdl", "canary v2 percent=5", "canary v2 percent=25"),
    ("payments.kdl", "timeout \"3s\"", "timeout \"1s\""),
    ("payments.kdl", "{ method POST; path \"/payments\"; require-token customers { scope payments:write } }", ""),
    ("ledger.kdl", "allow accounts.accounts { method POST; path \"/bank.Ledger/Balance\" }", "allow accounts.accounts"),
    ("payments.kdl", "\"cidr:10.20.0.0/16\"", "\"cidr:10.20.0.0/20\""),
    ("mesh.kdl", "access-log errors slower-than=\"500ms\"", "access-log off"),
];

/// An edit of intent is the same change whether the state before is read from the cluster or out of git.
fn edits(cluster: &Cluster, root: &Path) -> Finding {
    let repository = Repository::of_example(cluster, &root.join("examples/bank"))?;
    repository.apply(cluster, "prod")?;
    for (file, old, new) in EDITS {
        repository.edit(file, old, new)?;
        let ask = |from: &str| {
            cluster.mesh("admin", &repository.folder, &["diff", "--from", from, "--env", "prod", "--format", "json"])
        };
        let (live, committed) = (ask("cluster")?, ask("git:HEAD")?);
        let (seen, meant) = (effect(&live), effect(&committed));
        if committed.code != Some(1) || live.code != committed.code || seen != meant || meant["objects"] == json!([]) {
            return Err(format!("{old} -> {new}:\ncluster {seen:#}\ngit {meant:#}\n{}{}", live.err, committed.err));
        }
        repository.restore()?;
    }
    Ok(())
}

/// What a report says that does not depend on where the earlier side was read. A cluster knows nothing of what the control
/// plane and pods are told, and has no lines; what one line did is told together, so each part is taken by itself.
fn effect(said: &Said) -> Value {
    let report = &said.json()["reports"][0];
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut objects = list(&report["objects"]);
    let mut findings: Vec<Value> =
        list(&report["findings"]).iter().flat_map(|finding| list(&finding["parts"])).collect();
    objects.retain(|object| object["group"] != "mesh.kdl");
    findings.retain(|finding| finding["class"].as_str().is_none_or(|class| !class.starts_with("proxy.")));
    for finding in findings.iter_mut().filter_map(Value::as_object_mut) {
        finding.remove("place");
    }
    findings.sort_by_key(Value::to_string);
    json!({ "objects": objects, "findings": findings, "unknown": report["unknown"] })
}

/// The classes that a report names, each once.
fn classes(said: &Said) -> Vec<String> {
    let report = &said.json()["reports"][0];
    let named = report["findings"].as_array().into_iter().flatten().filter_map(|finding| finding["class"].as_str());
    let mut classes: Vec<String> = named.map(str::to_owned).collect();
    classes.sort();
    classes.dedup();
    classes
}

/// What a report says of objects, as `OPERATION KIND/NAMESPACE/NAME`.
fn operations(said: &Said) -> Vec<String> {
    let report = &said.json()["reports"][0];
    let one = |object: &Value| {
        format!("{} {}", object["operation"].as_str().unwrap_or("?"), object["id"].as_str().unwrap_or("?"))
    };
    report["objects"].as_array().into_iter().flatten().map(one).collect()
}

/// A case's expectations, the failed ones of them told with what was said.
fn expect(said: &Said, expectations: &[(&str, bool)]) -> Finding {
    let failed: Vec<String> =
        expectations.iter().filter(|(_, holds)| !holds).map(|(what, _)| format!("not so: {what}")).collect();
    if failed.is_empty() { Ok(()) } else { none(&[failed.join("\n"), said.told()]) }
}
