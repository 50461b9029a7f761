use super::layers::overlays;
use super::laying::Laying;
use crate::diagnostic::Diagnostics;
use crate::intent::{self, Scope};
use crate::source::{Decided, Layer, Span};
use crate::value::{Duration, Host, Label, Target};
use smol_str::SmolStr;

/// What holds of the whole mesh, laid; none where nobody says it.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) target: Option<Decided<Target>>,
    pub(super) trust_domain: Option<Decided<Host>>,
    pub(super) trust_aliases: Vec<Host>,
    pub(super) cluster_domain: Option<Decided<Host>>,
    pub(super) root_namespace: Option<Decided<Label>>,
    pub(super) certificate_lifetime: Option<Decided<Duration>>,
    pub(super) pod_label: Option<Decided<SmolStr>>,
    pub(super) version_label: Option<Decided<SmolStr>>,
}

/// Lays the settings of `mesh` and of its overlays.
pub(super) fn resolve(mesh: &intent::Mesh, scope: &Scope, found: &mut Diagnostics) -> Settings {
    let mut settings = Settings::default();
    settings.lay(&mut Laying::alone(Layer::Mesh, found), &mesh.settings);
    for level in overlays(scope, &[&mesh.body]) {
        let spans: Vec<Span> = level.iter().map(|overlay| overlay.body.span).collect();
        for (at, overlay) in level.iter().enumerate() {
            let earlier = spans.get(..at).unwrap_or(&[]);
            settings.lay(&mut Laying { layer: Layer::MeshOverlay, earlier, found }, &overlay.settings);
        }
    }
    settings
}

impl Settings {
    fn lay(&mut self, laying: &mut Laying<'_>, said: &intent::Settings) {
        let intent::Settings {
            target,
            trust_domain,
            trust_aliases,
            cluster_domain,
            root_namespace,
            certificate_lifetime,
            pod_label,
            version_label,
        } = said;
        laying.part(&mut self.target, target, "`target`");
        laying.part(&mut self.trust_domain, trust_domain, "`trust-domain`");
        laying.part(&mut self.cluster_domain, cluster_domain, "`cluster-domain`");
        laying.part(&mut self.root_namespace, root_namespace, "`root-namespace`");
        laying.part(&mut self.certificate_lifetime, certificate_lifetime, "`certificate-lifetime`");
        laying.part(&mut self.pod_label, pod_label, "`pod-label`");
        laying.part(&mut self.version_label, version_label, "`version-label`");
        if !trust_aliases.is_empty() {
            self.trust_aliases = trust_aliases.iter().map(|alias| alias.value.clone()).collect();
        }
    }
}
