use super::layers::overlays;
use super::laying::Laying;
use super::removals::Removals;
use super::{authorizer, provider};
use crate::diagnostic::Diagnostics;
use crate::intent::{self, Scope};
use crate::ir::PathNormalization;
use crate::source::{Decided, Layer, Span, Spanned};
use crate::value::{Cidr, Duration, Host, Label, Target};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// What holds of the whole mesh, laid; none where nobody says it.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) target: Option<Decided<Target>>,
    pub(super) trust_domain: Option<Decided<Host>>,
    pub(super) trust_aliases: Vec<Host>,
    pub(super) cluster_domain: Option<Decided<Host>>,
    pub(super) root_namespace: Option<Decided<Label>>,
    pub(super) certificate_lifetime: Option<Decided<Duration>>,
    pub(super) path_normalization: Option<Decided<PathNormalization>>,
    pub(super) monitoring: Option<Decided<Vec<Spanned<intent::Peer>>>>,
    pub(super) kube_api: Option<Decided<Vec<Spanned<Cidr>>>>,
    pub(super) authorizers: BTreeMap<SmolStr, authorizer::Laid>,
    pub(super) providers: BTreeMap<SmolStr, provider::Laid>,
    pub(super) pod_label: Option<Decided<SmolStr>>,
    pub(super) version_label: Option<Decided<SmolStr>>,
}

/// Lays the settings of `mesh` and of its overlays.
pub(super) fn resolve(mesh: &intent::Mesh, scope: &Scope, found: &mut Diagnostics) -> Settings {
    let mut settings = Settings { providers: provider::built_in(), ..Settings::default() };
    settings.take_away(&[&mesh.settings], found);
    settings.lay(&mut Laying::alone(Layer::Mesh, found), &mesh.settings);
    for level in overlays(scope, &[&mesh.body]) {
        let spans: Vec<Span> = level.iter().map(|overlay| overlay.body.span).collect();
        settings.take_away(&level.iter().map(|overlay| &*overlay.settings).collect::<Vec<_>>(), found);
        for (at, overlay) in level.iter().enumerate() {
            let earlier = spans.get(..at).unwrap_or(&[]);
            settings.lay(&mut Laying::beside(Layer::MeshOverlay, earlier, found), &overlay.settings);
        }
    }
    settings
}

fn as_known(said: intent::PathNormalization) -> PathNormalization {
    match said {
        intent::PathNormalization::Base => PathNormalization::Base,
        intent::PathNormalization::MergeSlashes => PathNormalization::MergeSlashes,
        intent::PathNormalization::DecodeAndMergeSlashes => PathNormalization::DecodeAndMergeSlashes,
    }
}

impl Settings {
    /// `-authorizer NAME` and `-provider NAME` of one layer.
    fn take_away(&mut self, layer: &[&intent::Settings], found: &mut Diagnostics) {
        let said = layer.iter().flat_map(|settings| &settings.removals);
        let mut removals = Removals::among(said, "authorizer", |removal| Some(removal.key.value.clone()));
        removals.take(|name| self.authorizers.remove(name).is_some());
        for added in layer.iter().flat_map(|settings| &settings.authorizers) {
            removals.check_added(added.name.value.text(), &added.name.value, added.name.span, found);
        }
        removals.finish(found);
        let said = layer.iter().flat_map(|settings| &settings.removals);
        let mut removals = Removals::among(said, "provider", |removal| Some(removal.key.value.clone()));
        let is_built_in = |name: &SmolStr| provider::BUILT_IN.iter().any(|(known, _)| known == name);
        removals.take(|name| !is_built_in(name) && self.providers.remove(name).is_some());
        for added in layer.iter().flat_map(|settings| &settings.providers) {
            removals.check_added(added.name.value.text(), &added.name.value, added.name.span, found);
        }
        removals.finish(found);
    }

    fn lay(&mut self, laying: &mut Laying<'_>, said: &intent::Settings) {
        let intent::Settings {
            target,
            trust_domain,
            trust_aliases,
            cluster_domain,
            root_namespace,
            certificate_lifetime,
            path_normalization,
            monitoring,
            kube_api,
            authorizers,
            providers,
            removals: _,
            pod_label,
            version_label,
        } = said;
        laying.part(&mut self.target, target, "`target`");
        laying.part(&mut self.trust_domain, trust_domain, "`trust-domain`");
        laying.part(&mut self.cluster_domain, cluster_domain, "`cluster-domain`");
        laying.part(&mut self.root_namespace, root_namespace, "`root-namespace`");
        laying.part(&mut self.certificate_lifetime, certificate_lifetime, "`certificate-lifetime`");
        let normalization = path_normalization.clone().map(|said| said.map(as_known));
        laying.part(&mut self.path_normalization, &normalization, "`path-normalization`");
        laying.part(&mut self.monitoring, monitoring, "`monitoring`");
        laying.part(&mut self.kube_api, kube_api, "`kube-api`");
        for said in authorizers {
            let laid = self.authorizers.entry(said.name.value.text().clone());
            laid.or_insert_with(|| authorizer::Laid::new(&said.name)).lay(laying, said);
        }
        for said in providers {
            self.providers.entry(said.name.value.text().clone()).or_default().lay(laying, said);
        }
        laying.part(&mut self.pod_label, pod_label, "`pod-label`");
        laying.part(&mut self.version_label, version_label, "`version-label`");
        if !trust_aliases.is_empty() {
            self.trust_aliases = trust_aliases.iter().map(|alias| alias.value.clone()).collect();
        }
    }
}
