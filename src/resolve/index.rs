use super::extra::Declared as Template;
use super::faults::{Use, exists, reserved, taken, undeclared, unknown};
use super::groups::Groups;
use super::peers;
use super::settings::Settings;
use crate::diagnostic::{Diagnostics, Severity};
use crate::intent::{self, Intent, Members, Scope};
use crate::ir::{
    AuthorizerId, ExternalId, GatewayId, GroupId, IssuerId, NamespaceId, Peer, ProviderId, ServiceId, WorkloadId,
};
use crate::source::{Span, Spanned};
use crate::value::Name;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What has a name in a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    Service(ServiceId),
    Workload(WorkloadId),
    External(ExternalId),
}

/// A service or workload with the nodes that declare it, of one file or several.
pub(super) struct Declared {
    pub(super) namespace: NamespaceId,
    pub(super) name: SmolStr,
    /// None any more where all was read of them.
    pub(super) pieces: Vec<Rc<intent::Service>>,
}

/// Something outside with the nodes that declare it, of one file or several.
pub(super) struct DeclaredExternal<'i> {
    /// None: it is the whole mesh's.
    pub(super) namespace: Option<NamespaceId>,
    pub(super) name: SmolStr,
    pub(super) pieces: Vec<&'i intent::External>,
}

/// A namespace with the nodes that declare it; none where it is only used.
pub(super) struct DeclaredNamespace<'i> {
    pub(super) name: SmolStr,
    pub(super) pieces: Vec<&'i intent::Namespace>,
}

/// Services and workloads, by their ids.
#[derive(Default)]
pub(super) struct Numbered {
    pub(super) services: Vec<Declared>,
    pub(super) workloads: Vec<Declared>,
    /// Whether some block of the workspace asks for the objects of a template.
    pub(super) asks_for_templates: bool,
}

/// Every name of a workspace and what it names.
#[derive(Default)]
pub(super) struct Index<'i> {
    pub(super) namespaces: Vec<DeclaredNamespace<'i>>,
    pub(super) gateways: Vec<&'i intent::Gateway>,
    pub(super) issuers: Vec<&'i intent::Issuer>,
    pub(super) externals: Vec<DeclaredExternal<'i>>,
    pub(super) profiles: BTreeMap<SmolStr, &'i intent::Profile>,
    pub(super) groups: Vec<&'i intent::Group>,
    /// Templates, those of the standard library as `std:NAME`.
    pub(super) templates: BTreeMap<SmolStr, Template<'i>>,
    /// What stands for several peers.
    pub(super) collectives: Collectives,
    /// The authorizers of the mesh, by name.
    pub(super) authorizers: BTreeMap<SmolStr, AuthorizerId>,
    /// Where telemetry goes, by name.
    providers: BTreeMap<SmolStr, ProviderId>,
    pub(super) guards: Vec<&'i intent::Guard>,
    pub(super) ignores: Vec<&'i intent::Ignore>,
    pub(super) accepts: Vec<&'i intent::Accept>,
    platforms: Vec<&'i intent::Platform>,
    pub(super) by_namespace: BTreeMap<SmolStr, NamespaceId>,
    /// What has a name, by namespace; what is the whole mesh's has none.
    pub(super) members: BTreeMap<Option<NamespaceId>, BTreeMap<SmolStr, Member>>,
    by_gateway: BTreeMap<&'i str, GatewayId>,
    by_issuer: BTreeMap<&'i str, IssuerId>,
    pub(super) by_group: BTreeMap<&'i str, GroupId>,
    /// Where namespaces are used that nobody declares: whole words, and the length of what is written there.
    undeclared: RefCell<BTreeMap<SmolStr, BTreeMap<Span, usize>>>,
}

/// What a word for several peers stands for.
#[derive(Default)]
pub(super) struct Collectives {
    pub(super) groups: Groups,
    /// None where the mesh does not say it.
    pub(super) monitoring: Option<Vec<Peer>>,
}

/// Words that stand for something else where a peer or callee may stand.
pub(super) const RESERVED: &[&str] = &[
    "same-namespace",
    "anyone-in-mesh",
    "anyone",
    "monitoring",
    "kube-api",
    "anything",
    "internet",
    "all",
    "off",
    "any",
    "self",
];
/// Names of the objects that stand for a whole namespace.
pub(super) const RESERVED_SERVICES: &[&str] = &["default", "allow-nothing", "default-deny"];

/// The environments in which a node exists; none: all.
pub(super) type Environments = [Spanned<SmolStr>];

/// A list position as an id.
pub(super) fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Whether two nodes exist in the same environments, so that they may be pieces of one.
pub(super) fn exist_together(one: &Environments, other: &Environments) -> bool {
    let names = |list: &Environments| list.iter().map(|name| name.value.clone()).collect::<BTreeSet<_>>();
    (one.is_empty() && other.is_empty()) || names(one) == names(other)
}

/// What the nodes of a kind have in common.
struct Head<'i> {
    name: &'i Spanned<Name>,
    only_in: &'i Environments,
}

/// The nodes of a kind whose name is unique in the workspace, by name.
fn unique<'i, N>(
    kind: &str,
    nodes: impl Iterator<Item = &'i N>,
    head: impl Fn(&'i N) -> Head<'i>,
    found: &mut Diagnostics,
) -> BTreeMap<&'i SmolStr, &'i N> {
    let mut nodes: Vec<&'i N> = nodes.collect();
    nodes.sort_by_key(|node| !head(node).only_in.is_empty());
    let mut all: BTreeMap<&'i SmolStr, &'i N> = BTreeMap::new();
    for node in nodes {
        let Head { name, only_in } = head(node);
        match all.get(name.value.text()).map(|first| head(first)) {
            Some(first) if exist_together(first.only_in, only_in) => found.push(taken(kind, name, first.name.span)),
            Some(first) => found.push(exists(name, (first.name.span, first.only_in.is_empty()))),
            None => _ = all.insert(name.value.text(), node),
        }
    }
    all
}

impl<'i> Index<'i> {
    /// The index, and the services and workloads that it numbers.
    pub(super) fn build(
        intents: &[&'i Intent],
        members: &Members,
        library: &'i Intent,
        scope: &Scope,
        found: &mut Diagnostics,
    ) -> (Self, Numbered) {
        let mut index = Index::default();
        let here = |only_in: &Environments| only_in.is_empty() || only_in.iter().any(|name| scope.applies(&name.value));
        index.add_namespaces(intents, members, &here, found);
        let numbered = index.add_members(intents, members, &here, found);
        index.add_gateways(intents, &here, found);
        index.add_issuers(intents, &here, found);
        index.add_groups(intents, &here, found);
        let own = intents.iter().flat_map(|intent| &intent.templates).filter(|template| here(&template.only_in));
        let own = unique("template", own, |node| Head { name: &node.name, only_in: &node.only_in }, found);
        let of_workspace = |(name, node): (&SmolStr, &'i intent::Template)| {
            (name.clone(), Template { node, file: node.file.value.text().clone() })
        };
        index.templates.extend(own.into_iter().map(of_workspace));
        let of_library = |node: &'i intent::Template| {
            let file = format!("std:{}", node.file.value).into();
            (format!("std:{}", node.name.value).into(), Template { node, file })
        };
        index.templates.extend(library.templates.iter().map(of_library));
        let guards = intents.iter().flat_map(|intent| &intent.guards).filter(|guard| here(&guard.only_in));
        let guards = unique("guard", guards, |node| Head { name: &node.name, only_in: &node.only_in }, found);
        let ignores = intents.iter().flat_map(|intent| &intent.ignores);
        index.ignores = ignores.filter(|node| here(&node.only_in)).collect();
        let accepts = intents.iter().flat_map(|intent| &intent.accepts);
        index.accepts = accepts.filter(|node| here(&node.only_in)).collect();
        index.guards = guards.into_values().collect();
        let platforms = intents.iter().flat_map(|intent| &intent.platforms);
        index.platforms = platforms.filter(|platform| here(&platform.only_in)).collect();
        let own = intents.iter().flat_map(|intent| &intent.profiles).filter(|profile| here(&profile.only_in));
        let own = unique("profile", own, |node| Head { name: &node.name, only_in: &node.only_in }, found);
        index.profiles.extend(own.into_iter().map(|(name, profile)| (name.clone(), profile)));
        index
            .profiles
            .extend(library.profiles.iter().map(|profile| (format!("std:{}", profile.name.value).into(), profile)));
        (index, numbered)
    }

    fn add_namespaces(
        &mut self,
        intents: &[&'i Intent],
        members: &Members,
        here: &impl Fn(&Environments) -> bool,
        found: &mut Diagnostics,
    ) {
        let mut nodes: Vec<_> =
            intents.iter().flat_map(|intent| &intent.namespaces).filter(|node| here(&node.only_in)).collect();
        nodes.sort_by_key(|node| !node.only_in.is_empty());
        let mut pieces: BTreeMap<SmolStr, Vec<&'i intent::Namespace>> = BTreeMap::new();
        for node in nodes {
            let entry = pieces.entry(node.name.value.text().clone()).or_default();
            match entry.first() {
                Some(first) if !exist_together(&first.only_in, &node.only_in) => {
                    found.push(exists(&node.name, (first.name.span, first.only_in.is_empty())));
                }
                Some(_) | None => entry.push(node),
            }
        }
        let gateways = intents.iter().flat_map(|intent| &intent.gateways);
        let externals = intents.iter().flat_map(|intent| &intent.externals).filter(|node| here(&node.only_in));
        let used = members.iter().filter(|node| here(&node.only_in)).map(|node| &node.namespace);
        let used = used.chain(externals.filter_map(|node| node.namespace.as_ref()));
        let used = used.chain(gateways.filter(|node| here(&node.only_in)).map(|node| &node.namespace));
        let platforms = intents.iter().flat_map(|intent| &intent.platforms).filter(|node| here(&node.only_in));
        let used = used.chain(platforms.flat_map(|platform| &platform.namespaces));
        for namespace in used {
            let is_declared = pieces.get(namespace.value.text()).is_some_and(|pieces| !pieces.is_empty());
            if !is_declared {
                pieces.entry(namespace.value.text().clone()).or_default();
                self.note_undeclared(&Use::whole(namespace.value.text(), namespace.span));
            }
        }
        for (at, (name, pieces)) in pieces.into_iter().enumerate() {
            self.by_namespace.insert(name.clone(), NamespaceId(number(at)));
            self.namespaces.push(DeclaredNamespace { name, pieces });
        }
    }

    fn add_gateways(&mut self, intents: &[&'i Intent], here: &impl Fn(&Environments) -> bool, found: &mut Diagnostics) {
        let nodes = intents.iter().flat_map(|intent| &intent.gateways).filter(|node| here(&node.only_in));
        let all = unique("gateway", nodes, |node| Head { name: &node.name, only_in: &node.only_in }, found);
        for (at, (name, gateway)) in all.into_iter().enumerate() {
            if RESERVED.contains(&name.as_str()) {
                found.push(reserved(name, gateway.name.span));
            }
            self.by_gateway.insert(name, GatewayId(number(at)));
            self.gateways.push(gateway);
        }
    }

    fn add_issuers(&mut self, intents: &[&'i Intent], here: &impl Fn(&Environments) -> bool, found: &mut Diagnostics) {
        let nodes = intents.iter().flat_map(|intent| &intent.issuers).filter(|node| here(&node.only_in));
        let all = unique("issuer", nodes, |node| Head { name: &node.name, only_in: &node.only_in }, found);
        for (at, (name, issuer)) in all.into_iter().enumerate() {
            self.by_issuer.insert(name, IssuerId(number(at)));
            self.issuers.push(issuer);
        }
    }

    fn add_groups(&mut self, intents: &[&'i Intent], here: &impl Fn(&Environments) -> bool, found: &mut Diagnostics) {
        let nodes = intents.iter().flat_map(|intent| &intent.groups).filter(|node| here(&node.only_in));
        let all = unique("group", nodes, |node| Head { name: &node.name, only_in: &node.only_in }, found);
        for (at, (name, group)) in all.into_iter().enumerate() {
            if RESERVED.contains(&name.as_str()) {
                found.push(reserved(name, group.name.span));
            }
            self.by_group.insert(name, GroupId(number(at)));
            self.groups.push(group);
        }
    }

    /// Adds what the settings of the mesh name.
    pub(super) fn add_collectives(&mut self, settings: &Settings, found: &mut Diagnostics) {
        self.collectives.groups = Groups::of(self, found);
        let monitoring = settings.monitoring.as_ref();
        self.collectives.monitoring = monitoring.map(|said| peers::monitoring(self, &said.value, found));
        let names = settings.authorizers.keys().cloned();
        self.authorizers = names.zip((0..).map(AuthorizerId)).collect();
        self.providers = settings.providers.keys().cloned().zip((0..).map(ProviderId)).collect();
    }

    pub(super) fn note_undeclared(&self, used: &Use<'_>) {
        self.undeclared.borrow_mut().entry(used.name.into()).or_default().insert(used.span, used.length());
    }

    /// Reports each namespace that is used and not declared, once for all its uses.
    pub(super) fn report_undeclared(&self, found: &mut Diagnostics) {
        let declared = self
            .namespaces
            .iter()
            .filter(|namespace| !namespace.pieces.is_empty())
            .map(|namespace| namespace.name.as_str());
        for (name, uses) in self.undeclared.borrow().iter() {
            let uses: Vec<Use<'_>> = uses.iter().map(|(span, length)| Use::end_of(name, *length, *span)).collect();
            found.push(undeclared(name, &uses, declared.clone()));
        }
    }

    /// The namespace of this name; where none has it, that is noted.
    pub(super) fn namespace(&self, used: &Use<'_>) -> Option<NamespaceId> {
        let id = self.by_namespace.get(used.name).copied();
        let is_declared =
            id.and_then(|id| self.namespaces.get(id.0 as usize)).is_some_and(|namespace| !namespace.pieces.is_empty());
        if !is_declared {
            self.note_undeclared(used);
        }
        id
    }

    /// The namespace of a node that was indexed.
    pub(super) fn namespace_of(&self, name: &str) -> Option<NamespaceId> {
        self.by_namespace.get(name).copied()
    }

    /// The words of the platform for a namespace.
    pub(super) fn platforms(&self, namespace: NamespaceId) -> Vec<&'i intent::Body> {
        let name = self.namespaces.get(namespace.0 as usize).map_or("", |declared| declared.name.as_str());
        let holds = |platform: &&&intent::Platform| {
            let names = &platform.namespaces;
            names.is_empty() || names.iter().any(|said| said.value.text() == name)
        };
        self.platforms.iter().filter(holds).map(|platform| &platform.body).collect()
    }

    /// The group of this name; a fault where none has it.
    pub(super) fn group(&self, used: &Use<'_>, found: &mut Diagnostics) -> Option<GroupId> {
        let id = self.by_group.get(used.name).copied();
        if id.is_none() {
            found.push_if_kept(Severity::Error, used.span, || unknown("group", used, self.by_group.keys().copied()));
        }
        id
    }

    /// The authorizer of this name; a fault where none has it.
    pub(super) fn authorizer(&self, used: &Use<'_>, found: &mut Diagnostics) -> Option<AuthorizerId> {
        let id = self.authorizers.get(used.name).copied();
        if id.is_none() {
            found.push_if_kept(Severity::Error, used.span, || {
                unknown("authorizer", used, self.authorizers.keys().map(SmolStr::as_str))
            });
        }
        id
    }

    /// The provider of this name; a fault where none has it.
    pub(super) fn provider(&self, used: &Use<'_>, found: &mut Diagnostics) -> Option<ProviderId> {
        let id = self.providers.get(used.name).copied();
        if id.is_none() {
            found.push_if_kept(Severity::Error, used.span, || {
                unknown("provider", used, self.providers.keys().map(SmolStr::as_str))
            });
        }
        id
    }

    /// The provider of a name that is built in.
    pub(super) fn built_in_provider(&self, name: &str) -> ProviderId {
        self.providers.get(name).copied().unwrap_or(ProviderId(0))
    }

    /// The gateway of this name; a fault where none has it.
    pub(super) fn gateway(&self, used: &Use<'_>, found: &mut Diagnostics) -> Option<GatewayId> {
        let id = self.by_gateway.get(used.name).copied();
        if id.is_none() {
            found
                .push_if_kept(Severity::Error, used.span, || unknown("gateway", used, self.by_gateway.keys().copied()));
        }
        id
    }

    /// The issuer of this name; a fault where none has it.
    pub(super) fn issuer(&self, used: &Use<'_>, found: &mut Diagnostics) -> Option<IssuerId> {
        let id = self.by_issuer.get(used.name).copied();
        if id.is_none() {
            found.push_if_kept(Severity::Error, used.span, || unknown("issuer", used, self.by_issuer.keys().copied()));
        }
        id
    }

    /// The service or workload of a name in a namespace.
    pub(super) fn find(&self, name: &str, namespace: NamespaceId) -> Option<Member> {
        self.named(Some(namespace), name)
    }

    /// What has a name in a namespace, or in the whole mesh.
    pub(super) fn named(&self, home: Option<NamespaceId>, name: &str) -> Option<Member> {
        self.members.get(&home)?.get(name).copied()
    }
}
