use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Decided;
use smol_str::SmolStr;

pub(super) static CODE: Code = code!("reserved-label", Error, "a label of a namespace that the compiler sets");

/// What decides over the proxies of a namespace.
const DATA_PLANE: [&str; 3] = ["istio-injection", "istio.io/rev", "istio.io/dataplane-mode"];
/// What says whose an object is and when it is applied.
const OURS: [&str; 3] = ["app.kubernetes.io/managed-by", "app.kubernetes.io/part-of", "argocd.argoproj.io/sync-wave"];
const OUR_PREFIX: &str = "mesh.kdl/";

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for namespace in &subject.mesh.namespaces {
        check("label", &namespace.labels, found);
        check("annotation", &namespace.annotations, found);
    }
}

fn check(word: &str, labels: &[(SmolStr, Decided<SmolStr>)], found: &mut Diagnostics) {
    for (key, value) in labels {
        let why = if DATA_PLANE.contains(&key.as_str()) {
            "this label decides whether pods get a proxy, and two that disagree are not defined"
        } else if OURS.contains(&key.as_str()) || key.starts_with(OUR_PREFIX) {
            "by this key it is known what the compiler wrote, and in which order that is applied"
        } else {
            continue;
        };
        found.push(
            Diagnostic::new(&CODE, format!("the {word} `{key}` is set by the compiler"))
                .at_known(value.span(), format!("sets `{key}`"))
                .note(why)
                .help(format!("take `{key}` out")),
        );
    }
}
