use super::{Failure, Seen};
use crate::diagnostic::{nearest, or_list};
use serde_json::Value;

/// What an Application may choose; no other name is known, and none of these is a path, a flag or a piece of intent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parameters {
    /// The environment, if it is said.
    pub(super) environment: Option<String>,
    /// How much of it is the Application's; unsaid, its destination says so.
    pub(super) scope: Option<Chosen>,
    /// Whether warnings count as errors.
    pub(super) fails_on_warnings: bool,
}

/// How much of an environment an Application says is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// All of it, whatever its destination.
    All,
    /// What stands in the namespace of its destination.
    Namespace,
}

/// The parameters by name, with the variable of `plugin.env` that says the same.
pub(super) const ENVIRONMENT: (&str, &str) = ("environment", "MESH_ENV");
pub(super) const SCOPE: (&str, &str) = ("scope", "MESH_SCOPE");
pub(super) const FAIL_ON: (&str, &str) = ("fail-on", "MESH_FAIL_ON");

const NAMES: [&str; 3] = [ENVIRONMENT.0, SCOPE.0, FAIL_ON.0];

impl Parameters {
    /// Reads what the Application says; a parameter wins over the variable.
    pub(super) fn of(seen: &Seen) -> Result<Self, Failure> {
        let said = said(seen.parameters())?;
        let get = |(name, variable): (&str, &str)| {
            let parameter = said.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
            parameter.filter(|value| !value.is_empty()).or_else(|| seen.own(variable)).map(str::to_owned)
        };
        let scope = match get(SCOPE).as_deref() {
            None => None,
            Some("all") => Some(Chosen::All),
            Some("namespace") => Some(Chosen::Namespace),
            Some(other) => return Err(not_one_of(SCOPE, other, &["all", "namespace"])),
        };
        let fails_on_warnings = match get(FAIL_ON).as_deref() {
            None | Some("error") => false,
            Some("warning") => true,
            Some(other) => return Err(not_one_of(FAIL_ON, other, &["error", "warning"])),
        };
        Ok(Parameters { environment: get(ENVIRONMENT), scope, fails_on_warnings })
    }
}

fn not_one_of((name, variable): (&str, &str), found: &str, known: &[&str]) -> Failure {
    Failure::new(
        format!("expected {} in the parameter `{name}`, found `{found}`", or_list(known.iter().copied())),
        format!("change it in spec.source.plugin.parameters, or {variable} in spec.source.plugin.env"),
    )
}

/// The parameters as name and text. Argo CD gives no variable where there is no plugin block, and the text `null` where
/// that has no parameters.
fn said(text: Option<&str>) -> Result<Vec<(String, String)>, Failure> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let malformed = || {
        Failure::new(
            "ARGOCD_APP_PARAMETERS is no list of parameters",
            "write spec.source.plugin.parameters as `- {name: environment, string: prod}`",
        )
    };
    let list = match serde_json::from_str(text) {
        Ok(Value::Null) => return Ok(Vec::new()),
        Ok(Value::Array(list)) => list,
        Ok(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) | Err(_) => return Err(malformed()),
    };
    let mut said: Vec<(String, String)> = Vec::new();
    for parameter in &list {
        let name = parameter.get("name").and_then(Value::as_str).ok_or_else(malformed)?;
        let value = one(name, parameter)?;
        if said.iter().any(|(known, _)| known == name) {
            return Err(Failure::new(
                format!("the parameter `{name}` is given twice"),
                "take one of the two out of spec.source.plugin.parameters",
            ));
        }
        said.push((name.to_owned(), value));
    }
    Ok(said)
}

/// The text of a parameter that is known and is one text.
fn one(name: &str, parameter: &Value) -> Result<String, Failure> {
    if !NAMES.contains(&name) {
        let help = match nearest(name, NAMES) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", crate::diagnostic::and_list(NAMES)),
        };
        return Err(Failure::new(format!("there is no parameter `{name}`"), help));
    }
    let is_list = ["array", "map"].iter().any(|kind| parameter.get(kind).is_some_and(|value| !value.is_null()));
    match parameter.get("string") {
        None | Some(Value::Null) if !is_list => Ok(String::new()),
        Some(Value::String(text)) if !is_list => Ok(text.clone()),
        _ => Err(Failure::new(
            format!("expected one text in the parameter `{name}`, found a list or another value"),
            format!("write `- {{name: {name}, string: ...}}`"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{Chosen, Parameters, Seen};

    fn read(pairs: &[(&str, &str)]) -> Result<Parameters, String> {
        let seen = Seen::of(pairs.iter().map(|(name, value)| (name.into(), value.into())));
        Parameters::of(&seen).map_err(|failure| failure.to_string())
    }

    fn of_json(text: &str) -> Result<Parameters, String> {
        read(&[("ARGOCD_APP_PARAMETERS", text)])
    }

    #[test]
    fn nothing_is_chosen_where_nothing_is_said() {
        for text in ["null", "[]", " null ", r#"[{"name":"environment"}]"#, r#"[{"name":"scope","string":""}]"#] {
            assert_eq!(of_json(text), Ok(Parameters::default()), "{text}");
        }
        assert_eq!(read(&[]), Ok(Parameters::default()));
    }

    #[test]
    fn a_parameter_wins_over_the_variable() {
        let variable = ("ARGOCD_ENV_MESH_ENV", "dev");
        let named = |name: &str| Parameters { environment: Some(name.to_owned()), ..Parameters::default() };
        assert_eq!(read(&[variable]), Ok(named("dev")));
        let parameter = ("ARGOCD_APP_PARAMETERS", r#"[{"name":"environment","string":"prod","array":null}]"#);
        assert_eq!(read(&[parameter, variable]), Ok(named("prod")));
        let all = Parameters { scope: Some(Chosen::All), fails_on_warnings: true, ..Parameters::default() };
        assert_eq!(read(&[("ARGOCD_ENV_MESH_SCOPE", "all"), ("ARGOCD_ENV_MESH_FAIL_ON", "warning")]), Ok(all));
    }

    #[test]
    fn what_is_no_choice_is_refused() {
        for (text, what) in [
            ("{}", "is no list of parameters"),
            ("[", "is no list of parameters"),
            ("[1]", "is no list of parameters"),
            (r#"[{"name":"enviroment","string":"prod"}]"#, "did you mean `environment`?"),
            (r#"[{"name":"--policy","string":"/etc/passwd"}]"#, "there is no parameter `--policy`"),
            (r#"[{"name":"environment","array":["prod"]}]"#, "expected one text in the parameter `environment`"),
            (r#"[{"name":"environment","map":{"a":"b"}}]"#, "expected one text in the parameter `environment`"),
            (r#"[{"name":"environment","string":1}]"#, "expected one text in the parameter `environment`"),
            (r#"[{"name":"scope","string":"../shop"}]"#, "expected `all` or `namespace`"),
            (r#"[{"name":"fail-on","string":"never"}]"#, "expected `error` or `warning`"),
            (r#"[{"name":"scope","string":"all"},{"name":"scope","string":"all"}]"#, "is given twice"),
        ] {
            let found = of_json(text).unwrap_err();
            assert!(found.contains(what), "{text}: {found}");
        }
    }
}
