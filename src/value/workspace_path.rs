use super::Mismatch;
use smol_str::SmolStr;
use std::fmt;

/// The path of a file in the workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkspacePath(SmolStr);

/// Longer paths no file system takes.
const LONGEST: usize = 1024;

impl WorkspacePath {
    /// Reads a path below the root of the workspace, with `/` between its parts.
    ///
    /// # Errors
    /// It leads elsewhere, or has characters that no path in a repository needs.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let of = |because: &str| {
            Err(Mismatch::new("the path of a file in the workspace, such as `rules/cart.yaml`", because))
        };
        if text.starts_with('/') || text.starts_with('~') {
            return of("it begins elsewhere than at the root of the workspace");
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b':') {
            return of("it holds a space, a backslash, a colon or a character outside of ASCII");
        }
        if text.len() > LONGEST {
            return of("it is longer than a file system takes");
        }
        match text.split('/').find(|part| part.is_empty() || part.starts_with('.')) {
            Some("..") => of("it leads out of a folder"),
            Some(_) => of("a part between its slashes is empty or begins with a dot"),
            None => Ok(WorkspacePath(text.into())),
        }
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }
}

impl fmt::Display for WorkspacePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::WorkspacePath;

    #[test]
    fn takes_paths_below_the_root_alone() {
        for text in ["a.yaml", "rules/cart.yaml", "a-b/c_d/e.f"] {
            assert!(WorkspacePath::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "/etc/passwd",
            "../a",
            "a/../b",
            "./a",
            "a//b",
            "a/",
            ".git/config",
            "~/a",
            "C:\\a",
            "a\\b",
            "a b",
            "\u{0}",
            "a/.env",
            "..",
            ".",
            "file:a",
            "é",
        ] {
            assert!(WorkspacePath::parse(text).is_err(), "{text}");
        }
        assert!(WorkspacePath::parse(&"a".repeat(1025)).is_err());
    }
}
