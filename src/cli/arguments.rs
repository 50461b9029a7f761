use crate::diagnostic::render::Format;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mesh init shop                  begin a workspace in the folder shop
  mesh compile                    compile every environment into out/
  mesh compile --env prod -o -    one environment as one stream of YAML
  mesh check --format github      in CI: what is wrong, beside the lines of the pull request
  mesh explain call-not-allowed   what a message means, and what to do
  mesh explain checkout.breaker   who decided these values, and what they become

Exit codes: mesh exit-codes";

/// A compiler for service-mesh configuration: one page of intent per service in, the whole Istio and Kubernetes tree out.
#[derive(Debug, Parser)]
#[command(name = "mesh", version, after_help = EXAMPLES, disable_help_subcommand = true, styles = STYLES)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) place: Place,
    #[command(flatten)]
    pub(super) look: LookArguments,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

const STYLES: clap::builder::Styles = clap::builder::Styles::styled()
    .header(anstyle::Style::new().bold())
    .usage(anstyle::Style::new().bold())
    .literal(anstyle::AnsiColor::Cyan.on_default());

/// Where the workspace is.
#[derive(Args, Clone, Debug)]
pub(super) struct Place {
    /// The workspace; unsaid, the nearest folder upward with a mesh.kdl
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub(super) directory: Option<PathBuf>,
}

/// How screens look.
#[derive(Args, Debug)]
pub(super) struct LookArguments {
    /// Whether to colour: on a terminal, unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true, hide_possible_values = true)]
    color: ColorChoice,
    /// Say nothing but what went wrong
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
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
    Compile(Compile),
    /// Say what is wrong, and write nothing
    Check(Check),
    /// Explain a message by its code, or a value by its path: who decided it, and what it becomes
    Explain(Explain),
    /// Write completions for a shell to standard output
    Completions(Completions),
    /// List the exit codes
    ExitCodes,
}

/// Which environments are meant.
#[derive(Args, Debug)]
pub(super) struct Environments {
    /// An environment; may be repeated, unsaid means all
    #[arg(long = "env", value_name = "ENV")]
    pub(super) names: Vec<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  mesh init            in this folder
  mesh init shop       in the folder shop")]
pub(super) struct Init {
    /// The folder, which also names the mesh; unsaid, this one
    #[arg(value_name = "DIR")]
    pub(super) folder: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
The tree of an environment is replaced as a whole or not at all. Files that mesh did not write are never touched, and
files whose bytes stay the same are not rewritten.

Examples:
  mesh compile                          every environment, into out/ENV/
  mesh compile --env prod               one of them
  mesh compile --env prod -o -          as one stream, in the order of application
  mesh compile --env prod -o - --format json | kubectl apply -f -
  mesh compile --check                  in CI: fail unless the committed tree is what the intent says")]
pub(super) struct Compile {
    #[command(flatten)]
    pub(super) environments: Environments,
    /// The folder that holds one tree for each environment (unsaid: out in the workspace), or - for standard output
    #[arg(short, long, value_name = "DIR|-")]
    pub(super) output: Option<PathBuf>,
    /// Write nothing; fail unless the tree is what the intent says
    #[arg(long)]
    pub(super) check: bool,
    /// human, short, json, sarif or github
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "human",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(super) format: OutputFormat,
}

#[derive(Args, Debug)]
#[command(after_help = "\
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
        hide_default_value = true
    )]
    pub(super) format: OutputFormat,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  mesh explain call-not-allowed                     the page of a message
  mesh explain checkout                             every value of a service
  mesh explain checkout.breaker.connections         one value: who decided it, whom it won over, what it becomes
  mesh explain checkout.shop.timeout --env prod     with the namespace, in one environment")]
pub(super) struct Explain {
    /// A code, or SERVICE[.NAMESPACE][.WORD...]
    #[arg(value_name = "CODE|PATH")]
    pub(super) subject: String,
    #[command(flatten)]
    pub(super) environments: Environments,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  mesh completions bash > /etc/bash_completion.d/mesh
  mesh completions zsh  > \"${fpath[1]}/_mesh\"
  mesh completions fish > ~/.config/fish/completions/mesh.fish")]
pub(super) struct Completions {
    /// The shell
    pub(super) shell: clap_complete::Shell,
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
