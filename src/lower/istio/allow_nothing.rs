use super::super::Lowering;
use crate::manifest::istio::AuthorizationPolicy;
use crate::manifest::{Object, Spec, Wave};

/// The closed default of every namespace: NS/`allow-nothing`. It comes last, after the grants.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for (id, _) in lowering.mesh.namespaces().filter(|(id, _)| lowering.writes_into(*id)) {
        let place = lowering.place(id, "allow-nothing", Wave::Defaults);
        let spec = Spec::AuthorizationPolicy(AuthorizationPolicy::default());
        take(lowering.frame.object(&lowering.owned_by_namespace(id), place, spec));
    }
}
