//! What is ready to be copied for GitHub and GitLab: its shell runs in a clone, against commands in the place of those that
//! reach a forge, which write down what they are asked.

#![allow(clippy::disallowed_methods, reason = "runs scripts in folders of its own")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a case that cannot be set up is a fault")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Notes every call, and keeps the body that it is given as the one comment there is.
const FORGE: &str = r#"#!/usr/bin/env bash
printf '%s' "${0##*/}" >>"$STATE/calls"
printf ' %s' "$@" >>"$STATE/calls"
echo >>"$STATE/calls"
for argument in "$@"; do
    case $argument in
    body=@*) cp "${argument#body=@}" "$STATE/body" ;;
    body@*) cp "${argument#body@}" "$STATE/body" ;;
    esac
done
case "$*" in *--paginate*) [ -e "$STATE/body" ] && echo "41 $(head -n 1 "$STATE/body")" ;; esac
exit 0
"#;

/// In the place of jq: the number of the note whose first line is asked for.
const NOTES: &str = r#"#!/usr/bin/env bash
cat >/dev/null
[ -e "$STATE/body" ] && [ "$(head -n 1 "$STATE/body")" = "$4" ] && echo 41
exit 0
"#;

const MESH: &str = "mesh shop language=1 { target istio \"1.30\" }\nenvironment prod\nnamespace shop\n";
const PAGE: &str = "service web namespace=shop {\n    port 8080 http\n    versions v1 v2\n    canary v2 percent=10\n    \
                    allow visitor\n}\nworkload visitor namespace=shop { calls web }\n";

/// A clone in which a branch changed a share.
struct Clone {
    root: PathBuf,
}

impl Clone {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("forges").join(name);
        _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("repo")).unwrap();
        fs::create_dir_all(root.join("bin")).unwrap();
        for (tool, text) in [("gh", FORGE), ("curl", FORGE), ("jq", NOTES)] {
            let file = root.join("bin").join(tool);
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_mesh"), root.join("bin/mesh")).unwrap();
        let clone = Clone { root };
        clone.write("mesh.kdl", MESH);
        clone.write("web.kdl", PAGE);
        clone.git("init -q -b main");
        clone.git("add .");
        clone.git("commit -q -m first");
        clone.git("update-ref refs/remotes/origin/main main");
        clone
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.root.join("repo").join(file), text).unwrap();
    }

    fn git(&self, arguments: &str) {
        let who = ["-c", "user.name=mesh", "-c", "user.email=mesh@example.com", "-c", "commit.gpgsign=false"];
        let mut git = Command::new("git");
        git.args(who).args(arguments.split(' ')).current_dir(self.root.join("repo"));
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        assert!(git.status().unwrap().success(), "git {arguments}");
    }

    fn run(&self, script: &str, variables: &[(&str, &str)]) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(script);
        let path = format!("{}:{}", self.root.join("bin").display(), std::env::var("PATH").unwrap());
        let mut bash = Command::new("bash");
        bash.arg(script).current_dir(self.root.join("repo")).env("PATH", path).env("STATE", &self.root);
        bash.envs(variables.iter().copied()).output().unwrap()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file)).unwrap_or_default()
    }
}

const GITHUB: [(&str, &str); 4] =
    [("BASE", "origin/main"), ("NUMBER", "7"), ("REPOSITORY", "shop/platform"), ("FAIL_ON", "critical")];

#[test]
fn github_gets_one_comment_that_is_written_over() {
    let clone = Clone::new("github");
    clone.write("web.kdl", &PAGE.replace("percent=10", "percent=15"));
    let run = clone.run("github-action/comment.sh", &GITHUB);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(clone.read("body"), clone.read("repo/mesh-diff/comment.md"));
    assert!(clone.read("body").starts_with("<!-- mesh-diff:shop/platform:. -->\n**mesh: "));
    assert!(
        clone.read("calls").contains("--method POST repos/shop/platform/issues/7/comments"),
        "{}",
        clone.read("calls")
    );
    let before = clone.read("body");
    clone.write("web.kdl", &PAGE.replace("percent=10", "percent=20"));
    clone.run("github-action/comment.sh", &GITHUB);
    assert!(
        clone.read("calls").contains("--method PATCH repos/shop/platform/issues/comments/41"),
        "{}",
        clone.read("calls")
    );
    assert_ne!(clone.read("body"), before);
    assert!(clone.read("repo/mesh-diff/objects.diff").contains("+++ b/shop/virtualservices/web.yaml"));
}

#[test]
fn a_page_that_does_not_compile_fails_the_job_and_comments_nothing() {
    let clone = Clone::new("broken");
    clone.write("web.kdl", &PAGE.replace("percent=10", "percent=110"));
    let run = clone.run("github-action/comment.sh", &GITHUB);
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("web.kdl:4:"), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(clone.read("calls"), "");
}

#[test]
fn gitlab_gets_one_note_that_is_written_over() {
    let clone = Clone::new("gitlab");
    clone.write("web.kdl", &PAGE.replace("percent=10", "percent=15"));
    let variables = [
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
        ("CI_PROJECT_PATH", "shop/platform"),
        ("CI_API_V4_URL", "https://gitlab.example.com/api/v4"),
        ("CI_PROJECT_ID", "3"),
        ("CI_MERGE_REQUEST_IID", "7"),
        ("MESH_COMMENT_TOKEN", "canary-5f2c"),
        ("FAIL_ON", "critical"),
    ];
    for method in ["POST", "PUT"] {
        let run = clone.run("gitlab-ci/comment.sh", &variables);
        assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
        assert!(clone.read("calls").contains(&format!("--request {method}")), "{}", clone.read("calls"));
        assert_eq!(clone.read("body"), clone.read("repo/mesh-diff/comment.md"));
    }
    assert!(!clone.read("calls").contains("canary-5f2c"), "{}", clone.read("calls"));
}
