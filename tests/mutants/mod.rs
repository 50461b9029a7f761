//! Faults for the trees of `out/`, and which classes of changes find them.

/// A fault that is put into an object of a kind that has `with`: what is set at `way`, and the classes of which one is
/// found.
pub(crate) struct Mutation {
    pub(crate) kind: &'static str,
    pub(crate) with: &'static str,
    pub(crate) way: &'static str,
    pub(crate) value: Option<&'static str>,
    pub(crate) classes: &'static [&'static str],
}

const fn mutation(
    kind: &'static str,
    with: &'static str,
    way: &'static str,
    value: Option<&'static str>,
    classes: &'static [&'static str],
) -> Mutation {
    Mutation { kind, with, way, value, classes }
}

/// A rule of a policy that refuses lets less in where it loses a condition.
const ACCESS: &[&str] = &["security.access_widened", "security.access_narrowed", "security.default_flip"];

/// Every one.
pub(crate) const MUTATIONS: &[Mutation] = &[
    mutation("VirtualService", "spec/http/1/route/1", "spec/http/1/route/0/weight", Some("7"), &["traffic.weight"]),
    mutation(
        "VirtualService",
        "spec/http/1/route",
        "spec/http/0",
        None,
        &["traffic.route_removed", "meta.format_only"],
    ),
    mutation("VirtualService", "spec/http/0/route", "spec/http/0/timeout", Some("1ms"), &["resilience.timeout"]),
    mutation(
        "VirtualService",
        "spec/http/0/route",
        "spec/http/0/retries",
        Some("{attempts: 9}"),
        &["resilience.retries"],
    ),
    mutation(
        "VirtualService",
        "spec/http/0/route",
        "spec/http/0/route/0/destination/host",
        Some("elsewhere.far.svc.cluster.local"),
        &["traffic.destination_changed"],
    ),
    mutation(
        "VirtualService",
        "spec/http/0/route",
        "spec/http/0/fault",
        Some("{abort: {percentage: {value: 50}, httpStatus: 503}}"),
        &["traffic.fault_injected"],
    ),
    mutation("VirtualService", "spec/http/0/route", "spec/http/0/rewrite", Some("{uri: /other}"), &["traffic.rewrite"]),
    mutation(
        "VirtualService",
        "spec/http/0/route",
        "spec/http/0/headers",
        Some("{request: {set: {x-mutant: a}}}"),
        &["traffic.header_policy"],
    ),
    mutation(
        "VirtualService",
        "spec/http/0/route",
        "spec/http/0/corsPolicy",
        Some("{allowOrigins: [{regex: '.*'}], allowCredentials: true}"),
        &["traffic.cors"],
    ),
    mutation(
        "VirtualService",
        "spec/http/0/route",
        "spec/http/0/mirror",
        Some("{host: m.far.svc.cluster.local}"),
        &["traffic.mirror"],
    ),
    mutation("VirtualService", "spec/exportTo", "spec/exportTo", Some("[nobody]"), &["egress.exportTo_changed"]),
    mutation(
        "DestinationRule",
        "spec/subsets/0",
        "spec/subsets/0",
        None,
        &["traffic.subset_selector_changed", "traffic.subset_removed_in_use", "meta.format_only"],
    ),
    mutation(
        "DestinationRule",
        "spec/subsets/0/labels",
        "spec/subsets/0/labels",
        Some("{version: mutant}"),
        &["traffic.subset_selector_changed"],
    ),
    mutation(
        "DestinationRule",
        "spec/trafficPolicy/outlierDetection",
        "spec/trafficPolicy/outlierDetection",
        None,
        &["resilience.breaker_removed", "meta.format_only"],
    ),
    mutation(
        "DestinationRule",
        "spec/trafficPolicy/loadBalancer",
        "spec/trafficPolicy/loadBalancer",
        Some("{simple: PASSTHROUGH}"),
        &["resilience.lb_changed"],
    ),
    mutation(
        "DestinationRule",
        "spec/trafficPolicy",
        "spec/trafficPolicy/tunnel",
        Some("{protocol: POST}"),
        &["opaque.other"],
    ),
    mutation(
        "DestinationRule",
        "spec/trafficPolicy",
        "spec/trafficPolicy/tls",
        Some("{mode: DISABLE}"),
        &["tls.mode", "security.mtls_mismatch"],
    ),
    mutation("PeerAuthentication", "spec/mtls/mode", "spec/mtls/mode", Some("DISABLE"), &["security.mtls_downgraded"]),
    mutation("AuthorizationPolicy", "spec/rules/0/from", "spec/rules/0/from", None, ACCESS),
    mutation("AuthorizationPolicy", "spec/rules/0/to/0/operation/methods", "", None, ACCESS),
    mutation("NetworkPolicy", "spec/ingress/0/from", "spec/ingress/0/from", None, &["security.networkpolicy_widened"]),
    mutation(
        "NetworkPolicy",
        "spec/policyTypes/1",
        "spec/policyTypes",
        Some("[Egress]"),
        &["security.default_deny_removed", "security.networkpolicy_widened", "security.access_narrowed"],
    ),
    mutation(
        "Gateway",
        "spec/servers/0/hosts",
        "spec/servers/0/hosts/0",
        Some("\"*/evil.example\""),
        &["exposure.host_added"],
    ),
    mutation(
        "Gateway",
        "spec/selector",
        "spec/selector",
        Some("{istio: other}"),
        &["exposure.gateway_selector_changed"],
    ),
    mutation("Gateway", "spec/servers/0/port", "spec/servers/0/port/number", Some("9999"), &["exposure.port_opened"]),
    mutation("ServiceEntry", "spec/hosts", "spec/hosts/0", Some("evil.example"), &["egress.host_added"]),
    mutation(
        "Sidecar",
        "spec/egress/0/hosts/0",
        "spec/egress/0/hosts/0",
        Some("\"~/*\""),
        &["egress.sidecar_egress_narrowed", "meta.format_only"],
    ),
    mutation(
        "Sidecar",
        "spec/outboundTrafficPolicy",
        "spec/outboundTrafficPolicy",
        Some("{mode: ALLOW_ANY}"),
        &["egress.outbound_policy_opened"],
    ),
    mutation(
        "Namespace",
        "metadata/labels/istio-injection",
        "metadata/labels/istio-injection",
        Some("disabled"),
        &["namespace.injection_changed"],
    ),
    mutation(
        "RequestAuthentication",
        "spec/jwtRules/0",
        "spec/jwtRules/0/issuer",
        Some("https://evil.example"),
        &["security.issuer_changed"],
    ),
    mutation("RequestAuthentication", "spec/jwtRules/0", "", None, &["security.jwt_removed"]),
    mutation("EnvoyFilter", "spec/configPatches", "spec/priority", Some("77"), &["opaque.envoyfilter"]),
    mutation(
        "Telemetry",
        "spec/tracing/0",
        "spec/tracing/0/randomSamplingPercentage",
        Some("77"),
        &["observability.sampling"],
    ),
];
