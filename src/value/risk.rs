use std::fmt;

/// A class of changes that a comparison of two meshes can find, each a risk of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RiskClass(&'static str);

/// Every class, with what it means.
pub const RISK_CLASSES: [(&str, &str); 72] = [
    ("traffic.weight", "the share of a destination changes"),
    ("traffic.route_added", "a route is new"),
    ("traffic.route_removed", "a route is gone, and its requests go elsewhere"),
    ("traffic.route_reordered", "routes whose requests overlap change places"),
    ("traffic.match_widened", "a route takes more requests"),
    ("traffic.match_narrowed", "a route takes fewer requests"),
    ("traffic.destination_changed", "requests go to another service"),
    ("traffic.rewrite", "how requests are rewritten changes"),
    ("traffic.redirect", "where clients are sent changes"),
    ("traffic.header_policy", "which headers change is different"),
    ("traffic.cors", "whose pages may call from a browser changes"),
    ("traffic.subset_removed_in_use", "a version is gone that a route still names"),
    ("traffic.subset_removed_same_change", "a version goes together with the routes to it"),
    ("traffic.subset_selector_changed", "the pods of a version are others"),
    ("traffic.fault_injected", "faults are made up, or more of them"),
    ("traffic.mirror", "requests are copied, or more of them"),
    ("resilience.timeout", "a timeout is removed, or much shorter"),
    ("resilience.retries", "requests are tried again more often, or after more failures"),
    ("resilience.breaker_loosened", "calls are cut off later"),
    ("resilience.breaker_tightened", "calls are cut off sooner"),
    ("resilience.breaker_removed", "calls are not cut off any more"),
    ("resilience.lb_changed", "pods are chosen otherwise"),
    ("security.access_widened", "somebody may call who might not"),
    ("security.access_narrowed", "somebody may not call any more"),
    ("security.default_flip", "the last grant goes, or the first comes"),
    ("security.mtls_downgraded", "callers need not prove any more who they are"),
    ("security.mtls_upgraded", "callers must prove who they are"),
    ("security.mtls_mismatch", "client and server disagree on mutual TLS"),
    ("security.jwt_removed", "a token is not asked for any more"),
    ("security.issuer_changed", "tokens are by somebody else"),
    ("security.audience_changed", "tokens are for somebody else"),
    ("security.jwks_changed", "tokens are verified by other keys"),
    ("security.from_changed", "tokens are looked for elsewhere"),
    ("security.networkpolicy_widened", "the network lets more through"),
    ("security.default_deny_removed", "the network is not closed by default any more"),
    ("exposure.host_added", "a host is reachable from outside"),
    ("exposure.wildcard", "a pattern of hosts is reachable from outside"),
    ("exposure.port_opened", "a port is reachable from outside"),
    ("exposure.gateway_selector_changed", "other pods listen"),
    ("tls.mode", "a listener or client speaks TLS otherwise"),
    ("tls.min_version_lowered", "an older version of TLS is taken"),
    ("tls.cipher", "the algorithms of TLS change"),
    ("tls.credential", "another certificate is shown"),
    ("tls.ca_removed", "certificates are not looked at any more"),
    ("tls.san_removed", "names in certificates are not looked at any more"),
    ("tls.insecureSkipVerify", "any certificate is taken"),
    ("tls.https_redirect_removed", "plain HTTP is not redirected any more"),
    ("namespace.injection_changed", "the pods of a namespace join the mesh otherwise, from their next restart on"),
    ("egress.host_added", "something outside can be called"),
    ("egress.outbound_policy_opened", "whatever is dialled may leave"),
    ("egress.sidecar_egress_narrowed", "a proxy knows less"),
    ("egress.exportTo_changed", "others see a name, or no longer"),
    ("scope.selector_changed", "a rule holds for other pods"),
    ("proxy.control_plane_changed", "what the control plane is told changes"),
    ("proxy.pods_changed", "what pods must say of their proxies changes"),
    ("opaque.envoyfilter", "a filter of Envoy changes"),
    ("opaque.wasm", "a plugin changes"),
    ("opaque.other", "something changes of which nothing is known"),
    ("observability.sampling", "more or fewer requests are traced"),
    ("observability.access_log_disabled", "requests are not logged any more"),
    ("drift.already_live", "the cluster has already what a change brings"),
    ("drift.controlled", "a controller wrote a field in the cluster that is there for it to write"),
    ("drift.kept", "something was added in the cluster, and applying leaves it"),
    ("drift.overwritten", "something was changed in the cluster, and applying undoes it"),
    ("ownership.adopted", "an object that somebody made by hand is taken over"),
    ("ownership.foreign", "an object of another tool or project is taken over"),
    ("ownership.mass_delete", "most of what is ours goes"),
    ("ownership.renamed", "an object has another name"),
    ("meta.label_only", "labels alone change"),
    ("meta.api_version_only", "the version of an API alone changes"),
    ("meta.format_only", "spelling alone changes"),
    ("meta.provenance_only", "what is said of the origin alone changes"),
];

/// How much a change can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// Nothing.
    None,
    /// Little, and easily undone.
    Low,
    /// Some requests are served otherwise than before.
    Medium,
    /// Requests fail, or somebody gets in, where something else goes wrong too.
    High,
    /// Requests fail, or somebody gets in.
    Critical,
}

impl Risk {
    /// Every risk, the highest first.
    pub const ALL: [Risk; 5] = [Risk::Critical, Risk::High, Risk::Medium, Risk::Low, Risk::None];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Risk::None => "none",
            Risk::Low => "low",
            Risk::Medium => "medium",
            Risk::High => "high",
            Risk::Critical => "critical",
        }
    }
}

impl RiskClass {
    /// The class of this name.
    pub fn named(name: &str) -> Option<Self> {
        RISK_CLASSES.iter().find(|(known, _)| *known == name).map(|(known, _)| RiskClass(known))
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for RiskClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
