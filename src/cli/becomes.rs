use super::explain::Named;
use crate::emit::ToldLine;
use crate::ir::{Fact, Mesh};
use crate::manifest::yaml;
use crate::pipeline;
use crate::source::{Layer, Origin, Span};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Every line that the mesh of an environment compiles to, by its file, with who said it.
pub(super) struct Lines(pub(super) BTreeMap<String, Vec<ToldLine>>);

impl Lines {
    pub(super) fn of(mesh: &Mesh) -> Result<Self, yaml::Error> {
        Ok(Lines(pipeline::told(mesh, &|_| true)?))
    }

    /// The fields that come from the place where a value was said, each with its object: wherever they stand, if that
    /// place speaks of this thing alone; else those in its own objects, and in others' what speaks of it.
    pub(super) fn fields(
        &self,
        mesh: &Mesh,
        (named, facts): (&Named<'_>, &[Fact]),
        fact: &Fact,
    ) -> Vec<(String, String)> {
        let wanted = Wanted { named, marks: named.marks(mesh), layer: fact.origin.layer, keys: &[] };
        let keys = keys(&fact.path);
        let whole = whole(facts, fact);
        let is_part = whole.is_some_and(|whole| whole.origin.span == fact.origin.span);
        let own = self.matching(fact.origin, &Wanted { keys: if is_part { keys } else { &[] }, ..wanted.clone() });
        match whole {
            // Only the whole knows its place in the objects.
            Some(whole) if own.is_empty() && !keys.is_empty() => {
                self.matching(whole.origin, &Wanted { keys, ..wanted })
            }
            Some(_) | None => own,
        }
    }

    /// The fields that come from inside of a span, each with its object.
    pub(super) fn inside(&self, whole: Span) -> Vec<(String, String)> {
        let is_inside = |span: Span| span.file == whole.file && whole.start <= span.start && span.end <= whole.end;
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in self.0.values().flatten() {
            let Some(part) = &line.part else { continue };
            // All of an object that was asked for there is from there.
            let is_made = line.origin.is_none() && part.origin.and_then(|origin| origin.span).is_some_and(is_inside);
            if !is_made && !line.origin.and_then(|origin| origin.span).is_some_and(is_inside) {
                continue;
            }
            let field = if is_made { "" } else { line.field.as_str() };
            let is_told =
                |(title, last): &(String, String)| *title == part.title && (last.is_empty() || is_below(field, last));
            if fields.last().is_none_or(|last| !is_told(last)) {
                fields.push((part.title.clone(), field.to_owned()));
            }
        }
        fields
    }

    fn matching(&self, origin: Origin, wanted: &Wanted<'_>) -> Vec<(String, String)> {
        let Some(span) = origin.span else { return Vec::new() };
        let mut fields: Vec<(String, String)> = Vec::new();
        for lines in self.0.values() {
            for (at, line) in lines.iter().enumerate() {
                let Some(part) = &line.part else { continue };
                if !wanted.is_met(lines, at, span) {
                    continue;
                }
                let field = wanted.shown(&line.field);
                // The first line of what was said stands for all that is below it.
                let is_told = |(title, last): &(String, String)| *title == part.title && is_below(field, last);
                if fields.last().is_none_or(|last| !is_told(last)) {
                    fields.push((part.title.clone(), field.to_owned()));
                }
            }
        }
        fields
    }
}

/// Which lines are asked for.
#[derive(Clone)]
struct Wanted<'w> {
    named: &'w Named<'w>,
    marks: Vec<Vec<SmolStr>>,
    layer: Layer,
    /// Of what was said at one place: the fields of this part of it; empty: all.
    keys: &'static [&'static str],
}

impl Wanted<'_> {
    fn is_met(&self, lines: &[ToldLine], at: usize, span: Span) -> bool {
        let Some((line, part)) = lines.get(at).and_then(|line| Some((line, line.part.as_ref()?))) else { return false };
        if line.origin.and_then(|origin| origin.span) != Some(span) {
            return false;
        }
        let is_own = part.origin == Some(self.named.origin) || self.named.has_alone(self.layer);
        (self.keys.is_empty() || self.end(&line.field).is_some()) && (is_own || speaks_of(lines, at, &self.marks))
    }

    /// Where the name of one of the fields that are asked for ends.
    fn end(&self, field: &str) -> Option<usize> {
        let mut end = 0;
        field.split('.').find_map(|step| {
            end += step.len() + 1;
            let name = step.split('[').next().unwrap_or(step);
            self.keys.contains(&name).then(|| end - 1 - (step.len() - name.len()))
        })
    }

    fn shown<'f>(&self, field: &'f str) -> &'f str {
        self.end(field).and_then(|end| field.get(..end)).unwrap_or(field)
    }
}

/// Whether a field can be what a fact becomes, which shares its place with others: a method becomes no path.
pub(super) fn is_of(fact: &Fact, facts: &[Fact], field: &str) -> bool {
    let keys = keys(&fact.path);
    let is_part = whole(facts, fact).is_some_and(|whole| whole.origin.span == fact.origin.span);
    let mut names = field.split(['.', '[']);
    !is_part || keys.is_empty() || names.any(|name| keys.contains(&name))
}

/// The nearest fact that a fact is a part of: `expose.public` of `expose.public.from`.
fn whole<'f>(facts: &'f [Fact], fact: &Fact) -> Option<&'f Fact> {
    let before = facts.iter().take_while(|other| other.path != fact.path || other.origin != fact.origin);
    let is_whole = |other: &&Fact| other.path != fact.path && is_below(&fact.path, &other.path);
    before.filter(is_whole).max_by_key(|other| other.path.len())
}

/// The fields of Istio that say a condition, where the line that says it has its place in the objects by the whole.
fn keys(path: &str) -> &'static [&'static str] {
    let mut words = path.rsplit('.');
    let (last, before) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match (before, last) {
        (_, "from") => &["remoteIpBlocks", "ipBlocks", "sourceNamespace", "sourceLabels"],
        (_, "method") => &["methods", "notMethods", "method"],
        (_, "path") => &["paths", "notPaths", "uri"],
        (_, "port") => &["ports", "notPorts", "port"],
        (_, "host") => &["hosts", "notHosts", "authority"],
        ("header" | "claim" | "not", _) => &["when", "headers", "withoutHeaders"],
        (_, _) => &[],
    }
}

/// Whether a field is another, or inside of it.
fn is_below(field: &str, other: &str) -> bool {
    field.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Whether all words of one of these marks stand in the rule that a line is part of.
pub(super) fn speaks_of(lines: &[ToldLine], at: usize, marks: &[Vec<SmolStr>]) -> bool {
    let Some((line, rule)) = lines.get(at).and_then(|line| Some((line, rule(&line.field)?))) else { return false };
    let title = |line: &ToldLine| line.part.as_ref().map(|part| part.title.clone());
    let title_here = title(line);
    let of_rule = lines.iter().filter(|other| is_below(&other.field, rule) && title(other) == title_here);
    let words: Vec<&str> = of_rule.flat_map(|line| line.written.split([' ', '"'])).collect();
    marks.iter().any(|mark| mark.iter().all(|word| words.contains(&word.as_str())))
}

/// `spec.http[0]` of `spec.http[0].route[0].weight`.
fn rule(field: &str) -> Option<&str> {
    field.find(']').and_then(|end| field.get(..=end))
}

impl Named<'_> {
    /// Whether what this layer says of it is said of nothing else.
    fn has_alone(&self, layer: Layer) -> bool {
        // No default of these is laid over others.
        if matches!(self.kind, "issuer" | "authorizer" | "group" | "guard") {
            return true;
        }
        match layer {
            Layer::Own | Layer::OwnOverlay => true,
            Layer::Mesh | Layer::MeshOverlay => self.kind == "mesh",
            Layer::Namespace | Layer::NamespaceOverlay => self.kind == "namespace",
            Layer::BuiltIn | Layer::Platform | Layer::MeshProfile | Layer::NamespaceProfile | Layer::OwnProfile => {
                false
            }
        }
    }
}
