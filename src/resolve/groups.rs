use super::codes::CYCLE;
use super::index::Index;
use super::peers::{Named, Standpoint, named};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Collective, GroupId, Peer};
use crate::source::Span;
use std::collections::BTreeSet;
use std::rc::Rc;

/// The groups of a workspace, each with what its own lines name, by their ids.
#[derive(Default)]
pub(super) struct Groups {
    own: Vec<Members>,
    /// Every peer of each, near and far.
    all: Vec<Rc<[Peer]>>,
}

/// What the lines of one group name.
#[derive(Default)]
struct Members {
    peers: Vec<Peer>,
    groups: Vec<(GroupId, Span)>,
}

impl Groups {
    /// Reads the members of every group; a group that holds itself is a fault.
    pub(super) fn of(index: &Index<'_>, found: &mut Diagnostics) -> Self {
        let mut groups = Vec::with_capacity(index.groups.len());
        for group in &index.groups {
            let mut members = Members::default();
            for said in &group.members {
                match named(index, Standpoint::default(), said, found) {
                    Some(Named::Peer(peer)) => members.peers.push(peer),
                    Some(Named::Collective(Collective::Group(id))) => members.groups.push((id, said.span)),
                    Some(Named::Collective(Collective::Monitoring)) | None => {}
                }
            }
            groups.push(members);
        }
        let mut groups = Groups { own: groups, all: Vec::new() };
        let order = groups.check_circles(index, found);
        groups.gather(&order);
        groups
    }

    /// Every peer of a group and of the groups that it holds, each once, in order.
    pub(super) fn peers(&self, id: GroupId) -> Vec<Peer> {
        self.all.get(id.0 as usize).map_or_else(Vec::new, |peers| peers.to_vec())
    }

    /// Works out the peers of every group, those first that others hold. One that holds one other and nobody else has
    /// its list.
    fn gather(&mut self, order: &[GroupId]) {
        self.all = vec![Rc::from([]); self.own.len()];
        for id in order {
            let Some(members) = self.own.get(id.0 as usize) else { continue };
            let held = || members.groups.iter().filter_map(|(id, _)| self.all.get(id.0 as usize));
            let peers: Rc<[Peer]> = match (members.peers.is_empty(), held().next(), held().nth(1)) {
                (true, Some(only), None) => Rc::clone(only),
                (true | false, _, _) => {
                    let held = held().flat_map(|peers| peers.iter().copied());
                    let mut all: Vec<Peer> = members.peers.iter().copied().chain(held).collect();
                    all.sort_unstable();
                    all.dedup();
                    all.into()
                }
            };
            if let Some(slot) = self.all.get_mut(id.0 as usize) {
                *slot = peers;
            }
        }
    }

    /// A group and those that it holds, near and far.
    pub(super) fn within(&self, id: GroupId) -> BTreeSet<GroupId> {
        let (mut seen, mut open) = (BTreeSet::from([id]), vec![id]);
        while let Some(next) = open.pop() {
            let held = self.own.get(next.0 as usize).map_or(&[][..], |members| &members.groups);
            open.extend(held.iter().map(|(id, _)| *id).filter(|id| seen.insert(*id)));
        }
        seen
    }

    /// Follows what groups hold, each group once, and tells them in such an order that what one holds comes before it. No
    /// recursion: a chain may be as long as a file.
    fn check_circles(&self, index: &Index<'_>, found: &mut Diagnostics) -> Vec<GroupId> {
        let (mut done, mut order, mut open) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
        for first in (0..).map(GroupId).take(self.own.len()) {
            if done.contains(&first) {
                continue;
            }
            let mut path = vec![(first, 0)];
            open.insert(first);
            while let Some((id, next)) = path.last_mut() {
                let (id, at) = (*id, *next);
                *next += 1;
                let held = self.own.get(id.0 as usize).and_then(|members| members.groups.get(at));
                match held {
                    Some((held, span)) if open.contains(held) => {
                        found.push(circular(index, *held, *span));
                    }
                    Some((held, _)) if !done.contains(held) => {
                        open.insert(*held);
                        path.push((*held, 0));
                    }
                    Some(_) => {}
                    None => {
                        done.insert(id);
                        order.push(id);
                        open.remove(&id);
                        path.pop();
                    }
                }
            }
        }
        order
    }
}

fn circular(index: &Index<'_>, id: GroupId, span: Span) -> Diagnostic {
    let name = index.groups.get(id.0 as usize).map(|group| &group.name);
    let text = name.map_or("", |name| name.value.text());
    let fault = Diagnostic::new(&CYCLE, format!("group `{text}` holds itself")).at(span, "this closes the circle");
    let fault = match name {
        Some(name) => fault.related(name.span, "begins here"),
        None => fault,
    };
    fault.note("a group stands for its members, and of a circle there is no end of them").help("take this member out")
}
