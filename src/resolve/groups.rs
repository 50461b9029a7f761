use super::codes::CYCLE;
use super::index::Index;
use super::peers::{Named, Standpoint, named};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Collective, GroupId, Peer};
use crate::source::Span;
use std::collections::BTreeSet;

/// The groups of a workspace, each with what its own lines name, by their ids.
#[derive(Default)]
pub(super) struct Groups(Vec<Members>);

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
        let groups = Groups(groups);
        groups.check_circles(index, found);
        groups
    }

    /// Every peer of a group and of the groups that it holds, each once, in order.
    pub(super) fn peers(&self, id: GroupId) -> Vec<Peer> {
        let within = self.within(id);
        let members = within.iter().filter_map(|id| self.0.get(id.0 as usize));
        let peers: BTreeSet<Peer> = members.flat_map(|members| members.peers.iter().copied()).collect();
        peers.into_iter().collect()
    }

    /// A group and those that it holds, near and far.
    pub(super) fn within(&self, id: GroupId) -> BTreeSet<GroupId> {
        let (mut seen, mut open) = (BTreeSet::from([id]), vec![id]);
        while let Some(next) = open.pop() {
            let held = self.0.get(next.0 as usize).map_or(&[][..], |members| &members.groups);
            open.extend(held.iter().map(|(id, _)| *id).filter(|id| seen.insert(*id)));
        }
        seen
    }

    /// Follows what groups hold, each group once. No recursion: a chain may be as long as a file.
    fn check_circles(&self, index: &Index<'_>, found: &mut Diagnostics) {
        let mut done = BTreeSet::new();
        for first in (0..).map(GroupId).take(self.0.len()) {
            let mut path = vec![(first, 0)];
            while let Some((id, next)) = path.last_mut() {
                let (id, at) = (*id, *next);
                *next += 1;
                let held = self.0.get(id.0 as usize).and_then(|members| members.groups.get(at));
                match held {
                    Some((held, span)) if path.iter().any(|(open, _)| open == held) => {
                        found.push(circular(index, *held, *span));
                    }
                    Some((held, _)) if !done.contains(held) => path.push((*held, 0)),
                    Some(_) => {}
                    None => {
                        done.insert(id);
                        path.pop();
                    }
                }
            }
        }
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
