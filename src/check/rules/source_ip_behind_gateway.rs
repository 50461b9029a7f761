use crate::check::Subject;
use crate::check::resilience::resilience;
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::value::HashKey;

pub(super) static CODE: Code =
    code!("source-ip-behind-gateway", Warning, "a hash by the caller's address behind a gateway");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for service in &mesh.services {
        let Some(exposure) = service.exposures.first() else { continue };
        let keys = resilience(service).filter_map(|said| said.balance.as_ref()?.value.hash()).map(|hash| &hash.key);
        for key in keys.filter(|key| matches!(key.value, HashKey::SourceAddress)) {
            let gateway = &mesh.gateway(exposure.gateway).name;
            let fault = Diagnostic::new(&CODE, format!("behind `{gateway}`, many clients may have one address"))
                .at_known(key.span(), "chooses a pod by the address that the gateway sees")
                .note("a load balancer before the gateway, or a service between it and this one, gives all its requests its own address: they all go to one pod")
                .help("choose by a part of the request: `header`, `cookie` or `query`");
            let fault = match exposure.origin.span {
                Some(span) => fault.related(span, "opened to the outside"),
                None => fault,
            };
            found.push(reaching(fault, key.origin, service));
        }
    }
}
