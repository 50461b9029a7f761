#![allow(clippy::doc_markdown, reason = "what is said of arguments is shown as it is, not as Markdown")]

use crate::cli::arguments::{Environments, OUTPUT, TEMPLATE};
use clap::{Args, Subcommand, ValueEnum};

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh argocd install --image registry.example/mesh:0.1.0    the sidecar, as a patch for a kustomization
  mesh argocd appset --repo https://git.example/platform.git --by cluster
  mesh argocd doctor       what the plugin sees, and what stops it
  ARGOCD_ENV_MESH_ENV=prod mesh argocd generate    what it writes: try it in the folder of an Application",
  disable_help_subcommand = true)]
pub(in crate::cli) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the objects of an Application to standard output
    ///
    /// Which they are, Argo CD says by variables: see the page about Argo CD in the book.
    Generate(Generate),
    /// Write what an Application may choose to standard output, as JSON
    Parameters,
    /// Say what the plugin sees, and what stops it
    Doctor,
    /// Write the sidecar of Argo CD's repo-server
    Install(Install),
    /// Write the fields that other controllers own, as an Application has them
    IgnoreDifferences(IgnoreDifferences),
    /// Write an ApplicationSet over environments, clusters or namespaces
    Appset(Appset),
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE)]
pub(super) struct Generate {
    /// End without an object after so many seconds: Argo CD stops a plugin after a minute, without a word
    #[arg(long, value_name = "SECONDS", default_value = "20", help_heading = OUTPUT)]
    pub(super) deadline: u64,
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh argocd install --image registry.example/mesh:0.1.0 > mesh-plugin.yaml
  mesh argocd install --image registry.example/mesh:0.1.0 --format helm-values > mesh-plugin.yaml")]
pub(super) struct Install {
    /// The image that deploy/argocd/Dockerfile builds
    #[arg(long, value_name = "IMAGE", help_heading = OUTPUT)]
    pub(super) image: String,
    /// The ConfigMap, in Argo CD's namespace, whose policy.kdl says who owns what
    #[arg(long, value_name = "CONFIGMAP", help_heading = OUTPUT)]
    pub(super) policy_map: Option<String>,
    /// kustomize or helm-values
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "kustomize",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = OUTPUT
    )]
    pub(super) format: Installer,
}

/// For whom the sidecar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Installer {
    Kustomize,
    HelmValues,
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh argocd ignore-differences --env prod")]
pub(super) struct IgnoreDifferences {
    #[command(flatten)]
    pub(super) environments: Environments,
}

#[derive(Args, Debug)]
#[command(help_template = TEMPLATE, before_long_help = "\
Examples:
  mesh argocd appset --repo https://git.example/platform.git --env prod --cluster prod=in-cluster
  mesh argocd appset --repo https://git.example/platform.git --by cluster
  mesh argocd appset --repo https://git.example/platform.git --by namespace --path mesh")]
pub(super) struct Appset {
    #[command(flatten)]
    pub(super) environments: Environments,
    /// The repository
    #[arg(long, value_name = "URL", help_heading = OUTPUT)]
    pub(super) repo: String,
    /// environment, cluster or namespace: of what there is one Application each
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "environment",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = OUTPUT
    )]
    pub(super) by: By,
    /// The cluster of an environment, as Argo CD names it; unsaid, those with the label mesh.kdl/environment=ENV
    #[arg(long = "cluster", value_name = "ENV=NAME", value_parser = pair, help_heading = OUTPUT)]
    pub(super) clusters: Vec<(String, String)>,
    /// The folder of the workspace in the repository; unsaid, its root
    #[arg(long, value_name = "PATH", default_value = ".", hide_default_value = true, help_heading = OUTPUT)]
    pub(super) path: String,
    /// The revision; unsaid, HEAD
    #[arg(long, value_name = "REVISION", default_value = "HEAD", hide_default_value = true, help_heading = OUTPUT)]
    pub(super) revision: String,
    /// The project of Argo CD; unsaid, default
    #[arg(long, value_name = "PROJECT", default_value = "default", hide_default_value = true, help_heading = OUTPUT)]
    pub(super) project: String,
}

/// Of what there is one Application each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum By {
    Environment,
    Cluster,
    Namespace,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((environment, name)) if !environment.is_empty() && !name.is_empty() => {
            Ok((environment.to_owned(), name.to_owned()))
        }
        Some(_) | None => Err("expected ENV=NAME".to_owned()),
    }
}
