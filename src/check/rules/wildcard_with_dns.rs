use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Resolution;

pub(super) static CODE: Code = code!("wildcard-with-dns", Error, "a pattern whose address is looked up as a name");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for external in &subject.mesh.externals {
        let looks_up = matches!(external.resolution.value, Resolution::Dns | Resolution::DnsRoundRobin);
        let Some(host) = external.wildcard().filter(|_| looks_up && external.endpoints.is_empty()) else { continue };
        let fault = Diagnostic::new(&CODE, format!("`{}` has no address in DNS", host.value))
            .at_known(host.span(), "a pattern, not a name")
            .note("Istio refuses a ServiceEntry whose wildcard host is resolved by DNS: there is no name to look up");
        let fault = match external.resolution.span() {
            Some(span) => fault.related(span, "looked up here"),
            None => fault,
        };
        found.push(fault.help("name the hosts, or let the one that is asked for be looked up: `resolution dynamic-dns`; `none` goes where the caller dials"));
    }
}
