use super::codes::{NAMESPACE_NEEDED, UNKNOWN_NAME};
use super::faults::{Use, exists, reserved, taken, undeclared, unknown};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::intent::{self, Intent, Reference, Scope};
use crate::ir::{GatewayId, IssuerId, NamespaceId, ServiceId, WorkloadId};
use crate::source::{Span, Spanned};
use crate::value::Name;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// A service or workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    Service(ServiceId),
    Workload(WorkloadId),
}

/// A service or workload with the nodes that declare it, of one file or several.
pub(super) struct Declared<'i> {
    pub(super) namespace: NamespaceId,
    pub(super) name: &'i SmolStr,
    pub(super) pieces: Vec<&'i intent::Service>,
}

/// A namespace with the nodes that declare it; none where it is only used.
pub(super) struct DeclaredNamespace<'i> {
    pub(super) name: &'i SmolStr,
    pub(super) pieces: Vec<&'i intent::Namespace>,
}

/// Every name of a workspace and what it names.
#[derive(Default)]
pub(super) struct Index<'i> {
    pub(super) namespaces: Vec<DeclaredNamespace<'i>>,
    pub(super) services: Vec<Declared<'i>>,
    pub(super) workloads: Vec<Declared<'i>>,
    pub(super) gateways: Vec<&'i intent::Gateway>,
    pub(super) issuers: Vec<&'i intent::Issuer>,
    pub(super) profiles: BTreeMap<SmolStr, &'i intent::Profile>,
    by_namespace: BTreeMap<&'i str, NamespaceId>,
    members: BTreeMap<(NamespaceId, &'i str), Member>,
    by_gateway: BTreeMap<&'i str, GatewayId>,
    by_issuer: BTreeMap<&'i str, IssuerId>,
    /// Where namespaces are used that nobody declares: whole words, and the length of what is written there.
    undeclared: RefCell<BTreeMap<SmolStr, BTreeMap<Span, usize>>>,
}

/// Words that stand for something else where a peer or callee may stand.
const RESERVED: &[&str] = &[
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
const RESERVED_SERVICES: &[&str] = &["default", "allow-nothing", "default-deny"];

/// The environments in which a node exists; none: all.
type Environments = [Spanned<SmolStr>];

/// A list position as an id.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Whether two nodes exist in the same environments, so that they may be pieces of one.
fn exist_together(one: &Environments, other: &Environments) -> bool {
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
    pub(super) fn build(intents: &[&'i Intent], library: &'i Intent, scope: &Scope, found: &mut Diagnostics) -> Self {
        let mut index = Index::default();
        let here = |only_in: &Environments| only_in.is_empty() || only_in.iter().any(|name| scope.applies(&name.value));
        index.add_namespaces(intents, &here, found);
        index.add_members(intents, &here, found);
        index.add_gateways(intents, &here, found);
        index.add_issuers(intents, &here, found);
        let own = intents.iter().flat_map(|intent| &intent.profiles).filter(|profile| here(&profile.only_in));
        let own = unique("profile", own, |node| Head { name: &node.name, only_in: &node.only_in }, found);
        index.profiles.extend(own.into_iter().map(|(name, profile)| (name.clone(), profile)));
        index
            .profiles
            .extend(library.profiles.iter().map(|profile| (format!("std:{}", profile.name.value).into(), profile)));
        index
    }

    fn add_namespaces(
        &mut self,
        intents: &[&'i Intent],
        here: &impl Fn(&Environments) -> bool,
        found: &mut Diagnostics,
    ) {
        let mut nodes: Vec<_> =
            intents.iter().flat_map(|intent| &intent.namespaces).filter(|node| here(&node.only_in)).collect();
        nodes.sort_by_key(|node| !node.only_in.is_empty());
        let mut pieces: BTreeMap<&'i SmolStr, Vec<&'i intent::Namespace>> = BTreeMap::new();
        for node in nodes {
            let entry = pieces.entry(node.name.value.text()).or_default();
            match entry.first() {
                Some(first) if !exist_together(&first.only_in, &node.only_in) => {
                    found.push(exists(&node.name, (first.name.span, first.only_in.is_empty())));
                }
                Some(_) | None => entry.push(node),
            }
        }
        let members = intents.iter().flat_map(|intent| intent.services.iter().chain(&intent.workloads));
        let gateways = intents.iter().flat_map(|intent| &intent.gateways);
        let used = members.filter(|node| here(&node.only_in)).map(|node| &node.namespace);
        let used = used.chain(gateways.filter(|node| here(&node.only_in)).map(|node| &node.namespace));
        for namespace in used {
            if pieces.entry(namespace.value.text()).or_default().is_empty() {
                self.note_undeclared(&Use::whole(namespace.value.text(), namespace.span));
            }
        }
        for (at, (name, pieces)) in pieces.into_iter().enumerate() {
            self.by_namespace.insert(name, NamespaceId(number(at)));
            self.namespaces.push(DeclaredNamespace { name, pieces });
        }
    }

    fn add_members(&mut self, intents: &[&'i Intent], here: &impl Fn(&Environments) -> bool, found: &mut Diagnostics) {
        let services = intents.iter().flat_map(|intent| intent.services.iter().map(|node| ("service", node)));
        let workloads = intents.iter().flat_map(|intent| intent.workloads.iter().map(|node| ("workload", node)));
        let mut nodes: Vec<(&'static str, &'i intent::Service)> =
            services.chain(workloads).filter(|(_, node)| here(&node.only_in)).collect();
        nodes.sort_by_key(|(_, node)| !node.only_in.is_empty());
        let mut pieces: BTreeMap<(NamespaceId, &'i SmolStr), (&'static str, Vec<&'i intent::Service>)> =
            BTreeMap::new();
        for (kind, node) in nodes {
            let name = node.name.value.text();
            let Some(namespace) = self.by_namespace.get(node.namespace.value.text().as_str()).copied() else {
                continue;
            };
            if RESERVED.contains(&name.as_str()) || (kind == "service" && RESERVED_SERVICES.contains(&name.as_str())) {
                found.push(reserved(name, node.name.span));
            }
            let entry = pieces.entry((namespace, name)).or_insert((kind, Vec::new()));
            match entry.1.first() {
                Some(first) if entry.0 != kind => found.push(taken(kind, &node.name, first.name.span)),
                Some(first) if !exist_together(&first.only_in, &node.only_in) => {
                    found.push(exists(&node.name, (first.name.span, first.only_in.is_empty())));
                }
                Some(_) | None => entry.1.push(node),
            }
        }
        for ((namespace, name), (kind, pieces)) in pieces {
            let is_service = kind == "service";
            let list = if is_service { &mut self.services } else { &mut self.workloads };
            let at = number(list.len());
            let member = if is_service { Member::Service(ServiceId(at)) } else { Member::Workload(WorkloadId(at)) };
            list.push(Declared { namespace, name, pieces });
            self.members.insert((namespace, name), member);
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

    fn note_undeclared(&self, used: &Use<'_>) {
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

    /// The gateway of this name; a fault where none has it.
    pub(super) fn gateway(&self, used: &Use<'_>, found: &mut Diagnostics) -> Option<GatewayId> {
        let id = self.by_gateway.get(used.name).copied();
        if id.is_none() {
            found.push(unknown("gateway", used, self.by_gateway.keys().copied()));
        }
        id
    }

    /// The issuer of this name; a fault where none has it.
    pub(super) fn issuer(&self, used: &Use<'_>, found: &mut Diagnostics) -> Option<IssuerId> {
        let id = self.by_issuer.get(used.name).copied();
        if id.is_none() {
            found.push(unknown("issuer", used, self.by_issuer.keys().copied()));
        }
        id
    }

    /// The service or workload of a reference, from inside `home`; a fault where nothing has the name.
    pub(super) fn member(
        &self,
        reference: &Reference,
        home: Option<NamespaceId>,
        span: Span,
        found: &mut Diagnostics,
    ) -> Option<Member> {
        let namespace = match (&reference.namespace, home) {
            (Some(name), _) => self.namespace(&Use::end_of(name.text(), reference.to_string().len(), span))?,
            (None, Some(home)) => home,
            (None, None) => {
                found.push(self.namespace_needed(reference, span));
                return None;
            }
        };
        let name = reference.name.text().as_str();
        let member = self.members.get(&(namespace, name)).copied();
        let is_declared =
            self.namespaces.get(namespace.0 as usize).is_some_and(|namespace| !namespace.pieces.is_empty());
        if member.is_none() && is_declared {
            found.push(self.no_member(reference, namespace, span));
        }
        member
    }

    /// The names of the namespaces that have a member of this name.
    fn homes_of<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'i str> + 's {
        let ids = self.members.keys().filter(move |(_, other)| *other == name).map(|(at, _)| at.0 as usize);
        ids.filter_map(|at| self.namespaces.get(at)).map(|namespace| namespace.name.as_str())
    }

    fn namespace_needed(&self, reference: &Reference, span: Span) -> Diagnostic {
        let fault =
            Diagnostic::new(&NAMESPACE_NEEDED, format!("expected a name with its namespace, found `{reference}`"))
                .at(span, "this node belongs to no namespace, so a short name means nothing");
        let mut homes = self.homes_of(reference.name.text());
        match (homes.next(), homes.next()) {
            (Some(home), None) => {
                fault.fix(format!("say whose it is: `{reference}.{home}`"), span, format!("{reference}.{home}"))
            }
            (Some(_) | None, _) => fault.help(format!("write `{reference}.NAMESPACE`")),
        }
    }

    fn no_member(&self, reference: &Reference, namespace: NamespaceId, span: Span) -> Diagnostic {
        let name = reference.name.text().as_str();
        let home = self.namespaces.get(namespace.0 as usize).map_or("", |found| found.name.as_str());
        let fault =
            Diagnostic::new(&UNKNOWN_NAME, format!("no service or workload is named `{name}` in namespace `{home}`"))
                .at(span, "nothing has this name");
        if let Some(elsewhere) = self.homes_of(name).next() {
            let full = format!("{name}.{elsewhere}");
            let fault = if reference.namespace.is_none() {
                fault.note("a short name means this namespace and no other")
            } else {
                fault
            };
            return fault.fix(format!("did you mean `{full}`?"), span, full);
        }
        let near = nearest(name, self.members.keys().filter(|(at, _)| *at == namespace).map(|(_, name)| *name));
        match near {
            Some(near) => {
                let full = if reference.namespace.is_some() { format!("{near}.{home}") } else { near.to_owned() };
                fault.fix(format!("did you mean `{near}`?"), span, full)
            }
            None => fault.help(format!("declare it: `service {name} namespace={home} {{ }}`")),
        }
    }
}
