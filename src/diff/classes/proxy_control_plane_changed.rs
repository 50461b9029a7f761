use super::Class;
use crate::diff::settings::{CONTROL_PLANE, GROUP};
use crate::diff::view::At;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "proxy.control_plane_changed", find };

/// Fields whose change every proxy of the mesh feels in what it lets through, and how.
const RISKY: [(&str, &str); 8] = [
    ("/meshConfig/pathNormalization", "rules of access and routes see paths that were read in another way"),
    ("/meshConfig/trustDomain", "other identities count as those of the mesh"),
    ("/meshConfig/rootNamespace", "the rules of another namespace hold for the whole mesh"),
    ("/meshConfig/outboundTrafficPolicy", "what pods may call outside of the mesh is decided in another way"),
    ("/meshConfig/enableAutoMtls", "clients choose in another way whether they speak mutual TLS"),
    ("/meshConfig/caCertificates", "other authorities count"),
    ("/meshConfig/defaultConfig", "every proxy starts in another way"),
    ("/env", "the control plane itself runs in another way"),
];

/// Authorizers are providers as those are that take logs and traces.
const AUTHORIZER: &str = "envoyExtAuthz";

fn weight(pointer: &str, values: [&Option<String>; 2]) -> (Risk, &'static str) {
    if let Some((_, effect)) = RISKY.iter().find(|(risky, _)| pointer.starts_with(risky)) {
        return (Risk::High, effect);
    }
    let is_about =
        |part: &str| pointer.contains(part) || values.into_iter().flatten().any(|value| value.contains(part));
    match pointer.starts_with("/meshConfig/extensionProviders") {
        true if is_about(AUTHORIZER) => {
            (Risk::High, "who is asked about requests is another, or is asked in another way")
        }
        true => (Risk::Low, "logs, traces or metrics go elsewhere, or are sent in another way"),
        false => (Risk::Medium, "what the control plane tells every proxy changes"),
    }
}

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.of_kind(GROUP, CONTROL_PLANE) {
        for field in &change.fields {
            let path = field.pointer.trim_start_matches('/').replace('/', ".");
            let value = |node| At::of(node).is_there().then(|| At::of(node).canonical());
            let [before, after] = [value(field.before), value(field.after)];
            let told = |value: &Option<String>| value.clone().unwrap_or_else(|| "unsaid".to_owned());
            let what = format!("{path} of the control plane: {} -> {}", told(&before), told(&after));
            let (risk, effect) = weight(&field.pointer, [&before, &after]);
            found.push(
                Finding::new(&CLASS, risk, change, &field.pointer, what)
                    .effect(effect)
                    .safe("it holds once the control plane is upgraded with control-plane/values.yaml, for all at once: try it in another environment first")
                    .values(before, after),
            );
        }
    }
}
