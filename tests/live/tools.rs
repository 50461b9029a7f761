//! The tools of the suite, as `setup.sh` names them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::case::{Body, Finding};
use crate::oracle::Oracle;

/// What is there, by name; what is missing is not in it.
#[derive(Clone)]
pub(crate) struct Tools {
    found: BTreeMap<String, PathBuf>,
}

/// What the mesh of namespaces needs.
pub(crate) struct MeshTools {
    pub(crate) oracle: PathBuf,
    /// A Python environment that reads YAML, with Envoy in it.
    pub(crate) python: PathBuf,
}

/// What an API server of its own needs.
#[derive(Clone)]
pub(crate) struct ClusterTools {
    /// A program with kubectl in it.
    pub(crate) oracle: PathBuf,
    pub(crate) apiserver: PathBuf,
    pub(crate) etcd: PathBuf,
    /// The folder of the kinds that the server is told of.
    pub(crate) definitions: PathBuf,
    /// A Python environment that reads YAML.
    pub(crate) python: PathBuf,
}

impl Tools {
    /// Asks the set-up script, which is the one place that knows how the tools are named.
    pub(crate) fn find(root: &Path) -> Result<Self, String> {
        let script = root.join("tests/live/setup.sh");
        let listed =
            Command::new(&script).arg("--list").output().map_err(|error| format!("{}: {error}", script.display()))?;
        let found = String::from_utf8_lossy(&listed.stdout)
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter(|(_, path)| *path != "-")
            .map(|(name, path)| (name.to_owned(), PathBuf::from(path)))
            .collect();
        Ok(Self { found })
    }

    /// The case that asks the oracle, or a skipped one.
    pub(crate) fn with_oracle(&self, check: impl FnOnce(Oracle) -> Finding + Send + 'static) -> Body {
        match self.needed(&["oracle"]) {
            Err(reason) => Body::Skip(reason),
            Ok(oracle) => Body::Check(Box::new(move || check(Oracle::new(oracle)))),
        }
    }

    /// The case that asks Argo CD's server for plugins, or a skipped one.
    pub(crate) fn with_cmp_server(&self, check: impl FnOnce(PathBuf) -> Finding + Send + 'static) -> Body {
        match self.needed(&["cmp-server"]) {
            Err(reason) => Body::Skip(reason),
            Ok(server) => Body::Check(Box::new(move || check(server))),
        }
    }

    /// The case that runs a mesh, or a skipped one.
    pub(crate) fn with_mesh(&self, check: impl FnOnce(MeshTools) -> Finding + Send + 'static) -> Body {
        let tools = self
            .needed(&["root", "ip", "nft", "setpriv", "python"])
            .and_then(|_| Ok(MeshTools { oracle: self.needed(&["oracle"])?, python: self.needed(&["python"])? }));
        match tools {
            Err(reason) => Body::Skip(reason),
            Ok(tools) => Body::Check(Box::new(move || check(tools))),
        }
    }

    /// The case that asks an API server, or a skipped one.
    pub(crate) fn with_cluster(&self, check: impl FnOnce(ClusterTools) -> Finding + Send + 'static) -> Body {
        match self.cluster() {
            Err(reason) => Body::Skip(reason),
            Ok(tools) => Body::Check(Box::new(move || check(tools))),
        }
    }

    fn cluster(&self) -> Result<ClusterTools, String> {
        let tool = |name: &str| self.needed(&[name]);
        self.needed(&["openssl"])?;
        let (oracle, apiserver, etcd) = (tool("oracle")?, tool("apiserver")?, tool("etcd")?);
        Ok(ClusterTools { oracle, apiserver, etcd, definitions: tool("definitions")?, python: tool("python")? })
    }

    /// The path of the last of the tools, where all of them are there.
    fn needed(&self, names: &[&str]) -> Result<PathBuf, String> {
        let mut path = PathBuf::new();
        for name in names {
            path = self.found.get(*name).cloned().ok_or_else(|| format!("needs {name}, run tests/live/setup.sh"))?;
        }
        Ok(path)
    }
}
