use crate::manifest::Object;
use serde::Serialize;

/// Objects as one `List`, which `kubectl apply -f -` takes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List<'o> {
    api_version: &'static str,
    kind: &'static str,
    items: &'o [Object],
}

/// Objects as JSON, in one `List`.
///
/// # Errors
/// None of our own types can fail to be written; the error is the serializer's.
pub fn list(objects: &[Object]) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = serde_json::to_vec_pretty(&List { api_version: "v1", kind: "List", items: objects })?;
    text.push(b'\n');
    Ok(text)
}
