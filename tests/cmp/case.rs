use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A case: what it shows, in a sentence; then files of a repository, each under `=== NAME`; then calls, each under
/// `=== generate PATH` or `=== parameters PATH` with variables (`NAME=VALUE`, `-NAME` for one that is not there), a line
/// `--`, and the answer: what was said, a line an object, and for the log of the sidecar behind `~ `; or what failed,
/// behind `! `. `BLESS=1` writes answers.
pub struct Case {
    pub name: String,
    pub file: PathBuf,
    setting: String,
    pub files: Vec<(String, String)>,
    pub calls: Vec<Call>,
}

/// One call.
pub struct Call {
    heading: String,
    pub is_generate: bool,
    pub path: String,
    said: Vec<String>,
    pub variables: Vec<(String, String)>,
    pub expected: String,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Said { lines: Vec<String>, notes: Vec<String> },
    Failed(Vec<String>),
}

/// What the variables say where a case says nothing else. Parameters are asked for with fewer.
const OF_GENERATE: [(&str, &str); 7] = [
    ("ARGOCD_APP_NAMESPACE", ""),
    ("ARGOCD_APP_PROJECT_NAME", "default"),
    ("ARGOCD_APP_REVISION", "0123456789012345678901234567890123456789"),
    ("ARGOCD_APP_REVISION_SHORT", "0123456"),
    ("ARGOCD_APP_REVISION_SHORT_8", "01234567"),
    ("KUBE_VERSION", "1.36.3"),
    ("KUBE_API_VERSIONS", ""),
];
const OF_BOTH: [(&str, &str); 3] = [
    ("ARGOCD_APP_NAME", "mesh"),
    ("ARGOCD_APP_SOURCE_REPO_URL", "https://git.example/platform.git"),
    ("ARGOCD_APP_SOURCE_TARGET_REVISION", "HEAD"),
];

/// Every case.
pub fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/argocd");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "case"));
    paths.sort();
    paths.into_iter().map(Case::read).collect()
}

impl Case {
    fn read(file: PathBuf) -> Self {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let (mut setting, mut files, mut calls) = (String::new(), Vec::new(), Vec::new());
        let mut sections = text.split("\n=== ");
        setting.push_str(sections.next().unwrap());
        for section in sections {
            let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
            match heading.split_once(' ') {
                Some((what @ ("generate" | "parameters"), path)) => calls.push(Call::read(what, path, heading, body)),
                _ => {
                    assert!(calls.is_empty(), "{name}: a file after a call");
                    write!(setting, "\n=== {section}").unwrap();
                    files.push((heading.to_owned(), format!("{}\n", body.trim_end())));
                }
            }
        }
        assert!(!calls.is_empty(), "{name}: no call");
        Case { name, file, setting, files, calls }
    }

    /// Writes the repository into a folder.
    pub fn write_to(&self, folder: &Path) {
        for (name, text) in &self.files {
            let file = folder.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
    }

    /// The text of the case with other answers.
    pub fn with(&self, answers: &[Answer]) -> String {
        let mut text = self.setting.clone();
        for (call, answer) in self.calls.iter().zip(answers) {
            writeln!(text, "\n=== {}", call.heading).unwrap();
            call.said.iter().for_each(|line| writeln!(text, "{line}").unwrap());
            write!(text, "--\n{}", answer.text().trim_end()).unwrap();
        }
        text.push('\n');
        text
    }
}

impl Call {
    fn read(what: &str, path: &str, heading: &str, body: &str) -> Self {
        let (said, expected) = body.split_once("--\n").unwrap_or((body, ""));
        let said: Vec<String> = said.lines().map(str::to_owned).collect();
        let is_generate = what == "generate";
        let mut variables: Vec<(&str, &str)> = OF_BOTH.to_vec();
        variables.push(("ARGOCD_APP_SOURCE_PATH", path));
        variables.extend(OF_GENERATE.iter().filter(|_| is_generate));
        for line in &said {
            match (line.strip_prefix('-'), line.split_once('=')) {
                (Some(name), _) => variables.retain(|(known, _)| *known != name),
                (None, Some(pair)) => {
                    variables.retain(|(known, _)| *known != pair.0);
                    variables.push(pair);
                }
                (None, None) => panic!("no variable: {line}"),
            }
        }
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let variables = variables.into_iter().map(owned).collect();
        let expected = format!("{}\n", expected.trim_end());
        Call { heading: heading.to_owned(), is_generate, path: path.to_owned(), said, variables, expected }
    }
}

impl Answer {
    /// As a case has it.
    pub fn text(&self) -> String {
        let lines: Vec<String> = match self {
            Answer::Said { lines, notes } => {
                lines.iter().cloned().chain(notes.iter().map(|note| format!("~ {note}"))).collect()
            }
            Answer::Failed(lines) => lines.iter().map(|line| format!("! {line}")).collect(),
        };
        format!("{}\n", lines.join("\n").trim_end())
    }
}
