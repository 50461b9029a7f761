//! What `NetworkPolicies` let through: for the pods that they select, pairs of peers and ports.

use super::holes::{self, Hole, NAME_OF_NAMESPACE};
use super::labels::Selector;
use super::{At, mtls, names, workloads};
use crate::diff::{Change, Comparison, Object, Side};
use std::collections::BTreeSet;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::diff) enum Way {
    /// To the pods.
    In,
    /// From the pods.
    Out,
}

impl Way {
    /// Both.
    pub(in crate::diff) const ALL: [Way; 2] = [Way::In, Way::Out];

    const fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Way::In => ("Ingress", "ingress", "from"),
            Way::Out => ("Egress", "egress", "to"),
        }
    }
}

/// The pods that a policy holds for: their namespace and labels.
type Pods = (String, Selector);

fn pods(policy: &Object) -> Pods {
    (names::namespace(policy).to_owned(), Selector::of(At::spec(policy).key("podSelector")))
}

/// Whether a policy closes a way, so that only what some policy names goes through.
fn closes(policy: &Object, way: Way) -> bool {
    let spec = At::spec(policy);
    let (kind, key, _) = way.names();
    let kinds = spec.key("policyTypes").texts();
    if kinds.is_empty() { way == Way::In || spec.key(key).is_there() } else { kinds.contains(&kind) }
}

fn holes(policy: &Object, way: Way) -> Vec<Hole> {
    let (_, key, end) = way.names();
    let namespace = names::namespace(policy);
    At::spec(policy).key(key).items().flat_map(|rule| holes::of_rule(rule, end, namespace)).collect()
}

/// What the policies of a side do to pods in one way: none: nothing is closed.
fn state(side: &Side, of: &Pods, way: Way) -> Option<Vec<Hole>> {
    let (namespace, labels) = of;
    let own: Vec<&Object> = side
        .of_kind_in(namespace, "networking.k8s.io", "NetworkPolicy")
        .filter(|policy| closes(policy, way))
        .filter(|policy| pods(policy).1.covers(labels))
        .collect();
    let number = |name: &str| workloads::numbers(side, namespace, |pods| labels.selects(pods), name);
    let holes =
        |policy: &&Object| holes(policy, way).into_iter().map(move |hole| hole.numbered(way == Way::In, number));
    (!own.is_empty()).then(|| own.iter().flat_map(|policy| holes(policy).collect::<Vec<_>>()).collect())
}

/// Whether one selects all pods that another does.
fn covers((namespace, labels): &Pods, (of, own): &Pods) -> bool {
    namespace == of && labels.covers(own)
}

/// Pods for which another set of calls goes through than before.
#[derive(Debug)]
pub(in crate::diff) struct Step<'c, 's> {
    /// The change that does it.
    pub(in crate::diff) change: &'c Change<'s>,
    /// The pods, as people say it.
    pub(in crate::diff) of: String,
    /// Which way.
    pub(in crate::diff) way: Way,
    /// Where it stands.
    pub(in crate::diff) pointer: String,
    /// Whether the way was closed.
    pub(in crate::diff) was_closed: bool,
    /// Whether it is.
    pub(in crate::diff) is_closed: bool,
    /// What goes through now and did not.
    pub(in crate::diff) more: Vec<Hole>,
    /// What went through and does not any more.
    pub(in crate::diff) less: Vec<Hole>,
}

/// The pods that policies which change hold for. Where a policy holds for others than before, those with each label are
/// looked at by themselves.
fn concerned(changes: &[&Change<'_>]) -> BTreeSet<Pods> {
    let mut all = BTreeSet::new();
    for change in changes {
        let (old, new) = (change.before.map(pods), change.after.map(pods));
        let is_moved = old.is_some() && new.is_some() && old != new;
        for (namespace, labels) in old.into_iter().chain(new) {
            let each = if is_moved { labels.singles() } else { vec![labels] };
            all.extend(each.into_iter().map(|labels| (namespace.clone(), labels)));
        }
    }
    all
}

/// Every difference in what goes through; what pods have from a policy for more of them is told of those alone.
pub(in crate::diff) fn steps<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Step<'c, 's>> {
    let changes: Vec<&Change<'s>> = comparison.of_kind("networking.k8s.io", "NetworkPolicy").collect();
    let mut of: Vec<Pods> = concerned(&changes).into_iter().collect();
    of.sort_by_key(|(namespace, labels)| (namespace.clone(), labels.len()));
    let held: Vec<(&'c Change<'s>, Vec<Pods>)> = changes
        .iter()
        .map(|change| (*change, [change.before, change.after].into_iter().flatten().map(pods).collect()))
        .collect();
    let mut steps: Vec<Step<'c, 's>> = Vec::new();
    let mut told: Vec<(&Pods, Way)> = Vec::new();
    for pods_of in &of {
        for way in Way::ALL {
            let (old, new) = (state(comparison.before, pods_of, way), state(comparison.after, pods_of, way));
            let of_one = |is_own: &dyn Fn(&Pods) -> bool| {
                held.iter().find(|(_, sides)| sides.iter().any(is_own)).map(|(change, _)| *change)
            };
            let change = of_one(&|own| own == pods_of).or_else(|| of_one(&|own| covers(own, pods_of)));
            let is_flip = old.is_some() != new.is_some();
            let is_told = is_flip && told.iter().any(|(known, of)| *of == way && covers(known, pods_of));
            if let Some(change) = change.filter(|_| !is_told) {
                steps.extend(step(change, pods_of, way, (old, new)));
                if is_flip {
                    told.push((pods_of, way));
                }
            }
        }
    }
    steps
}

fn step<'c, 's>(
    change: &'c Change<'s>,
    (namespace, labels): &Pods,
    way: Way,
    (old, new): (Option<Vec<Hole>>, Option<Vec<Hole>>),
) -> Option<Step<'c, 's>> {
    let whole = || vec![Hole::WHOLE];
    let (was_closed, is_closed) = (old.is_some(), new.is_some());
    let (old, new) = (old.unwrap_or_else(whole), new.unwrap_or_else(whole));
    let without =
        |these: &[Hole], those: &[Hole]| -> Vec<Hole> { these.iter().flat_map(|hole| hole.without(those)).collect() };
    let (more, less) = (without(&new, &old), without(&old, &new));
    if more.is_empty() && less.is_empty() {
        return None;
    }
    let (_, key, _) = way.names();
    let of = pods_told(namespace, labels);
    Some(Step { change, of, way, pointer: format!("/spec/{key}"), was_closed, is_closed, more, less })
}

fn pods_told(namespace: &str, labels: &Selector) -> String {
    if labels.is_empty() { format!("pods of {namespace}") } else { format!("pods {} of {namespace}", labels.told()) }
}

/// A namespace whose labels a policy asks for, and which has them now or not any more.
#[derive(Debug)]
pub(in crate::diff) struct Relabelled<'c, 's> {
    /// The change of the namespace.
    pub(in crate::diff) change: &'c Change<'s>,
    /// The pods that the policy is of, as people say it.
    pub(in crate::diff) of: String,
    /// Which way.
    pub(in crate::diff) way: Way,
    /// Whether it has them now.
    pub(in crate::diff) is_more: bool,
    /// The policy, and what it asks for.
    pub(in crate::diff) asked: String,
}

/// The namespaces that policies take for others than before.
pub(in crate::diff) fn relabelled<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Relabelled<'c, 's>> {
    let mut all = Vec::new();
    for change in comparison.of_kind("", "Namespace") {
        let (Some(old), Some(new)) = (change.before, change.after) else { continue };
        let (was, is) = (labels_of(old), labels_of(new));
        if was == is {
            continue;
        }
        for policy in comparison.after.of_kind("networking.k8s.io", "NetworkPolicy") {
            for way in Way::ALL {
                let asked = namespaces_of(policy, way);
                let flipped = asked.iter().find(|asked| asked.selects(&was) != asked.selects(&is));
                if let Some(asked) = flipped {
                    let (namespace, labels) = pods(policy);
                    let asked_by = format!("{} asks for namespaces {}", policy.id, asked.told());
                    let of = pods_told(&namespace, &labels);
                    all.push(Relabelled { change, of, way, is_more: asked.selects(&is), asked: asked_by });
                }
            }
        }
    }
    all
}

/// The labels of a namespace, with the one by which Kubernetes names it.
pub(in crate::diff) fn labels_of(namespace: &Object) -> mtls::Labels {
    let mut all = mtls::labels(At::of(namespace.body.path("metadata.labels")));
    all.insert(NAME_OF_NAMESPACE.to_owned(), namespace.id.name.to_string());
    all
}

/// The labels by which a policy asks for namespaces one way.
fn namespaces_of(policy: &Object, way: Way) -> Vec<Selector> {
    let (_, key, peers) = way.names();
    let all = At::spec(policy).key(key).items().flat_map(|rule| rule.key(peers).items().collect::<Vec<_>>());
    let all = all.map(|peer| peer.key("namespaceSelector"));
    all.filter(|at| at.is_there()).map(Selector::of).collect()
}
