use super::command::run;
use super::error::GitError;
use std::fmt;
use std::path::{Path, PathBuf};

/// A repository, seen from a folder in it.
#[derive(Clone, Debug)]
pub struct Repository {
    pub(super) folder: PathBuf,
    /// The folder, from the repository's root; empty for the root itself.
    below: String,
    is_shallow: bool,
}

/// A commit, by the name of its object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit(String);

/// As people write it: seven digits.
impl fmt::Display for Commit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.get(..7).unwrap_or(&self.0))
    }
}

impl Commit {
    /// The whole name of its object.
    pub fn id(&self) -> &str {
        &self.0
    }
}

/// Branches that others are merged into, the likeliest first.
const TRUNKS: [&str; 3] = ["refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master"];

/// What brings the history that a shallow clone lacks.
const DEEPEN: &str = "fetch all of it: git fetch --unshallow; in GitHub Actions, `fetch-depth: 0` for actions/checkout; \
                      in GitLab, `GIT_DEPTH: 0`";

impl Repository {
    /// The repository that `folder` lies in.
    pub fn open(folder: &Path) -> Result<Self, GitError> {
        let told = run(folder, &["rev-parse", "--is-shallow-repository", "--show-prefix"])?;
        if !told.status.success() {
            return Err(GitError::said(&told.stderr));
        }
        let text = text(told.stdout)?;
        let (is_shallow, below) = text.split_once('\n').unwrap_or_default();
        let below = below.trim_end_matches('\n').trim_end_matches('/');
        Ok(Repository { folder: folder.to_owned(), below: below.to_owned(), is_shallow: is_shallow == "true" })
    }

    /// The folder from which it is seen, from the repository's root; empty for the root itself.
    pub fn below(&self) -> &str {
        &self.below
    }

    /// The commit that a revision names.
    pub fn commit(&self, revision: &str) -> Result<Commit, GitError> {
        // Git takes what begins with a dash for an option; no name of a branch, tag or commit does.
        if revision.is_empty() || revision.starts_with('-') || revision.chars().any(char::is_control) {
            return Err(GitError::new(format!("`{}` names no revision", revision.escape_debug()))
                .help("name a branch, a tag or a commit"));
        }
        let asked = format!("{revision}^{{commit}}");
        let told = run(&self.folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &asked])?;
        if told.status.success() {
            return Ok(Commit(text(told.stdout)?.trim_end().to_owned()));
        }
        Err(GitError::new(format!("this clone has no revision `{revision}`")).help(match self.is_shallow {
            true => DEEPEN.to_owned(),
            false => "fetch it: git fetch; or name one that is there, as `git branch --all` lists them".to_owned(),
        }))
    }

    /// The last commit that two histories share.
    pub fn merge_base(&self, one: &Commit, other: &Commit) -> Result<Commit, GitError> {
        let told = run(&self.folder, &["merge-base", &one.0, &other.0])?;
        match (told.status.code(), self.is_shallow) {
            (Some(0), _) => Ok(Commit(text(told.stdout)?.trim_end().to_owned())),
            (Some(1), true) => Err(GitError::new(format!(
                "this clone is shallow: it does not hold the commit that {one} and {other} share"
            ))
            .help(DEEPEN)),
            (Some(1), false) => Err(GitError::new(format!("{one} and {other} share no commit"))
                .help("compare with the tip itself: --two-dot")),
            _ => Err(GitError::said(&told.stderr)),
        }
    }

    /// The revision that work is merged into: the remote's own branch, or `HEAD` where nothing was ever fetched.
    pub fn trunk(&self) -> Result<&'static str, GitError> {
        let told = run(&self.folder, &["for-each-ref", "--format=%(refname)", "refs/remotes/"])?;
        let refs = text(told.stdout)?;
        if refs.trim().is_empty() {
            return Ok("HEAD");
        }
        let trunk = TRUNKS.iter().find(|trunk| refs.lines().any(|line| line == **trunk));
        trunk.map(|trunk| trunk.trim_start_matches("refs/remotes/")).ok_or_else(|| {
            let what = "this clone does not know which branch of its origin others are merged into";
            GitError::new(what).help(match self.is_shallow {
                true => DEEPEN,
                false => "ask it: git remote set-head origin --auto; or name one: --from git:REVISION",
            })
        })
    }
}

pub(super) fn text(bytes: Vec<u8>) -> Result<String, GitError> {
    String::from_utf8(bytes).map_err(|_| GitError::new("git gave a name that is no UTF-8"))
}
