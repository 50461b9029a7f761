use super::becomes::Lines;
use super::explain::Named;
use crate::diagnostic::Diagnostics;
use crate::ir::{Fact, Mesh};
use crate::source::{Layer, Origin, Sources, Span};
use crate::syntax;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// One value, who decided it, whom that won over, and what it becomes.
pub(super) struct Explained {
    name: String,
    value: String,
    /// Of a default that does not hold, why.
    unfit: Option<&'static str>,
    /// The strongest layer first.
    chain: Vec<Row>,
    /// Fields of objects.
    becomes: Vec<(String, String)>,
}

/// What one layer says.
struct Row {
    layer: String,
    value: String,
    place: String,
}

impl Explained {
    /// The fact of `facts`, all of what is known of a thing; `lines` is what the mesh compiles to.
    pub(super) fn new(
        sources: &Sources,
        (mesh, lines): (&Mesh, &Lines),
        (named, facts): (&Named<'_>, &[Fact]),
        fact: &Fact,
    ) -> Self {
        let built_in = built_in(&fact.path).unwrap_or_default();
        let row = |origin: &Origin, value: String| Row {
            layer: layer(sources, mesh, named.kind, *origin),
            value,
            place: origin.span.map(|span| sources.show(span)).unwrap_or_default(),
        };
        let mut chain = vec![row(&fact.origin, fact.value.clone())];
        for origin in &fact.overridden {
            chain.push(row(origin, origin.span.map_or_else(|| built_in.to_owned(), |span| said(sources, span))));
        }
        let last = fact.overridden.last().unwrap_or(&fact.origin);
        if last.layer != Layer::BuiltIn && !built_in.is_empty() {
            chain.push(row(&Origin::BUILT_IN, built_in.to_owned()));
        }
        let name = format!("{}.{}", named.name, fact.path);
        let becomes = if fact.unfit.is_some() { Vec::new() } else { lines.fields(mesh, (named, facts), fact) };
        Explained { name, value: fact.value.clone(), unfit: fact.unfit, chain, becomes }
    }

    /// As people see it.
    pub(super) fn text(&self, environments: &str) -> String {
        let holds = if self.unfit.is_some() { ", which does not hold" } else { "" };
        let mut text = format!("{} = {}{holds}   in {environments}\n", self.name, self.value);
        let width = |of: fn(&Row) -> usize| self.chain.iter().map(of).max().unwrap_or(0);
        let (a, b, c) =
            (width(|row| row.layer.len()), width(|row| row.value.chars().count()), width(|row| row.place.len()));
        for (at, Row { layer, value, place }) in self.chain.iter().enumerate() {
            let decides = match self.unfit.filter(|_| at == 0) {
                Some(why) => format!("  <- does not fit: {why}"),
                None if at == 0 && self.chain.len() > 1 => "  <- decides".to_owned(),
                None => String::new(),
            };
            let line = format!("  {layer:a$}  {value:b$}  {place:c$}{decides}");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        for (at, (object, field)) in self.becomes.iter().enumerate() {
            _ = writeln!(text, "{}  {object}  {field}", if at == 0 { "becomes" } else { "       " });
        }
        text
    }

    /// `{"path", "value", "chain": [{"layer", "value", "place"}], "becomes": [{"object", "field"}]}`; the chain has the
    /// strongest layer first, and `place` is `null` for what is built in.
    fn data(&self) -> Value {
        let row = |row: &Row| {
            let place = if row.place.is_empty() { Value::Null } else { row.place.as_str().into() };
            json!({ "layer": row.layer, "value": row.value, "place": place })
        };
        json!({
            "path": self.name,
            "value": self.value,
            "chain": self.chain.iter().map(row).collect::<Vec<_>>(),
            "becomes": fields(&self.becomes),
        })
    }

    /// The same, with whose it is.
    pub(super) fn data_of(&self, environment: &str, mesh: &Mesh, named: &Named<'_>) -> Value {
        let mut value = self.data();
        if let Some(fields) = value.as_object_mut() {
            fields.extend(self.unfit.map(|why| ("does_not_hold".to_owned(), why.into())));
            fields.insert("environment".to_owned(), environment.into());
            fields.insert("kind".to_owned(), named.kind.into());
            let namespace = named.namespace.map(|id| mesh.namespace_name(id).as_str());
            fields.insert("namespace".to_owned(), namespace.into());
        }
        value
    }
}

/// Fields of objects, as `mesh explain --format json` tells them.
pub(super) fn fields(fields: &[(String, String)]) -> Value {
    fields.iter().map(|(object, field)| json!({ "object": object, "field": field })).collect()
}

/// What is written at a place, on one line.
fn said(sources: &Sources, span: Span) -> String {
    sources.slice(span).lines().next().unwrap_or("").trim_matches('"').to_owned()
}

/// How the layer of an origin is called in the page of a `kind`.
pub(super) fn layer(sources: &Sources, mesh: &Mesh, kind: &str, origin: Origin) -> String {
    match origin.layer {
        Layer::BuiltIn => "built-in".to_owned(),
        Layer::MeshProfile | Layer::NamespaceProfile | Layer::OwnProfile => {
            origin.span.and_then(|span| profile(sources, span)).unwrap_or_else(|| "profile".to_owned())
        }
        Layer::Platform => "platform".to_owned(),
        Layer::Mesh => "mesh".to_owned(),
        Layer::Namespace => "namespace".to_owned(),
        Layer::Own => kind.to_owned(),
        Layer::MeshOverlay => format!("mesh, {} overlay", mesh.environment.name),
        Layer::NamespaceOverlay => format!("namespace, {} overlay", mesh.environment.name),
        Layer::OwnOverlay => format!("{} overlay", mesh.environment.name),
    }
}

/// The name of the profile that has something at `span`, as one would `use` it.
fn profile(sources: &Sources, span: Span) -> Option<String> {
    let document = syntax::parse(span.file, sources.text(span.file), &mut Diagnostics::default());
    let node = document.nodes.iter().find(|node| node.span.start <= span.start && span.end <= node.span.end)?;
    let name = document.slice(node.arguments().next()?.span).trim_matches('"');
    let library = if sources.name(span.file).starts_with("std:") { "std:" } else { "" };
    Some(format!("{library}{name}"))
}

/// What holds where nobody says anything: of a breaker's limits, Envoy as Istio configures it.
fn built_in(path: &str) -> Option<&'static str> {
    let known = match path.rsplit_once("breaker.") {
        Some((_, "interval")) => "10s",
        Some((_, "base-ejection")) => "30s",
        Some((_, "max-ejection")) => "50",
        Some((_, "min-healthy")) => "0",
        Some((_, "consecutive-5xx" | "consecutive-gateway-errors" | "consecutive-local-errors")) => "off",
        Some((_, "connections" | "pending-requests" | "requests" | "requests-per-connection" | "retries")) => {
            "unlimited"
        }
        Some((_, "retry-budget")) => "none",
        _ if path == "mtls" => "strict",
        _ if path == "network-policy" => "on",
        _ if path == "egress" => "registered-only",
        _ if path == "timeout" => "none",
        _ if path == "canary.percent" => "0",
        _ => return None,
    };
    Some(known)
}
