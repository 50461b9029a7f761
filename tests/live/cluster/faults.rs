//! A server in trouble: what could not be read is never absent, and never the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::operations;
use super::server::{Cluster, told};
use crate::case::Finding;

/// What stands between `mesh` and the server; it ends with this value.
struct Proxy {
    folder: PathBuf,
    running: Child,
}

impl Proxy {
    /// Starts it; the user `faulty` of the cluster comes by it.
    fn start(cluster: &Cluster) -> Result<Self, String> {
        let folder = cluster.folder.join("proxy");
        fs::create_dir_all(&folder).map_err(told)?;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/cluster/proxy.py");
        let mut python = Command::new(cluster.tools.python.join("bin/python"));
        python.arg(script).arg(&folder).args([&cluster.port.to_string(), "admin-token"]);
        let running = python.stdin(Stdio::null()).spawn().map_err(told)?;
        let proxy = Self { folder, running };
        proxy.fail(&json!([]))?;
        let begun = Instant::now();
        while !proxy.folder.join("port").exists() {
            if begun.elapsed() > Duration::from_secs(20) {
                return Err("the proxy did not start".to_owned());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let port = fs::read_to_string(proxy.folder.join("port")).map_err(told)?;
        cluster.write_user("faulty", &format!("http://127.0.0.1:{port}"), "")?;
        Ok(proxy)
    }

    /// Says what goes wrong from now on.
    fn fail(&self, faults: &Value) -> Result<(), String> {
        fs::write(self.folder.join("faults"), faults.to_string()).map_err(told)?;
        fs::write(self.folder.join("requests"), "").map_err(told)
    }

    /// How often a path was asked for.
    fn asked(&self, part: &str) -> usize {
        fs::read_to_string(self.folder.join("requests")).unwrap_or_default().matches(part).count()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.running.kill().ok();
        self.running.wait().ok();
    }
}

/// A fault by its name: the rest of what the proxy is told of the path.
fn faults() -> Vec<(&'static str, Value)> {
    let status = |code: u16, reason: &str| json!({ "do": "refuse", "code": code, "reason": reason });
    let say = |body: &str| json!({ "do": "say", "body": body });
    vec![
        ("401", status(401, "Unauthorized")),
        ("403", status(403, "Forbidden")),
        ("404 of a kind that there is", status(404, "NotFound")),
        ("410 for ever", status(410, "Expired")),
        (
            "429 for ever",
            json!({ "do": "refuse", "code": 429, "reason": "TooManyRequests", "headers": { "Retry-After": "0" } }),
        ),
        ("500", status(500, "InternalError")),
        ("503", status(503, "ServiceUnavailable")),
        ("a body cut off", json!({ "do": "cut" })),
        ("half a body", json!({ "do": "shorten" })),
        ("a closed connection", json!({ "do": "reset" })),
        ("a body that unfolds", json!({ "do": "swell" })),
        ("an empty object", say("{}")),
        ("an empty body", say("")),
        ("a page to sign in", say("<html>Sign in</html>")),
        ("another list", say(r#"{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[]}"#)),
        ("a list without items", say(r#"{"kind":"VirtualServiceList","metadata":{"resourceVersion":"1"}}"#)),
        ("an object without a name", say(r#"{"kind":"VirtualServiceList","metadata":{},"items":[{"metadata":{}}]}"#)),
    ]
}

/// The path of the kind that is in trouble, and of a page that is not the first of it.
const KIND: &str = "/virtualservices";
const LATER: &str = "continue=";

/// With each fault of one kind its objects neither come nor go, whether at the first page or at a later one, and the run
/// ends with 4; what the server gets over is no fault.
pub(crate) fn check(cluster: &Cluster, root: &Path) -> Finding {
    let bank = root.join("examples/bank");
    cluster.apply_from("-k", &root.join("out/bank/prod"))?;
    let proxy = Proxy::start(cluster)?;
    let ask = || cluster.mesh("faulty", &bank, &["diff", "--from", "cluster", "--env", "prod", "--format", "json"]);
    let judge = |name: &str, faults: &Value, expected: i32| {
        proxy.fail(faults)?;
        let begun = Instant::now();
        let said = ask()?;
        let told = said.json()["reports"][0]["unknown"].to_string();
        let is_told = (expected == 4) == told.contains("\"VirtualService\"");
        if said.code != Some(expected) || !is_told || !operations(&said).is_empty() {
            return Err(format!("{name}: {}", said.told()));
        }
        if begun.elapsed() > Duration::from_mins(1) {
            Err(format!("{name}: took {:?}", begun.elapsed()))
        } else {
            Ok(())
        }
    };
    let at = |path: &str, fault: &Value| {
        let mut fault = fault.clone();
        fault["path"] = path.into();
        fault
    };
    let pages = json!({ "path": KIND, "do": "pass_on", "page": 1 });
    judge("pages of one", &json!([pages]), 0)?;
    if proxy.asked(LATER) < 2 {
        let requests = fs::read_to_string(proxy.folder.join("requests")).unwrap_or_default();
        return Err(format!("the list did not go on: {requests}"));
    }
    for (name, fault) in faults() {
        judge(name, &json!([at(KIND, &fault)]), 4)?;
    }
    for name in ["403", "500", "410 for ever", "a body cut off"] {
        let fault = faults().into_iter().find(|(known, _)| *known == name).map(|(_, fault)| fault).unwrap_or_default();
        judge(&format!("{name}, later"), &json!([at(LATER, &fault), pages]), 4)?;
    }
    let once = |mut fault: Value| {
        fault["times"] = 1.into();
        fault
    };
    let wait = json!({ "path": KIND, "do": "refuse", "code": 429, "reason": "TooManyRequests", "headers": { "Retry-After": "1" } });
    judge("429 once", &json!([once(wait)]), 0)?;
    let expired = json!({ "path": LATER, "do": "refuse", "code": 410, "reason": "Expired" });
    judge("410 once", &json!([once(expired), pages]), 0)?;
    judge("no answer", &json!([{ "path": KIND, "do": "hang" }]), 4)?;
    judge("a byte a second", &json!([{ "path": KIND, "do": "drip" }]), 4)?;
    nothing(&proxy, &ask)
}

/// Where nothing at all could be read there is no report.
fn nothing(proxy: &Proxy, ask: &dyn Fn() -> Result<super::Said, String>) -> Finding {
    for path in ["/", "/apis?", "/apis"] {
        proxy.fail(&json!([{ "path": path, "do": "refuse", "code": 503, "reason": "ServiceUnavailable" }]))?;
        let said = ask()?;
        if said.code != Some(2) || !said.out.is_empty() {
            return Err(format!("503 of {path}: {}", said.told()));
        }
    }
    Ok(())
}
