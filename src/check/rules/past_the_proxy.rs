use crate::check::Subject;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Call, Callee, Mesh, MtlsMode, Passed, Proxy, Service};

pub(super) static CODE: Code = code!("past-the-proxy", Error, "connections that pass a proxy by and cannot do without");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for service in mesh.services.iter().filter(|service| service.data_plane.is_per_pod()) {
        let proxy = service.proxy.as_deref().unwrap_or(&mesh.namespace(service.namespace).proxy);
        inbound(service, proxy, found);
        for (fault, origin) in outbound(mesh, &service.calls, proxy) {
            found.push(reaching(fault, origin, service));
        }
    }
    for workload in mesh.workloads.iter().filter(|workload| workload.data_plane.is_per_pod()) {
        let proxy = workload.proxy.as_deref().unwrap_or(&mesh.namespace(workload.namespace).proxy);
        found.extend(outbound(mesh, &workload.calls, proxy).into_iter().map(|(fault, _)| fault));
    }
}

/// A port without its proxy has no certificate, no grants and no limits, whatever its page says.
fn inbound(service: &Service, proxy: &Proxy, found: &mut Diagnostics) {
    let Some(excluded) = &proxy.exclude_inbound else { return };
    let has_proxy = |port: &&crate::ir::Port| service.port_mtls(port).mode.value != MtlsMode::Disabled;
    for port in service.ports.iter().filter(has_proxy).filter(|port| excluded.value.contains(&port.target.value)) {
        let title = format!("port {} of `{}` would have no proxy", port.number.value, service.name);
        let fault = Diagnostic::new(&CODE, title)
            .at_known(excluded.span(), "connections to it pass the proxy by")
            .note("without a proxy nobody asks who calls: no grant holds, and callers who expect a certificate are refused")
            .help("take the port out of this list; or say `mtls disable` on it, and what its application does instead");
        let fault = match port.number.span() {
            Some(span) => fault.related(span, format!("the pods listen on {}", port.target.value)),
            None => fault,
        };
        found.push(reaching(fault, excluded.origin, service));
    }
}

/// A callee that is strict refuses who comes without a certificate.
fn outbound(mesh: &Mesh, calls: &[Call], proxy: &Proxy) -> Vec<(Diagnostic, crate::source::Origin)> {
    let Some(excluded) = &proxy.exclude_outbound else { return Vec::new() };
    let mut faults = Vec::new();
    for call in calls {
        let Callee::Service(id) = call.callee else { continue };
        let callee = mesh.service(id);
        let strict = callee.ports.iter().filter(|port| callee.port_mtls(port).mode.value == MtlsMode::Strict);
        let Some(port) = strict.into_iter().find(|port| excluded.value.contains(&Passed::Port(port.number.value)))
        else {
            continue;
        };
        let title = format!("calls to port {} of `{}` would pass the proxy by", port.number.value, callee.name);
        let fault = Diagnostic::new(&CODE, title)
            .at_known(excluded.span(), "connections to this port leave as the application made them")
            .note("the callee is strict and refuses who shows no certificate, which the proxy would have shown")
            .help("take the port out of this list, or take the call out");
        let fault = match call.origin.span {
            Some(span) => fault.related(span, "the call"),
            None => fault,
        };
        faults.push((fault, excluded.origin));
    }
    faults
}
