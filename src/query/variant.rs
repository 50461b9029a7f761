//! Rules that hold for some callers alone.

use super::route::Routing;
use super::sent::Sent;
use crate::ir::{Caller, Peer, RequestMatch};
use crate::value::ProtocolKind;

/// Of which rule it is: which request is asked about, in what it is sent, and up to which route the list was read; none:
/// to its end.
#[derive(Clone, Copy)]
pub(super) struct Of<'r, 'q> {
    pub(super) sent: &'r Sent<'q>,
    pub(super) kind: ProtocolKind,
    pub(super) until: Option<usize>,
}

impl Routing<'_, '_> {
    /// The caller for whom alone the rules were written that a request meets.
    ///
    /// Istio can ask who calls and not who does not. So a caller whom a route leaves out has its own copy of what is behind
    /// that route, before it, and each rule of the copy is named after the caller.
    pub(super) fn only(&self, Of { sent, kind, until }: Of<'_, '_>) -> Option<&Caller> {
        if self.standing.gateway.is_some() || kind != ProtocolKind::Http {
            return None;
        }
        let routes = self.standing.service.routes.iter().take(until.map_or(usize::MAX, |at| at + 1));
        let mut only: Option<&Caller> = None;
        for route in routes.filter(|route| route.kind == kind) {
            let mut left: Vec<&RequestMatch> = route.matches.iter().collect();
            while let Some(caller) = self.excluded(sent, &left, only) {
                left.retain(|wanted| !self.leaves_out(wanted, caller));
                only = Some(caller);
            }
        }
        only
    }

    /// The first caller that one of these leaves out and that the request is from; a narrower one than `only`.
    fn excluded<'r>(&self, sent: &Sent<'_>, matches: &[&'r RequestMatch], only: Option<&Caller>) -> Option<&'r Caller> {
        let mut all = matches.iter().filter_map(|wanted| wanted.not.as_deref()).flat_map(|not| &not.from);
        let is_narrower = |caller: &Caller| {
            only.is_none_or(|only| only.peer != caller.peer && only.peer.holds(caller.peer, self.standing.mesh))
        };
        all.find(|caller| {
            !matches!(caller.peer, Peer::Gateway(_) | Peer::AnyoneInMesh)
                && is_narrower(caller)
                && self.standing.comes_from(sent, caller.peer)
        })
    }

    fn leaves_out(&self, wanted: &RequestMatch, caller: &Caller) -> bool {
        let mut all = wanted.not.iter().flat_map(|not| &not.from);
        all.any(|excluded| excluded.peer.holds(caller.peer, self.standing.mesh))
    }

    /// `, for web.shop`: whom a rule is for, where it asks who calls, or was written for one caller alone.
    pub(super) fn whom(&self, of: Of<'_, '_>, matched: Option<&RequestMatch>) -> String {
        let from = matched.into_iter().flat_map(|wanted| &wanted.lines.from);
        let own = from.into_iter().find(|caller| self.standing.comes_from(of.sent, caller.peer));
        let home = self.standing.service.namespace;
        let named = own.or_else(|| self.only(of)).map(|caller| caller.name(self.standing.mesh, home));
        named.map(|name| format!(", for {name}")).unwrap_or_default()
    }
}
