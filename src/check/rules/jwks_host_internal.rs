use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Keys, Managed, Mesh, Namespace};

pub(super) static CODE: Code =
    code!("jwks-host-internal", Error, "keys behind a host to which the control plane has no way");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mesh = subject.mesh;
    for keys in mesh.issuers.iter().filter_map(|issuer| issuer.keys.as_ref()) {
        let Keys::At(url) = &keys.value else { continue };
        let Some(why) = unreachable(mesh, url.host()) else { continue };
        let fact = match why {
            Why::Here => "a name that means whoever asks, or nothing".to_owned(),
            Why::Inside(namespace) => {
                format!("a service of namespace `{}`, which takes callers of the mesh alone", namespace.name)
            }
        };
        found.push(
            Diagnostic::new(&CODE, format!("the control plane has no way to `{}`", url.host()))
                .at_known(keys.span(), fact)
                .note("istiod fetches the keys, not the proxies: it stands outside of the mesh, without a certificate for its services, in its own namespace")
                .help("name the issuer's public host; or write the keys themselves: `jwks`"),
        );
    }
}

/// Why nobody answers.
enum Why<'m> {
    /// It means something else in each place, or only the machine itself.
    Here,
    /// It is a service of a namespace that is closed to whoever has no certificate of the mesh.
    Inside(&'m Namespace),
}

fn unreachable<'m>(mesh: &'m Mesh, host: &str) -> Option<Why<'m>> {
    let is_loopback = host == "localhost" || host == "::1" || host.starts_with("127.");
    if is_loopback || !host.contains(['.', ':']) {
        return Some(Why::Here);
    }
    let suffix = format!(".svc.{}", mesh.cluster_domain.value);
    let full = host.strip_suffix(&suffix).or(host.strip_suffix(".svc"));
    let (name, namespace) = full.unwrap_or(host).split_once('.')?;
    let (id, home) = mesh.namespaces().find(|(_, known)| known.name == namespace)?;
    // Without its suffix it may be a name of the world: `login.shop`.
    let is_service = || mesh.services.iter().any(|service| service.namespace == id && service.name == name);
    // Of a namespace of which only the name is known, it is not known that it is closed.
    let is_closed = home.managed.value != Managed::Nothing;
    (is_closed && (full.is_some() || is_service())).then_some(Why::Inside(home))
}
