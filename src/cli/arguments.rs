#![allow(clippy::doc_markdown, reason = "what is said of arguments is shown as it is, not as Markdown")]

use crate::diagnostic::render::Format;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What it is first, then examples, then flags in groups. The short help has no examples: they are `before_long_help`.
const TEMPLATE: &str = "\
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

const WORKSPACE: &str = "Workspace";
const OUTPUT: &str = "Output";
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
    /// Write completions for a shell to standard output
    Completions(Completions),
    /// The help of a command, or the exit codes
    Help(Help),
}

/// Which environments are meant.
#[derive(Args, Debug)]
pub(super) struct Environments {
    /// An environment; may be repeated, unsaid means all
    #[arg(long = "env", value_name = "ENV", help_heading = WORKSPACE)]
    pub(super) names: Vec<String>,
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
    /// human, short, json, sarif or github
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "human",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = OUTPUT
    )]
    pub(super) format: OutputFormat,
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
    /// human, short, json, sarif or github
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "human",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = OUTPUT
    )]
    pub(super) format: OutputFormat,
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
    /// A code; or the name of a service, a workload or a gateway, with `.NAMESPACE` and `.WORD` behind it
    #[arg(value_name = "CODE|PATH", required_unless_present = "manifest")]
    pub(super) subject: Option<String>,
    /// The other way: a line of a compiled file, and which line of intent says it
    #[arg(long, value_name = "FILE:LINE", conflicts_with = "subject", conflicts_with = "format")]
    pub(super) manifest: Option<String>,
    #[command(flatten)]
    pub(super) environments: Environments,
    /// human or json
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "human",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = OUTPUT
    )]
    pub(super) format: ExplainFormat,
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh completions bash > /etc/bash_completion.d/mesh
  mesh completions zsh  > \"${fpath[1]}/_mesh\"
  mesh completions fish > ~/.config/fish/completions/mesh.fish")]
pub(super) struct Completions {
    /// The shell
    pub(super) shell: clap_complete::Shell,
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
