//! Whether a rule of a route is about a request.

use super::Who;
use super::sent::Sent;
use crate::ir::{GatewayId, Lines, Mesh, Paths, Peer, Predicate, RequestMatch, Service, expression};
use crate::value::{Method, PathKind, Scheme};
use regex_lite::Regex;

/// Where a route is looked at: by the proxy of a caller, or by a gateway.
#[derive(Clone, Copy)]
pub(super) struct Standing<'m> {
    pub(super) mesh: &'m Mesh,
    pub(super) service: &'m Service,
    /// Through which gateway it came.
    pub(super) gateway: Option<GatewayId>,
    /// Whether clients speak TLS to it.
    pub(super) is_encrypted: bool,
    /// Whether claims are known here.
    pub(super) knows_claims: bool,
}

impl Standing<'_> {
    /// Whether a request is of a kind; none where an expression cannot be read here.
    pub(super) fn is_of(&self, sent: &Sent<'_>, wanted: &RequestMatch) -> Option<bool> {
        let holds = self.lines(sent, &wanted.lines, true)?;
        let is_excluded = match &wanted.not {
            Some(not) => self.lines(sent, not, false)?,
            None => false,
        };
        Some(holds && !is_excluded)
    }

    /// Whether all lines hold that say something; or whether any does.
    fn lines(&self, sent: &Sent<'_>, lines: &Lines, all: bool) -> Option<bool> {
        let Lines {
            headers,
            cookies,
            queries,
            claims,
            methods,
            paths,
            hosts,
            schemes,
            ports,
            from,
            server_names,
            destinations,
        } = lines;
        let mut held = Vec::new();
        for (name, wanted) in headers {
            held.push(has_header(sent, name.value.text(), wanted)?);
        }
        for (name, wanted) in cookies {
            let cookie = sent.header("cookie").map(|cookie| matches(&expression::cookie(&name.value, wanted), cookie));
            held.push(cookie.unwrap_or(Some(false))?);
        }
        for (name, wanted) in queries {
            held.push(matches(&expression::query(&name.value, wanted), &sent.whole_path())?);
        }
        for claim in claims {
            held.push(self.knows_claims && has_claim(sent, claim));
        }
        for set in paths {
            held.push(is_on(set, &sent.path)?);
        }
        let named = |method: &Method| match method {
            Method::Any => true,
            Method::Named(name) => *name == sent.question.method,
        };
        held.extend((!methods.is_empty()).then(|| methods.iter().any(named)));
        if !hosts.is_empty() {
            let of_service = expression::hosts(self.mesh, self.service, hosts);
            held.push(matches(&expression::authority(&of_service), &sent.host)?);
        }
        let own = if self.is_encrypted { Scheme::Https } else { Scheme::Http };
        held.extend((!schemes.is_empty()).then(|| schemes.contains(&own)));
        held.extend((!ports.is_empty()).then(|| ports.iter().any(|port| port.value == sent.port)));
        held.extend((!from.is_empty()).then(|| from.iter().any(|caller| self.comes_from(sent, caller.peer))));
        let name = sent.name();
        held.extend(
            (!server_names.is_empty()).then(|| server_names.iter().any(|own| super::sent::is_of(&own.value, &name))),
        );
        // The address that is dialled is the cluster's to choose.
        if !destinations.is_empty() {
            return None;
        }
        Some(if all { held.iter().all(|holds| *holds) } else { held.contains(&true) })
    }

    pub(super) fn comes_from(&self, sent: &Sent<'_>, wanted: Peer) -> bool {
        match (wanted, self.gateway) {
            (Peer::Gateway(id), Some(here)) => id == here,
            (_, Some(_)) | (Peer::Gateway(_), None) => false,
            (Peer::AnyoneInMesh, None) => true,
            (wanted, None) => sent.question.who.peer().is_some_and(|own| wanted.holds(own, self.mesh)),
        }
    }
}

fn has_header(sent: &Sent<'_>, name: &str, wanted: &Predicate) -> Option<bool> {
    let Some(value) = sent.header(name) else { return Some(false) };
    match wanted {
        Predicate::Present => Some(true),
        Predicate::OneOf(values) => Some(values.iter().any(|own| own.text() == value)),
        Predicate::Prefix(prefix) => Some(value.starts_with(prefix.text().as_str())),
        Predicate::Regex(regex) => matches(regex.text(), value),
    }
}

fn has_claim(sent: &Sent<'_>, wanted: &crate::ir::Claim) -> bool {
    let Some(token) = &sent.question.token else { return false };
    let own = token.claims.iter().filter(|(name, _)| name == wanted.name.value.text()).flat_map(|(_, values)| values);
    own.into_iter().any(|value| wanted.values.iter().any(|wanted| wanted.text() == value))
}

/// Whether a path is one of a set.
fn is_on(set: &Paths, path: &str) -> Option<bool> {
    match set {
        Paths::Patterns { patterns, ignore_case: false } => {
            let mut all = patterns.iter().map(|pattern| match pattern.value.kind() {
                PathKind::Exact => Some(pattern.value.text() == path),
                PathKind::Below | PathKind::Template => matches(&expression::path(&pattern.value), path),
            });
            all.try_fold(false, |any, one| Some(any || one?))
        }
        Paths::Patterns { patterns: _, ignore_case: true } | Paths::Regex(_) => {
            matches(&expression::path_set(set), path)
        }
    }
}

/// Whether a text matches an expression as a whole; none where the expression cannot be read here.
pub(super) fn matches(expression: &str, text: &str) -> Option<bool> {
    // `(?i)` at the beginning counts for all of it.
    let (flags, body) = match expression.strip_prefix("(?i)") {
        Some(body) => ("(?i)", body),
        None => ("", expression),
    };
    Regex::new(&format!("{flags}^(?:{body})$")).ok().map(|regex| regex.is_match(text))
}

impl Who {
    /// Whether a proxy of its own looks at the routes.
    pub(super) fn routes(self, mesh: &Mesh) -> bool {
        match self {
            Who::Service(id) => mesh.service(id).data_plane.is_per_pod(),
            Who::Workload(id) => mesh.workload(id).data_plane.is_per_pod(),
            Who::Namespace(id) => mesh.namespace(id).data_plane.is_per_pod(),
            Who::Stranger | Who::Outside(_) => false,
        }
    }
}
