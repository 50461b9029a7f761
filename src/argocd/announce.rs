use super::Failure;
use super::parameters::{ENVIRONMENT, FAIL_ON, SCOPE};
use crate::diagnostic::and_list;
use crate::pipeline;
use crate::source::Files;
use serde::Serialize;

/// A parameter as Argo CD's screens show it. Values are shown only: what nobody sets is not sent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Announced<'a> {
    name: &'a str,
    title: &'a str,
    tooltip: String,
    required: bool,
    item_type: &'a str,
    collection_type: &'a str,
    string: &'a str,
}

/// What an Application may choose in this workspace, as one JSON array. Faults of the pages do not count here: who
/// opens a broken Application still sees its parameters.
///
/// # Errors
/// None of our own types can fail to be written; the error is the serializer's.
pub fn announce(files: &dyn Files) -> Result<String, Failure> {
    let declared = pipeline::environments(files);
    let names = and_list(declared.iter().map(String::as_str));
    let only = match declared.as_slice() {
        [only] => only.as_str(),
        _ => "",
    };
    let one = |name, title, tooltip, string| Announced {
        name,
        title,
        tooltip,
        required: false,
        item_type: "string",
        collection_type: "string",
        string,
    };
    let version = env!("CARGO_PKG_VERSION");
    let environment = Announced {
        required: declared.len() > 1,
        ..one(ENVIRONMENT.0, "Environment", format!("declared here: {names} (mesh {version})"), only)
    };
    let scope = "all: every namespace of the environment; namespace: that of the destination alone, which is what \
                 an Application with a destination namespace gets";
    let scope = one(SCOPE.0, "Scope", scope.to_owned(), "");
    let fail_on = one(FAIL_ON.0, "Fail on", "error, or warning to stop a sync by warnings too".to_owned(), "error");
    serde_json::to_string(&[environment, scope, fail_on])
        .map_err(|error| Failure::new(format!("the parameters could not be written: {error}"), "report this as a bug"))
}
