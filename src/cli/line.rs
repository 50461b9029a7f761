use super::becomes::{Lines, is_of, speaks_of};
use super::exit::Refusal;
use super::explain::{Named, everything};
use super::fact::{Explained, layer};
use crate::emit::{Part, ToldLine, said};
use crate::ir::{Fact, Mesh};
use crate::lower;
use crate::pipeline::Workspace;
use crate::source::{Layer, Origin, Sources, Span};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// A line of a compiled tree, as it was named: `out/prod/shop/sidecars/web.yaml:12`.
pub(super) struct Address<'p> {
    file: &'p str,
    number: usize,
}

/// A line of a file that an environment's mesh compiles to.
struct Found<'w> {
    environment: &'w str,
    mesh: &'w Mesh,
    lines: Lines,
    /// The file, and the place in it.
    path: String,
    at: usize,
}

/// What answers for a line.
enum Answer<'m> {
    /// Values of a thing, each with its layers.
    Values(Named<'m>, Vec<Fact>, Vec<usize>),
    /// Something else, as people read it.
    Told(String),
}

impl<'p> Address<'p> {
    /// Reads `FILE:LINE`.
    pub(super) fn parse(text: &'p str) -> Result<Self, Refusal> {
        let parts = text.rsplit_once(':').and_then(|(file, number)| Some((file, number.parse().ok()?)));
        match parts.filter(|(_, number)| *number > 0) {
            Some((file, number)) => Ok(Address { file, number }),
            None => Err(Refusal::new(format!("expected a file and the number of a line, found `{text}`"))
                .help("write for example --manifest out/prod/shop/sidecars/web.yaml:12")),
        }
    }

    /// What the line says, and which line of intent says so.
    pub(super) fn explained(&self, read: &Workspace) -> Result<String, Refusal> {
        let found = self.find(read)?;
        let mut text = found.text(&read.sources);
        if self.is_old(&found) {
            _ = writeln!(text, "the file on disk says something else in this line: mesh compile --check");
        }
        Ok(text)
    }

    /// The same as `{"version": 1, "values": [...], "line": {...}}`.
    pub(super) fn data(&self, read: &Workspace) -> Result<Value, Refusal> {
        let found = self.find(read)?;
        let mut told = Value::Null;
        let mut values = Vec::new();
        match found.answer(&read.sources) {
            Answer::Told(text) => told = text.split_whitespace().collect::<Vec<_>>().join(" ").into(),
            Answer::Values(named, facts, places) => {
                for fact in places.iter().filter_map(|at| facts.get(*at)) {
                    let of = (found.mesh, &found.lines);
                    let explained = Explained::new(&read.sources, of, (&named, &facts), fact);
                    values.push(explained.data_of(found.environment, found.mesh, &named));
                }
            }
        }
        let line = found.line();
        let part = line.and_then(|line| line.part.as_ref());
        Ok(json!({"version": 1, "values": values, "line": {
            "environment": found.environment,
            "written": line.map(|line| line.written.trim()),
            "object": part.map(|part| part.title.as_str()),
            "field": part.and(line).map(|line| line.field.as_str()),
            "told": told,
            "outdated": self.is_old(&found),
        }}))
    }

    /// Whether the file on disk says something else there.
    fn is_old(&self, found: &Found<'_>) -> bool {
        let on_disk = std::fs::read_to_string(self.file).ok();
        let written = found.line().map(|line| line.written.as_str());
        on_disk.is_some_and(|text| text.lines().nth(self.number - 1) != written)
    }

    /// The line, of the environment whose tree the file is of: of several that have such a file the one whose name stands
    /// before it.
    fn find<'w>(&self, read: &'w Workspace) -> Result<Found<'w>, Refusal> {
        let file = Path::new(self.file);
        let meshes = read.environments.iter().filter_map(|(name, mesh)| Some((name.as_str(), mesh.as_ref()?)));
        let is_named = |name: &str| file.components().any(|part| part.as_os_str() == name);
        let (named, others): (Vec<_>, Vec<_>) = meshes.partition(|(name, _)| is_named(name));
        for (environment, mesh) in named.into_iter().chain(others) {
            let lines = Lines::of(mesh)?;
            let Some(path) = lines.0.keys().find(|path| file.ends_with(path)).cloned() else { continue };
            let found = Found { environment, mesh, lines, path, at: self.number - 1 };
            if found.line().is_none() {
                let text = format!("{} has no line {} in environment `{environment}`", self.file, self.number);
                return Err(Refusal::new(text));
            }
            return Ok(found);
        }
        Err(Refusal::new(format!("{} is no file that this workspace compiles to", self.file))
            .help("name a file below out/ENVIRONMENT, or name the environment: --env ENV"))
    }
}

impl<'w> Found<'w> {
    fn file(&self) -> &[ToldLine] {
        self.lines.0.get(&self.path).map_or(&[], Vec::as_slice)
    }

    fn line(&self) -> Option<&ToldLine> {
        self.file().get(self.at)
    }

    fn text(&self, sources: &Sources) -> String {
        let Some(line) = self.line() else { return String::new() };
        let mut text = format!("{}   in {}\n", line.written.trim(), self.environment);
        if let Some(part) = &line.part {
            _ = writeln!(text, "  {}  {}", part.title, line.field);
        }
        match self.answer(sources) {
            Answer::Told(told) => text.push_str(&told),
            Answer::Values(named, facts, places) => {
                for fact in places.iter().filter_map(|at| facts.get(*at)) {
                    text.push('\n');
                    let explained = Explained::new(sources, (self.mesh, &self.lines), (&named, &facts), fact);
                    text.push_str(&explained.text(self.environment));
                }
            }
        }
        text
    }

    fn answer(&self, sources: &Sources) -> Answer<'w> {
        let Some((line, part)) = self.line().and_then(|line| Some((line, line.part.as_ref()?))) else {
            return Answer::Told("  this line is the file's own: no word of intent says it\n".to_owned());
        };
        if let Some(label) = self.label(line, part) {
            return label;
        }
        let rule = lower::derived((part.kind, &part.owner), &line.field);
        if let Some(rule) = rule.filter(|_| line.origin.is_none_or(|origin| origin.span.is_none())) {
            return Answer::Told(self.derived(sources, (line, part), rule));
        }
        match said(self.file(), self.at).or(part.origin) {
            Some(origin) => self.said(sources, part, origin),
            None => Answer::Told("  it follows from the whole workspace\n".to_owned()),
        }
    }

    fn derived(&self, sources: &Sources, (line, part): (&ToldLine, &Part), rule: &str) -> String {
        let mut text = String::new();
        wrap(&mut text, "  derived  ", rule);
        if let Some(maker) = self.maker(sources, part) {
            _ = writeln!(text, "  made by  {maker}");
        }
        if let Some(template) = self.template(sources, line, part).filter(|_| part.is_carried) {
            text.push_str(&template);
        }
        text
    }

    /// The label or annotation that a namespace is given, where this line is one.
    fn label(&self, line: &ToldLine, part: &Part) -> Option<Answer<'w>> {
        if part.kind != "Namespace" {
            return None;
        }
        let (word, key) = match line.field.strip_prefix("metadata.labels") {
            Some(key) => ("label", key),
            None => ("annotation", line.field.strip_prefix("metadata.annotations")?),
        };
        let key = key.trim_start_matches(['.', '[', '"']).trim_end_matches(['"', ']']);
        let named = everything(self.mesh).find(|named| Some(named.origin) == part.origin)?;
        let facts = named.facts(self.mesh);
        let at = facts.iter().position(|fact| fact.path == format!("{word}.{key}"))?;
        Some(Answer::Values(named, facts, vec![at]))
    }

    /// The line of intent that made what this is a line of.
    fn maker(&self, sources: &Sources, part: &Part) -> Option<String> {
        let origin = part.origin?;
        let span = origin.span?;
        let named = everything(self.mesh).find(|named| named.origin == origin);
        let kind = named.map_or_else(|| layer(sources, self.mesh, "", origin), |named| named.kind.to_owned());
        Some(format!("{} {}  {}", kind, sources.slice(span), sources.show(span)).trim_start().to_owned())
    }

    /// The text of the template that made an object, the line of it that this can only be from, and the parameters in it.
    fn template(&self, sources: &Sources, line: &ToldLine, part: &Part) -> Option<String> {
        let extra = self.mesh.extras.iter().find(|extra| Some(extra.origin) == part.origin)?;
        let (file, source) = sources.iter().find(|(_, file)| file.name.ends_with(extra.file.as_str()))?;
        let mut text = format!("  text     {}", source.name);
        let key = line.written.trim_start().trim_start_matches("- ").split_inclusive(':').next()?;
        let is_it = |(_, written): &(usize, &str)| written.trim_start().trim_start_matches("- ").starts_with(key);
        let candidates: Vec<_> = sources.text(file).lines().enumerate().filter(is_it).collect();
        let &[(at, written)] = candidates.as_slice() else { return Some(text + "\n") };
        _ = writeln!(text, ":{}  {}", at + 1, written.trim());
        let said = extra.params.iter().filter(|(name, _)| written.contains(&format!("params.{name}")));
        for (name, value) in said {
            let place = value.span().map(|span| sources.show(span)).unwrap_or_default();
            _ = writeln!(text, "{}", format!("           {name} is {}  {place}", value.value).trim_end());
        }
        Some(text)
    }

    /// Who said it: a value with its layers, where it is one.
    fn said(&self, sources: &Sources, part: &Part, origin: Origin) -> Answer<'w> {
        let mesh = self.mesh;
        let Some(span) = origin.span else {
            return Answer::Told("  built-in: it holds where nobody says otherwise\n".to_owned());
        };
        let is_owner = |named: &Named<'_>| Some(named.origin) == part.origin;
        let speaks = |named: &Named<'_>| speaks_of(self.file(), self.at, &named.marks(mesh));
        // Its owner; then whose requests the rule is about, since others may have it from the same place.
        let (mut owners, mut others): (Vec<_>, Vec<_>) = everything(mesh).partition(is_owner);
        others.sort_by_key(|named| (!speaks(named), Some(named.kind) != speaker(origin.layer)));
        owners.append(&mut others);
        if let Some(values) = owners.into_iter().find_map(|named| self.saying(named, origin)) {
            return values;
        }
        let said = sources.slice(span).lines().next().unwrap_or("");
        let place = sources.show(span);
        let line = match carried(mesh, part, span) {
            Some(how) => format!("  {how} at {place}  {said}"),
            None => {
                let maker = everything(mesh).find(|named| named.origin == origin);
                let kind = maker.map_or_else(|| layer(sources, mesh, part.kind, origin), |it| it.kind.to_owned());
                format!("  {kind}  {said}  {place}")
            }
        };
        Answer::Told(format!("{}\n", line.trim_end()))
    }

    /// What is said at a place of something, with it; nothing where none of its values is from there.
    fn saying(&self, named: Named<'w>, origin: Origin) -> Option<Answer<'w>> {
        let field = self.line().map_or("", |line| line.field.as_str());
        let facts = named.facts(self.mesh);
        let is_from = |at: &usize| facts.get(*at).is_some_and(|fact| fact.origin == origin);
        let mut places: Vec<usize> = (0..facts.len()).filter(is_from).collect();
        let fits = |at: &usize| facts.get(*at).is_some_and(|fact| is_of(fact, &facts, field));
        if places.iter().any(fits) {
            places.retain(fits);
        }
        (!places.is_empty()).then_some(Answer::Values(named, facts, places))
    }
}

/// Of what is said in one layer for many: the kind of node that says it.
fn speaker(layer: Layer) -> Option<&'static str> {
    match layer {
        Layer::MeshProfile | Layer::Mesh | Layer::MeshOverlay => Some("mesh"),
        Layer::NamespaceProfile | Layer::Namespace | Layer::NamespaceOverlay => Some("namespace"),
        Layer::BuiltIn | Layer::Platform | Layer::OwnProfile | Layer::Own | Layer::OwnOverlay => None,
    }
}

/// How what stands at `span` came into an object in the words of its kind, if it did.
fn carried(mesh: &Mesh, part: &Part, span: Span) -> Option<&'static str> {
    let holds = |whole: Span| whole.file == span.file && whole.start <= span.start && span.end <= whole.end;
    if part.is_patched && mesh.patches.iter().any(|patch| holds(patch.whole)) {
        return Some("patched");
    }
    part.is_carried.then_some("carried from the text")
}

/// Writes a sentence behind a heading, its further lines below its first word.
fn wrap(text: &mut String, heading: &str, sentence: &str) {
    const WIDTH: usize = 80;
    text.push_str(heading);
    let mut column = heading.len();
    for (at, word) in sentence.split(' ').enumerate() {
        if at > 0 && column + word.len() >= WIDTH {
            _ = write!(text, "\n{:1$}", "", heading.len());
            column = heading.len();
        } else if at > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += word.len();
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "reads workspaces from the disk")]

    use super::*;
    use crate::disk;
    use crate::pipeline::{self, Request};
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    /// What a line is explained by leads back to it: a path names every field that names the path.
    #[test]
    fn the_ways_there_and_back_are_one() {
        let mut faults = BTreeSet::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for folder in ["tests/compile", "examples"].into_iter().flat_map(|name| folders(&root.join(name))) {
            let read = pipeline::read(&disk::Workspace::open(&folder, None).unwrap(), &Request::default());
            for (environment, mesh) in &read.environments {
                let mesh = mesh.as_ref().unwrap();
                let (lines, mut found) = (Lines::of(mesh).unwrap(), Vec::new());
                let files: Vec<(String, usize)> = lines.0.iter().map(|(path, of)| (path.clone(), of.len())).collect();
                let mut whole = Found { environment, mesh, lines, path: String::new(), at: 0 };
                for (path, length) in files {
                    whole.path = path;
                    let mut seen = BTreeSet::new();
                    for at in 0..length {
                        whole.at = at;
                        let of = whole.line().and_then(|line| line.origin?.span).map(|span| (span.file, span.start));
                        if of.is_none() || !seen.insert((of, whole.line().map(|line| shape(&line.field)))) {
                            continue;
                        }
                        faults_of(&read.sources, &whole, &mut found);
                    }
                }
                let name = folder.strip_prefix(root).unwrap().display().to_string();
                faults.extend(found.into_iter().map(|fault| format!("{fault}  {name}")));
            }
        }
        assert!(faults.is_empty(), "no way back:\n{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
    }

    /// A field without its places in lists.
    fn shape(field: &str) -> String {
        field.chars().filter(|letter| !letter.is_ascii_digit()).collect()
    }

    fn folders(within: &Path) -> Vec<PathBuf> {
        let all = std::fs::read_dir(within).unwrap().map(|entry| entry.unwrap().path());
        all.filter(|path| path.join("mesh.kdl").is_file()).collect()
    }

    fn faults_of(sources: &Sources, found: &Found<'_>, into: &mut Vec<String>) {
        let line = found.line().unwrap();
        let Some(part) = &line.part else { return };
        let Answer::Values(named, facts, places) = found.answer(sources) else { return };
        let is_here = |(title, field): &(String, String)| {
            *title == part.title && (line.field.starts_with(field.as_str()) || field.starts_with(line.field.as_str()))
        };
        let shown = places.iter().filter_map(|at| facts.get(*at));
        let lists = |fact: &Fact| found.lines.fields(found.mesh, (&named, &facts), fact).iter().any(is_here);
        if !shown.clone().any(lists) {
            let paths: Vec<String> = shown.map(|fact| format!("{}.{}", named.kind, fact.path)).collect();
            into.push(format!("{}  {} {}", paths.join(" "), part.title, line.field));
        }
    }
}
