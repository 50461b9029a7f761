use super::object::pairs;
use super::tree::tree;
use super::{Traced, yaml};
use crate::source::Origin;
use crate::verbatim::Node;
use serde::Serialize;
use smol_str::SmolStr;

/// What must stand on the pods of a workload that somebody else deploys: a strategic merge patch for its owner, which
/// `kubectl patch --patch-file` takes whatever the kind of the workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodPatch {
    /// The namespace of the pods.
    pub namespace: SmolStr,
    /// The service, workload or gateway that they are.
    pub name: SmolStr,
    /// The node of intent that they are.
    pub origin: Origin,
    /// The patch.
    pub patch: WorkloadPatch,
}

/// The part of a Deployment, or of another owner of pods, that is patched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkloadPatch {
    /// Its `spec`.
    pub spec: WorkloadSpec,
}

/// The part of its `spec`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkloadSpec {
    /// How its pods are made.
    pub template: PodTemplate,
}

/// How pods are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PodTemplate {
    /// Their metadata.
    #[serde(skip_serializing_if = "PodMetadata::is_empty")]
    pub metadata: PodMetadata,
    /// What runs in them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spec: Option<PodSpec>,
}

/// What runs in pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PodSpec {
    /// The proxy's container, by whose name Kubernetes merges the list.
    pub containers: [ProxyContainer; 1],
}

/// The container of a proxy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProxyContainer {
    /// Its name.
    pub name: &'static str,
    /// What it may use.
    pub resources: ProxyResources,
}

/// What a proxy may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProxyResources {
    /// What is kept for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<ResourceList>,
    /// What it may use at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<ResourceList>,
}

/// Amounts of resources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ResourceList {
    /// Of a processor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Traced<SmolStr>>,
    /// Of memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Traced<SmolStr>>,
}

/// The metadata of pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PodMetadata {
    /// Annotations, in the order they are written.
    #[serde(serialize_with = "annotations")]
    pub annotations: Vec<(SmolStr, Traced<SmolStr>)>,
}

impl PodMetadata {
    fn is_empty(&self) -> bool {
        self.annotations.is_empty()
    }
}

fn annotations<S: serde::Serializer>(list: &[(SmolStr, Traced<SmolStr>)], serializer: S) -> Result<S::Ok, S::Error> {
    pairs(list, serializer)
}

impl PodPatch {
    /// The patch as a tree, each value with the line of intent that it came from.
    ///
    /// # Errors
    /// None of our own types can fail to be written; the error is the serializer's.
    pub fn tree(&self) -> Result<Node, yaml::Error> {
        tree(&self.patch)
    }

    /// A patch that annotates pods.
    pub fn annotating(
        namespace: SmolStr,
        name: SmolStr,
        origin: Origin,
        annotations: Vec<(SmolStr, Traced<SmolStr>)>,
    ) -> Self {
        let template = PodTemplate { metadata: PodMetadata { annotations }, spec: None };
        PodPatch { namespace, name, origin, patch: WorkloadPatch { spec: WorkloadSpec { template } } }
    }

    /// The same, and what the proxy's container may use.
    #[must_use]
    pub fn with_resources(mut self, resources: ProxyResources) -> Self {
        self.patch.spec.template.spec =
            Some(PodSpec { containers: [ProxyContainer { name: "istio-proxy", resources }] });
        self
    }
}
