use super::Mismatch;
use smol_str::SmolStr;
use std::fmt;

/// The full path of a file in a proxy's container.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilePath(SmolStr);

impl FilePath {
    /// Reads a path that begins with `/`.
    ///
    /// # Errors
    /// It does not, or names a folder, or has characters that a proxy's configuration would not take.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let of = |because: &str| Err(Mismatch::new("the full path of a file, such as `/etc/certs/ca.crt`", because));
        if !text.starts_with('/') {
            return of("it does not begin with `/`: the file is in the proxy's container, not in the workspace");
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return of("it holds a space or a character outside of ASCII");
        }
        let mut parts = text.split('/').skip(1);
        if parts.any(|part| matches!(part, "" | "." | "..")) {
            return of("a part between its slashes is empty, `.` or `..`");
        }
        Ok(FilePath(text.into()))
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::FilePath;

    #[test]
    fn takes_full_paths_of_files_alone() {
        assert!(FilePath::parse("/etc/certs/ca.crt").is_ok());
        for text in ["", "ca.crt", "/", "/etc/", "/a//b", "/a/../b", "/a b", "/é"] {
            assert!(FilePath::parse(text).is_err(), "{text}");
        }
    }
}
