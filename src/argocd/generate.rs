use super::parameters::{ENVIRONMENT, Parameters};
use super::scope::Scope;
use super::served::{self, Kinds};
use super::{Failure, Seen};
use crate::diagnostic::{Severity, nearest, or_list};
use crate::ir::Mesh;
use crate::pipeline::{self, Request, Workspace};
use crate::source::Files;
use crate::value::Date;

/// What is asked of the plugin.
pub struct Job<'j> {
    /// What Argo CD says.
    pub seen: &'j Seen,
    /// The workspace.
    pub files: &'j dyn Files,
    /// What stands before the name of each file, so that people find it in the repository.
    pub prefix: String,
    /// The folder of the workspace in which the user stands, instead of `prefix`.
    pub here: String,
    /// Today, in UTC.
    pub today: Date,
    /// The name and the text of the sidecar's policy, if it has one.
    pub policy: Option<(String, String)>,
}

/// All that is generated.
pub struct Generated {
    /// The objects: all of standard output.
    pub stdout: Vec<u8>,
    /// What is doubtful about them, for the log of the sidecar.
    pub warnings: Option<Failure>,
}

/// The most that Argo CD takes as the answer of a plugin: the largest message of its gRPC.
const MOST_BYTES: usize = 100 * 1024 * 1024;

/// The objects of an Application.
///
/// # Errors
/// Whatever an Application must not be synced with: faults of the intent, a choice that nobody made or that is none, no
/// object at all.
pub fn generate(job: &Job<'_>) -> Result<Generated, Failure> {
    let parameters = Parameters::of(job.seen)?;
    let read = read(job, &parameters)?;
    let (name, mesh) = closed(&read, &parameters)?;
    let scope = Scope::of(&parameters, job.seen, mesh)?;
    let (stdout, kinds) = objects(mesh, &scope)?;
    if kinds.is_empty() {
        return Err(Failure::new(
            format!("no object is generated (environment {name}{scope}), and Argo CD would delete all that there are"),
            "to take the mesh down, delete the Application; else look at its path and parameters",
        ));
    }
    served::check(&kinds, job.seen)?;
    check_size(stdout.len())?;
    let warns = read.found.count(Severity::Warning) > 0;
    let warnings = warns.then(|| told(&read, &format!("environment {name}{scope}"), &format!("--env {name}")));
    // The process ends: to give a large mesh back piece by piece would cost a good part of what reading it did.
    std::mem::forget(read);
    Ok(Generated { stdout, warnings })
}

fn check_size(bytes: usize) -> Result<(), Failure> {
    if bytes <= MOST_BYTES {
        return Ok(());
    }
    Err(Failure::new(
        format!("{} MiB of objects are generated, and Argo CD takes 100 MiB", bytes.div_ceil(1024 * 1024)),
        "split the environment: mesh argocd appset --by namespace",
    ))
}

fn read(job: &Job<'_>, parameters: &Parameters) -> Result<Workspace, Failure> {
    let request = Request {
        environments: parameters.environment.iter().cloned().collect(),
        // Where warnings stop a sync, a date must not be one.
        today: Some(job.today).filter(|_| !parameters.fails_on_warnings),
        dates_only_warn: true,
        prefix: job.prefix.clone(),
        here: job.here.clone(),
        policy: job.policy.clone(),
    };
    let read = pipeline::read(job.files, &request);
    check_policy(job, &read)?;
    match &parameters.environment {
        Some(name) if read.declared_environments.contains(name) || read.found.any_error() => Ok(read),
        Some(name) => Err(unknown(name, &read.declared_environments)),
        None if read.declared_environments.len() > 1 => Err(unchosen(&read.declared_environments)),
        None => Ok(read),
    }
}

/// A policy is no file of the repository, so its faults are not shown to those who look at an Application.
fn check_policy(job: &Job<'_>, read: &Workspace) -> Result<(), Failure> {
    let Some((name, _)) = &job.policy else { return Ok(()) };
    let is_of_policy = |fault: &&crate::diagnostic::Diagnostic| {
        fault.primary.as_ref().is_some_and(|label| read.sources.name(label.span.file) == name)
    };
    match read.found.sorted().into_iter().find(is_of_policy) {
        None => Ok(()),
        Some(_) => Err(unreadable_policy()),
    }
}

/// What is said where the sidecar's policy cannot be used.
pub fn unreadable_policy() -> Failure {
    Failure::new(
        "the policy of this plugin cannot be read, so nothing is generated",
        "the platform team sees why: mesh check --policy FILE, with the file that MESH_POLICY names",
    )
}

/// The one environment, if nothing speaks against it.
fn closed<'r>(read: &'r Workspace, parameters: &Parameters) -> Result<(&'r str, &'r Mesh), Failure> {
    let stops = read.found.any_error() || (parameters.fails_on_warnings && !read.found.is_empty());
    match read.environments.first() {
        Some((name, Some(mesh))) if !stops => Ok((name, mesh)),
        Some((name, _)) => Err(told(read, &format!("environment {name}"), &format!("--env {name}"))),
        None => Err(told(read, "no environment", "")),
    }
}

fn told(read: &Workspace, of: &str, flag: &str) -> Failure {
    let again = format!("mesh check {flag}");
    Failure::found(&read.found, &read.sources, of, again.trim_end())
}

fn unchosen(declared: &[String]) -> Failure {
    Failure::new(
        format!("no environment is chosen: expected {}", or_list(declared.iter().map(String::as_str))),
        format!(
            "choose by the parameter `{}`, or by {} in spec.source.plugin.env; in a shell: ARGOCD_ENV_{1}={}",
            ENVIRONMENT.0,
            ENVIRONMENT.1,
            declared.first().map_or("NAME", String::as_str)
        ),
    )
}

fn unknown(name: &str, declared: &[String]) -> Failure {
    let names = declared.iter().map(String::as_str);
    let help = match nearest(name, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected {}", or_list(names)),
    };
    Failure::new(format!("no environment is named `{name}`"), help)
}

/// The objects of a scope as a stream, and their kinds.
fn objects(mesh: &Mesh, scope: &Scope) -> Result<(Vec<u8>, Kinds), Failure> {
    let (mut text, mut kinds) = (Vec::new(), Kinds::new());
    let mut wants = |object: &crate::manifest::Object| {
        let holds = scope.holds(object);
        if holds {
            kinds.insert(object.spec.kind());
        }
        holds
    };
    let written = pipeline::stream_of(mesh, &mut wants, &mut text);
    written
        .map_err(|error| Failure::new(format!("an object could not be written: {error}"), "report this as a bug"))?;
    Ok((text, kinds))
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, check_size};

    #[test]
    fn more_than_argo_cd_takes_is_refused() {
        assert!(check_size(MOST_BYTES).is_ok());
        let told = check_size(MOST_BYTES + 1).unwrap_err().to_string();
        assert!(told.starts_with("mesh: 101 MiB of objects are generated, and Argo CD takes 100 MiB\n"), "{told}");
        assert!(told.contains("appset --by namespace"), "{told}");
    }
}
