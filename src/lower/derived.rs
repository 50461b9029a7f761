//! The rules by which fields follow from what was said, for the fields that no single word says.
//!
//! `mesh explain --manifest` answers with them; a test holds them against every line that the examples compile to.

/// What the rule of a field of a kind of object is, in a sentence; nothing where a word says it. `owner` is the word that
/// declares whose it is, and `field` is named as [`yaml::Line`](crate::manifest::yaml::Line) names it.
pub fn derived((kind, owner): (&str, &str), field: &str) -> Option<&'static str> {
    let shape = shape(field);
    let of = |row: &str| row == "*" || row == kind || row.split_once('@') == Some((kind, owner));
    RULES.iter().find(|(row, field, _)| of(row) && covers(field, &shape)).map(|(_, _, rule)| *rule)
}

/// A field without its places in lists and without keys that stand in brackets.
fn shape(field: &str) -> String {
    let mut shape = String::with_capacity(field.len());
    let mut rest = field;
    while let Some((before, after)) = rest.split_once('[') {
        shape.push_str(before);
        rest = after.split_once(']').map_or("", |(_, rest)| rest);
    }
    shape + rest
}

/// Whether a field is the one of a row, or below it where the row ends with `.*`; `*` is every field.
fn covers(row: &str, field: &str) -> bool {
    match row.strip_suffix(".*") {
        None => row == "*" || row == field,
        Some(row) => field.strip_prefix(row).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
    }
}

const SELECTOR: &str = "the pods of its owner, by the labels of `selector`; unsaid, the mesh's pod label with its name";
const EXPORT: &str =
    "visible to whom it may concern: its own namespace, its callers', its gateways'; to all where anyone may call";
const POD_PORT: &str = "the ports of the pods, not those of the Service: the proxy dials the pod";
const DESTINATION: &str =
    "the default target: the service by its full name, on the port that is asked for; of its versions the stable one";
const OUTSIDE: &str = "the external itself; `via` an egress gateway, first the gateway, by a subset of its own";
const ASKED_PORT: &str =
    "the port of the Service for which the rule holds: a service with several has each rule once for each";
const FROM: &str = "the labels and the namespace of the pods that send: a route knows its callers by these, for each `from` of the rule";
const ALWAYS_OPEN: &str = "open to every pod without a word: DNS, the control plane, the proxies' metrics and health, the probes of a node that proxies the pods (`ambient`), the ways that `calls`, `allow` and `expose` need";
const EXPANDED: &str = "Istio drops what a version or a port does not repeat, so each block that it has is written whole, merged from the service's";

/// A kind (`*`: each), where its owner counts with the word that declares it; a field, and its rule. The first that fits
/// counts.
const RULES: &[(&str, &str, &str)] = &[
    ("kustomization", "resources", "every file, wave by wave, in the order in which their objects are applied"),
    ("kustomization", "sortOptions.*", "`fifo` keeps the order of the list; kustomize would sort by kind"),
    ("kustomization", "apiVersion", "the list that `kubectl apply -k` and Argo CD read"),
    ("kustomization", "kind", "the list that `kubectl apply -k` and Argo CD read"),
    (
        "values",
        "meshConfig",
        "what the objects take for granted of the control plane: values for the Helm chart `istiod`",
    ),
    (
        "values",
        "meshConfig.enableAutoMtls",
        "always: clients follow what each server asks for, so no rule says it for them",
    ),
    ("values", "meshConfig.trustDomainAliases", "`trust-domain { alias }` of `mesh`"),
    ("*", "apiVersion", "the API of the oldest release that `target istio` stands for"),
    ("*", "kind", "the kind of object by which Istio or Kubernetes is told"),
    ("*", "metadata", "what identifies it, and whose it is"),
    ("Namespace", "metadata.name", "the name of the `namespace`"),
    (
        "Namespace",
        "metadata.labels.*",
        "whose it is, how its pods join (`data-plane`), and what `label` of the namespace adds",
    ),
    ("Namespace", "metadata.annotations.*", "the wave of application, and what `annotation` of the namespace adds"),
    (
        "*",
        "metadata.name",
        "the name of its owner, with what it is for behind a dot where the owner has several; of a gateway's host, the host",
    ),
    (
        "*",
        "metadata.namespace",
        "the namespace of its owner; what holds for the whole mesh stands in the control plane's, what a gateway serves in the gateway's",
    ),
    (
        "*",
        "metadata.labels.*",
        "whose it is: the project, the environment and the node of intent, by which it is found again",
    ),
    (
        "AuthorizationPolicy",
        "metadata.annotations.*",
        "the wave of application (Argo CD's): tokens and denials before grants, grants before routes, closed defaults last; with `access audit` also `istio.io/dry-run`",
    ),
    (
        "*",
        "metadata.annotations.*",
        "the wave of application (Argo CD's): what a thing needs comes before it, closed defaults come last",
    ),
    ("AuthorizationPolicy", "spec.selector.*", SELECTOR),
    (
        "AuthorizationPolicy",
        "spec.action",
        "`allow` and `expose` become ALLOW, as does a `calls` of what is looked up (`resolution dynamic-dns`), before whose connections Istio asks the caller's own policies; `deny` and `require-token` DENY, `authorize` CUSTOM",
    ),
    (
        "AuthorizationPolicy",
        "spec",
        "without a rule it allows nothing: a namespace is closed, and each `allow` and `expose` opens it for some",
    ),
    ("DestinationRule", "spec.host", "the full name of the service, or the host of the external"),
    ("DestinationRule", "spec.exportTo", EXPORT),
    (
        "DestinationRule",
        "spec.subsets.trafficPolicy.tls.*",
        "towards an egress gateway: mutual TLS of the mesh, with the host as the server's name, by which the gateway knows what is called",
    ),
    ("DestinationRule", "spec.trafficPolicy.tls.*", "as `originate-tls` of the port says"),
    ("DestinationRule", "spec.subsets.trafficPolicy.*", EXPANDED),
    ("DestinationRule", "spec.trafficPolicy.portLevelSettings.*", EXPANDED),
    (
        "DestinationRule",
        "spec.trafficPolicy.loadBalancer.simple",
        "what `warm-up` needs beside it; unsaid, pods are chosen by the fewest requests under way",
    ),
    (
        "DestinationRule",
        "spec.trafficPolicy.outlierDetection.consecutive5xxErrors",
        "off, since another `consecutive-*` is said; unsaid, Istio counts five",
    ),
    ("EnvoyFilter", "spec.workloadSelector.*", SELECTOR),
    ("EnvoyFilter", "spec.priority", "behind the filters of Istio itself"),
    (
        "EnvoyFilter",
        "spec.*",
        "what makes Envoy count the requests of a `rate-limit` in each pod: its filter before the router, and the limits by conditions",
    ),
    ("NetworkPolicy", "spec.podSelector.*", SELECTOR),
    ("NetworkPolicy", "spec.policyTypes", "both ways are closed, and what is listed is open"),
    ("NetworkPolicy", "spec.ingress.ports.*", POD_PORT),
    ("NetworkPolicy", "spec.egress.ports.*", POD_PORT),
    ("NetworkPolicy", "spec.*", ALWAYS_OPEN),
    ("PeerAuthentication", "spec.mtls", "how ports treat callers without a certificate (`mtls`)"),
    ("PeerAuthentication", "spec.selector.*", SELECTOR),
    ("ProxyConfig", "spec.selector.*", SELECTOR),
    ("RequestAuthentication", "spec.selector.*", SELECTOR),
    ("ServiceEntry", "spec.exportTo", "visible to the namespaces of those that call it"),
    ("ServiceEntry", "spec.location", "always outside: what is of the mesh is a `service`"),
    (
        "ServiceEntry",
        "spec.resolution",
        "a host with `*` is not looked up, addresses are as they stand, all else by DNS",
    ),
    ("Sidecar", "spec.workloadSelector.*", SELECTOR),
    (
        "Sidecar",
        "spec.egress.*",
        "what its owner `calls`, where that is routed on to, and who is asked (`authorize`); of a namespace, its own services",
    ),
    ("Sidecar", "spec.*", "what its proxy knows: only what is called, and `egress` for the rest"),
    ("Telemetry", "spec.selector.*", SELECTOR),
    (
        "Telemetry",
        "spec.accessLogging.*",
        "which requests get a line, and where it goes: always said with its provider, without which Istio writes none",
    ),
    (
        "Telemetry",
        "spec.metrics.*",
        "which metrics, and whose proxy counts, for each `tag`, `drop-tag` and `drop`; Istio adds up those of all objects",
    ),
    ("VirtualService@external", "spec.hosts", "the hosts of the external"),
    ("VirtualService@gateway", "spec.hosts", "the host that is served; bytes have none"),
    ("VirtualService", "spec.hosts", "the full name of the service"),
    ("VirtualService@gateway", "spec.gateways", "the gateways that serve the host: they and the mesh have a list each"),
    ("VirtualService", "spec.gateways", "`mesh` for all sidecars, or the egress gateway that it goes `via`"),
    ("VirtualService@external", "spec.exportTo", "visible to the namespaces of those that call it"),
    ("VirtualService@gateway", "spec.exportTo", "its own namespace: the gateway's pods are there"),
    ("VirtualService", "spec.exportTo", EXPORT),
    ("VirtualService@gateway", "spec.http.name", "the service that is exposed, then the name of its rule"),
    (
        "VirtualService",
        "spec.http.name",
        "the route, or what the rule is for: `canary-VERSION`, `stays-VERSION`, `default`",
    ),
    ("VirtualService", "spec.http.match.sourceLabels.*", FROM),
    ("VirtualService", "spec.http.match.sourceNamespace", FROM),
    ("VirtualService", "spec.http.match.port", ASKED_PORT),
    ("VirtualService@external", "spec.http.match.*", "the hosts of the external, with and without a port"),
    ("VirtualService", "spec.http.match.*", "the paths of the `expose` that leads here: each, and what lies below it"),
    (
        "VirtualService",
        "spec.http.retries.*",
        "the caller's proxy retries, and a gateway on the way out does not: a request is tried by one alone",
    ),
    ("VirtualService@external", "spec.http.route.*", OUTSIDE),
    ("VirtualService", "spec.http.route.*", DESTINATION),
    ("VirtualService@external", "spec.http", "one rule for each port that its callers ask for"),
    (
        "VirtualService",
        "spec.http",
        "the first rule that fits counts: the routes in their order, the canary's, then the default target",
    ),
    ("VirtualService", "spec.tcp.match.port", ASKED_PORT),
    ("VirtualService", "spec.tls.match.port", ASKED_PORT),
    ("VirtualService", "spec.tcp.match.sourceLabels.*", FROM),
    ("VirtualService", "spec.tls.match.sourceLabels.*", FROM),
    ("VirtualService", "spec.tcp.match.sourceNamespace", FROM),
    ("VirtualService", "spec.tls.match.sourceNamespace", FROM),
    (
        "VirtualService",
        "spec.tls.match.sniHosts",
        "the names by which a TLS client may ask for it, each a match of its own",
    ),
    ("VirtualService", "spec.tcp.match.*", "the port, and the `destination` of a route"),
    ("VirtualService", "spec.tls.match.*", "the port, and the names that a route asks for (`sni`)"),
    ("VirtualService@external", "spec.tcp.*", OUTSIDE),
    ("VirtualService@external", "spec.tls.*", OUTSIDE),
    ("VirtualService", "spec.tcp.*", DESTINATION),
    ("VirtualService", "spec.tls.*", DESTINATION),
    ("pods", "spec.*", "a patch for whoever deploys the pods, which the compiler does not"),
    ("carried", "*", "as the text has it that the object is carried from: of a template, of `raw`"),
    ("*", "spec", "what is said of its owner, in the fields of this kind"),
];

#[cfg(test)]
mod tests {
    use super::{RULES, derived, shape};

    #[test]
    fn fields_are_found_by_their_shape() {
        assert_eq!(shape("spec.http[0].route[1].destination.host"), "spec.http.route.destination.host");
        assert_eq!(shape(r#"metadata.labels["mesh.kdl/owner"]"#), "metadata.labels");
        assert!(derived(("Sidecar", "service"), "spec.egress[0].hosts[1]").is_some_and(|rule| rule.contains("calls")));
        assert_eq!(derived(("RequestAuthentication", "service"), "spec.jwtRules[0].issuer"), None);
    }

    #[test]
    fn no_rule_is_hidden_by_an_earlier_one() {
        for (at, (kinds, field, rule)) in RULES.iter().enumerate() {
            let field = field.trim_end_matches(".*");
            let kind = if *kinds == "*" { "any other kind" } else { kinds };
            let kind = kind.split_once('@').unwrap_or((kind, "service"));
            assert_eq!(derived(kind, field), Some(*rule), "row {at}: {kinds} {field}");
        }
    }
}
