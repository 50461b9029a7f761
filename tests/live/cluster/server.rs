//! A Kubernetes API server with its store, on the loopback address, for one case: it knows Istio's kinds and holds nothing.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::tools::ClusterTools;

/// Runs a program until nobody holds the other end of standard input any more: so it ends with a suite that is killed.
const KEEPER: &str = r#""$@" & program=$!; cat >/dev/null; kill -9 $program; wait $program 2>/dev/null"#;

/// Who may do everything, and who may do nothing but what a case lets him.
const TOKENS: &str = "admin-token,admin,1,\"system:masters\"\n";

/// What every request was, told once it is answered.
const AUDIT: &str =
    "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules: [{level: Metadata}]\n";

/// How long the server may take to be ready on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

static STARTED: AtomicU32 = AtomicU32::new(0);

/// The server; it ends with this value.
pub(crate) struct Cluster {
    pub(crate) folder: PathBuf,
    pub(crate) tools: ClusterTools,
    pub(crate) port: u16,
    pub(crate) store: u16,
    kept: Vec<Child>,
}

/// What a program said.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// All of it, for whoever looks for what went wrong.
    pub(crate) fn told(&self) -> String {
        format!("it ended with {:?} and said\n{}{}", self.code, self.out, self.err)
    }

    /// What it said as JSON; null where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_default()
    }
}

impl Cluster {
    /// Starts the server, and tells it of the kinds of Istio and of operators.
    pub(crate) fn start(tools: ClusterTools) -> Result<Self, String> {
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("mesh-live-cluster-{}-{number}", std::process::id()));
        _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("bin")).map_err(told)?;
        let [port, store, peers] = free_ports()?;
        let mut cluster = Self { folder, tools, port, store, kept: Vec::new() };
        cluster.write_kubectl()?;
        cluster.start_store(peers)?;
        cluster.start_server()?;
        cluster.write_user("admin", &format!("https://127.0.0.1:{port}"), "admin-token")?;
        cluster.wait()?;
        cluster.define()?;
        Ok(cluster)
    }

    fn start_store(&mut self, peers: u16) -> Result<(), String> {
        let address = |port: u16| format!("http://127.0.0.1:{port}");
        let (clients, peers) = (address(self.store), address(peers));
        let mut etcd = vec![self.tools.etcd.display().to_string()];
        etcd.extend(["--data-dir", "etcd", "--log-level", "error", "--max-txn-ops", "2000"].map(str::to_owned));
        for (option, at) in [
            ("listen-client", &clients),
            ("advertise-client", &clients),
            ("listen-peer", &peers),
            ("initial-advertise-peer", &peers),
        ] {
            etcd.push(format!("--{option}-urls={at}"));
        }
        etcd.push(format!("--initial-cluster=default={peers}"));
        self.keep("etcd", &etcd)
    }

    fn start_server(&mut self) -> Result<(), String> {
        fs::write(self.folder.join("tokens"), TOKENS).map_err(told)?;
        fs::write(self.folder.join("audit.yaml"), AUDIT).map_err(told)?;
        let mut openssl = Command::new("openssl");
        openssl.args(["genrsa", "-out", "accounts.key", "2048"]).current_dir(&self.folder).stderr(Stdio::null());
        if !openssl.status().map_err(|error| format!("openssl: {error}"))?.success() {
            return Err("openssl made no key".to_owned());
        }
        let mut server = vec![self.tools.apiserver.display().to_string()];
        server.extend([
            format!("--etcd-servers=http://127.0.0.1:{}", self.store),
            format!("--secure-port={}", self.port),
        ]);
        server.extend(
            [
                "--bind-address=127.0.0.1",
                "--cert-dir=certificates",
                "--service-account-key-file=accounts.key",
                "--service-account-signing-key-file=accounts.key",
                "--service-account-issuer=https://mesh.test",
                "--token-auth-file=tokens",
                "--authorization-mode=RBAC",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--audit-policy-file=audit.yaml",
                "--audit-log-path=audit.log",
            ]
            .map(str::to_owned),
        );
        self.keep("server", &server)
    }

    fn keep(&mut self, name: &str, program: &[String]) -> Result<(), String> {
        let log = fs::File::create(self.folder.join(name).with_extension("log")).map_err(told)?;
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).args(program).current_dir(&self.folder);
        keeper.stdin(Stdio::piped()).stdout(log.try_clone().map_err(told)?).stderr(log);
        self.kept.push(keeper.spawn().map_err(told)?);
        Ok(())
    }

    fn wait(&self) -> Result<(), String> {
        let begun = Instant::now();
        while self.kubectl(&["get", "--raw", "/readyz"]).is_err() {
            if begun.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
                let last: Vec<&str> = log.lines().rev().take(20).collect();
                return Err(format!("the API server did not become ready:\n{}", last.join("\n")));
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(())
    }

    fn define(&self) -> Result<(), String> {
        let definitions = self.tools.definitions.display().to_string();
        let kiali = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/cluster/kiali.yaml");
        self.kubectl(&["apply", "--server-side", "-f", &definitions, "-f", kiali])?;
        self.kubectl(&["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"])?;
        self.kubectl(&["create", "namespace", "istio-system"]).map(|_| ())
    }

    /// kubectl as a program of its own, as people have it.
    fn write_kubectl(&self) -> Result<(), String> {
        use std::os::unix::fs::PermissionsExt;
        let path = self.folder.join("bin/kubectl");
        // Istio's test packages write a warning to standard output where these two folders are not named.
        let script =
            format!("#!/bin/sh\nTARGET_OUT=/ LOCAL_OUT=/ exec '{}' kubectl \"$@\"\n", self.tools.oracle.display());
        fs::write(&path, script).map_err(told)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(told)
    }

    /// Writes the configuration by which a user comes to a server: `USER.config` in the folder.
    pub(crate) fn write_user(&self, user: &str, server: &str, token: &str) -> Result<(), String> {
        let mut cluster = json!({ "server": server });
        if server.starts_with("https:") {
            cluster["insecure-skip-tls-verify"] = true.into();
        }
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "live",
            "clusters": [{ "name": "it", "cluster": cluster }],
            "users": [{ "name": "one", "user": { "token": token } }],
            "contexts": [{ "name": "live", "context": { "cluster": "it", "user": "one" } }],
        });
        fs::write(self.folder.join(user).with_extension("config"), config.to_string()).map_err(told)
    }

    /// Runs kubectl as the administrator; what it wrote, or what went wrong.
    pub(crate) fn kubectl(&self, arguments: &[&str]) -> Result<String, String> {
        let mut kubectl = Command::new(self.folder.join("bin/kubectl"));
        kubectl.args(arguments).stdin(Stdio::null());
        self.environment(&mut kubectl, "admin");
        let said = Said::of(&kubectl.output().map_err(told)?);
        if said.code == Some(0) {
            Ok(said.out)
        } else {
            Err(format!("kubectl {}: {}", arguments.join(" "), said.told()))
        }
    }

    /// Applies manifests as the administrator, as `kubectl apply --server-side` does.
    pub(crate) fn apply(&self, manifests: &str) -> Result<(), String> {
        let file = self.folder.join("applied.yaml");
        fs::write(&file, manifests).map_err(told)?;
        self.apply_from("-f", &file)
    }

    /// Applies a file, or a folder with a kustomization.
    pub(crate) fn apply_from(&self, option: &str, path: &Path) -> Result<(), String> {
        let path = path.display().to_string();
        self.kubectl(&["apply", "--server-side", "--force-conflicts", option, &path]).map(|_| ())
    }

    /// Runs `mesh` as a user of the cluster, in a folder.
    pub(crate) fn mesh(&self, user: &str, folder: &Path, arguments: &[&str]) -> Result<Said, String> {
        let output = self.mesh_command(user, folder, arguments).output().map_err(told)?;
        Ok(Said::of(&output))
    }

    /// The same, before it is started.
    pub(crate) fn mesh_command(&self, user: &str, folder: &Path, arguments: &[&str]) -> Command {
        let mut mesh = Command::new(env!("CARGO_BIN_EXE_mesh"));
        mesh.args(arguments).current_dir(folder).stdin(Stdio::null());
        self.environment(&mut mesh, user);
        mesh
    }

    fn environment(&self, command: &mut Command, user: &str) {
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", self.folder.join("bin").display());
        command.env_clear().env("PATH", path).env("HOME", &self.folder);
        command.env("KUBECONFIG", self.folder.join(user).with_extension("config"));
    }

    /// Every request that a user made, as `VERB RESOURCE`, or `get PATH` where it is of no resource.
    pub(crate) fn requests(&self, user: &str) -> Vec<String> {
        let log = fs::read_to_string(self.folder.join("audit.log")).unwrap_or_default();
        let events = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let text =
            |event: &Value, path: &str| event.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let own = events.filter(|event| text(event, "/user/username") == user);
        let one = |event: Value| match text(&event, "/objectRef/resource") {
            resource if resource.is_empty() => format!("get {}", text(&event, "/requestURI")),
            resource => format!("{} {resource}", text(&event, "/verb")),
        };
        own.map(one).collect()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for mut keeper in self.kept.drain(..).rev() {
            drop(keeper.stdin.take());
            keeper.wait().ok();
        }
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// Ports that nobody listens on. All are held until the last one is known, so that they are several.
fn free_ports<const N: usize>() -> Result<[u16; N], String> {
    let mut held = Vec::new();
    for _ in 0..N {
        held.push(TcpListener::bind("127.0.0.1:0").map_err(told)?);
    }
    let ports: Vec<u16> = held.iter().filter_map(|held| held.local_addr().ok()).map(|at| at.port()).collect();
    ports.try_into().map_err(|_| "no free port".to_owned())
}

#[allow(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
pub(crate) fn told(error: std::io::Error) -> String {
    error.to_string()
}
