use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::GatewayKind;

pub(super) static CODE: Code = code!("not-an-egress-gateway", Error, "a way out through a gateway that leads in");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for external in &mesh.externals {
        let Some(via) = &external.via else { continue };
        let gateway = mesh.gateway(via.value);
        if gateway.kind.value == GatewayKind::Egress {
            continue;
        }
        let fault = Diagnostic::new(&CODE, format!("`{}` does not lead out", gateway.name))
            .at_known(via.span(), "a gateway for what comes in")
            .note("what goes through it would come under the hosts, certificates and grants that are meant for clients from outside");
        let fault = match gateway.origin.span {
            Some(span) => fault.related(span, "declared here"),
            None => fault,
        };
        found.push(fault.help(format!(
            "name a gateway with pods of its own: `gateway NAME namespace={} kind=egress {{ }}`",
            mesh.namespace_name(gateway.namespace)
        )));
    }
}
