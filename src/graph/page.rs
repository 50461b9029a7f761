//! What the page of a node says: who may call it, where its traffic goes, its limits, and the rest.

use super::model::{Row, Section};
use super::places::Places;
use crate::ir::{
    self, AccessMode, Callee, External, Fact, Gateway, GatewayId, Grant, Mesh, NamespaceId, Service, Workload, how,
};
use crate::source::{Origin, Span};

const CALLERS: &str = "Who may call it";
const TRAFFIC: &str = "Where its traffic goes";
const LIMITS: &str = "Its limits";
const REST: &str = "What else holds";

/// What makes the pages of one mesh.
pub(super) struct Pages<'p> {
    pub(super) mesh: &'p Mesh,
    pub(super) places: &'p Places<'p>,
}

impl Pages<'_> {
    pub(super) fn service(&self, service: &Service) -> Vec<Section> {
        let mut callers = Vec::new();
        if service.access.value == AccessMode::Audit {
            callers.push(self.row(
                "access",
                "audit: what follows is counted, and all are let in",
                service.access.span(),
            ));
        }
        for exposure in &service.exposures {
            let gateway = format!("gateway {}", self.mesh.gateway(exposure.gateway).name);
            let mut row = self.row("expose", &how::exposure(self.mesh, exposure), exposure.origin.span);
            row.value = format!("{gateway}: {}", row.value);
            callers.push(row);
        }
        callers.extend(self.grants("deny", service.namespace, &service.denials));
        callers.extend(self.grants("allow", service.namespace, &service.grants));
        for rule in &service.tokens {
            let only = how::conditions(self.mesh, &rule.conditions);
            let text = format!("{} {only}", how::token(self.mesh, &rule.token));
            callers.push(self.row("require-token", text.trim_end(), rule.token.origin.span));
        }
        self.sections(callers, ir::facts(self.mesh, service))
    }

    pub(super) fn workload(&self, workload: &Workload) -> Vec<Section> {
        self.sections(Vec::new(), ir::workload_facts(self.mesh, workload))
    }

    pub(super) fn gateway(&self, id: GatewayId, gateway: &Gateway) -> Vec<Section> {
        let mut callers: Vec<Row> = self.grants("deny", gateway.namespace, &gateway.denials).collect();
        callers.extend(self.grants("allow", gateway.namespace, &gateway.grants));
        let mut sections = self.sections(callers, ir::gateway_facts(self.mesh, gateway));
        let mut doors = Vec::new();
        for service in &self.mesh.services {
            for exposure in service.exposures.iter().filter(|exposure| exposure.gateway == id) {
                let name = Callee::name(&Callee::Service(self.id_of(service)), self.mesh, gateway.namespace);
                let text = format!("{} -> {name}", how::exposure(self.mesh, exposure));
                doors.push(self.row("expose", &text, exposure.origin.span));
            }
        }
        if !doors.is_empty() {
            sections.insert(0, Section { title: "Where it leads", rows: doors });
        }
        sections
    }

    pub(super) fn external(&self, external: &External) -> Vec<Section> {
        self.sections(Vec::new(), ir::external_facts(self.mesh, external))
    }

    fn id_of(&self, service: &Service) -> ir::ServiceId {
        let found = self.mesh.services().find(|(_, other)| std::ptr::eq(*other, service));
        found.map_or(ir::ServiceId(0), |(id, _)| id)
    }

    fn grants<'g>(
        &'g self,
        word: &'static str,
        home: NamespaceId,
        list: &'g [Grant],
    ) -> impl Iterator<Item = Row> + 'g {
        list.iter().map(move |grant| {
            let mut names: Vec<String> = grant.callers.iter().map(|caller| caller.name(self.mesh, home)).collect();
            names.dedup();
            let conditions = how::conditions(self.mesh, &grant.conditions);
            let reason = grant.waiver.as_ref().and_then(|waiver| waiver.reason.as_ref());
            let because = reason.map(|reason| format!(" (because: {})", reason.value)).unwrap_or_default();
            let how = if conditions.is_empty() { String::new() } else { format!(": {conditions}") };
            self.row(word, &format!("{}{how}{because}", names.join(" ")), grant.origin.span)
        })
    }

    fn sections(&self, callers: Vec<Row>, facts: Vec<Fact>) -> Vec<Section> {
        let (mut traffic, mut limits, mut rest) = (Vec::new(), Vec::new(), Vec::new());
        let are_callers_told = !callers.is_empty();
        for fact in facts {
            let list = match list_of(&fact.path) {
                CALLERS if are_callers_told => continue,
                TRAFFIC => &mut traffic,
                LIMITS => &mut limits,
                _ => &mut rest,
            };
            let Fact { path, value, origin: Origin { layer: _, span }, overridden: _, unfit } = fact;
            let value = unfit.map_or_else(|| value.clone(), |why| format!("{value}: does not hold, {why}"));
            list.push(self.row(&path, &value, span));
        }
        let all = [(CALLERS, callers), (TRAFFIC, traffic), (LIMITS, limits), (REST, rest)];
        let said = all.into_iter().filter(|(_, rows)| !rows.is_empty());
        said.map(|(title, rows)| Section { title, rows }).collect()
    }

    fn row(&self, word: &str, value: &str, span: Option<Span>) -> Row {
        let (place, line) = self.places.show(span);
        Row { word: word.to_owned(), value: value.to_owned(), place, line }
    }
}

/// The part of a page that a value belongs to, by the words of its path.
fn list_of(path: &str) -> &'static str {
    let has = |word: &str| path.split('.').any(|part| part == word);
    match path.split('.').next().unwrap_or(path) {
        "allow" | "deny" | "expose" | "require-token" | "access" => CALLERS,
        "calls" | "canary" | "route" | "mirror" | "via" => TRAFFIC,
        "timeout" | "retry" | "breaker" | "connection" | "balance" | "locality" | "warm-up" | "rate-limit"
        | "fault" => LIMITS,
        _ if has("breaker") || has("connection") || has("balance") => LIMITS,
        "versions" => TRAFFIC,
        _ => REST,
    }
}
