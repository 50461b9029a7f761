//! Grants in words, as short as they can be.

use crate::ir::{Grant, Mesh, Service, how};

/// Who, and how: `api.orders GET POST /pay/*`.
pub(super) fn grant(mesh: &Mesh, service: &Service, grant: &Grant) -> String {
    let mut names: Vec<String> = Vec::new();
    for caller in &grant.callers {
        let name = caller.name(mesh, service.namespace);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let how = how::conditions(mesh, &grant.conditions);
    let all = if how.is_empty() { names.join(" ") } else { format!("{} {how}", names.join(" ")) };
    all.trim_end().to_owned()
}
