use super::arguments::{Appset, By, IgnoreDifferences, Install, Installer};
use crate::argocd::{self, Ignored, Set};
use crate::cli::arguments::{Environments, Place};
use crate::cli::exit::{Exit, Outcome, Refusal};
use crate::cli::screen::Screen;
use crate::cli::workspace;
use crate::diagnostic::render::summary;
use crate::manifest::yaml;
use crate::pipeline::Workspace;
use serde_json::json;

/// `mesh argocd install`.
pub(super) fn install(arguments: &Install, screen: &mut Screen) -> Outcome {
    let installer = match arguments.format {
        Installer::Kustomize => argocd::Installer::Kustomize,
        Installer::HelmValues => argocd::Installer::HelmValues,
    };
    screen.say(&argocd::install(installer, &arguments.image, arguments.policy_map.as_deref())?)?;
    Ok(Exit::Fine)
}

/// `mesh argocd ignore-differences`: what goes into an Application's `spec`.
pub(super) fn ignore_differences(arguments: &IgnoreDifferences, place: &Place, screen: &mut Screen) -> Outcome {
    let read = read(&arguments.environments, place)?;
    let meshes = read.environments.iter().filter_map(|(name, mesh)| Some((name.as_str(), mesh.as_ref()?)));
    let each: Vec<(&str, Vec<Ignored>)> = meshes.map(|(name, mesh)| (name, argocd::ignored(mesh))).collect();
    let (first, ignored) = each.first().map_or(("", [].as_slice()), |(name, ignored)| (*name, ignored.as_slice()));
    if let Some((other, _)) = each.iter().find(|(_, other)| other != ignored) {
        let text = format!("other controllers own other fields in `{other}` than in `{first}`");
        return Err(Refusal::new(text).help(format!("an Application is of one environment: --env {other}")));
    }
    let mut text = Vec::new();
    yaml::write(&json!({"ignoreDifferences": ignored}), &mut text)?;
    screen.say(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Fine)
}

/// `mesh argocd appset`.
pub(super) fn appset(arguments: &Appset, place: &Place, screen: &mut Screen) -> Outcome {
    let read = read(&arguments.environments, place)?;
    let set = Set {
        meshes: read.environments.iter().filter_map(|(_, mesh)| mesh.as_ref()).collect(),
        by: match arguments.by {
            By::Environment => argocd::By::Environment,
            By::Cluster => argocd::By::Cluster,
            By::Namespace => argocd::By::Namespace,
        },
        clusters: arguments.clusters.iter().cloned().collect(),
        repository: arguments.repo.clone(),
        path: arguments.path.clone(),
        revision: arguments.revision.clone(),
        project: arguments.project.clone(),
    };
    workspace::check_known(&read, &set.clusters.keys().cloned().collect::<Vec<_>>())?;
    screen.say(&argocd::appset(&set)?)?;
    Ok(Exit::Fine)
}

/// The workspace, if every environment that is meant can be compiled.
fn read(environments: &Environments, place: &Place) -> Result<Workspace, Refusal> {
    let root = workspace::root(place)?;
    let read = workspace::read(&root, &workspace::output_folder(&root, None), environments)?;
    if read.found.any_error() {
        return Err(Refusal::new(format!("nothing can be said while the workspace has {}", summary(&read.found)))
            .help("see what is wrong: mesh check"));
    }
    Ok(read)
}
