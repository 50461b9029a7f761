//! In which order a change is safe, where more than one step is needed.

use super::settings::{CONTROL_PLANE, POD_PATCH};
use super::{Change, Finding, Id, Operation, Report};
use std::collections::{BTreeMap, BTreeSet};

/// A step of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStep {
    /// What is done, as a clause.
    pub what: String,
    /// Why not together with the next one; empty where nothing speaks against it.
    pub why: String,
}

/// A change that one application of all objects does not make safely.
struct Split {
    class: &'static str,
    /// What is to be done before the rest is applied.
    first: &'static str,
    /// Why what follows has to wait.
    wait: &'static str,
    /// What is done then.
    then: &'static str,
    /// Whether the objects in which it was found are applied then, and not with the rest.
    is_held: bool,
}

const SUBSETS: &str =
    "proxies learn of routes and subsets apart: until all know the new routes, requests for the old subset meet 503";

const SPLIT: [Split; 9] = [
    Split {
        class: "traffic.subset_removed_in_use",
        first: "move every route away from the subset, with a change of its own",
        wait: SUBSETS,
        then: "remove the subset",
        is_held: true,
    },
    Split {
        class: "traffic.subset_removed_same_change",
        first: "keep the subset for one more release: mesh compile --retain-from REVISION",
        wait: SUBSETS,
        then: "remove the subset with the next release",
        is_held: true,
    },
    Split {
        class: "security.mtls_upgraded",
        first: "see that every caller has a sidecar and sends mutual TLS, under PERMISSIVE",
        wait: "a caller that still sends plain text is reset by STRICT",
        then: "set STRICT",
        is_held: true,
    },
    Split {
        class: "security.mtls_downgraded",
        first: "remove or widen the policies that name principals",
        wait: "a caller without mutual TLS has no identity, and such policies refuse it",
        then: "loosen mutual TLS",
        is_held: true,
    },
    Split {
        class: "security.mtls_mismatch",
        first: "let the server take both: PERMISSIVE",
        wait: "while client and server disagree, every request fails",
        then: "set the server's final mode",
        is_held: false,
    },
    Split {
        class: "security.default_flip",
        first: "write every caller into the policy, as a dry run, and read what the proxies count",
        wait: "the first ALLOW policy of a workload refuses everyone whom it does not name",
        then: "take the dry run away",
        is_held: true,
    },
    Split {
        class: "namespace.injection_changed",
        first: "",
        wait: "nothing happens until pods restart",
        then: "restart the pods, a few at a time, and watch them come back",
        is_held: false,
    },
    Split {
        class: "exposure.gateway_selector_changed",
        first: "add the listener on the new gateway, and move DNS",
        wait: "clients keep an address for as long as their DNS says",
        then: "move the Gateway",
        is_held: true,
    },
    Split {
        class: "security.jwt_removed",
        first: "close the service to callers without a token by a policy",
        wait: "a service that no longer reads tokens cannot ask for them",
        then: "remove the issuer",
        is_held: true,
    },
];

/// Whether a finding needs its steps. Of grants only the first one of a workload, which shuts others out.
fn needs_steps(finding: &Finding) -> bool {
    finding.class.name != "security.default_flip" || finding.what.starts_with("the first grant")
}

/// The steps of a change, in order: what has to come before, the waves of what can be applied then, what has to wait for
/// it, and what goes. Each object stands in one of them.
pub fn plan(report: &Report<'_>) -> Vec<PlanStep> {
    let of = |split: &Split| {
        let all = report.findings.iter().flat_map(Finding::all);
        let own = all.filter(|finding| finding.class.name == split.class && needs_steps(finding));
        own.map(|finding| &finding.object).collect::<BTreeSet<&Id>>()
    };
    let splits: Vec<(&Split, BTreeSet<&Id>)> =
        SPLIT.iter().map(|split| (split, of(split))).filter(|(_, objects)| !objects.is_empty()).collect();
    let mut held: BTreeSet<&Id> = BTreeSet::new();
    let step = |what: String| PlanStep { what, why: String::new() };
    let firsts = splits.iter().map(|(split, _)| split.first).filter(|first| !first.is_empty());
    let mut steps: Vec<PlanStep> = firsts.map(|first| step(first.to_owned())).collect();
    let mut lasts = Vec::new();
    for (split, objects) in &splits {
        let own: Vec<&Change<'_>> = report
            .changes
            .iter()
            .filter(|change| split.is_held && objects.contains(change.id) && held.insert(change.id))
            .collect();
        let of = if own.is_empty() { String::new() } else { format!(": {}", names(&own)) };
        lasts.push(step(format!("{}{of}", split.then)));
    }
    let rest: Vec<&Change<'_>> = report.changes.iter().filter(|change| !held.contains(change.id)).collect();
    steps.extend(of_settings(&rest));
    let (gone, applied): (Vec<&Change<'_>>, Vec<&Change<'_>>) = rest
        .iter()
        .filter(|change| !change.id.is_setting())
        .partition(|change| change.operation() == Operation::Delete);
    steps.extend(waves(&applied));
    let waits: BTreeSet<&str> = splits.iter().map(|(split, _)| split.wait).collect();
    let wait: Vec<&str> = waits.into_iter().collect();
    if !wait.is_empty() && steps.is_empty() {
        steps.push(step("apply nothing of it yet".to_owned()));
    }
    if let Some(last) = steps.last_mut() {
        last.why = wait.join("; ");
    }
    steps.extend(lasts);
    if !gone.is_empty() {
        steps.push(step(format!("delete {}", names(&gone))));
    }
    if rest.iter().any(|change| change.id.is_setting() && change.id.kind == POD_PATCH) {
        steps.push(step("patch the owners of pods as NAMESPACE/pods/ says, and restart them".to_owned()));
    }
    steps
}

/// Istio: an object that names what the control plane does not know refuses, so its values go before everything.
fn of_settings(changes: &[&Change<'_>]) -> Option<PlanStep> {
    let is_changed = changes.iter().any(|change| change.id.is_setting() && change.id.kind == CONTROL_PLANE);
    is_changed.then(|| PlanStep {
        what: "upgrade the control plane with control-plane/values.yaml".to_owned(),
        why: "objects may name what only these values make known".to_owned(),
    })
}

/// What is applied, wave by wave.
fn waves(changes: &[&Change<'_>]) -> Vec<PlanStep> {
    let mut waves: BTreeMap<i64, Vec<&Change<'_>>> = BTreeMap::new();
    for change in changes {
        waves.entry(change.after.map_or(0, super::Object::wave)).or_default().push(change);
    }
    let told = waves.iter().map(|(wave, changes)| format!("apply wave {wave}: {}", names(changes)));
    told.map(|what| PlanStep { what, why: String::new() }).collect()
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
