use super::Arguments;
use super::arguments::{DiffFormat, Forge, Source, ViewArguments};
use crate::cli::exit::Refusal;
use crate::cli::file;
use crate::diff::render::{Comment, Detail, Told, data, digest, github, markdown, sarif, steps, terminal, unified};
use crate::diff::{Finding, Report};
use crate::emit;
use crate::graph::{self, Graph};
use crate::value::Risk;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// The lines around each change of a unified diff.
const CONTEXT: usize = 3;

/// The pictures of a side, by environment.
type Graphs = BTreeMap<Option<String>, Graph>;

/// What is shown of a comparison.
pub(super) struct View<'v> {
    /// The report of each environment.
    reports: &'v [(Report<'v>, Told<'v>)],
    /// The pictures of the earlier and of the later side.
    graphs: (&'v Graphs, &'v Graphs),
    /// What is asked for.
    arguments: &'v Arguments,
    digest: OnceCell<String>,
}

/// The files of `--artifact-dir`.
const FILES: [(&str, DiffFormat); 6] = [
    ("comment.md", DiffFormat::Markdown),
    ("diff.json", DiffFormat::Json),
    ("diff.sarif", DiffFormat::Sarif),
    ("diff.txt", DiffFormat::Terminal),
    ("mesh.html", DiffFormat::Html),
    ("objects.diff", DiffFormat::Unified),
];

impl<'v> View<'v> {
    /// A view of these reports, with the pictures of both sides.
    pub(super) fn new(
        reports: &'v [(Report<'v>, Told<'v>)],
        graphs: (&'v Graphs, &'v Graphs),
        arguments: &'v Arguments,
    ) -> Self {
        View { reports, graphs, arguments, digest: OnceCell::new() }
    }

    /// The digest of the reports; worked out where somebody asks for it, since it takes every line of every object.
    pub(super) fn digest(&self) -> &str {
        let reports = self.reports.iter().map(|(report, told)| (report, told.environment.as_deref()));
        self.digest.get_or_init(|| digest(reports))
    }

    /// The reports in a form.
    pub(super) fn text(&self, format: DiffFormat) -> Result<String, Refusal> {
        let View { reports, graphs: _, arguments, digest: _ } = self;
        Ok(match format {
            DiffFormat::Terminal => people(reports, arguments),
            DiffFormat::Unified => reports.iter().map(|(report, _)| files(report)).collect(),
            DiffFormat::Markdown => {
                let (marker, budget) = (arguments.view.marker.as_str(), arguments.view.budget());
                markdown(reports, &Comment { marker, command: &command(arguments), digest: self.digest(), budget })
            }
            DiffFormat::Json => {
                let mut data = data(reports);
                if let Some(fields) = data.as_object_mut() {
                    fields.insert("digest".to_owned(), self.digest().into());
                }
                format!("{}\n", serde_json::to_string_pretty(&data)?)
            }
            DiffFormat::Sarif => format!("{}\n", serde_json::to_string_pretty(&sarif(reports))?),
            DiffFormat::Github => github(reports),
            DiffFormat::Html => self.page()?,
        })
    }

    /// Writes every form into a folder; the page only where there is a picture.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Refusal> {
        let refuse = |error: std::io::Error| Refusal::new(format!("{} cannot be made: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(refuse)?;
        for (name, format) in FILES {
            if format != DiffFormat::Html || self.has_picture() {
                let text = anstream::adapter::strip_str(&self.text(format)?).to_string();
                file::write(&folder.join(name), &text)?;
            }
        }
        Ok(())
    }

    fn has_picture(&self) -> bool {
        !self.graphs.0.is_empty() && !self.graphs.1.is_empty()
    }

    /// One page with the call graph before and after, and the findings beside it.
    fn page(&self) -> Result<String, Refusal> {
        let (before, after) = self.graphs;
        let mut joined = Vec::new();
        for (report, told) in self.reports {
            let empty = Graph::default();
            let (old, new) = (before.get(&told.environment), after.get(&told.environment));
            let Some(any) = new.or(old) else { continue };
            let mut graph = Graph::joined(old.unwrap_or(&empty), new.unwrap_or(&empty));
            graph.mesh.clone_from(&any.mesh);
            graph.environment.clone_from(&any.environment);
            graph.findings = report.findings.iter().map(|finding| found(finding, told)).collect();
            joined.push(graph);
        }
        if joined.is_empty() || !self.has_picture() {
            return Err(Refusal::new("a picture is of two compiled workspaces, and here are rendered objects")
                .help("compare git:REVISION with compile, or ask for --format markdown"));
        }
        Ok(graph::render::html(&joined))
    }
}

/// Every object as a file, by the path that it has in the compiled tree of its environment.
fn files(report: &Report<'_>) -> String {
    unified(report, CONTEXT, &|id| emit::place(&id.kind, (id.namespace.as_deref(), &id.name), report.root))
}

fn found(finding: &Finding, told: &Told<'_>) -> graph::Finding {
    graph::Finding {
        code: finding.class.name,
        level: finding.risk.name(),
        is_error: finding.risk >= Risk::High,
        title: format!("{}: {}", finding.of_objects(), finding.clauses().join("; ")),
        place: finding.place.and_then(|place| told.shown(place)).unwrap_or_default(),
    }
}

fn people(reports: &[(Report<'_>, Told<'_>)], arguments: &Arguments) -> String {
    let detail = match (arguments.view.summary, arguments.view.full) {
        (true, _) => Detail::Summary,
        (false, true) => Detail::Full,
        (false, false) => Detail::Default,
    };
    // Whoever reads everything reads it of one environment after the other.
    let each = if detail == Detail::Full { 1 } else { reports.len().max(1) };
    let told = reports.chunks(each).map(|reports| {
        let steps = if arguments.view.plan { steps(reports) } else { String::new() };
        terminal(reports, detail) + &steps
    });
    told.collect::<Vec<_>>().join("\n")
}

/// The command that compares the same sides in a clone.
fn command(arguments: &Arguments) -> String {
    let mut command = "mesh diff".to_owned();
    if let Some(from) = &arguments.from {
        let _ = write!(command, " --from {from}");
    }
    if arguments.to != Source::Compile(None) {
        let _ = write!(command, " --to {}", arguments.to);
    }
    for name in &arguments.environments.names {
        let _ = write!(command, " --env {name}");
    }
    command
}

impl ViewArguments {
    /// How many bytes a comment may have.
    fn budget(&self) -> usize {
        self.max_chars.unwrap_or(match self.forge {
            Forge::Github => 65_536,
            Forge::Gitlab => 1_000_000,
            Forge::Azure => 150_000,
            Forge::Bitbucket => 32_768,
        })
    }
}
