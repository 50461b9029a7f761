//! The plugin behind Argo CD's own server: the cases of `tests/argocd`, and what only the server can show.
#![allow(clippy::indexing_slicing, reason = "of JSON: what is not there is null")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::case::{Case, Finding};
use crate::cmp::case as contract;
use crate::cmp::plugin::title;
use crate::tools::Tools;

type Check = fn(&Running, &Path) -> Finding;

/// Everything that is asked of the server.
pub(crate) fn cases(root: &Path, tools: &Tools) -> Vec<Case> {
    let asked = contract::all().into_iter().map(|case| {
        let name = format!("argocd tests/argocd/{}.case", case.name);
        Case { name, body: tools.with_cmp_server(move |server| answer(&Running::start(server)?, &case)) }
    });
    let others: [(&str, Check); 5] = [
        ("detection", detection),
        ("fifty at once", at_once),
        ("deadline", deadline),
        ("links", links),
        ("applicationsets", applicationsets),
    ];
    let others = others.map(|(name, check)| {
        let root = root.to_path_buf();
        let body = tools.with_cmp_server(move |server| check(&Running::start(server)?, &root));
        Case { name: format!("argocd {name}"), body }
    });
    asked.chain(others).collect()
}

/// A server that runs, with a folder of its own.
struct Running {
    program: PathBuf,
    folder: PathBuf,
    server: Child,
}

static STARTED: AtomicU32 = AtomicU32::new(0);

impl Running {
    /// Starts the server with the shipped configuration; of the plugin it finds nothing but the one program.
    fn start(program: PathBuf) -> Result<Self, String> {
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        // The path of a socket is short: 108 bytes.
        let folder = std::env::temp_dir().join(format!("mesh-cmp-{}-{number}", std::process::id()));
        _ = fs::remove_dir_all(&folder);
        for name in ["bin", "sockets", "work", "repository"] {
            fs::create_dir_all(folder.join(name)).map_err(told)?;
        }
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_mesh"), folder.join("bin/mesh")).map_err(told)?;
        let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/argocd");
        let server = Command::new(&program)
            .args(["serve", "--loglevel", "warn", "--config-dir-path"])
            .arg(config)
            .env_clear()
            .env("PATH", folder.join("bin"))
            .env("ARGOCD_PLUGINSOCKFILEPATH", folder.join("sockets"))
            .env("ARGOCD_CMP_WORKDIR", folder.join("work"))
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.join("log")).map_err(told)?)
            .spawn()
            .map_err(told)?;
        let running = Self { program, folder, server };
        running.wait()?;
        Ok(running)
    }

    fn wait(&self) -> Result<(), String> {
        let socket = self.folder.join("sockets/mesh.sock");
        let begun = Instant::now();
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            if begun.elapsed() > Duration::from_secs(20) {
                return Err(fs::read_to_string(self.folder.join("log")).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Asks as the repo-server does; an answer for each of the times.
    fn ask(&self, question: &Value) -> Result<Vec<Value>, String> {
        let mut client = Command::new(&self.program)
            .arg("ask")
            .env("ARGOCD_PLUGINSOCKFILEPATH", self.folder.join("sockets"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(told)?;
        let mut asked = client.stdin.take().ok_or("no way in")?;
        asked.write_all(question.to_string().as_bytes()).map_err(told)?;
        drop(asked);
        let answered = client.wait_with_output().map_err(told)?;
        serde_json::from_slice(&answered.stdout).map_err(told)
    }

    fn ask_once(&self, question: &Value) -> Result<Value, String> {
        self.ask(question)?.into_iter().next().ok_or_else(|| "no answer".to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.server.kill();
        _ = self.server.wait();
        _ = fs::remove_dir_all(&self.folder);
    }
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A question about a repository.
fn question(call: &str, repository: &Path, env: &[&str]) -> Value {
    json!({"call": call, "plugin": "mesh", "repository": repository, "path": ".", "env": env, "timeout": 60_000})
}

const PROD: &str = r#"ARGOCD_APP_PARAMETERS=[{"name":"environment","string":"prod"}]"#;

/// Every call of a case has the answer that it says.
fn answer(running: &Running, case: &contract::Case) -> Finding {
    let repository = running.folder.join("repository");
    case.write_to(&repository);
    for call in &case.calls {
        let env: Vec<String> = call.variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let name = if call.is_generate { "generate" } else { "parameters" };
        let mut question = question(name, &repository, &env.iter().map(String::as_str).collect::<Vec<_>>());
        question["path"] = call.path.as_str().into();
        let given = running.ask_once(&question)?;
        let (said, expected) = match failure(&call.expected) {
            Some(expected) => (
                given["error"].as_str().unwrap_or_default().to_owned(),
                format!("mesh argocd {name}` failed {expected}"),
            ),
            None if call.is_generate => (titles(&given), lines(&call.expected).join("\n")),
            None => (announced(&given["parameters"])?, announced(&read(&call.expected)?)?),
        };
        let holds = if failure(&call.expected).is_some() { said.ends_with(&expected) } else { said == expected };
        if !holds {
            return Err(format!("{name} {}: expected\n{expected}\nfound\n{said}\nin {given}", call.path));
        }
    }
    Ok(())
}

/// What the server says of a failure: how the command ended, and what it wrote to standard error.
fn failure(expected: &str) -> Option<String> {
    let lines: Option<Vec<&str>> = expected.lines().map(|line| line.strip_prefix("! ")).collect();
    let lines = lines?;
    let (status, told) = lines.split_first()?;
    Some(format!("{status}: {}", told.join("\n")))
}

/// The lines of an answer that are no notes for the log.
fn lines(expected: &str) -> Vec<&str> {
    expected.lines().filter(|line| !line.starts_with('~')).collect()
}

fn read(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(told)
}

fn titles(given: &Value) -> String {
    let objects = given["objects"].as_array().cloned().unwrap_or_default();
    objects.iter().map(title).collect::<Vec<_>>().join("\n")
}

/// Parameters without what is empty: the protocol does not tell that from what is unsaid.
fn announced(parameters: &Value) -> Result<String, String> {
    let list = parameters.as_array().ok_or_else(|| format!("no parameters: {parameters}"))?;
    let says = |value: &Value| !(value.is_null() || *value == json!("") || *value == json!(false));
    let one = |parameter: &Value| -> std::collections::BTreeMap<String, Value> {
        let fields = parameter.as_object().cloned().unwrap_or_default();
        fields.into_iter().filter(|(_, value)| says(value)).collect()
    };
    serde_json::to_string_pretty(&list.iter().map(one).collect::<Vec<_>>()).map_err(told)
}

/// Applications name the plugin; one that names none is not taken, whatever its files.
fn detection(running: &Running, root: &Path) -> Finding {
    let bank = root.join("examples/bank");
    let ask = |plugin: &str| {
        let mut question = question("detect", &bank, &[]);
        question["plugin"] = plugin.into();
        running.ask_once(&question)
    };
    let named = ask("mesh")?;
    let (unnamed, other) = (ask("")?, ask("mesh-v1")?);
    let is_refused = |given: &Value| given["error"].as_str().is_some_and(|error| error.contains("could not find"));
    if named == json!({}) && is_refused(&unnamed) && is_refused(&other) {
        Ok(())
    } else {
        Err(format!("named {named}, unnamed {unnamed}, other {other}"))
    }
}

fn at_once(running: &Running, root: &Path) -> Finding {
    let mut question = question("generate", &root.join("examples/bank"), &[PROD]);
    let whole = running.ask_once(&question)?;
    question["times"] = 50.into();
    let answers = running.ask(&question)?;
    let differ = answers.iter().filter(|answer| **answer != whole).count();
    if titles(&whole).lines().count() > 10 && answers.len() == 50 && differ == 0 {
        return Ok(());
    }
    Err(format!("{differ} of {} answers differ from {whole}", answers.len()))
}

/// How long the caller waits, and how much later the server may answer.
const PATIENCE: (u64, u64) = (1_000, 2_000);

/// At the caller's deadline the plugin is gone: nothing of it is taken, and nothing is left running.
fn deadline(running: &Running, _: &Path) -> Finding {
    let repository = running.folder.join("repository");
    let head = "mesh shop language=1 { target istio \"1.30\" }\nenvironment prod\n";
    fs::write(repository.join("mesh.kdl"), head).map_err(told)?;
    for file in 0..400 {
        let namespace = format!("namespace n{file}\n");
        let services = (0..100).map(|at| format!("service s{at} namespace=n{file} {{ port 80 http; allow s0 }}\n"));
        let text: String = std::iter::once(namespace).chain(services).collect();
        fs::write(repository.join(format!("n{file}.kdl")), text).map_err(told)?;
    }
    let mut question = question("generate", &repository, &[PROD]);
    question["timeout"] = PATIENCE.0.into();
    let begun = Instant::now();
    let given = running.ask_once(&question)?;
    let passed = begun.elapsed();
    // On a busy machine the one who asks gives up before the server tells why.
    let is_told = |error: &str| ["signal", "deadline", "DeadlineExceeded"].iter().any(|why| error.contains(why));
    let is_late = given["error"].as_str().is_some_and(is_told);
    if !is_late || passed > Duration::from_millis(PATIENCE.0 + PATIENCE.1) {
        return Err(format!("after {passed:?}: {given}"));
    }
    let work = running.folder.join("work/_cmp_server");
    while fs::read_dir(&work).map_err(told)?.count() > 0 {
        if begun.elapsed() > Duration::from_millis(PATIENCE.0 + PATIENCE.1) {
            return Err(format!("still worked on after {:?}: {given}", begun.elapsed()));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Links inside of a repository come along, and are refused: what they name would count twice or not at all.
fn links(running: &Running, _: &Path) -> Finding {
    let repository = running.folder.join("repository");
    fs::write(repository.join("mesh.kdl"), "mesh shop language=1 { target istio \"1.30\" }\nnamespace shop\n")
        .map_err(told)?;
    fs::write(repository.join("secret"), "password: hunter2\n").map_err(told)?;
    std::os::unix::fs::symlink("secret", repository.join("web.kdl")).map_err(told)?;
    let given = running.ask_once(&question("generate", &repository, &[]))?;
    let error = given["error"].as_str().unwrap_or_default();
    if error.contains("web.kdl") && error.contains("is a link") && !error.contains("hunter2") {
        return Ok(());
    }
    Err(given.to_string())
}

/// Two environments, one of which has a controller of its own.
const OWNED: &str = r#"mesh shop language=1 { target istio "1.30" }
environment dev
environment prod
namespace shop
service web namespace=shop {
    port 80 http
    versions v1 v2
    in dev { canary v2 percent=10 }
    in prod { canary v2 owner=argo-rollouts }
}
"#;

/// The Applications of each `ApplicationSet` that is written are those that its controller makes of it.
fn applicationsets(running: &Running, root: &Path) -> Finding {
    let owned = running.folder.join("repository");
    fs::write(owned.join("mesh.kdl"), OWNED).map_err(told)?;
    let named: &[&str] = &["--cluster", "dev=eu-1", "--cluster", "prod=eu-2"];
    let by_label: &[&str] = &["--by", "cluster"];
    let by_namespace: &[&str] = &["--by", "namespace"];
    let of_dev: &[&str] = &["--by", "namespace", "--env", "dev", "--cluster", "dev=eu-1"];
    let bank = root.join("examples/bank");
    let sets = [
        (&owned, named),
        (&owned, by_label),
        (&owned, by_namespace),
        (&bank, by_label),
        (&bank, by_namespace),
        (&bank, of_dev),
    ];
    let mut all = 0;
    for (workspace, arguments) in sets {
        let set = Command::new(env!("CARGO_BIN_EXE_mesh"))
            .args(["argocd", "appset", "--repo", "https://git.example/p.git", "-C"])
            .arg(workspace)
            .args(arguments)
            .output()
            .map_err(told)?;
        let text = String::from_utf8(set.stdout).map_err(told)?;
        let read: Value = serde_saphyr::from_str(&text).map_err(|error| format!("{arguments:?}: {error}\n{text}"))?;
        let mut names = std::collections::BTreeSet::new();
        for params in read["spec"]["generators"].as_array().into_iter().flatten().flat_map(generated) {
            let given = running.ask_once(&json!({"call": "render", "applicationSet": text, "params": params}))?;
            names
                .insert(application(&given, &params).map_err(|why| format!("{arguments:?} {params}: {why}\n{given}"))?);
            all += 1;
        }
        if names.len() < 2 {
            return Err(format!("{arguments:?}: Applications {names:?}\n{text}"));
        }
    }
    if all > 30 { Ok(()) } else { Err(format!("{all} Applications")) }
}

/// What a generator says of each Application; a generator over clusters of two of them.
fn generated(generator: &Value) -> Vec<Value> {
    if let Some(elements) = generator["list"]["elements"].as_array() {
        return elements.clone();
    }
    if let Some(clusters) = generator["clusters"].as_object() {
        let cluster = |name: &str| {
            json!({
                "name": name,
                "nameNormalized": name.to_lowercase().replace('_', "-"),
                "server": format!("https://{name}.example"),
                "metadata": { "labels": clusters["selector"]["matchLabels"] },
                "values": clusters["values"],
            })
        };
        return vec![cluster("eu-1"), cluster("US_2")];
    }
    let mut all = vec![json!({})];
    for inner in generator["matrix"]["generators"].as_array().into_iter().flatten() {
        let with = |before: &Value| -> Vec<Value> {
            let joined = |mut one: Value| {
                for (key, value) in before.as_object().into_iter().flatten() {
                    one[key] = value.clone();
                }
                one
            };
            generated(inner).into_iter().map(joined).collect()
        };
        all = all.iter().flat_map(with).collect();
    }
    all
}

/// The name of the Application that was made, if it says what its generator does and nothing is left to fill in.
fn application(given: &Value, params: &Value) -> Result<String, String> {
    let made = &given["objects"][0];
    let name = made["metadata"]["name"].as_str().ok_or("no Application")?;
    let text = made.to_string();
    if ["{{", "<no value>"].iter().any(|left| text.contains(left)) {
        return Err("something is left to fill in".to_owned());
    }
    let is_label = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let parameter = &made["spec"]["source"]["plugin"]["parameters"][0];
    let environment = params["values"]["environment"].as_str().unwrap_or_default();
    let owns = made["spec"]["ignoreDifferences"].as_array().is_some_and(|own| !own.is_empty());
    let held = [
        (name.len() < 64 && name.bytes().all(is_label), "a name that Kubernetes takes"),
        (parameter["string"] == params["values"]["environment"], "the environment"),
        (made["spec"]["destination"]["name"] == params["name"], "the cluster"),
        (made["spec"]["destination"].get("namespace") == params.get("namespace"), "the namespace"),
        (!name.starts_with("shop-") || owns == (environment == "prod"), "what another controller owns"),
    ];
    match held.iter().find(|(holds, _)| !holds) {
        Some((_, what)) => Err(format!("not {what}")),
        None => Ok(name.to_owned()),
    }
}
