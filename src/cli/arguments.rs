#![allow(clippy::doc_markdown, reason = "what is said of arguments is shown as it is, not as Markdown")]

pub(super) use super::environments::Environments;
use crate::diagnostic::render::Format;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What it is first, then examples, then flags in groups. The short help has no examples: they are `before_long_help`.
pub(super) const TEMPLATE: &str = "\
{about-with-newline}
{before-help}{usage-heading} {usage}

{all-args}{after-help}";

const STYLES: clap::builder::Styles = clap::builder::Styles::styled()
    .header(anstyle::Style::new().bold())
    .usage(anstyle::Style::new().bold())
    .literal(anstyle::AnsiColor::Cyan.on_default());

/// A compiler for service-mesh configuration: a page of intent per service in, the whole tree of Istio and Kubernetes
/// YAML out
#[derive(Debug, Parser)]
#[command(
    name = "mesh",
    version,
    help_template = TEMPLATE,
    before_long_help = "\
Examples:
  mesh init shop                  begin a workspace in the folder shop
  mesh compile                    compile every environment into out/
  mesh compile --env prod -o -    one environment as one stream of YAML
  mesh check --format github      in CI: findings beside the lines of the change
  mesh explain call-not-allowed   what a message means, and what to do
  mesh explain checkout.breaker   who decided these values",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    styles = STYLES
)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) place: Place,
    #[command(flatten)]
    pub(super) look: LookArguments,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    /// The version of mesh
    #[arg(short = 'V', long, action = ArgAction::Version, help_heading = SCREEN)]
    version: Option<bool>,
}

pub(super) const WORKSPACE: &str = "Workspace";
pub(super) const OUTPUT: &str = "Output";
const SCREEN: &str = "Screen";

/// Where the workspace is.
#[derive(Args, Clone, Debug)]
pub(super) struct Place {
    /// The workspace; unsaid, the nearest folder upward with a mesh.kdl
    #[arg(short = 'C', value_name = "DIR", global = true, help_heading = WORKSPACE)]
    pub(super) directory: Option<PathBuf>,
}

/// How screens look.
#[derive(Args, Debug)]
pub(super) struct LookArguments {
    /// auto, always or never; auto is on a terminal, unless NO_COLOR is set
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = SCREEN
    )]
    color: ColorChoice,
    /// Say nothing but what went wrong
    #[arg(short, long, global = true, help_heading = SCREEN)]
    pub(super) quiet: bool,
    /// This help; --help has examples
    #[arg(short, long, global = true, action = ArgAction::Help, help_heading = SCREEN)]
    help: Option<bool>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Begin a workspace: a mesh, one service, and a check for CI
    Init(Init),
    /// Compile intent into one tree of YAML for each environment
    ///
    /// The tree of an environment is replaced as a whole or not at all. Files that mesh did not write are never touched,
    /// and files whose bytes stay the same are not rewritten.
    Compile(Compile),
    /// Say what is wrong, and write nothing
    Check(Check),
    /// Lay pages out in the one way; comments stay, and what they say stays the same
    Fmt(Fmt),
    /// Explain a message by its code, or a value by its path
    ///
    /// Of a value it says who decided it, whom that won over, and the fields of Istio that it becomes.
    Explain(Explain),
    /// Say what a change really does to traffic and access
    ///
    /// Compares two sides of a mesh by what they mean, and says how risky the way from one to the other is.
    Diff(super::diff::Arguments),
    /// Say whether a request comes to a service, and why
    ///
    /// It follows the request from its caller's proxy, or from the door of a gateway, and says what each proxy on its way
    /// does, with the line of intent that makes it so.
    Can(super::can::Can),
    /// Say who may call a service, and how
    Who(super::who::Who),
    /// Draw who calls whom
    Graph(Graph),
    /// Send the next share of the requests to the version that is tried out
    ///
    /// One number changes, in the file where it is decided; every other byte stays, and nothing is written that would
    /// bring a new finding.
    Promote(Promote),
    /// The plugin of Argo CD, and what sets it up
    Argocd(super::argocd::Arguments),
    /// Write a JSON Schema to standard output
    Schema(Schema),
    /// Write the manual pages into a folder
    Man(super::man::Man),
    /// Write completions for a shell to standard output
    Completions(super::completions::Completions),
    /// The help of a command, or the exit codes
    Help(Help),
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh init            in this folder
  mesh init shop       in the folder shop")]
pub(super) struct Init {
    /// The folder, which also names the mesh; unsaid, this one
    #[arg(value_name = "DIR")]
    pub(super) folder: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh compile                          every environment, into out/ENV/
  mesh compile --env prod               one of them
  mesh compile --env prod -o -          one stream, in order of application
  mesh compile --env prod -o - --format json | kubectl apply -f -
  mesh compile --check                  in CI: fail unless out/ is up to date")]
pub(super) struct Compile {
    #[command(flatten)]
    pub(super) environments: Environments,
    /// The folder of the trees, out in the workspace unless said; - is standard output
    #[arg(short, long, value_name = "DIR|-", help_heading = OUTPUT)]
    pub(super) output: Option<PathBuf>,
    /// Write nothing; fail unless the tree is what the intent says
    #[arg(long, help_heading = OUTPUT)]
    pub(super) check: bool,
    /// Keep versions that a revision had for one more release, so that they go after the routes to them
    #[arg(long, value_name = "REVISION", help_heading = OUTPUT)]
    pub(super) retain_from: Option<String>,
    #[command(flatten)]
    pub(super) format: FindingsFormat,
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh check
  mesh check --env prod --format short     a line for each finding
  mesh check --format sarif > mesh.sarif   for code scanning")]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) environments: Environments,
    #[command(flatten)]
    pub(super) format: FindingsFormat,
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh fmt                      every page of the workspace
  mesh fmt checkout.kdl         one of them
  mesh fmt --check              in CI: fail unless all are laid out
  mesh fmt --stdin < page.kdl   for editors")]
pub(super) struct Fmt {
    /// Pages of the workspace; unsaid, all
    #[arg(value_name = "FILE", conflicts_with = "stdin")]
    pub(super) files: Vec<PathBuf>,
    /// Write nothing; fail unless every page is laid out
    #[arg(long, help_heading = OUTPUT)]
    pub(super) check: bool,
    /// Read one page from standard input, and write it to standard output
    #[arg(long, help_heading = OUTPUT)]
    pub(super) stdin: bool,
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh explain call-not-allowed                     the page of a message
  mesh explain checkout                             every value of a service
  mesh explain checkout.breaker.connections         one value, in full
  mesh explain checkout.shop.timeout --env prod     of this namespace, in prod
  mesh explain --manifest out/prod/shop/sidecars/web.yaml:12   who says this line")]
pub(super) struct Explain {
    /// A code; or the name of a node of the pages, with `.NAMESPACE` and `.WORD` behind it
    #[arg(value_name = "CODE|PATH", required_unless_present = "manifest")]
    pub(super) subject: Option<String>,
    /// The other way: a line of a compiled file, and which line of intent says it
    #[arg(long, value_name = "FILE:LINE", conflicts_with = "subject")]
    pub(super) manifest: Option<String>,
    #[command(flatten)]
    pub(super) environments: Environments,
    #[command(flatten)]
    pub(super) format: ValuesFormat,
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh graph --env prod                       a diagram for Markdown
  mesh graph --format html -o mesh.html       every environment in one page to walk through
  mesh graph --env prod --format svg -o mesh.svg
  mesh graph --env prod --format dot | dot -Tpdf -o mesh.pdf")]
pub(super) struct Graph {
    #[command(flatten)]
    pub(super) environments: Environments,
    /// mermaid, dot, svg or html
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "mermaid",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = OUTPUT
    )]
    pub(super) format: GraphFormat,
    /// The file; unsaid, standard output
    #[arg(short, long, value_name = "FILE", help_heading = OUTPUT)]
    pub(super) output: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh promote checkout                the next of its steps
  mesh promote checkout --env prod     where dev and prod have lines of their own
  mesh promote checkout --to 50        another step than the next
  mesh promote checkout --to 0         back: every request to the stable version
  mesh promote checkout --dry-run      what would change")]
pub(super) struct Promote {
    /// A service; with `.NAMESPACE` behind it where two share a name
    #[arg(value_name = "SERVICE")]
    pub(super) service: String,
    #[command(flatten)]
    pub(super) environments: Environments,
    /// The share to go to, in percent; unsaid, the next of the steps
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100), help_heading = OUTPUT)]
    pub(super) to: Option<u8>,
    /// Write nothing, and show what would change
    #[arg(long, help_heading = OUTPUT)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) format: ValuesFormat,
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh schema grammar       the language: which word stands where
  mesh schema model         what guards and templates see
  mesh schema diagnostics   what mesh check --format json gives")]
pub(super) struct Schema {
    /// grammar, model, diagnostics, compile, explain, can, who or diff
    #[arg(value_name = "SUBJECT", hide_possible_values = true)]
    pub(super) subject: super::schema::Subject,
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh help compile
  mesh help exit-codes")]
pub(super) struct Help {
    /// A command, or exit-codes
    #[arg(value_name = "TOPIC")]
    pub(super) topic: Option<String>,
}

/// How findings are shown, as it is asked for.
#[derive(Args, Debug)]
pub(super) struct FindingsFormat {
    /// human, short, json, sarif or github
    #[arg(
        id = "format",
        long = "format",
        value_name = "FORMAT",
        default_value = "human",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = OUTPUT
    )]
    pub(super) chosen: OutputFormat,
}

/// How values are shown, as it is asked for.
#[derive(Args, Debug)]
pub(super) struct ValuesFormat {
    /// human or json
    #[arg(
        id = "format",
        long = "format",
        value_name = "FORMAT",
        default_value = "human",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = OUTPUT
    )]
    pub(super) chosen: ExplainFormat,
}

/// How a graph is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum GraphFormat {
    Mermaid,
    Dot,
    Svg,
    Html,
}

/// How values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExplainFormat {
    Human,
    Json,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    Human,
    Short,
    Json,
    Sarif,
    Github,
}

impl From<OutputFormat> for Format {
    fn from(format: OutputFormat) -> Self {
        match format {
            OutputFormat::Human => Format::Human,
            OutputFormat::Short => Format::Short,
            OutputFormat::Json => Format::Json,
            OutputFormat::Sarif => Format::Sarif,
            OutputFormat::Github => Format::Github,
        }
    }
}

impl LookArguments {
    /// Sets the choice for all streams.
    pub(super) fn write_color_choice(&self) {
        match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}
