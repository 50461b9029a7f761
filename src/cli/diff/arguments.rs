use crate::cli::arguments::{Environments, OUTPUT, TEMPLATE};
use crate::value::Risk;
use clap::{Args, ValueEnum};
use std::fmt;
use std::path::PathBuf;

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh diff                                       what this branch changes, from where it began
  mesh diff --from git:v1.4 --two-dot             since a tag, whatever branch it is on
  mesh diff --from dir:out/prod --env prod        what compiling now would change
  mesh diff --from rendered:HEAD:out --to dir:out   what was rendered, committed and now
  mesh diff --from dir:before --to dir:after --full   two rendered trees, with every field
  mesh diff --format markdown --fail-on high      in CI: a comment, and a gate
  mesh diff --from cluster --env prod             what applying would change in a cluster
  mesh diff --three-way --env prod                what was changed there by hand as well

Sides:
  compile[:DIR]         the workspace as it stands, compiled
  git:REVISION          the workspace as it was committed, compiled by this mesh; as the earlier side
                        it is the commit where the later side's work began, unless --two-dot
  dir:PATH              a folder of rendered objects, or a file
  rendered:REVISION:PATH   such a folder as it was committed
  dump:FILE             what kubectl get -o yaml wrote; several with commas between them, - is
                        standard input
  cluster[:CONTEXT]     a live cluster, read through kubectl: lists of kinds, and nothing else")]
pub(in crate::cli) struct Diff {
    /// The earlier side; unsaid, the commit where work began on what is checked out
    #[arg(long, value_name = "SIDE", value_parser = source)]
    pub(super) from: Option<Source>,
    /// The later side; unsaid, the workspace as it stands
    #[arg(long, value_name = "SIDE", default_value = "compile", hide_default_value = true, value_parser = source)]
    pub(super) to: Source,
    /// Compare with the tip of a revision, not with the commit where the later side's work began
    #[arg(long)]
    pub(super) two_dot: bool,
    /// What to do where the earlier side does not compile: fail, or take it as empty
    #[arg(
        long,
        value_name = "fail|empty",
        default_value = "fail",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(super) base_broken: BaseBroken,
    #[command(flatten)]
    pub(super) environments: Environments,
    #[command(flatten)]
    pub(super) sides: SideArguments,
    #[command(flatten)]
    pub(super) cluster: ClusterArguments,
    #[command(flatten)]
    pub(super) gates: Gates,
    #[command(flatten)]
    pub(super) view: ViewArguments,
}

/// When a run ends otherwise than it would.
#[derive(Args, Debug)]
pub(super) struct Gates {
    /// End with 3 from this risk on: low, medium, high, critical or none
    #[arg(
        long,
        value_name = "RISK",
        default_value = "none",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = OUTPUT
    )]
    pub(super) fail_on: Gate,
    /// Take what could not be read as if it were the same, instead of ending with 4
    #[arg(long, help_heading = OUTPUT)]
    pub(super) allow_partial: bool,
    /// End with 0 whatever is found: for jobs that only comment
    #[arg(long, help_heading = OUTPUT)]
    pub(super) exit_zero: bool,
    /// Fail unless what changes has this digest: what merges is what was reviewed
    #[arg(long, value_name = "sha256:...", help_heading = OUTPUT)]
    pub(super) expect: Option<String>,
}

/// How a report is shown.
#[derive(Args, Debug)]
pub(super) struct ViewArguments {
    /// terminal, unified, markdown, json, sarif, github or html
    #[arg(
        long,
        visible_alias = "output",
        value_name = "FORMAT",
        default_value = "terminal",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = OUTPUT
    )]
    pub(super) format: DiffFormat,
    /// On a terminal: the verdict and what was found, a line or two each
    #[arg(long, conflicts_with = "full", help_heading = OUTPUT)]
    pub(super) summary: bool,
    /// On a terminal: every field of every object
    #[arg(long, help_heading = OUTPUT)]
    pub(super) full: bool,
    /// On a terminal: the safe order, step by step
    #[arg(long, help_heading = OUTPUT)]
    pub(super) plan: bool,
    /// Where the comment goes, which says how long it may be: github, gitlab, azure or bitbucket
    #[arg(
        long,
        value_name = "FORGE",
        default_value = "github",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = OUTPUT
    )]
    pub(super) forge: Forge,
    /// How many bytes the comment may have; at least 500
    #[arg(long, value_name = "BYTES", value_parser = least, help_heading = OUTPUT)]
    pub(super) max_chars: Option<usize>,
    /// What the comment is found again by, to be written over
    #[arg(long, value_name = "NAME", default_value = "mesh", hide_default_value = true, help_heading = OUTPUT)]
    pub(super) marker: String,
    /// Write every form of the report into a folder as well, as long as it is
    #[arg(long, value_name = "DIR", help_heading = OUTPUT)]
    pub(super) artifact_dir: Option<PathBuf>,
}

impl ViewArguments {
    /// Whether a picture is drawn.
    pub(super) fn has_picture(&self) -> bool {
        self.format == DiffFormat::Html || self.artifact_dir.is_some()
    }
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DiffFormat {
    Terminal,
    Unified,
    Markdown,
    Json,
    Sarif,
    Github,
    Html,
}

/// Where comments are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Forge {
    Github,
    Gitlab,
    Azure,
    Bitbucket,
}

/// Room for the verdict and how much is shown.
const LEAST_BYTES: usize = 500;

fn least(text: &str) -> Result<usize, String> {
    let bytes: usize = text.parse().map_err(|_| "expected a number of bytes".to_owned())?;
    if bytes < LEAST_BYTES { Err(format!("expected at least {LEAST_BYTES}")) } else { Ok(bytes) }
}

/// What is asked of a cluster.
#[derive(Args, Debug)]
pub(super) struct ClusterArguments {
    /// Let the server of --from cluster fill in what it would if objects that it has were applied; it writes nothing, but
    /// asks for the right to patch
    #[arg(long)]
    pub(super) server_dry_run: bool,
    /// Print the rights that reading a cluster needs, and compare nothing
    #[arg(long, help_heading = OUTPUT)]
    pub(super) print_rbac: bool,
}

/// What is done with sides, and said of them.
#[derive(Args, Debug)]
pub(super) struct SideArguments {
    /// Say as well what somebody changed in a cluster since the earlier side was applied, and what becomes of it; the
    /// cluster is the one in use, unless =cluster:CONTEXT or =dump:FILE says another
    #[arg(
        long,
        value_name = "SIDE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "cluster",
        value_parser = live
    )]
    pub(super) three_way: Option<Source>,
    /// Do not take it for a mistake that most of what is ours would go
    #[arg(long)]
    pub(super) allow_mass_delete: bool,
    /// Say which steps bring objects into the one form in which they are compared, and what each had to do
    #[arg(long, help_heading = OUTPUT)]
    pub(super) explain_normalisation: bool,
}

/// Where a side comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A workspace as it stands, compiled: the one that is meant, or the one in a folder.
    Compile(Option<PathBuf>),
    /// The workspace at the commit where work began.
    Trunk,
    /// The workspace at a revision, compiled.
    Revision(String),
    /// A folder or file of rendered objects.
    Folder(PathBuf),
    /// What a cluster said of itself, in files.
    Dump(String),
    /// A live cluster: the one in use, or the one of a context.
    Cluster(Option<String>),
    /// Such a folder or file as it was committed.
    Rendered {
        /// The name of the revision.
        revision: String,
        /// The folder.
        path: PathBuf,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Compile(None) => f.write_str("compile"),
            Source::Compile(Some(path)) => write!(f, "compile:{}", path.display()),
            Source::Trunk => f.write_str("trunk"),
            Source::Revision(name) => write!(f, "git:{name}"),
            Source::Folder(path) => write!(f, "dir:{}", path.display()),
            Source::Dump(paths) => write!(f, "dump:{paths}"),
            Source::Cluster(None) => f.write_str("cluster"),
            Source::Cluster(Some(context)) => write!(f, "cluster:{context}"),
            Source::Rendered { revision, path } => write!(f, "rendered:{revision}:{}", path.display()),
        }
    }
}

fn source(text: &str) -> Result<Source, String> {
    let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
    match (kind, rest) {
        ("compile", "") => Ok(Source::Compile(None)),
        ("compile", path) => Ok(Source::Compile(Some(path.into()))),
        ("git", revision) if !revision.is_empty() => Ok(Source::Revision(revision.to_owned())),
        ("dir", path) if !path.is_empty() => Ok(Source::Folder(path.into())),
        ("dump", paths) if !paths.is_empty() => Ok(Source::Dump(paths.to_owned())),
        ("cluster", "") => Ok(Source::Cluster(None)),
        ("cluster", context) => Ok(Source::Cluster(Some(context.to_owned()))),
        ("rendered", rest) => match rest.split_once(':') {
            Some((revision, path)) if !revision.is_empty() && !path.is_empty() => {
                Ok(Source::Rendered { revision: revision.to_owned(), path: path.into() })
            }
            Some(_) | None => Err("expected rendered:REVISION:PATH".to_owned()),
        },
        _ => Err("expected compile, git:REVISION, dir:PATH, rendered:REVISION:PATH, dump:FILE or cluster".to_owned()),
    }
}

/// A side that is a cluster, or what one said of itself.
fn live(text: &str) -> Result<Source, String> {
    let expected = || "expected cluster, cluster:CONTEXT or dump:FILE".to_owned();
    source(text).ok().filter(Source::is_live).ok_or_else(expected)
}

impl Source {
    /// Whether it is a cluster, or what one said of itself.
    pub(super) const fn is_live(&self) -> bool {
        match self {
            Source::Cluster(_) | Source::Dump(_) => true,
            Source::Compile(_) | Source::Trunk | Source::Revision(_) | Source::Folder(_) | Source::Rendered { .. } => {
                false
            }
        }
    }
}

/// What becomes of an earlier side that does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum BaseBroken {
    /// Nothing is compared.
    Fail,
    /// It counts as empty.
    Empty,
}

/// From which risk on a run ends with a code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Gate {
    None,
    Low,
    Medium,
    High,
    Critical,
}

impl From<Gate> for Option<Risk> {
    fn from(gate: Gate) -> Self {
        match gate {
            Gate::None => None,
            Gate::Low => Some(Risk::Low),
            Gate::Medium => Some(Risk::Medium),
            Gate::High => Some(Risk::High),
            Gate::Critical => Some(Risk::Critical),
        }
    }
}
