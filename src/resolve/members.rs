//! What shares one set of names in a namespace: services, workloads and what is outside.

use super::codes::{AMBIGUOUS_NAME, NAMESPACE_NEEDED, UNKNOWN_NAME};
use super::faults::{Use, exists, reserved, taken};
use super::index::{
    Declared, DeclaredExternal, Environments, Index, Member, Numbered, RESERVED, RESERVED_SERVICES, exist_together,
    number,
};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, nearest};
use crate::intent::{self, Intent, Members, Reference};
use crate::ir::{ExternalId, NamespaceId, ServiceId, WorkloadId};
use crate::source::{Span, Spanned};
use crate::value::{Label, Name};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A node that declares a member.
#[derive(Clone, Copy)]
enum Piece<'i, 'm> {
    Service(&'m Rc<intent::Service>),
    Workload(&'m Rc<intent::Workload>),
    External(&'i intent::External),
}

impl<'i: 'm, 'm> Piece<'i, 'm> {
    fn kind(self) -> &'static str {
        match self {
            Piece::Service(_) => "service",
            Piece::Workload(_) => "workload",
            Piece::External(_) => "external",
        }
    }

    fn name(self) -> &'m Spanned<Name> {
        match self {
            Piece::Service(node) | Piece::Workload(node) => &node.name,
            Piece::External(node) => &node.name,
        }
    }

    /// Its namespace; none where it is the whole mesh's.
    fn namespace(self) -> Option<&'m Spanned<Label>> {
        match self {
            Piece::Service(node) | Piece::Workload(node) => Some(&node.namespace),
            Piece::External(node) => node.namespace.as_ref(),
        }
    }

    fn only_in(self) -> &'m Environments {
        match self {
            Piece::Service(node) | Piece::Workload(node) => &node.only_in,
            Piece::External(node) => &node.only_in,
        }
    }
}

fn pieces<'i, 'm>(intents: &'m [&'i Intent], members: &'m Members) -> impl Iterator<Item = Piece<'i, 'm>> {
    let services = members.services.iter().map(Piece::Service);
    let workloads = members.workloads.iter().map(Piece::Workload);
    let externals = intents.iter().flat_map(|intent| &intent.externals);
    services.chain(workloads).chain(externals.map(Piece::External))
}

impl<'i> Index<'i> {
    pub(super) fn add_members(
        &mut self,
        intents: &[&'i Intent],
        members: &Members,
        here: &impl Fn(&Environments) -> bool,
        found: &mut Diagnostics,
    ) -> Numbered {
        let mut nodes: Vec<Piece<'i, '_>> = pieces(intents, members).filter(|piece| here(piece.only_in())).collect();
        nodes.sort_by_key(|piece| !piece.only_in().is_empty());
        let mut all: BTreeMap<(Option<NamespaceId>, &SmolStr), Vec<Piece<'i, '_>>> = BTreeMap::new();
        for piece in nodes {
            let name = piece.name();
            let home = piece.namespace().map(|home| self.by_namespace.get(home.value.text().as_str()).copied());
            let home = match home {
                Some(Some(id)) => Some(id),
                Some(None) => continue,
                None => None,
            };
            if is_reserved(piece) {
                found.push(reserved(name.value.text(), name.span));
            }
            let entry = all.entry((home, name.value.text())).or_default();
            match entry.first() {
                Some(first) if first.kind() != piece.kind() => {
                    found.push(taken(piece.kind(), name, first.name().span));
                }
                Some(first) if !exist_together(first.only_in(), piece.only_in()) => {
                    found.push(exists(name, (first.name().span, first.only_in().is_empty())));
                }
                Some(_) | None => entry.push(piece),
            }
        }
        let asks_for_templates = intents.iter().any(|intent| intent.asks_for_templates())
            || members.iter().any(|node| node.body.asks_for_templates());
        let mut numbered = Numbered { asks_for_templates, ..Numbered::default() };
        for ((home, name), pieces) in all {
            if let Some(member) = self.add_member((home, name), &pieces, &mut numbered) {
                self.members.entry(home).or_default().insert(name.clone(), member);
            }
        }
        numbered
    }

    fn add_member(
        &mut self,
        (home, name): (Option<NamespaceId>, &SmolStr),
        pieces: &[Piece<'i, '_>],
        Numbered { services, workloads, .. }: &mut Numbered,
    ) -> Option<Member> {
        let nodes = pieces.iter().filter_map(|piece| match piece {
            Piece::Service(node) | Piece::Workload(node) => Some(Rc::clone(node)),
            Piece::External(_) => None,
        });
        let name = name.clone();
        match (pieces.first()?, home) {
            (Piece::Service(_), Some(namespace)) => {
                services.push(Declared { namespace, name, pieces: nodes.collect() });
                Some(Member::Service(ServiceId(number(services.len() - 1))))
            }
            (Piece::Workload(_), Some(namespace)) => {
                workloads.push(Declared { namespace, name, pieces: nodes.collect() });
                Some(Member::Workload(WorkloadId(number(workloads.len() - 1))))
            }
            (Piece::Service(_) | Piece::Workload(_), None) => None,
            (Piece::External(_), namespace) => {
                let nodes = pieces.iter().filter_map(|piece| match piece {
                    Piece::External(node) => Some(*node),
                    Piece::Service(_) | Piece::Workload(_) => None,
                });
                self.externals.push(DeclaredExternal { namespace, name, pieces: nodes.collect() });
                Some(Member::External(ExternalId(number(self.externals.len() - 1))))
            }
        }
    }

    /// The service, workload or external of a reference, from inside `home`; a fault where nothing has the name. A
    /// short name means what is the whole mesh's too.
    pub(super) fn member(
        &self,
        reference: &Reference,
        home: Option<NamespaceId>,
        span: Span,
        found: &mut Diagnostics,
    ) -> Option<Member> {
        let name = reference.name.text().as_str();
        let of_mesh = if reference.namespace.is_none() { self.named(None, name) } else { None };
        let namespace = match (&reference.namespace, home) {
            (Some(name), _) => self.namespace(&Use::end_of(name.text(), reference.length(), span))?,
            (None, Some(home)) => home,
            (None, None) if of_mesh.is_some() => return of_mesh,
            (None, None) => {
                found.push_if_kept(Severity::Error, span, || self.namespace_needed(reference, span));
                return None;
            }
        };
        let member = self.named(Some(namespace), name);
        if member.is_some() && of_mesh.is_some() {
            found.push(self.ambiguous(name, namespace, span));
            return None;
        }
        let member = member.or(of_mesh);
        let is_declared =
            self.namespaces.get(namespace.0 as usize).is_some_and(|namespace| !namespace.pieces.is_empty());
        if member.is_none() && is_declared {
            found.push_if_kept(Severity::Error, span, || self.no_member(reference, namespace, span));
        }
        member
    }

    /// The same of a caller; a group of that name is what was meant where nothing else has it.
    pub(super) fn caller(
        &self,
        reference: &Reference,
        home: Option<NamespaceId>,
        span: Span,
        found: &mut Diagnostics,
    ) -> Option<Member> {
        let name = reference.name.text().as_str();
        if !self.is_group(reference) || self.named(home, name).or(self.named(None, name)).is_some() {
            return self.member(reference, home, span, found);
        }
        // A group that may not be named so is told where it is declared, and what it is named instead will be named here.
        if RESERVED.contains(&name) {
            return None;
        }
        let full = format!("group:{name}");
        found.push(
            Diagnostic::new(
                &UNKNOWN_NAME,
                format!("`{name}` is a group, and found where a service or workload is named"),
            )
            .at(span, "a short name means a service, a workload or an external")
            .fix(format!("did you mean `{full}`?"), span, full),
        );
        None
    }

    /// Whether a group has this name.
    pub(super) fn is_group(&self, reference: &Reference) -> bool {
        reference.namespace.is_none() && self.by_group.contains_key(reference.name.text().as_str())
    }

    /// The names of the namespaces that have a member of this name.
    fn homes_of<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        let ids = self.members.iter().filter(move |(_, names)| names.contains_key(name)).filter_map(|(at, _)| *at);
        ids.filter_map(|at| self.namespaces.get(at.0 as usize)).map(|namespace| namespace.name.as_str())
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

    fn ambiguous(&self, name: &str, namespace: NamespaceId, span: Span) -> Diagnostic {
        let home = self.namespaces.get(namespace.0 as usize).map_or("", |found| found.name.as_str());
        let of_mesh = self.externals.iter().find(|external| external.namespace.is_none() && external.name == name);
        let fault = Diagnostic::new(&AMBIGUOUS_NAME, format!("`{name}` means two things here"))
            .at(span, format!("one of namespace `{home}`, and one of the whole mesh"))
            .note("a short name means what is in the namespace of its node, and what is the whole mesh's")
            .fix(format!("if that of the namespace is meant: `{name}.{home}`"), span, format!("{name}.{home}"))
            .help("else give one of the two another name");
        match of_mesh.and_then(|external| external.pieces.first()) {
            Some(piece) => fault.related(piece.name.span, "the one of the whole mesh"),
            None => fault,
        }
    }

    fn no_member(&self, reference: &Reference, namespace: NamespaceId, span: Span) -> Diagnostic {
        let name = reference.name.text().as_str();
        let home = self.namespaces.get(namespace.0 as usize).map_or("", |found| found.name.as_str());
        let title = format!("no service, workload or external is named `{name}` in namespace `{home}`");
        let fault = Diagnostic::new(&UNKNOWN_NAME, title).at(span, "nothing has this name");
        if let Some(elsewhere) = self.homes_of(name).next() {
            let full = format!("{name}.{elsewhere}");
            let fault = if reference.namespace.is_none() {
                fault.note("a short name means this namespace and no other")
            } else {
                fault
            };
            return fault.fix(format!("did you mean `{full}`?"), span, full);
        }
        let is_near = |at: Option<NamespaceId>| at.is_none_or(|at| at == namespace);
        let near = self.members.iter().filter(|(at, _)| is_near(**at)).flat_map(|(_, names)| names.keys());
        let near = nearest(name, near.map(SmolStr::as_str));
        match near {
            Some(near) => {
                let is_here = self.named(Some(namespace), near).is_some();
                let full =
                    if reference.namespace.is_some() && is_here { format!("{near}.{home}") } else { near.to_owned() };
                fault.fix(format!("did you mean `{near}`?"), span, full)
            }
            None => fault.help(format!("declare it: `service {name} namespace={home} {{ }}`")),
        }
    }
}

/// Objects that stand for a whole namespace have their names in it; an external's objects are of no kind of theirs.
fn is_reserved(piece: Piece<'_, '_>) -> bool {
    let name = piece.name().value.text().as_str();
    RESERVED.contains(&name) || (matches!(piece, Piece::Service(_)) && RESERVED_SERVICES.contains(&name))
}
