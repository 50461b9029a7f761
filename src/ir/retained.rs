use super::{Mesh, Service, Thing, Version};
use crate::source::Decided;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use thin_vec::ThinVec;

impl Mesh {
    /// Keeps the versions that an earlier mesh has of the services of this one, and this one has no more: proxies learn of
    /// routes and of versions apart, so that a version goes a release later than the routes to it. Hands back their names,
    /// each with that of its service.
    ///
    /// A kept version is treated as its service is: what was said of it alone is gone with it.
    pub fn retain_versions(&mut self, before: &Mesh) -> Vec<(SmolStr, SmolStr)> {
        let names: Vec<SmolStr> = self.services().map(|(id, _)| Thing::Service(id).name(self)).collect();
        let old: BTreeMap<SmolStr, &Service> =
            before.services().map(|(id, service)| (Thing::Service(id).name(before), service)).collect();
        let mut kept = Vec::new();
        for (name, service) in names.into_iter().zip(&mut self.services) {
            let Some(was) = old.get(&name) else { continue };
            let is_gone = |version: &&Version| service.versions.iter().all(|own| own.name.value != version.name.value);
            let origin = service.origin;
            let again = |version: &Version| Version {
                name: Decided::new(version.name.value.clone(), origin),
                selector: Decided::new(version.selector.value.clone(), origin),
                resilience: None,
            };
            let retained: ThinVec<Version> = was.versions.iter().filter(is_gone).map(again).collect();
            kept.extend(retained.iter().map(|version| (name.clone(), version.name.value.clone())));
            service.retained = retained;
        }
        kept
    }
}
