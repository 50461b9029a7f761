use super::{Failure, Job, generate};
use crate::diagnostic::Count;
use std::fmt::Write as _;

/// What only the disk and the process can tell.
pub struct Around {
    /// Each variable of Argo CD and of the plugin by name, with how many characters it has.
    pub variables: Vec<(String, usize)>,
    /// Whether this is the image of the sidecar, and what is wrong with its set-up.
    pub sidecar: Option<Vec<Failure>>,
    /// Whether the history of the repository was sent along.
    pub has_history: bool,
}

/// What the plugin sees and what it would do, a line each.
#[derive(Debug, Default)]
pub struct Report {
    /// The lines.
    pub text: String,
    failed: usize,
    warned: usize,
}

impl Report {
    /// Whether something stops the plugin.
    pub fn is_failed(&self) -> bool {
        self.failed > 0
    }

    fn ok(&mut self, text: &str) {
        _ = writeln!(self.text, "  ok    {text}");
    }

    fn warn(&mut self, text: &str, help: &str) {
        self.warned += 1;
        _ = write!(self.text, "  warn  {text}\n          {help}\n");
    }

    fn fail(&mut self, failure: &Failure) {
        self.failed += 1;
        for (at, line) in failure.to_string().trim_start_matches("mesh: ").lines().enumerate() {
            let sign = if at == 0 { "  FAIL  " } else { "        " };
            _ = writeln!(self.text, "{sign}{line}");
        }
    }
}

/// Looks at all of it; `job` is none where there is no workspace, and why.
pub fn doctor(job: &Result<Job<'_>, Failure>, around: &Around) -> Report {
    let mut report =
        Report { text: format!("mesh {} as a plugin of Argo CD\n", env!("CARGO_PKG_VERSION")), ..Report::default() };
    match &around.sidecar {
        None => report.ok("this is no sidecar: what follows is what one would do with these variables"),
        Some(faults) if faults.is_empty() => report.ok("the sidecar has its configuration, and its socket is open"),
        Some(faults) => faults.iter().for_each(|fault| report.fail(fault)),
    }
    variables(&mut report, around);
    match job {
        // In a sidecar a workspace is there during a call alone.
        Err(_) if around.sidecar.is_some() => report.ok("no workspace here: Argo CD sends one with each call"),
        Err(failure) => report.fail(failure),
        Ok(job) => workspace(&mut report, job, around),
    }
    let verdict = format!("{} failed, {}", report.failed, Count(report.warned, "warning"));
    _ = writeln!(report.text, "{verdict}");
    report
}

/// Their values may be somebody's secret, so they are counted.
fn variables(report: &mut Report, around: &Around) {
    if around.variables.is_empty() {
        return report.ok("no variable of Argo CD is set");
    }
    report.ok(&format!("{} of Argo CD:", Count(around.variables.len(), "variable")));
    for (name, length) in &around.variables {
        _ = writeln!(report.text, "          {name} ({})", Count(*length, "character"));
    }
}

fn workspace(report: &mut Report, job: &Job<'_>, around: &Around) {
    match &job.policy {
        Some(_) => report.ok("a policy says who owns what (MESH_POLICY)"),
        None => report.ok("no policy (MESH_POLICY): every page may say anything"),
    }
    match job.files.list() {
        Ok(pages) => report.ok(&format!("the workspace has {}", Count(pages.len(), "page"))),
        Err(error) => report.fail(&Failure::new(error.to_string(), "make it a file or folder that can be read")),
    }
    if around.has_history {
        report.warn(
            "the history of the repository is sent with every call",
            "set ARGOCD_REPO_SERVER_PLUGIN_TAR_EXCLUSIONS=.git at the repo-server, unless another plugin reads it",
        );
    }
    match generate(job) {
        Ok(generated) => {
            let objects = generated.stdout.split(|byte| *byte == b'\n').filter(|line| *line == b"---").count();
            report.ok(&format!("generate writes {}, {} bytes", Count(objects, "object"), generated.stdout.len()));
        }
        Err(failure) => report.fail(&failure),
    }
}
