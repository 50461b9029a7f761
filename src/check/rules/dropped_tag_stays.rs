use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Metrics, NamespaceId, Reported, Telemetry};
use crate::value::TagName;

pub(super) static CODE: Code = code!("dropped-tag-stays", Error, "a tag that was dropped above and cannot come back");

/// Istio adds up what the objects above say: what they take away by name no object below gives back.
pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for namespace in &mesh.namespaces {
        judge(&[&mesh.telemetry], &namespace.telemetry, found);
    }
    let services = mesh.services.iter().map(|it| (it.namespace, it.telemetry.as_deref()));
    let workloads = mesh.workloads.iter().map(|it| (it.namespace, it.telemetry.as_deref()));
    let gateways = mesh.gateways.iter().map(|it| (it.namespace, it.telemetry.as_deref()));
    let own = |(home, said): (NamespaceId, Option<_>)| Some((home, said?));
    for (home, telemetry) in services.chain(workloads).chain(gateways).filter_map(own) {
        judge(&[&mesh.telemetry, &mesh.namespace(home).telemetry], telemetry, found);
    }
}

fn judge(above: &[&Telemetry], own: &Telemetry, found: &mut Diagnostics) {
    let Some(said) = metrics(own) else { return };
    let dropped = above.iter().filter_map(|telemetry| metrics(telemetry)).flat_map(|above| &above.dropped_tags);
    for (tag, origin) in dropped.filter(|(tag, _)| !is_said(said, tag)) {
        let fault = Diagnostic::new(&CODE, format!("the tag `{tag}` is dropped above, and would stay so"))
            .at_known(said.provider.span(), "after an `off`, this says nothing of it")
            .note("Istio adds up the overrides of the mesh, the namespace and the workload, and knows no word that undoes a removal");
        let fault = match origin.span {
            Some(span) => fault.related(span, "dropped here"),
            None => fault,
        };
        found.push(fault.help(format!("say `drop-tag {tag}` here too, or what it holds: `tag {tag} CEL`")));
    }
}

fn metrics(telemetry: &Telemetry) -> Option<&Metrics> {
    telemetry.metrics.as_ref().and_then(Reported::on)
}

fn is_said(said: &Metrics, tag: &TagName) -> bool {
    said.dropped_tags.contains_key(tag) || said.tags.keys().any(|(_, _, name)| name == tag)
}
