use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

pub(super) static CODE: Code = code!("curve-not-expressible", Error, "curves of one listener, which Istio cannot say");

/// Istio's Gateway has no field for curves; only its `MeshConfig` has, for all proxies at once.
pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for listener in subject.mesh.gateways.iter().flat_map(|gateway| &gateway.listeners) {
        let Some(curve) = listener.tls.curves.first() else { continue };
        found.push(
            Diagnostic::new(&CODE, "`curve` cannot be said of one listener")
                .at_known(curve.span(), "would be ignored")
                .note("a Gateway of Istio knows versions and cipher suites alone; curves are a setting of the whole control plane, `meshConfig.tlsDefaults.ecdhCurves`")
                .help("take `curve` out: the proxies offer X25519 and P-256"),
        );
    }
}
