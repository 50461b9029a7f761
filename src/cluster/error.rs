use std::fmt;

/// Why a cluster did not give what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClusterError {
    /// The reader may not.
    Forbidden,
    /// There is no such kind, or API.
    Missing,
    /// A list went on too long to be taken up again.
    Expired,
    /// Anything else, in one line.
    Failed(String),
}

impl ClusterError {
    /// What `kubectl` wrote to its standard error.
    pub(super) fn said(stderr: &[u8]) -> Self {
        let text = String::from_utf8_lossy(stderr);
        // What stands before is of its client's own caches.
        let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("nothing");
        let reason =
            line.strip_prefix("Error from server (").and_then(|rest| rest.split_once(')')).map(|(reason, _)| reason);
        match reason {
            Some("Forbidden") => ClusterError::Forbidden,
            Some("NotFound") => ClusterError::Missing,
            Some("Expired" | "Gone") => ClusterError::Expired,
            _ if line.contains("could not find the requested resource") => ClusterError::Missing,
            _ => ClusterError::Failed(line.trim_start_matches("error: ").to_owned()),
        }
    }
}

impl fmt::Display for ClusterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ClusterError::Forbidden => "may not be listed by this user",
            ClusterError::Missing => "is no kind of this cluster",
            ClusterError::Expired => "could not be listed to its end",
            ClusterError::Failed(reason) => reason,
        })
    }
}

impl std::error::Error for ClusterError {}
