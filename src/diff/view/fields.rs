//! Which fields of which kinds the classes read, so that a change in any other is not passed over.

use super::At;
use crate::verbatim::{Node, Value, escaped};

/// The fields of kinds that some class reads: paths in which `*` is any key or item, and the end of a path is all below it.
const READ: &[(&str, &[&str])] = &[
    (
        "VirtualService",
        &[
            "hosts",
            "gateways",
            "exportTo",
            "http/*/name",
            "http/*/match/*/name",
            "http/*/match/*/uri",
            "http/*/match/*/ignoreUriCase",
            "http/*/match/*/scheme",
            "http/*/match/*/method",
            "http/*/match/*/authority",
            "http/*/match/*/headers",
            "http/*/match/*/withoutHeaders",
            "http/*/match/*/queryParams",
            "http/*/match/*/port",
            "http/*/match/*/sourceLabels",
            "http/*/match/*/sourceNamespace",
            "http/*/match/*/gateways",
            "http/*/route",
            "http/*/redirect",
            "http/*/directResponse",
            "http/*/delegate",
            "http/*/rewrite",
            "http/*/timeout",
            "http/*/retries",
            "http/*/fault",
            "http/*/mirror",
            "http/*/mirrors",
            "http/*/mirrorPercentage",
            "http/*/mirrorPercent",
            "http/*/mirror_percent",
            "http/*/corsPolicy",
            "http/*/headers",
            "tls/*/match",
            "tls/*/route",
            "tcp/*/match",
            "tcp/*/route",
        ],
    ),
    (
        "DestinationRule",
        &[
            "host",
            "exportTo",
            "workloadSelector",
            "subsets/*/name",
            "subsets/*/labels",
            "*P/loadBalancer",
            "*P/outlierDetection",
            "*P/portLevelSettings/*/port",
            "*P/connectionPool/tcp/maxConnections",
            "*P/connectionPool/tcp/connectTimeout",
            "*P/connectionPool/http/http1MaxPendingRequests",
            "*P/connectionPool/http/http2MaxRequests",
            "*P/connectionPool/http/maxRequestsPerConnection",
            "*P/connectionPool/http/maxRetries",
            "*P/connectionPool/http/maxConcurrentStreams",
            "*P/tls/mode",
            "*P/tls/clientCertificate",
            "*P/tls/privateKey",
            "*P/tls/caCertificates",
            "*P/tls/caCrl",
            "*P/tls/credentialName",
            "*P/tls/subjectAltNames",
            "*P/tls/sni",
            "*P/tls/insecureSkipVerify",
            "*P/connectionPool/http/h2UpgradePolicy",
            "*P/connectionPool/http/useClientProtocol",
            "*P/connectionPool/http/idleTimeout",
            "*P/connectionPool/tcp/idleTimeout",
            "*P/connectionPool/tcp/maxConnectionDuration",
        ],
    ),
    ("Deployment", OF_PODS),
    ("StatefulSet", OF_PODS),
    ("DaemonSet", OF_PODS),
    ("Service", &["selector", "type", "externalIPs", "externalName", "ports"]),
    ("WorkloadEntry", &["address", "ports", "network", "locality", "weight", "labels", "serviceAccount"]),
    ("ProxyConfig", &["*"]),
    (
        "Gateway",
        &[
            "selector",
            "servers/*/hosts",
            "servers/*/port/number",
            "servers/*/port/protocol",
            "servers/*/port/name",
            "servers/*/name",
            "servers/*/tls",
            "listeners/*/name",
            "listeners/*/port",
            "listeners/*/protocol",
            "listeners/*/hostname",
            "listeners/*/allowedRoutes",
            "listeners/*/tls/mode",
            "listeners/*/tls/certificateRefs",
            "listeners/*/tls/frontendValidation",
            "listeners/*/tls/options/gateway.istio.io~1tls-terminate-mode",
            "gatewayClassName",
        ],
    ),
    ("HTTPRoute", OF_ROUTES),
    ("GRPCRoute", OF_ROUTES),
    ("TLSRoute", OF_ROUTES),
    ("TCPRoute", OF_ROUTES),
    ("ReferenceGrant", &["from", "to"]),
    ("BackendTLSPolicy", &["targetRefs", "validation"]),
    ("WorkloadGroup", &["template/serviceAccount"]),
    (
        "ServiceEntry",
        &[
            "hosts",
            "exportTo",
            "workloadSelector",
            "ports/*/number",
            "ports/*/protocol",
            "ports/*/name",
            "ports/*/targetPort",
            "addresses",
            "endpoints",
            "resolution",
            "location",
        ],
    ),
    (
        "Sidecar",
        &[
            "workloadSelector",
            "egress/*/hosts",
            "egress/*/port",
            "outboundTrafficPolicy/mode",
            "ingress/*/port",
            "ingress/*/defaultEndpoint",
        ],
    ),
    ("PeerAuthentication", &["selector", "mtls", "portLevelMtls"]),
    (
        "RequestAuthentication",
        &[
            "selector",
            "targetRefs",
            "targetRef",
            "jwtRules/*/issuer",
            "jwtRules/*/audiences",
            "jwtRules/*/jwksUri",
            "jwtRules/*/jwks",
            "jwtRules/*/fromHeaders",
            "jwtRules/*/fromParams",
            "jwtRules/*/fromCookies",
            "jwtRules/*/forwardOriginalToken",
            "jwtRules/*/outputPayloadToHeader",
            "jwtRules/*/outputClaimToHeaders",
        ],
    ),
    ("AuthorizationPolicy", &["selector", "targetRefs", "targetRef", "action", "rules", "provider"]),
    ("NetworkPolicy", &["podSelector", "policyTypes", "ingress", "egress"]),
    (
        "Telemetry",
        &[
            "selector",
            "targetRefs",
            "targetRef",
            "accessLogging",
            "tracing/*/randomSamplingPercentage",
            "tracing/*/disableSpanReporting",
            "tracing/*/providers",
            "tracing/*/match",
            "tracing/*/customTags",
            "tracing/*/useRequestIdForTraceSampling",
            "metrics",
        ],
    ),
    ("EnvoyFilter", &["*"]),
    ("WasmPlugin", &["*"]),
    ("TrafficExtension", &["*"]),
];

/// What is read of routes of the Gateway API.
const OF_ROUTES: &[&str] = &[
    "hostnames",
    "parentRefs/*/name",
    "parentRefs/*/namespace",
    "parentRefs/*/kind",
    "parentRefs/*/group",
    "parentRefs/*/sectionName",
    "parentRefs/*/port",
    "rules/*/name",
    "rules/*/matches",
    "rules/*/backendRefs",
    "rules/*/filters",
    "rules/*/timeouts",
    "rules/*/retry",
];

/// What is read of kinds that make pods.
const OF_PODS: &[&str] =
    &["selector", "template/metadata/labels", "template/spec/serviceAccountName", "template/spec/serviceAccount"];

/// Whether a class reads a field of a kind, below `spec`.
pub(in crate::diff) fn is_read(kind: &str, pointer: &str) -> bool {
    let Some((_, paths)) = READ.iter().find(|(known, _)| *known == kind) else { return false };
    let steps: Vec<&str> = pointer.split('/').skip(2).collect();
    paths.iter().any(|path| begins(&steps, path))
}

/// Whether the steps down to a field begin with a path. `*P` is a traffic policy of a host, a subset or a port.
fn begins(steps: &[&str], path: &str) -> bool {
    if let Some(rest) = path.strip_prefix("*P/") {
        let places = ["trafficPolicy", "subsets/*/trafficPolicy"];
        return places.iter().any(|place| {
            let of_port = format!("{place}/portLevelSettings/*/{rest}");
            begins(steps, &format!("{place}/{rest}")) || begins(steps, &of_port)
        });
    }
    let wanted: Vec<&str> = path.split('/').collect();
    wanted.len() <= steps.len() && wanted.iter().zip(steps).all(|(wanted, step)| *wanted == "*" || wanted == step)
}

/// The values at the ends of a tree that say something, each with where it stands.
pub(in crate::diff) fn leaves(node: &Node, at: &str, into: &mut Vec<String>) {
    match &node.value {
        Value::Null => {}
        Value::Map(entries) => {
            for entry in entries {
                let key = escaped(&entry.key);
                leaves(&entry.node, &format!("{at}/{key}"), into);
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, &format!("{at}/{index}"), into);
            }
        }
        Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => {
            let word = At::of(Some(node)).word().unwrap_or_default();
            if !UNSAID.contains(&word.as_str()) {
                into.push(at.to_owned());
            }
        }
    }
}

/// What a field says that says nothing.
const UNSAID: [&str; 8] = ["", "false", "0", "UNSET", "UNSPECIFIED", "DEFAULT", "0s", "MESH_EXTERNAL"];
