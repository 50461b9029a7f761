//! The mesh as nodes and edges.

use super::model::{
    Edge, Fate, Finding, Graph, Home, HomeKind, Kind, Marked, Node, NodeId, Relation, Standing, VersionShare,
};
use super::page::Pages;
use super::places::Places;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::ir::{
    Action, Call, Callee, ExternalId, GatewayKind, Grant, Mesh, Peer, Route, Service, ServiceId, Target, how,
};
use crate::source::{Origin, Sources};
use std::collections::{BTreeMap, BTreeSet};

impl Graph {
    /// Of a mesh, in which this was found.
    pub fn of(mesh: &Mesh, found: &Diagnostics, sources: &Sources) -> Self {
        let places = Places::of(sources);
        let mut build = Build {
            mesh,
            pages: Pages { mesh, places: &places },
            refused: marked(found, "call-not-allowed"),
            shadowed: marked(found, "shadowed-route"),
            ids: BTreeMap::new(),
            edges: BTreeMap::new(),
            sent_on: BTreeMap::new(),
            graph: Graph {
                mesh: mesh.name.to_string(),
                environment: mesh.environment.name.to_string(),
                findings: findings(found, &places),
                ..Graph::default()
            },
        };
        build.nodes();
        build.calls();
        build.doors();
        build.routes();
        build.grants();
        build.graph.edges = build.edges.into_values().collect();
        build.graph
    }
}

/// What passes as long as access only counts is no more than a warning, and is not marked.
fn marked(found: &Diagnostics, code: &str) -> Marked {
    let is_marked = |finding: &&Diagnostic| finding.code.name == code && finding.severity == Severity::Error;
    let of_code = found.sorted().into_iter().filter(is_marked);
    Marked(of_code.filter_map(|finding| finding.primary.as_ref().map(|label| label.span)).collect())
}

fn findings(found: &Diagnostics, places: &Places<'_>) -> Vec<Finding> {
    let one = |finding: &Diagnostic| Finding {
        code: finding.code.name,
        level: finding.severity.word(),
        is_error: finding.severity == Severity::Error,
        title: finding.title.clone(),
        place: places.show(finding.primary.as_ref().map(|label| label.span)).0,
    };
    found.sorted().into_iter().map(one).collect()
}

/// A graph that is being built.
struct Build<'b> {
    mesh: &'b Mesh,
    pages: Pages<'b>,
    refused: Marked,
    shadowed: Marked,
    ids: BTreeMap<Thing, NodeId>,
    edges: BTreeMap<(NodeId, NodeId, Relation, Standing), Edge>,
    /// Whose routes and mirrors lead to a node.
    sent_on: BTreeMap<NodeId, Vec<NodeId>>,
    graph: Graph,
}

/// What a node stands for: its kind, and its place in the mesh's list.
type Thing = (Kind, u32);

impl Build<'_> {
    fn nodes(&mut self) {
        let mesh = self.mesh;
        for (id, gateway) in mesh.gateways() {
            let kind = match gateway.kind.value {
                GatewayKind::Ingress => Kind::Ingress,
                GatewayKind::Egress => Kind::Egress,
            };
            let mut hosts: Vec<String> =
                gateway.listeners.iter().flat_map(|it| &it.hosts).map(|host| host.pattern.to_string()).collect();
            hosts.dedup();
            let sections = self.pages.gateway(id, gateway);
            let home = mesh.namespace_name(gateway.namespace);
            let node = self.node((kind, home), &gateway.name, &some_of(&hosts), gateway.origin);
            self.add((kind, id.0), Node { sections, ..node });
        }
        for (id, service) in mesh.services() {
            let ports: Vec<String> =
                service.ports.iter().map(|port| format!("{} {}", port.protocol.word(), port.number.value)).collect();
            let home = mesh.namespace_name(service.namespace);
            let node = self.node((Kind::Service, home), &service.name, &some_of(&ports), service.origin);
            let sections = self.pages.service(service);
            self.add((Kind::Service, id.0), Node { sections, versions: shares(service), ..node });
        }
        for (id, workload) in mesh.workloads() {
            let home = mesh.namespace_name(workload.namespace);
            let node = self.node((Kind::Workload, home), &workload.name, "only calls", workload.origin);
            let sections = self.pages.workload(workload);
            self.add((Kind::Workload, id.0), Node { sections, ..node });
        }
        for (id, external) in mesh.externals() {
            let hosts: Vec<String> = external.hosts.iter().map(|host| host.value.to_string()).collect();
            let node = self.node((Kind::External, OUTSIDE), &external.name, &some_of(&hosts), external.origin);
            let sections = self.pages.external(external);
            self.add((Kind::External, id.0), Node { sections, ..node });
        }
        self.graph.sort_homes();
    }

    fn node(&mut self, (kind, home): (Kind, &str), name: &str, note: &str, origin: Origin) -> Node {
        let home = Home { name: home.to_owned(), kind: kind.home() };
        let homes = &mut self.graph.homes;
        let at = homes.iter().position(|other| *other == home).unwrap_or_else(|| {
            homes.push(home);
            homes.len() - 1
        });
        Node {
            name: name.to_owned(),
            home: at,
            kind,
            note: note.to_owned(),
            versions: Vec::new(),
            sections: Vec::new(),
            place: self.pages.places.show(origin.span).0,
            fate: Fate::Same,
        }
    }

    fn add(&mut self, thing: Thing, node: Node) {
        self.ids.insert(thing, NodeId(self.graph.nodes.len()));
        self.graph.nodes.push(node);
    }

    fn edge(
        &mut self,
        ends: (Thing, Thing),
        what: (Relation, Standing),
        how: String,
        origin: Origin,
    ) -> Option<&mut Edge> {
        let (from, to) = (*self.ids.get(&ends.0)?, *self.ids.get(&ends.1)?);
        let place = self.pages.places.show(origin.span).0;
        let (relation, standing) = what;
        let edge = self.edges.entry((from, to, relation, standing)).or_insert_with(|| Edge {
            from,
            to,
            relation,
            standing,
            how: Vec::new(),
            share: None,
            place,
            fate: Fate::Same,
        });
        if !how.is_empty() && !edge.how.contains(&how) {
            edge.how.push(how);
        }
        Some(edge)
    }

    fn calls(&mut self) {
        let mesh = self.mesh;
        for (id, service) in mesh.services() {
            self.calls_of((Kind::Service, id.0), &service.calls);
        }
        for (id, workload) in mesh.workloads() {
            self.calls_of((Kind::Workload, id.0), &workload.calls);
        }
    }

    fn calls_of(&mut self, caller: Thing, calls: &[Call]) {
        for call in calls {
            let standing = if self.refused.has(call.origin.span) { Standing::Refused } else { Standing::Open };
            match call.callee {
                Callee::Service(id) => {
                    let how = if standing == Standing::Open { self.let_in(caller, id) } else { String::new() };
                    self.edge((caller, (Kind::Service, id.0)), (Relation::Call, standing), how, call.origin);
                }
                Callee::External(id) => self.call_outside(caller, id, standing, call.origin),
                Callee::KubeApi | Callee::Anything => {}
            }
        }
    }

    /// Through the gateway that is the only way there, if there is one.
    fn call_outside(&mut self, caller: Thing, id: ExternalId, standing: Standing, origin: Origin) {
        let outside = (Kind::External, id.0);
        let what = (Relation::Call, standing);
        let via = self.mesh.external(id).via.as_ref().map(|via| (Kind::Egress, via.value.0));
        let name = self.mesh.external(id).name.to_string();
        match via {
            Some(gateway) => {
                self.edge((caller, gateway), what, name, origin);
                self.edge((gateway, outside), (Relation::Door, Standing::Open), String::new(), origin);
            }
            None => _ = self.edge((caller, outside), what, String::new(), origin),
        }
    }

    /// How the grants of a service that hold a caller let it in; empty where one of them says no how.
    fn let_in(&self, caller: Thing, id: ServiceId) -> String {
        let peer = match caller {
            (Kind::Workload, at) => Peer::Workload(crate::ir::WorkloadId(at)),
            (Kind::Service | Kind::Ingress | Kind::Egress | Kind::External, at) => Peer::Service(ServiceId(at)),
        };
        let holds = |grant: &&Grant| grant.callers.iter().any(|caller| caller.peer.holds(peer, self.mesh));
        let grants = self.mesh.service(id).grants.iter().filter(holds);
        let mut how: Vec<String> = grants.map(|grant| how::conditions(self.mesh, &grant.conditions)).collect();
        how.dedup();
        if how.iter().any(String::is_empty) { String::new() } else { how.join(", or ") }
    }

    fn doors(&mut self) {
        let mesh = self.mesh;
        for (id, service) in mesh.services() {
            for exposure in &service.exposures {
                let ends = ((Kind::Ingress, exposure.gateway.0), (Kind::Service, id.0));
                let how = how::exposure(mesh, exposure);
                self.edge(ends, (Relation::Door, Standing::Open), how, exposure.origin);
            }
        }
    }

    fn routes(&mut self) {
        let mesh = self.mesh;
        for (id, service) in mesh.services() {
            let inside = service.routed().map(|(route, target, to)| (route, target, (Kind::Service, to.0)));
            let outside = service.routed_outside().map(|(route, target, to)| (route, target, (Kind::External, to.0)));
            let from = (Kind::Service, id.0);
            for (route, target, to) in inside.chain(outside).filter(|(_, _, to)| *to != from) {
                self.sent(service, (from, to), route, target);
            }
        }
    }

    /// What a route or a mirror of a service sends on.
    fn sent(&mut self, service: &Service, ends: (Thing, Thing), route: Option<&Route>, target: &Target) {
        let is_mirror = route.is_none_or(|route| route.targets().all(|own| own.origin != target.origin));
        let relation = if is_mirror { Relation::Mirror } else { Relation::Route };
        let is_shadowed = route.is_some_and(|route| self.shadowed.has(Some(route.name.span)));
        let standing = if is_shadowed { Standing::Shadowed } else { Standing::Open };
        let name = route.map(|route| route.name.value.to_string()).unwrap_or_default();
        let shares = route.iter().filter_map(|route| route.action.as_ref()).flat_map(|action| match &action.value {
            Action::Split(shares) => shares.as_slice(),
            Action::To(_) | Action::Redirect(_) | Action::Respond(_) => &[],
        });
        let mut of_split = shares.filter(|share| share.target.origin == target.origin);
        let share = of_split.next().map(|share| share.percent.value.to_string());
        let mirrored = service.mirrors.iter().find(|mirror| mirror.target.origin == target.origin);
        let share = share.or_else(|| mirrored.map(|mirror| mirror.share.value.to_string()));
        if let Some(edge) = self.edge(ends, (relation, standing), name, target.origin) {
            edge.share = edge.share.take().or(share);
        }
    }

    /// Who is let in or kept out by name although no call says so.
    fn grants(&mut self) {
        let mesh = self.mesh;
        for (from, to, relation, _) in self.edges.keys() {
            if matches!(relation, Relation::Route | Relation::Mirror) {
                self.sent_on.entry(*to).or_default().push(*from);
            }
        }
        for (id, service) in mesh.services() {
            let lists = [(&service.grants, Standing::Unused), (&service.denials, Standing::Denied)];
            for (list, standing) in lists {
                for grant in list {
                    let how = how::conditions(mesh, &grant.conditions);
                    for caller in grant.callers.iter().filter_map(|caller| thing(caller.peer)) {
                        self.grant((caller, (Kind::Service, id.0)), standing, how.clone(), grant.origin);
                    }
                }
            }
        }
    }

    fn grant(&mut self, ends: (Thing, Thing), standing: Standing, how: String, origin: Origin) {
        let (Some(from), Some(to)) = (self.ids.get(&ends.0).copied(), self.ids.get(&ends.1).copied()) else { return };
        // Where a route or a mirror of what it calls leads there, its proxy is the one that sends.
        let is_open = |from, to, relation| self.edges.contains_key(&(from, to, relation, Standing::Open));
        let is_sent_on = |mid: &NodeId| is_open(from, *mid, Relation::Call) || is_open(from, *mid, Relation::Door);
        let is_called = is_open(from, to, Relation::Call)
            || is_open(from, to, Relation::Door)
            || self.edges.contains_key(&(from, to, Relation::Call, Standing::Refused))
            || self.sent_on.get(&to).is_some_and(|mids| mids.iter().any(is_sent_on));
        if from != to && !(is_called && standing == Standing::Unused) {
            self.edge(ends, (Relation::Call, standing), how, origin);
        }
    }
}

/// The name of the box of what is not in the mesh.
const OUTSIDE: &str = "outside";

/// The node of a peer that is one thing.
fn thing(peer: Peer) -> Option<Thing> {
    match peer {
        Peer::Service(id) => Some((Kind::Service, id.0)),
        Peer::Workload(id) => Some((Kind::Workload, id.0)),
        Peer::Gateway(id) => Some((Kind::Ingress, id.0)),
        Peer::Namespace(_) | Peer::Address(_) | Peer::AnyoneInMesh | Peer::Anyone | Peer::KubeApi => None,
    }
}

/// The first of a list, and how many others there are.
fn some_of(list: &[String]) -> String {
    let others: BTreeSet<&String> = list.iter().filter(|other| Some(*other) != list.first()).collect();
    match (list.first(), others.len()) {
        (None, _) => String::new(),
        (Some(one), 0) => one.clone(),
        (Some(one), others) => format!("{one} +{others}"),
    }
}

fn shares(service: &Service) -> Vec<VersionShare> {
    let (candidate, stable, percent) = match service.canary.as_deref() {
        Some(canary) => (Some(canary.candidate.value), canary.stable.value, canary.percent.value.number()),
        None => (None, 0, 0),
    };
    let one = |(at, version): (usize, &crate::ir::Version)| VersionShare {
        name: version.name.value.to_string(),
        percent: if Some(at) == candidate {
            percent
        } else if at == stable {
            100 - percent
        } else {
            0
        },
        is_candidate: Some(at) == candidate,
    };
    service.versions.iter().enumerate().map(one).collect()
}

impl HomeKind {
    /// How it is called beside the name of the box.
    pub const fn word(self) -> &'static str {
        match self {
            HomeKind::Ingress => "ingress",
            HomeKind::Services => "namespace",
            HomeKind::Egress => "egress",
            HomeKind::Outside => "not in the mesh",
        }
    }
}
