use crate::check::Subject;
use crate::check::carried::{apart, labels};
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::verbatim::Made;

pub(super) static CODE: Code =
    code!("pods-ruled-twice", Error, "an object of one's own for pods that have one of its kind");

/// Kinds of which one holds for a pod, with the path of the labels by which each selects pods.
const ONE_FOR_A_POD: [(&str, &str); 4] = [
    ("PeerAuthentication", "spec.selector.matchLabels"),
    ("ProxyConfig", "spec.selector.matchLabels"),
    ("Sidecar", "spec.workloadSelector.labels"),
    ("Telemetry", "spec.selector.matchLabels"),
];

/// What selects no pods by labels but names what it holds for.
const TARGETS: [&str; 2] = ["spec.targetRefs", "spec.targetRef"];

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let (own, strange) = apart(subject);
    for (at, made) in strange.iter().enumerate() {
        let Some(path) = selector(made) else { continue };
        let others = own.iter().chain(strange.iter().take(at));
        let first = others.filter(|other| other.kind.1 == made.kind.1 && other.namespace == made.namespace);
        let first = first.filter(|other| selector(other).is_some()).find(|other| meets(made, other, path));
        found.extend(first.map(|first| fault(made, first, own.iter().any(|own| std::ptr::eq(*own, *first)))));
    }
}

fn selector(made: &Made) -> Option<&'static str> {
    let is_targeted = TARGETS.iter().any(|path| made.body.path(path).is_some());
    ONE_FOR_A_POD.iter().find(|(kind, _)| *kind == made.kind.1 && !is_targeted).map(|(_, path)| *path)
}

/// Whether all pods of one are pods of the other too. What selects none holds for all that nothing else selects.
fn meets(one: &Made, other: &Made, path: &str) -> bool {
    let (one, other) = (labels(&one.body, path), labels(&other.body, path));
    let holds = |wide: &[(&str, &str)], narrow: &[(&str, &str)]| wide.iter().all(|label| narrow.contains(label));
    one.is_empty() == other.is_empty() && (holds(&one, &other) || holds(&other, &one))
}

fn fault(made: &Made, first: &Made, is_made: bool) -> Diagnostic {
    let kind = &made.kind.1;
    let fault = Diagnostic::new(&CODE, format!("two objects of kind {kind} hold for the same pods"))
        .at_known(made.owner.span, "the second")
        .note("Istio reads one of them, as a rule the oldest, and says nothing of the other: which of them holds is chance");
    let fault = match first.owner.span {
        Some(span) => fault.related(span, "the first is made of this"),
        None => fault,
    };
    match is_made {
        true => {
            fault.help(format!("say it in the words of that node, or merge it into what that becomes: `patch {kind}`"))
        }
        false => fault.help("write one of the two"),
    }
}
