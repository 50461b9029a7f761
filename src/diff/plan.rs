//! In which order a change is safe, where more than one step is needed.

use super::settings::{CONTROL_PLANE, POD_PATCH};
use super::{Change, Operation, Report};
use std::collections::BTreeSet;

/// A step of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStep {
    /// What is done, as a clause.
    pub what: String,
    /// Why not together with the next one; empty where nothing speaks against it.
    pub why: String,
}

/// Changes that one application of all objects does not make safely: their classes, and the steps instead.
const SPLIT: [(&str, [(&str, &str); 2]); 9] = [
    (
        "traffic.subset_removed_in_use",
        [
            (
                "move every route away from the subset, and apply that",
                "proxies learn of routes and subsets apart: until all know the new routes, requests for the old subset meet 503",
            ),
            ("remove the subset from the DestinationRule", ""),
        ],
    ),
    (
        "traffic.subset_removed_same_change",
        [
            (
                "apply the routes, and keep the subset: mesh compile --retain-from REVISION",
                "proxies learn of routes and subsets apart: until all know the new routes, requests for the old subset meet 503",
            ),
            ("remove the subset with the next change", ""),
        ],
    ),
    (
        "security.mtls_upgraded",
        [
            (
                "keep PERMISSIVE until every caller has a sidecar and sends mutual TLS",
                "a caller that still sends plain text is reset by STRICT",
            ),
            ("set STRICT", ""),
        ],
    ),
    (
        "security.mtls_downgraded",
        [
            (
                "remove or widen the policies that name principals",
                "a caller without mutual TLS has no identity, and such policies refuse it",
            ),
            ("loosen mutual TLS", ""),
        ],
    ),
    (
        "security.mtls_mismatch",
        [
            (
                "let the server take both (PERMISSIVE), then change the clients",
                "while they disagree, every request fails",
            ),
            ("set the server's final mode", ""),
        ],
    ),
    (
        "security.default_flip",
        [
            (
                "write every caller into the policy first, with action AUDIT or as a dry run, and read the logs",
                "the first ALLOW policy of a workload refuses everyone whom it does not name",
            ),
            ("make it an ALLOW policy", ""),
        ],
    ),
    (
        "namespace.injection_changed",
        [
            ("change the label", "nothing happens until pods restart"),
            ("restart the pods, a few at a time, and watch them come back", ""),
        ],
    ),
    (
        "exposure.gateway_selector_changed",
        [
            (
                "add the listener on the new gateway, and move DNS",
                "clients keep an address for as long as their DNS says",
            ),
            ("remove the old one", ""),
        ],
    ),
    (
        "security.jwt_removed",
        [
            (
                "close the service to callers without a token by a policy first",
                "a service that no longer reads tokens cannot ask for them",
            ),
            ("remove the issuer", ""),
        ],
    ),
];

/// The steps of a change, in order: what is split first, then the waves of everything, then what goes.
pub fn plan(report: &Report<'_>) -> Vec<PlanStep> {
    let classes: BTreeSet<&str> = report.findings.iter().map(|finding| finding.class.name).collect();
    let mut steps: Vec<PlanStep> = Vec::new();
    for (_, pair) in SPLIT.iter().filter(|(class, _)| classes.contains(class)) {
        steps.extend(pair.iter().map(|(what, why)| PlanStep { what: (*what).to_owned(), why: (*why).to_owned() }));
    }
    let is_changed = |kind: &str| report.changes.iter().any(|change| change.id.is_setting() && change.id.kind == kind);
    // Istio: an object that names what the control plane does not know refuses, so its values go before everything.
    if is_changed(CONTROL_PLANE) {
        steps.push(PlanStep {
            what: "upgrade the control plane with control-plane/values.yaml".to_owned(),
            why: "objects may name what only these values make known".to_owned(),
        });
    }
    let mut waves: Vec<(i64, Vec<&Change<'_>>)> = Vec::new();
    let applied = report.changes.iter().filter(|change| change.operation() != Operation::Delete);
    let applied = applied.filter(|change| !change.id.is_setting());
    for change in applied {
        let wave = change.after.map_or(0, super::Object::wave);
        match waves.iter_mut().find(|(known, _)| *known == wave) {
            Some((_, changes)) => changes.push(change),
            None => waves.push((wave, vec![change])),
        }
    }
    waves.sort_by_key(|(wave, _)| *wave);
    steps.extend(waves.iter().map(|(wave, changes)| PlanStep {
        what: format!("apply wave {wave}: {}", names(changes)),
        why: String::new(),
    }));
    let deleted = report.changes.iter().filter(|change| change.operation() == Operation::Delete);
    let deleted: Vec<&Change<'_>> = deleted.filter(|change| !change.id.is_setting()).collect();
    if !deleted.is_empty() {
        steps.push(PlanStep { what: format!("delete {}", names(&deleted)), why: String::new() });
    }
    if is_changed(POD_PATCH) {
        steps.push(PlanStep {
            what: "patch the owners of pods as NAMESPACE/pods/ says, and restart them".to_owned(),
            why: String::new(),
        });
    }
    steps
}

/// How many objects of a step are named.
const MOST_NAMED: usize = 4;

fn names(changes: &[&Change<'_>]) -> String {
    let mut names: Vec<String> = changes.iter().take(MOST_NAMED).map(|change| change.id.to_string()).collect();
    if changes.len() > MOST_NAMED {
        names.push(format!("{} more", changes.len() - MOST_NAMED));
    }
    names.join(", ")
}
