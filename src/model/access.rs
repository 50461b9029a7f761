use super::said::{because, texts};
use super::schema::object;
use super::token::{Claim, Token};
use crate::ir::{self, Mesh};
use smol_str::{SmolStr, ToSmolStr};

object! {
    /// Who may call, or may not, and how.
    Grant {
        /// Who: any of them, each by its own name in full: a group's members, not the group.
        peer: Vec<SmolStr>,
        /// The words for several under which some of them were named: `group:NAME`, `monitoring`.
        via: Vec<SmolStr>,
        /// On which paths; empty: any.
        path: Vec<SmolStr>,
        /// By which methods; empty: nothing is said of them.
        method: Vec<SmolStr>,
        /// On which ports; empty: any that fits.
        port: Vec<i64>,
        /// Under which hosts; empty: any.
        host: Vec<SmolStr>,
        /// With which headers: all of them.
        header: Vec<Header>,
        /// With which tokens: all of them.
        require_token: Vec<Token>,
        /// What must not hold.
        not: Option<Excluded>,
        /// Why.
        reason: Option<SmolStr>,
        /// The last day on which it counts.
        until: Option<SmolStr>,
    }
}

object! {
    /// Requests that are excluded.
    Excluded {
        /// On these paths.
        path: Vec<SmolStr>,
        /// By these methods.
        method: Vec<SmolStr>,
        /// On these ports.
        port: Vec<i64>,
        /// Under these hosts.
        host: Vec<SmolStr>,
        /// With these headers.
        header: Vec<Header>,
    }
}

object! {
    /// How one header must be.
    Header {
        /// Its name.
        name: SmolStr,
        /// Its values: one of them; empty: any, or what the other fields say.
        value: Vec<SmolStr>,
        /// How it begins.
        prefix: Option<SmolStr>,
    }
}

object! {
    /// That an authorizer is asked about requests.
    Authorize {
        /// Whom.
        authorizer: SmolStr,
        /// On which paths; empty: any.
        path: Vec<SmolStr>,
        /// By which methods; empty: any.
        method: Vec<SmolStr>,
        /// On which ports; empty: any.
        port: Vec<i64>,
        /// Under which hosts; empty: any.
        host: Vec<SmolStr>,
        /// With which headers: all of them.
        header: Vec<Header>,
        /// What must not hold.
        not: Option<Excluded>,
    }
}

object! {
    /// What is called.
    Call {
        /// What, by its name in full.
        callee: Vec<SmolStr>,
        /// Why.
        reason: Option<SmolStr>,
        /// The last day on which it counts.
        until: Option<SmolStr>,
    }
}

object! {
    /// Callers under one name.
    Group {
        /// Its name.
        name: SmolStr,
        /// Who, by their names in full, those of the groups in it too.
        member: Vec<SmolStr>,
    }
}

impl Grant {
    pub(super) fn of(grant: &ir::Grant, mesh: &Mesh) -> Self {
        let ir::Grant { callers, conditions, origin: _, waiver } = grant;
        let (reason, until) = because(waiver.as_deref());
        let mut via: Vec<SmolStr> = Vec::new();
        for name in callers.iter().filter_map(|caller| caller.via).map(|via| via.name(mesh)) {
            if !via.contains(&name) {
                via.push(name);
            }
        }
        let tokens = conditions.tokens.iter().map(|token| Token::of(token, None, None, mesh));
        let Excluded { path, method, port, host, header } = Excluded::of(conditions);
        Grant {
            peer: callers.iter().map(|caller| caller.peer.full_name(mesh)).collect(),
            via,
            path,
            method,
            port,
            host,
            header,
            require_token: tokens.collect(),
            not: conditions.not.as_deref().map(Excluded::of),
            reason,
            until,
        }
    }
}

impl Excluded {
    /// The lines of conditions, without the tokens and what is excluded of them.
    pub(super) fn of(conditions: &ir::Conditions) -> Self {
        let ir::Narrowing { methods, paths, ports, hosts, headers, tokens: _, not: _ } = &**conditions;
        Excluded {
            path: texts(paths.iter().map(|path| &path.value)),
            method: texts(methods.iter().flat_map(|said| &said.value)),
            port: ports.iter().map(|port| i64::from(port.value.number())).collect(),
            host: texts(hosts.iter().map(|host| &host.value)),
            header: headers.iter().map(header).collect(),
        }
    }
}

fn header(condition: &ir::HeaderCondition) -> Header {
    let ir::HeaderCondition { name, value } = condition;
    let (value, prefix) = match value {
        ir::Wanted::Present => (Vec::new(), None),
        ir::Wanted::OneOf(values) => (texts(values), None),
        ir::Wanted::Prefix(prefix) => (Vec::new(), Some(prefix.to_smolstr())),
    };
    Header { name: name.value.to_smolstr(), value, prefix }
}

impl Authorize {
    pub(super) fn of(ask: &ir::Ask, mesh: &Mesh) -> Self {
        let ir::Ask { authorizer, conditions, origin: _ } = ask;
        let Excluded { path, method, port, host, header } = Excluded::of(conditions);
        Authorize {
            authorizer: mesh.authorizer(*authorizer).name.clone(),
            path,
            method,
            port,
            host,
            header,
            not: conditions.not.as_deref().map(Excluded::of),
        }
    }
}

impl Call {
    pub(super) fn of(call: &ir::Call, mesh: &Mesh) -> Self {
        let ir::Call { callee, origin: _, waiver } = call;
        let (reason, until) = because(waiver.as_deref());
        Call { callee: vec![callee.full_name(mesh)], reason, until }
    }
}

impl Group {
    pub(super) fn of(group: &ir::Group, mesh: &Mesh) -> Self {
        let ir::Group { name, members, origin: _ } = group;
        Group { name: name.clone(), member: members.iter().map(|peer| peer.full_name(mesh)).collect() }
    }
}

/// Claims other than the scopes.
pub(super) fn claims<'c>(claims: impl Iterator<Item = &'c ir::Claim>) -> Vec<Claim> {
    claims.map(|claim| Claim { name: claim.name.value.to_smolstr(), value: texts(&claim.values) }).collect()
}
