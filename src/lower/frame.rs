use super::names;
use crate::ir::{Mesh, NamespaceId, ServiceId, Thing};
use crate::manifest::{Metadata, Object, Spec, Wave};
use crate::source::Origin;
use smol_str::{SmolStr, format_smolstr};

/// What is the same in many objects: labels of ownership, names of services, identities.
pub(super) struct Frame {
    project: SmolStr,
    environment: SmolStr,
    trust_domain: SmolStr,
    /// Every trust domain whose identities are ours, its own first.
    trust_domains: Vec<SmolStr>,
    cluster_domain: SmolStr,
    fqdns: Vec<SmolStr>,
}

/// Whose an object is: the node of intent by kind, name and namespace.
pub(super) struct Owner<'o> {
    pub(super) kind: &'static str,
    pub(super) name: &'o str,
    pub(super) namespace: Option<&'o str>,
    pub(super) origin: Origin,
}

/// Where an object stands and when it is applied.
pub(super) struct Place {
    pub(super) namespace: Option<SmolStr>,
    pub(super) name: SmolStr,
    pub(super) wave: Wave,
}

impl Frame {
    pub(super) fn of(mesh: &Mesh) -> Self {
        let domain = mesh.cluster_domain.value.text().clone();
        let fqdn =
            |service: &crate::ir::Service| names::fqdn(&service.name, mesh.namespace_name(service.namespace), &domain);
        Frame {
            project: mesh.name.clone(),
            environment: mesh.environment.name.clone(),
            trust_domain: mesh.trust_domain.value.text().clone(),
            trust_domains: std::iter::once(&mesh.trust_domain.value)
                .chain(&mesh.trust_aliases)
                .map(|domain| domain.text().clone())
                .collect(),
            fqdns: mesh.services.iter().map(fqdn).collect(),
            cluster_domain: domain,
        }
    }

    /// The full name of a service.
    pub(super) fn fqdn(&self, id: ServiceId) -> SmolStr {
        self.fqdns.get(id.0 as usize).cloned().unwrap_or_default()
    }

    /// The full name of any service.
    pub(super) fn fqdn_of(&self, name: &str, namespace: &str) -> SmolStr {
        names::fqdn(name, namespace, &self.cluster_domain)
    }

    /// The full name of the API server's service.
    pub(super) fn kube_api(&self) -> SmolStr {
        format_smolstr!("default/kubernetes.default.svc.{}", self.cluster_domain)
    }

    /// The identity of an account. Istio takes the aliases of the trust domain along: those of a whole identity alone.
    pub(super) fn principal(&self, namespace: &str, account: &str) -> SmolStr {
        names::joined(&[&self.trust_domain, "/ns/", namespace, "/sa/", account])
    }

    /// Every identity of a namespace, under each name of the trust domain.
    pub(super) fn principals_of(&self, namespace: &str) -> Vec<SmolStr> {
        self.trust_domains.iter().map(|domain| format_smolstr!("{domain}/ns/{namespace}/*")).collect()
    }

    /// Every identity of the mesh, under each name of the trust domain.
    pub(super) fn all_principals(&self) -> Vec<SmolStr> {
        self.trust_domains.iter().map(|domain| format_smolstr!("{domain}/*")).collect()
    }

    /// Puts an object together.
    pub(super) fn object(&self, owner: &Owner<'_>, place: Place, spec: Spec) -> Object {
        let label = |key: &'static str, value: SmolStr| (SmolStr::new_static(key), value);
        let labels = vec![
            label("app.kubernetes.io/managed-by", SmolStr::new_static("mesh")),
            label("app.kubernetes.io/part-of", self.project.clone()),
            label("mesh.kdl/project", self.project.clone()),
            label("mesh.kdl/environment", self.environment.clone()),
            label("mesh.kdl/owner", owner.label()),
        ];
        let annotations = vec![(SmolStr::new_static("argocd.argoproj.io/sync-wave"), place.wave.text())];
        let metadata = Metadata { name: names::object(place.name), namespace: place.namespace, labels, annotations };
        Object { metadata, spec, wave: place.wave, origin: owner.origin, patched: None }
    }
}

impl Owner<'_> {
    /// The value of the label of ownership.
    pub(super) fn label(&self) -> SmolStr {
        let owned_by = match self.namespace {
            Some(namespace) => names::joined(&[self.kind, ".", self.name, ".", namespace]),
            None if self.name.is_empty() => SmolStr::new_static(self.kind),
            None => names::joined(&[self.kind, ".", self.name]),
        };
        names::label(owned_by)
    }
}

impl<'m> super::Lowering<'m> {
    /// The owner of the objects of a thing.
    pub(super) fn owner_of(&self, thing: Thing) -> Owner<'m> {
        let mesh = self.mesh;
        match thing {
            Thing::Mesh => self.owned_by_mesh(),
            Thing::Namespace(id) => self.owned_by_namespace(id),
            Thing::Service(id) => self.owned_by_service(mesh.service(id)),
            Thing::Workload(id) => self.owned_by_workload(mesh.workload(id)),
            Thing::Gateway(id) => self.owned_by_gateway(mesh.gateway(id)),
            Thing::External(id) => self.owned_by_external(mesh.external(id)),
        }
    }

    /// The owner of a service's objects.
    pub(super) fn owned_by_service(&self, service: &'m crate::ir::Service) -> Owner<'m> {
        let namespace = self.mesh.namespace_name(service.namespace);
        Owner { kind: "service", name: &service.name, namespace: Some(namespace), origin: service.origin }
    }

    /// The owner of a workload's objects.
    pub(super) fn owned_by_workload(&self, workload: &'m crate::ir::Workload) -> Owner<'m> {
        let namespace = self.mesh.namespace_name(workload.namespace);
        Owner { kind: "workload", name: &workload.name, namespace: Some(namespace), origin: workload.origin }
    }

    /// The owner of a gateway's objects.
    #[allow(clippy::unused_self, reason = "asked for like the other owners")]
    pub(super) fn owned_by_gateway(&self, gateway: &'m crate::ir::Gateway) -> Owner<'m> {
        Owner { kind: "gateway", name: &gateway.name, namespace: None, origin: gateway.origin }
    }

    /// The owner of the objects of something outside.
    pub(super) fn owned_by_external(&self, external: &'m crate::ir::External) -> Owner<'m> {
        let namespace = external.namespace.map(|id| self.mesh.namespace_name(id).as_str());
        Owner { kind: "external", name: &external.name, namespace, origin: external.origin }
    }

    /// The owner of a namespace's objects.
    pub(super) fn owned_by_namespace(&self, id: NamespaceId) -> Owner<'m> {
        let namespace = self.mesh.namespace(id);
        Owner { kind: "namespace", name: &namespace.name, namespace: None, origin: namespace.origin }
    }

    /// The owner of the objects of the whole mesh.
    pub(super) fn owned_by_mesh(&self) -> Owner<'m> {
        Owner { kind: "mesh", name: "", namespace: None, origin: self.mesh.origin }
    }

    /// The namespace in which the objects of something outside stand.
    pub(super) fn home_of(&self, external: &crate::ir::External) -> &'m SmolStr {
        external.namespace.map_or(self.mesh.root_namespace.value.text(), |id| self.mesh.namespace_name(id))
    }

    /// The place of an object of something outside.
    pub(super) fn place_of_external(&self, external: &crate::ir::External, wave: Wave) -> Place {
        Place { namespace: Some(self.home_of(external).clone()), name: external.name.clone(), wave }
    }

    /// A place in a namespace.
    pub(super) fn place(&self, namespace: NamespaceId, name: impl Into<SmolStr>, wave: Wave) -> Place {
        Place { namespace: Some(self.mesh.namespace_name(namespace).clone()), name: name.into(), wave }
    }
}
