use super::{CANARY, Ground, lossy};
use std::fs;
use std::process::{Command, Output, Stdio};

const OWNERSHIP: &str = "team platform { folder .; namespace \"*\"; may mesh }
team web { folder \"teams/web\"; namespace web }
";

fn ground(name: &str) -> Ground {
    let ground = Ground::new(name);
    ground.write("mesh.kdl", "mesh shop language=1 { target istio \"1.30\" }\nnamespace web\nnamespace pay\n");
    ground.write("pay.kdl", "service ledger namespace=pay { port 80 http }\n");
    ground.write("teams/web/web.kdl", "service web namespace=web { port 80 http; calls ledger.pay }\n");
    fs::write(ground.folder.join("ownership.kdl"), OWNERSHIP).unwrap();
    ground
}

/// As the sidecar runs it: its own environment names the policy.
fn generate(ground: &Ground, policy: &str, more: (&str, &str)) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mesh"))
        .args(["argocd", "generate"])
        .current_dir(ground.repo())
        .env_clear()
        .env("MESH_POLICY", ground.folder.join(policy))
        .env(more.0, more.1)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn t_20_nobody_lets_himself_in() {
    let ground = ground("t-20");
    ground.write("teams/web/ledger.kdl", "service ledger namespace=pay { allow web.web }\n");
    assert!(ground.mesh(&["check"]).status.success(), "without a policy pages are all of one team");
    let checked = ground.mesh(&["check", "--policy", "../ownership.kdl"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(lossy(&checked.stderr).contains("error[namespace-not-owned]"), "{}", lossy(&checked.stderr));
    let generated = generate(&ground, "ownership.kdl", ("LANG", "C"));
    assert!(!generated.status.success() && generated.stdout.is_empty());
    assert!(lossy(&generated.stderr).contains("namespace-not-owned"), "{}", lossy(&generated.stderr));
    ground.write("teams/web/ledger.kdl", "");
    ground.write("pay.kdl", "service ledger namespace=pay { port 80 http; allow web.web }\n");
    let generated = generate(&ground, "ownership.kdl", ("LANG", "C"));
    assert!(generated.status.success(), "{}", lossy(&generated.stderr));
}

#[test]
fn t_24_nobody_widens_his_own_rights() {
    let ground = ground("t-24");
    ground.write("teams/web/ledger.kdl", "service ledger namespace=pay { allow web.web }\n");
    // A policy among the pages is a page, and no page knows teams.
    ground.write("teams/web/ownership.kdl", "team web { folder .; namespace \"*\"; may mesh patch raw accept }\n");
    let checked = ground.mesh(&["check", "--policy", "../ownership.kdl"]);
    assert!(lossy(&checked.stderr).contains("error[unknown-node]"), "{}", lossy(&checked.stderr));
    let inside = ground.mesh(&["check", "--policy", "teams/web/ownership.kdl"]);
    assert!(lossy(&inside.stderr).contains("lies in the workspace"), "{}", lossy(&inside.stderr));
    ground.link("policy", "teams/web/ownership.kdl");
    let linked = ground.mesh(&["check", "--policy", "policy"]);
    assert!(lossy(&linked.stderr).contains("lies in the workspace"), "{}", lossy(&linked.stderr));
    fs::remove_file(ground.repo().join("policy")).unwrap();
    fs::remove_file(ground.repo().join("teams/web/ownership.kdl")).unwrap();
    // What an Application may say names no policy.
    let wide = "team all { folder .; namespace \"*\"; host \"*\"; may mesh patch raw accept }\n";
    fs::write(ground.folder.join("wide.kdl"), wide).unwrap();
    for said in ["ARGOCD_ENV_MESH_POLICY", "PARAM_POLICY", "PARAM_MESH_POLICY"] {
        let generated = generate(&ground, "ownership.kdl", (said, "../wide.kdl"));
        assert!(!generated.status.success(), "{said}");
    }
}

#[test]
fn t_24_a_policy_that_cannot_be_read_lets_nothing_through() {
    let ground = ground("t-24-read");
    for policy in ["nowhere.kdl", ".", "secret", "repo/mesh.kdl", "/dev/null/x"] {
        let generated = generate(&ground, policy, ("LANG", "C"));
        assert!(!generated.status.success() && generated.stdout.is_empty(), "{policy}");
        assert!(!lossy(&generated.stderr).contains(CANARY), "{policy}: {}", lossy(&generated.stderr));
    }
}

/// A word outside of all blocks that a page of the team `web` may write or not, and the code that says so.
const AT_THE_TOP: &[(&str, &str)] = &[
    ("mesh other language=1 { target istio \"1.30\" }", "not-permitted"),
    ("environment other", "not-permitted"),
    ("profile own { timeout \"1s\" }", "not-permitted"),
    ("group own { member web.web }", "not-permitted"),
    ("platform { allow web.web }", "not-permitted"),
    ("platform { deny web.web }", "not-permitted"),
    ("in prod { platform { allow web.web } }", "not-permitted"),
    ("platform pay { allow web.web }", "namespace-not-owned"),
    ("platform web pay { allow web.web }", "namespace-not-owned"),
    ("issuer own { iss \"https://own.example\"; jwks-uri \"https://own.example/jwks\" }", "not-permitted"),
    ("external own { host api.own.example; port 443 https }", "not-permitted"),
    ("external own namespace=pay { host api.own.example; port 443 https }", "namespace-not-owned"),
    ("guard own { require \"true\"; message \"never\" }", "not-permitted"),
    ("template own for=service file=\"own.yaml\"", "not-permitted"),
    ("namespace pay", "namespace-not-owned"),
    ("workload own namespace=pay", "namespace-not-owned"),
    ("gateway own namespace=pay { listen 80 http { host own.example } }", "namespace-not-owned"),
    ("ignore \"VirtualService/pay/ledger\" \"/spec/http\" owner=flagger reason=\"theirs\"", "namespace-not-owned"),
    ("accept traffic.weight of=ledger.pay reason=\"mine\" until=\"2096-01-01\"", "not-permitted"),
    ("raw \"{apiVersion: v1, kind: ConfigMap, metadata: {name: own, namespace: web}}\"", "not-permitted"),
    ("service web namespace=web { allow ledger.pay }", ""),
    ("platform web { allow ledger.pay }", ""),
];

#[test]
fn t_24_no_word_at_the_top_is_forgotten() {
    for (text, code) in AT_THE_TOP {
        let ground = ground("t-24-top");
        let mesh = "mesh shop language=1 { target istio \"1.30\" }\nenvironment prod\nnamespace web\nnamespace pay\n";
        ground.write("mesh.kdl", mesh);
        ground.write("teams/web/more.kdl", text);
        let checked = ground.mesh(&["check", "--policy", "../ownership.kdl"]);
        let said = lossy(&checked.stderr);
        match code.is_empty() {
            true => assert!(!said.contains("not-permitted") && !said.contains("not-owned"), "{text}: {said}"),
            false => assert!(said.contains(&format!("error[{code}]")), "{text}: {said}"),
        }
    }
}
