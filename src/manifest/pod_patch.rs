use super::object::pairs;
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
    pub metadata: PodMetadata,
}

/// The metadata of pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PodMetadata {
    /// Annotations, in the order they are written.
    #[serde(serialize_with = "annotations")]
    pub annotations: Vec<(SmolStr, SmolStr)>,
}

fn annotations<S: serde::Serializer>(list: &[(SmolStr, SmolStr)], serializer: S) -> Result<S::Ok, S::Error> {
    pairs(list, serializer)
}

impl PodPatch {
    /// A patch that annotates pods.
    pub fn annotating(namespace: SmolStr, name: SmolStr, annotations: Vec<(SmolStr, SmolStr)>) -> Self {
        let template = PodTemplate { metadata: PodMetadata { annotations } };
        PodPatch { namespace, name, patch: WorkloadPatch { spec: WorkloadSpec { template } } }
    }
}
