use super::error::ClusterError;
use super::kubectl::Cluster;

/// What `kubectl` is asked: the server goes all the way of applying, its defaults and webhooks included, and writes
/// nothing. Fields that others own are taken over as they would be, else they would be conflicts.
const ASKED: [&str; 9] = [
    "apply",
    "--server-side",
    "--dry-run=server",
    "--force-conflicts",
    "--field-manager=mesh",
    "--validate=false",
    "--output=json",
    "-f",
    "-",
];

impl Cluster {
    /// What objects would be if they were applied: a list of them as JSON, and a list of what the server would make of
    /// them.
    pub fn would_apply(&self, objects: &str) -> Result<String, ClusterError> {
        self.run(&ASKED, Some(objects.as_bytes().to_vec()))
    }
}
