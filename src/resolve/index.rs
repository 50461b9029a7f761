use super::codes::{NAME_TAKEN, NAMESPACE_NEEDED, NODE_EXISTS, RESERVED_NAME, UNDECLARED_NAMESPACE, UNKNOWN_NAME};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::intent::{self, Intent, Reference, Scope};
use crate::ir::{GatewayId, NamespaceId, ServiceId, WorkloadId};
use crate::source::{Span, Spanned};
use smol_str::SmolStr;
use std::collections::BTreeMap;

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
    pub(super) profiles: BTreeMap<SmolStr, Vec<&'i intent::Profile>>,
    by_namespace: BTreeMap<&'i str, NamespaceId>,
    members: BTreeMap<(NamespaceId, &'i str), Member>,
    by_gateway: BTreeMap<&'i str, GatewayId>,
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

/// A list position as an id.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl<'i> Index<'i> {
    pub(super) fn build(intents: &[&'i Intent], library: &'i Intent, scope: &Scope, found: &mut Diagnostics) -> Self {
        let mut index = Index::default();
        let here =
            |only_in: &[Spanned<SmolStr>]| only_in.is_empty() || only_in.iter().any(|name| scope.applies(&name.value));
        index.add_namespaces(intents, &here, found);
        index.add_members(intents, &here, found);
        index.add_gateways(intents, &here, found);
        let own = intents.iter().flat_map(|intent| &intent.profiles).filter(|profile| here(&profile.only_in));
        for profile in own {
            index.profiles.entry(profile.name.value.text().clone()).or_default().push(profile);
        }
        for profile in &library.profiles {
            index.profiles.entry(format!("std:{}", profile.name.value).into()).or_default().push(profile);
        }
        index
    }

    fn add_namespaces(
        &mut self,
        intents: &[&'i Intent],
        here: &impl Fn(&[Spanned<SmolStr>]) -> bool,
        found: &mut Diagnostics,
    ) {
        let mut pieces: BTreeMap<&'i SmolStr, Vec<&'i intent::Namespace>> = BTreeMap::new();
        for namespace in intents.iter().flat_map(|intent| &intent.namespaces).filter(|node| here(&node.only_in)) {
            pieces.entry(namespace.name.value.text()).or_default().push(namespace);
        }
        let members = intents.iter().flat_map(|intent| intent.services.iter().chain(&intent.workloads));
        let gateways = intents.iter().flat_map(|intent| &intent.gateways);
        let used = members.filter(|node| here(&node.only_in)).map(|node| &node.namespace);
        let used = used.chain(gateways.filter(|node| here(&node.only_in)).map(|node| &node.namespace));
        let declared: Vec<SmolStr> = pieces.keys().map(|name| (*name).clone()).collect();
        for namespace in used {
            if !pieces.contains_key(namespace.value.text()) {
                found.push(undeclared(namespace.value.text(), namespace.span, &declared));
                pieces.insert(namespace.value.text(), Vec::new());
            }
        }
        for (at, (name, pieces)) in pieces.into_iter().enumerate() {
            self.by_namespace.insert(name, NamespaceId(number(at)));
            self.namespaces.push(DeclaredNamespace { name, pieces });
        }
    }

    fn add_members(
        &mut self,
        intents: &[&'i Intent],
        here: &impl Fn(&[Spanned<SmolStr>]) -> bool,
        found: &mut Diagnostics,
    ) {
        let services = intents.iter().flat_map(|intent| intent.services.iter().map(|node| (true, node)));
        let workloads = intents.iter().flat_map(|intent| intent.workloads.iter().map(|node| (false, node)));
        type Pieces<'i> = (bool, Vec<&'i intent::Service>);
        let mut pieces: BTreeMap<(NamespaceId, &'i SmolStr), Pieces<'i>> = BTreeMap::new();
        for (is_service, node) in services.chain(workloads).filter(|(_, node)| here(&node.only_in)) {
            let Some(namespace) = self.by_namespace.get(node.namespace.value.text().as_str()).copied() else {
                continue;
            };
            reserved(node.name.value.text(), node.name.span, is_service, found);
            let entry = pieces.entry((namespace, node.name.value.text())).or_insert((is_service, Vec::new()));
            match entry.1.first() {
                Some(first) if entry.0 != is_service => found.push(taken(&node.name, first.name.span)),
                Some(first) if first.only_in.is_empty() != node.only_in.is_empty() => {
                    found.push(exists(&node.name, first.name.span));
                }
                Some(_) | None => entry.1.push(node),
            }
        }
        for ((namespace, name), (is_service, pieces)) in pieces {
            let list = if is_service { &mut self.services } else { &mut self.workloads };
            let at = number(list.len());
            let member = if is_service { Member::Service(ServiceId(at)) } else { Member::Workload(WorkloadId(at)) };
            list.push(Declared { namespace, name, pieces });
            self.members.insert((namespace, name), member);
        }
    }

    fn add_gateways(
        &mut self,
        intents: &[&'i Intent],
        here: &impl Fn(&[Spanned<SmolStr>]) -> bool,
        found: &mut Diagnostics,
    ) {
        let mut all: BTreeMap<&'i str, &'i intent::Gateway> = BTreeMap::new();
        for gateway in intents.iter().flat_map(|intent| &intent.gateways).filter(|node| here(&node.only_in)) {
            reserved(gateway.name.value.text(), gateway.name.span, false, found);
            if let Some(first) = all.get(gateway.name.value.text().as_str()) {
                found.push(taken(&gateway.name, first.name.span));
            } else {
                all.insert(gateway.name.value.text(), gateway);
            }
        }
        for (at, (name, gateway)) in all.into_iter().enumerate() {
            self.by_gateway.insert(name, GatewayId(number(at)));
            self.gateways.push(gateway);
        }
    }

    /// The namespace of this name; a fault where none has it.
    pub(super) fn namespace(&self, name: &str, span: Span, found: &mut Diagnostics) -> Option<NamespaceId> {
        let id = self.by_namespace.get(name).copied();
        if id.is_none() {
            let known: Vec<SmolStr> = self.by_namespace.keys().map(|name| (*name).into()).collect();
            found.push(undeclared(name, span, &known));
        }
        id
    }

    /// The namespace of a node that was indexed.
    pub(super) fn namespace_of(&self, name: &str) -> Option<NamespaceId> {
        self.by_namespace.get(name).copied()
    }

    /// The gateway of this name; a fault where none has it.
    pub(super) fn gateway(&self, name: &str, span: Span, found: &mut Diagnostics) -> Option<GatewayId> {
        let id = self.by_gateway.get(name).copied();
        if id.is_none() {
            found.push(unknown("gateway", name, span, self.by_gateway.keys().copied()));
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
            (Some(name), _) => self.namespace(name.text(), span, found)?,
            (None, Some(home)) => home,
            (None, None) => {
                found.push(
                    Diagnostic::new(
                        &NAMESPACE_NEEDED,
                        format!("expected a name with its namespace, found `{reference}`"),
                    )
                    .at(span, "this node belongs to no namespace, so a short name means nothing")
                    .help(format!("write `{reference}.NAMESPACE`")),
                );
                return None;
            }
        };
        let name = reference.name.text().as_str();
        let member = self.members.get(&(namespace, name)).copied();
        if member.is_none() {
            found.push(self.no_member(reference, namespace, span));
        }
        member
    }

    fn no_member(&self, reference: &Reference, namespace: NamespaceId, span: Span) -> Diagnostic {
        let name = reference.name.text().as_str();
        let home = self.namespaces.get(namespace.0 as usize).map_or("", |found| found.name.as_str());
        let elsewhere = self.members.keys().find(|(_, other)| *other == name).map(|(at, _)| *at);
        let fault =
            Diagnostic::new(&UNKNOWN_NAME, format!("no service or workload is named `{name}` in namespace `{home}`"))
                .at(span, "nothing has this name");
        if let Some(place) = elsewhere.and_then(|at| self.namespaces.get(at.0 as usize)) {
            let full = format!("{name}.{}", place.name);
            return fault.note("a short name means this namespace and no other").fix(
                format!("did you mean `{full}`?"),
                span,
                full,
            );
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

/// Nothing of a kind has a name.
pub(super) fn unknown<'a>(
    kind: &str,
    name: &str,
    span: Span,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let fault =
        Diagnostic::new(&UNKNOWN_NAME, format!("no {kind} is named `{name}`")).at(span, "nothing has this name");
    match nearest(name, known.clone()) {
        Some(near) => fault.fix(format!("did you mean `{near}`?"), span, near),
        None => {
            let known: Vec<String> = known.take(12).map(|name| format!("`{name}`")).collect();
            if known.is_empty() { fault } else { fault.help(format!("there is {}", known.join(", "))) }
        }
    }
}

fn undeclared(name: &str, span: Span, known: &[SmolStr]) -> Diagnostic {
    let fault = Diagnostic::new(&UNDECLARED_NAMESPACE, format!("namespace `{name}` is used and not declared"))
        .at(span, "no `namespace` node has this name");
    match nearest(name, known.iter().map(SmolStr::as_str)) {
        Some(near) => fault.fix(format!("did you mean `{near}`?"), span, near),
        None => fault.help(format!(
            "declare it: `namespace {name}`, or `namespace {name} manage=nothing` if it is someone else's"
        )),
    }
}

fn reserved(name: &str, span: Span, is_service: bool, found: &mut Diagnostics) {
    if RESERVED.contains(&name) || (is_service && RESERVED_SERVICES.contains(&name)) {
        found.push(
            Diagnostic::new(&RESERVED_NAME, format!("`{name}` has a meaning of its own"))
                .at(span, "this name is reserved")
                .help("choose another name"),
        );
    }
}

fn taken(name: &Spanned<crate::value::Name>, first: Span) -> Diagnostic {
    Diagnostic::new(&NAME_TAKEN, format!("the name `{}` is taken", name.value))
        .at(name.span, "declared again here")
        .related(first, "declared first here")
        .note(
            "services and workloads share one set of names in a namespace; a gateway's name is unique in the workspace",
        )
        .help("choose another name")
}

fn exists(name: &Spanned<crate::value::Name>, first: Span) -> Diagnostic {
    Diagnostic::new(&NODE_EXISTS, format!("`{}` exists for every environment", name.value))
        .at(name.span, "declared again for some of them")
        .related(first, "declared here")
        .help("lay over it inside the node itself: `in ENVIRONMENT { }`")
}
