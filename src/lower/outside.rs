use super::Lowering;
use super::frame::Place;
use super::names;
use crate::ir::{External, Gateway};
use crate::manifest::Wave;
use crate::value::{Host, HostPattern};
use smol_str::{SmolStr, format_smolstr};

/// Ports of an egress gateway's pods: Istio's chart opens 443 as it is, its older ones as 8443.
pub(super) const EGRESS_TARGETS: [u16; 2] = [443, 8443];
/// The port of an egress gateway's Service.
pub(super) const EGRESS_PORT: u16 = 443;

impl<'m> Lowering<'m> {
    /// The gateway through which something outside is reached.
    pub(super) fn gateway_of(&self, external: &External) -> Option<&'m Gateway> {
        external.via.as_ref().map(|via| self.mesh.gateway(via.value))
    }

    /// The name of its objects in the namespace of its gateway, where those of other namespaces stand too.
    pub(super) fn far_name(&self, external: &External) -> SmolStr {
        format_smolstr!("{}.{}", external.name, self.home_of(external))
    }

    /// The name of its subset of its gateway, which is a label.
    pub(super) fn far_subset(&self, external: &External) -> SmolStr {
        names::label(format_smolstr!("{}-{}", external.name, self.home_of(external)))
    }

    /// The place of an object beside its gateway.
    pub(super) fn far_place(&self, external: &External, gateway: &Gateway, wave: Wave) -> Place {
        self.place(gateway.namespace, self.far_name(external), wave)
    }

    /// The full name of a gateway's Service, which has the gateway's name.
    pub(super) fn gateway_host(&self, gateway: &Gateway) -> SmolStr {
        self.frame.fqdn_of(&gateway.name, self.mesh.namespace_name(gateway.namespace))
    }
}

/// The hosts of something outside that are no patterns, in order.
pub(super) fn exact_hosts(external: &External) -> Vec<&Host> {
    let exact = external.hosts.iter().filter_map(|host| match &host.value {
        HostPattern::Exact(host) => Some(host),
        HostPattern::Below(_) | HostPattern::Any => None,
    });
    exact.collect()
}

/// The name of an object of one host of something outside: with several hosts there is one for each.
pub(super) fn of_host(name: &SmolStr, external: &External, host: &HostPattern) -> SmolStr {
    if external.hosts.len() == 1 { name.clone() } else { format_smolstr!("{name}.{}", host.object_name()) }
}
