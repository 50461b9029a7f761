use super::place::Standing;
use crate::argocd::{self, Around, Failure, Job, Seen};
use crate::cli::arguments::Place;
use crate::cli::exit::{Exit, Outcome};
use crate::cli::screen::Screen;
use crate::cli::workspace::today;
use std::path::Path;

/// Where the sidecar's server looks for its configuration, and opens its socket.
const HOME: &str = "/home/argocd/cmp-server";

/// `mesh argocd doctor`.
pub(super) fn run(seen: &Seen, place: &Place, screen: &mut Screen) -> Outcome {
    // A workspace is read by a process that can see nothing else any more: so all else is looked at before.
    let around = Around { variables: variables(), sidecar: sidecar(), has_history: has_history(seen) };
    let standing = Standing::of(seen, place);
    let job = standing.as_ref().map_err(Failure::clone).map(|standing| Job {
        seen,
        files: &standing.files,
        prefix: standing.prefix.clone(),
        here: standing.here.clone(),
        today: today(),
        policy: standing.policy.clone(),
    });
    let report = argocd::doctor(&job, &around);
    screen.say(&report.text)?;
    Ok(if report.is_failed() { Exit::Faulty } else { Exit::Fine })
}

/// The variables by which Argo CD speaks, in their order by name.
fn variables() -> Vec<(String, usize)> {
    let ours = |name: &str| ["ARGOCD_", "KUBE_", "MESH_"].iter().any(|start| name.starts_with(start));
    let all = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let mut all: Vec<(String, usize)> = all
        .filter(|(name, _)| ours(name))
        .map(|(name, value)| (name, value.to_string_lossy().chars().count()))
        .collect();
    all.sort();
    all
}

fn sidecar() -> Option<Vec<Failure>> {
    let home = Path::new(HOME);
    home.is_dir().then(|| {
        let config = (!home.join("config/plugin.yaml").is_file()).then(|| {
            Failure::new(
                format!("{HOME}/config/plugin.yaml is missing"),
                "the image of deploy/argocd/Dockerfile has it: mount nothing over it",
            )
        });
        let socket = (!home.join("plugins/mesh.sock").exists()).then(|| {
            Failure::new(
                format!("{HOME}/plugins/mesh.sock is missing"),
                "mount the volume `plugins` of the repo-server there, and look at the log of this sidecar",
            )
        });
        config.into_iter().chain(socket).collect()
    })
}

/// Whether the repository's history lies where Argo CD would have put it.
fn has_history(seen: &Seen) -> bool {
    let up: std::path::PathBuf = (0..seen.depth().unwrap_or(0)).map(|_| "..").collect();
    seen.depth().is_some() && up.join(".git").is_dir()
}
