use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Carried;

pub(super) static CODE: Code = code!("reserved-object", Error, "an object that is the control plane's own");

/// What every proxy takes the control plane's certificate for, and Kubernetes' own.
const ROOTS: [&str; 3] = ["istio-ca-root-cert", "istio-ca-crl", "kube-root-ca.crt"];

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let own = subject.mesh.carried.iter().filter_map(|object| Some((object, reserved(object)?)));
    found.extend(own.map(|(object, why)| {
        Diagnostic::new(&CODE, format!("`{}` is a {} of the control plane's own", object.name.value, object.kind.name))
            .at(object.name.span, why)
            .note("whoever writes it says for the whole mesh which identities are true, and what stands in every pod")
            .help("give the object another name; what the control plane is told is said in `mesh`, and by `patch control-plane`")
    }));
}

/// What an object of this name would be; none where anybody may write it.
fn reserved(object: &Carried) -> Option<&'static str> {
    let name = object.name.value.as_str();
    let is_of = |own: &str| name.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let is_in_root = object.namespace.is_none();
    match object.kind.name {
        "ConfigMap" if ROOTS.contains(&name) => Some("proxies take the certificates in it for those of the mesh"),
        "ConfigMap" if is_in_root && is_of("istio") => Some("istiod reads what it is told from it"),
        "Deployment" | "Service" | "ServiceAccount" if is_in_root && is_of("istiod") => {
            Some("proxies take what runs under it for the control plane")
        }
        _ => None,
    }
}
