use super::{CANARY, Ground, lossy};
use std::process::{Command, Stdio};

/// A generator of numbers that is the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

const NAMES: [&str; 8] = ["environment", "scope", "fail-on", "policy", "--policy", "path", "namespace", "ENVIRONMENT"];
const VALUES: [&str; 12] = [
    "default",
    "all",
    "namespace",
    "warning",
    "../secret",
    "/etc/passwd",
    "--output=/",
    "-C",
    "$(id)",
    "",
    "null",
    "other",
];
const KINDS: [&str; 4] = ["string", "array", "map", "file"];

/// Whoever may edit an Application chooses among what is declared: the answer is one of a few, and none tells more.
#[test]
fn t_27_parameters_are_choices_and_nothing_else() {
    let ground = Ground::new("t-27");
    ground.write("web.kdl", "service web namespace=shop { port 80 http }\n");
    let plain = ground.mesh(&["argocd", "generate"]).stdout;
    let mut dice = Dice(27);
    let mut taken = 0;
    for _ in 0..500 {
        let one = |dice: &mut Dice| {
            let value = VALUES[dice.roll(VALUES.len())];
            let name = NAMES[dice.roll(NAMES.len())];
            match KINDS[dice.roll(KINDS.len())] {
                "array" => serde_json::json!({"name": name, "array": [value]}),
                "map" => serde_json::json!({"name": name, "map": {value: value}}),
                kind => serde_json::json!({"name": name, kind: value}),
            }
        };
        let parameters: Vec<_> = (0..=dice.roll(2)).map(|_| one(&mut dice)).collect();
        let output = Command::new(env!("CARGO_BIN_EXE_mesh"))
            .args(["argocd", "generate"])
            .current_dir(ground.repo())
            .env_clear()
            .env("ARGOCD_APP_PARAMETERS", serde_json::json!(parameters).to_string())
            .env("ARGOCD_ENV_MESH_POLICY", "../secret")
            .env("PARAM_POLICY", "../secret")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let told = lossy(&output.stderr);
        assert!(!told.contains(CANARY) && told.lines().count() <= 10, "{parameters:?}: {told}");
        match output.status.code() {
            Some(0) => {
                assert_eq!(output.stdout, plain, "{parameters:?}");
                taken += 1;
            }
            code => assert!(code == Some(1) && output.stdout.is_empty(), "{parameters:?}: {code:?}"),
        }
    }
    assert!(taken > 10, "{taken} were taken");
}
