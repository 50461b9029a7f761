use crate::verbatim::Outline;
use smol_str::{SmolStr, format_smolstr};

/// Whose an object is, by what stands on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// Whether it says that this compiler made it.
    pub is_ours: bool,
    /// The project that it is of.
    pub project: Option<SmolStr>,
    /// The environment that it is of.
    pub environment: Option<SmolStr>,
    /// The node of intent that it came from.
    pub node: Option<SmolStr>,
    /// Who else says that it is theirs, as people name them.
    pub other: Option<SmolStr>,
}

/// Labels and annotations by which other tools say that an object is theirs, with the tools.
const MARKS: [(&str, &str, &str); 7] = [
    ("annotations", "meta.helm.sh/release-name", "Helm"),
    ("labels", "kustomize.toolkit.fluxcd.io/name", "Flux"),
    ("labels", "helm.toolkit.fluxcd.io/name", "Flux"),
    ("labels", "kapp.k14s.io/app", "kapp"),
    ("labels", "applyset.kubernetes.io/part-of", "an ApplySet"),
    ("annotations", "config.k8s.io/owning-inventory", "an inventory"),
    ("labels", "operator.istio.io/managed", "Istio's operator"),
];

impl Owner {
    /// Whose an object is, before anything is taken from it.
    pub fn of(head: impl Outline) -> Self {
        let Some(metadata) = head.get("metadata") else { return Owner::default() };
        let (labels, annotations) = (metadata.get("labels"), metadata.get("annotations"));
        let label = |key: &str| labels?.get(key)?.text();
        let said = |part: &str, key: &str| if part == "labels" { label(key) } else { annotations?.get(key)?.text() };
        let manager = label("app.kubernetes.io/managed-by");
        let is_ours = manager.as_deref() == Some("mesh");
        let marked =
            MARKS.iter().find(|(part, key, _)| said(part, key).is_some()).map(|mark| SmolStr::new_static(mark.2));
        let tracked = || said("annotations", "argocd.argoproj.io/tracking-id").filter(|_| !is_ours);
        let application = || tracked()?.split(':').next().map(|name| format_smolstr!("Argo CD's {name}"));
        let parent = || metadata.get("ownerReferences")?.first()?.get("kind")?.text();
        let manager = manager.filter(|_| !is_ours);
        let other = marked.or_else(application).or_else(parent).or(manager);
        Owner {
            is_ours,
            project: label("mesh.kdl/project"),
            environment: label("mesh.kdl/environment"),
            node: label("mesh.kdl/owner"),
            other,
        }
    }

    /// Whether it is of the same project and environment, so that what made the one may take the other away.
    pub fn is_same(&self, other: &Owner) -> bool {
        self.is_ours && other.is_ours && self.project == other.project && self.environment == other.environment
    }
}
