//! A workspace in a repository of its own, as somebody works on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::server::{Cluster, told};

pub(crate) struct Repository {
    pub(crate) folder: PathBuf,
}

impl Repository {
    /// An example as it was committed, in the folder of a cluster.
    pub(crate) fn of_example(cluster: &Cluster, example: &Path) -> Result<Self, String> {
        let repository = Self::new(cluster)?;
        for entry in fs::read_dir(example).map_err(told)?.flatten() {
            fs::copy(entry.path(), repository.folder.join(entry.file_name())).map_err(told)?;
        }
        repository.commit()?;
        Ok(repository)
    }

    /// One page as it was committed.
    pub(crate) fn of_page(cluster: &Cluster, page: &str) -> Result<Self, String> {
        let repository = Self::new(cluster)?;
        repository.write("mesh.kdl", page)?;
        repository.commit()?;
        Ok(repository)
    }

    fn new(cluster: &Cluster) -> Result<Self, String> {
        let folder = cluster.folder.join("repository");
        _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(told)?;
        let repository = Self { folder };
        repository.git(&["init", "--quiet"])?;
        Ok(repository)
    }

    /// Commits all that stands there.
    pub(crate) fn commit(&self) -> Result<(), String> {
        self.git(&["add", "--all"])?;
        self.git(&["-c", "user.name=Live", "-c", "user.email=live@example.com", "commit", "--quiet", "--message=work"])
    }

    /// Takes back what was not committed.
    pub(crate) fn restore(&self) -> Result<(), String> {
        self.git(&["checkout", "--quiet", "--", "."])?;
        self.git(&["clean", "--quiet", "--force"])
    }

    pub(crate) fn write(&self, file: &str, text: &str) -> Result<(), String> {
        fs::write(self.folder.join(file), text).map_err(told)
    }

    /// Puts one text in the place of another.
    pub(crate) fn edit(&self, file: &str, old: &str, new: &str) -> Result<(), String> {
        let text = fs::read_to_string(self.folder.join(file)).map_err(told)?;
        if !text.contains(old) {
            return Err(format!("{file} holds no `{old}`"));
        }
        self.write(file, &text.replace(old, new))
    }

    /// Applies what it compiles to in an environment.
    pub(crate) fn apply(&self, cluster: &Cluster, environment: &str) -> Result<(), String> {
        let tree = cluster.folder.join("tree");
        _ = fs::remove_dir_all(&tree);
        let out = tree.display().to_string();
        let said = cluster.mesh("admin", &self.folder, &["compile", "--env", environment, "-o", &out])?;
        if said.code != Some(0) {
            return Err(format!("compile: {}", said.told()));
        }
        let folder = tree.join(environment);
        cluster.apply_from("-k", if folder.is_dir() { &folder } else { &tree })
    }

    fn git(&self, arguments: &[&str]) -> Result<(), String> {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(&self.folder);
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        let output = git.output().map_err(|error| format!("git: {error}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.success() { Ok(()) } else { Err(format!("git {}: {said}", arguments.join(" "))) }
    }
}
