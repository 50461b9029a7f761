//! Who may call a service, and how; and what becomes of the calls of one.

use super::Who;
use super::policies::{Policies, Said, sources};
use super::rules::Rules;
use crate::access::{Action, Because, Difference, Dimension, Part, Policy, Rule, STEPS, Source, Verdicts, Wire};
use crate::ir::{Call, Callee, Exposure, Grant, Mesh, NamespaceId, Peer, Service, ServiceId, how};
use crate::source::Span;
use smol_str::SmolStr;

/// By which way requests come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Through {
    /// From proxy to proxy.
    Mesh,
    /// Through a gateway, by its name.
    Gateway(SmolStr),
}

/// One who may call, or may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Who.
    pub name: String,
    /// Which requests: `GET POST /pay/*`; empty: all.
    pub how: String,
    /// What of these is refused after all, and the line that says so.
    pub except: Vec<(String, Option<Span>)>,
    /// By which way.
    pub through: Through,
    /// The line that says so.
    pub span: Option<Span>,
}

/// Everybody who may call a service, as grants and doors say it: those whom denials refuse altogether are left out.
pub fn callers(mesh: &Mesh, id: ServiceId) -> Vec<Line> {
    let service = mesh.service(id);
    let mut lines = Vec::new();
    if service.is_audited() {
        lines.push(everybody("everybody: access is only counted", service.access.span()));
    }
    if !service.data_plane.has_proxy() {
        lines.push(everybody("everybody: it has no proxy", service.data_plane.plane.span()));
    }
    for grant in &service.grants {
        for (peer, name) in named(mesh, service, grant) {
            lines.extend(granted(mesh, service, grant, (peer, name)));
        }
    }
    lines.extend(service.exposures.iter().map(|door| outside(mesh, door)));
    lines.extend(by_hand(mesh, service));
    lines
}

/// Policies of access that somebody wrote out, which are not looked at: they may let others in, or refuse who stands here.
fn by_hand(mesh: &Mesh, service: &Service) -> Vec<Line> {
    let is_root = |id| mesh.namespace_name(id) == mesh.root_namespace.value.text();
    let is_near = |namespace: Option<NamespaceId>| namespace.is_none_or(|id| id == service.namespace || is_root(id));
    let line = |how: &str, name: String, span| Line {
        name,
        how: how.to_owned(),
        except: Vec::new(),
        through: Through::Mesh,
        span,
    };
    let carried = mesh.carried.iter().filter(|it| it.kind.name == "AuthorizationPolicy" && is_near(it.namespace));
    let carried = carried.filter(|it| it.may_select(&service.selector.value)).map(|it| {
        let name = format!("AuthorizationPolicy `{}`", it.name.value);
        line("written by hand, not looked at: may let in or refuse", name, it.origin.span)
    });
    let owners = [service.origin, mesh.origin, mesh.namespace(service.namespace).origin];
    let patched = mesh.patches.iter().filter(|it| it.kind.name == "AuthorizationPolicy" && owners.contains(&it.owner));
    let patched = patched.map(|it| {
        line("not looked at: may let in or refuse", "a patch of AuthorizationPolicy".to_owned(), it.origin.span)
    });
    carried.chain(patched).collect()
}

fn everybody(how: &str, span: Option<Span>) -> Line {
    let (name, how) = how.split_once(": ").unwrap_or((how, ""));
    Line { name: name.to_owned(), how: how.to_owned(), except: Vec::new(), through: Through::Mesh, span }
}

/// The callers of a grant by their full names, each once.
fn named(mesh: &Mesh, service: &Service, grant: &Grant) -> Vec<(Peer, String)> {
    let mut found: Vec<(Peer, String)> = Vec::new();
    for caller in &grant.callers {
        let own = caller.peer.full_name(mesh).to_string();
        let name = match caller.via {
            Some(_) => format!("{own} ({})", caller.name(mesh, service.namespace)),
            None => own,
        };
        if found.iter().all(|(peer, _)| *peer != caller.peer) {
            found.push((caller.peer, name));
        }
    }
    found
}

/// What a grant gives to one of its callers, less what denials take away; nothing where they take all.
fn granted(mesh: &Mesh, service: &Service, grant: &Grant, (peer, name): (Peer, String)) -> Option<Line> {
    let rule = Rules { mesh, service }.grant(grant)?;
    let own: Vec<_> = grant.callers.iter().filter(|caller| caller.peer == peer).cloned().collect();
    let from = sources(mesh, &own, false);
    // A token that the grant asks for stands in each of its sources.
    let asked = rule.from.first().map(|source| source.request_principals.clone()).unwrap_or_default();
    let mut from = if from.is_empty() && !asked.is_empty() { vec![Source::default()] } else { from };
    for source in &mut from {
        source.request_principals.clone_from(&asked);
    }
    let except = refused(mesh, service, Rule { from, ..rule }, &name)?;
    let how = how::conditions(mesh, &grant.conditions).trim_end().to_owned();
    Some(Line { name, how, except, through: Through::Mesh, span: grant.origin.span })
}

/// What denials take of the requests of a rule; nothing where they take all.
fn refused(mesh: &Mesh, service: &Service, rule: Rule, own: &str) -> Option<Vec<(String, Option<Span>)>> {
    let namespace = mesh.namespace_name(service.namespace).clone();
    let of = |rules: Vec<Rule>| Policy { action: Action::Allow, namespace: namespace.clone(), rules };
    let policies = Policies::of_service(mesh, service);
    // Beside its denials each grant stands alone, in the place of all.
    let with = |rule: Vec<Rule>| -> Vec<Policy> {
        let alone = |policy: &Policy| match policy.action {
            Action::Deny => policy.clone(),
            Action::Allow | Action::Custom { .. } => of(Vec::new()),
        };
        policies.list.iter().map(alone).chain([of(rule)]).collect()
    };
    let after = with(vec![rule.clone()]);
    if after.iter().all(|policy| policy.action == Action::Allow || policy.rules.is_empty()) {
        return Some(Vec::new());
    }
    let (left, taken) = (
        Verdicts::compare(&with(Vec::new()), &after, Wire::Http, STEPS),
        Verdicts::compare(&[of(vec![rule])], &after, Wire::Http, STEPS),
    );
    let (Ok(left), Ok(taken)) = (left, taken) else {
        return Some(vec![("what denials refuse, which is too much to be told apart".to_owned(), None)]);
    };
    if left.all.is_empty() {
        return None;
    }
    let by = |difference: &Difference| match difference.after.because {
        Because::Rule(at) => match policies.said(at) {
            Some(Said::Denial(denial)) => denial.origin.span,
            Some(Said::Token(token)) => token.origin.span,
            Some(Said::Grant(_) | Said::Exposure(_) | Said::Ask(_)) | None => None,
        },
        Because::NothingAllows | Because::NoRule => None,
    };
    Some(taken.all.iter().map(|difference| (what(mesh, service, difference, own), by(difference))).collect())
}

/// What a difference says of callers, methods, paths, hosts, headers and tokens, as grants say it.
fn what(mesh: &Mesh, service: &Service, difference: &Difference, own: &str) -> String {
    let plain = |part: &Part| match part {
        Part::Within { term: Some(term), except } if except.is_empty() => term.value.to_string(),
        Part::Within { .. } | Part::Absent | Part::Like(_) => part.to_string(),
    };
    let (mut parts, mut callers) = (Vec::new(), Vec::new());
    for (dimension, values) in &difference.requests.0 {
        let all = values.0.iter().map(plain).collect::<Vec<_>>().join(" ");
        match dimension {
            Dimension::Principal => callers.extend(values.0.iter().filter_map(|part| caller(mesh, part))),
            Dimension::PeerAddress | Dimension::RemoteAddress if all.is_empty() => {}
            Dimension::PeerAddress | Dimension::RemoteAddress => callers.push(format!("those at {all}")),
            Dimension::Method | Dimension::Path => parts.push(all),
            Dimension::Port if service.ports.len() == 1 => {}
            Dimension::Port => parts.push(format!("port {}", numbers(service, &all))),
            Dimension::RequestPrincipal
            | Dimension::Host
            | Dimension::Header(_)
            | Dimension::Claim(_)
            | Dimension::DestinationAddress
            | Dimension::Sni
            | Dimension::Unknown(_) => parts.push(format!("{dimension} {all}")),
        }
    }
    // Where the line is of one caller, that is whom it is about.
    callers.retain(|caller| !own.starts_with(caller.as_str()));
    callers.dedup();
    match (callers.is_empty(), parts.is_empty()) {
        (true, true) => "some of these callers".to_owned(),
        (true, false) => parts.join(" "),
        (false, true) => callers.join(", "),
        (false, false) => format!("{}: {}", callers.join(", "), parts.join(" ")),
    }
}

/// Whom a part of all identities is, by name; none for everybody but some.
fn caller(mesh: &Mesh, part: &Part) -> Option<String> {
    let Part::Within { term: Some(term), except } = part else { return None };
    let (_, rest) = term.value.split_once("/ns/")?;
    let (namespace, account) = rest.split_once("/sa/").unwrap_or((rest.trim_end_matches("/*"), "*"));
    let home = |id| mesh.namespace_name(id) == namespace;
    if account == "*" {
        return except.is_empty().then(|| format!("namespace {namespace}"));
    }
    let services = mesh.services.iter().map(|it| (&it.name, it.namespace, &it.account));
    let workloads = mesh.workloads.iter().map(|it| (&it.name, it.namespace, &it.account));
    let mut named = services.chain(workloads).filter(|(_, id, own)| home(*id) && own.name.value == account);
    let known = named.next().map(|(name, ..)| format!("{name}.{namespace}"));
    Some(known.unwrap_or_else(|| format!("account {account} of {namespace}")))
}

/// The numbers of ports by those of their pods, which rules name.
fn numbers(service: &Service, targets: &str) -> String {
    let number = |target: &str| {
        let port = service.ports.iter().find(|port| port.target.value.to_string() == target);
        port.map_or_else(|| target.to_owned(), |port| port.number.value.to_string())
    };
    targets.split(' ').map(number).collect::<Vec<_>>().join(" ")
}

fn outside(mesh: &Mesh, door: &Exposure) -> Line {
    let name = match door.host() {
        Some(host) => format!("clients of {host}"),
        None => format!("clients of {}", door.door.value),
    };
    let gateway = mesh.gateway(door.gateway).name.clone();
    let all = how::exposure(mesh, door);
    let own = door.door.value.to_string();
    let how = all.strip_prefix(own.as_str()).unwrap_or(&all).trim().to_owned();
    Line { name, how, except: Vec::new(), through: Through::Gateway(gateway), span: door.origin.span }
}

/// Everything that a service or a workload calls, with what becomes of it.
pub fn callees(mesh: &Mesh, who: Who) -> Vec<Line> {
    let calls: &[Call] = match who {
        Who::Service(id) => &mesh.service(id).calls,
        Who::Workload(id) => &mesh.workload(id).calls,
        Who::Namespace(_) | Who::Stranger | Who::Outside(_) => &[],
    };
    calls.iter().map(|call| called(mesh, who, call)).collect()
}

fn called(mesh: &Mesh, who: Who, call: &Call) -> Line {
    let name = call.callee.full_name(mesh).to_string();
    let Callee::Service(id) = call.callee else {
        let through = match call.callee {
            Callee::External(id) => mesh.external(id).via.as_ref().map(|via| mesh.gateway(via.value).name.clone()),
            Callee::Service(_) | Callee::KubeApi | Callee::Anything => None,
        };
        let through = through.map_or(Through::Mesh, Through::Gateway);
        return Line { name, how: "outside".to_owned(), except: Vec::new(), through, span: call.origin.span };
    };
    let peer = who.peer();
    let service = mesh.service(id);
    let holds =
        |grant: &&Grant| grant.callers.iter().any(|caller| peer.is_some_and(|peer| caller.peer.holds(peer, mesh)));
    let grants: Vec<&Grant> = service.grants.iter().filter(holds).collect();
    let mut except = Vec::new();
    let mut ways: Vec<String> = Vec::new();
    for grant in &grants {
        let of_grant =
            named(mesh, service, grant).into_iter().filter(|(own, _)| peer.is_some_and(|peer| own.holds(peer, mesh)));
        for line in of_grant.filter_map(|named| granted(mesh, service, grant, named)) {
            except.extend(line.except);
            ways.push(if line.how.is_empty() { "everything".to_owned() } else { line.how });
        }
    }
    ways.dedup();
    let how = match (ways.is_empty(), service.is_audited()) {
        (_, true) => "everything: access is only counted".to_owned(),
        (true, false) => "nothing: it is refused".to_owned(),
        (false, false) => ways.join(", or "),
    };
    Line { name, how, except, through: Through::Mesh, span: call.origin.span }
}
