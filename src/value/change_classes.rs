//! The one list of the classes of changes.

/// Hands every class to a macro: the module of `diff::classes` that finds it, its name for ever, and what it means.
///
/// They are looked for in this order; those that tell of what no other told come last.
macro_rules! change_classes {
    ($with:ident) => {
        $with! {
            drift_already_live "drift.already_live" "the cluster has already what a change brings";
            drift_controlled "drift.controlled" "a controller wrote a field in the cluster that is there for it to write";
            drift_kept "drift.kept" "something was added in the cluster, and applying leaves it";
            drift_overwritten "drift.overwritten" "something was changed in the cluster, and applying undoes it";
            egress_exportto_changed "egress.exportTo_changed" "others see a name, or no longer";
            egress_host_added "egress.host_added" "something outside can be called";
            egress_outbound_policy_opened "egress.outbound_policy_opened" "whatever is dialled may leave";
            egress_sidecar_egress_narrowed "egress.sidecar_egress_narrowed" "a proxy knows less";
            exposure_binding_changed "exposure.binding_changed" "other namespaces may bind routes, or name what is of another";
            exposure_gateway_selector_changed "exposure.gateway_selector_changed" "other pods listen";
            exposure_host_added "exposure.host_added" "a host is reachable from outside";
            exposure_port_opened "exposure.port_opened" "a port is reachable from outside";
            exposure_wildcard "exposure.wildcard" "a pattern of hosts is reachable from outside";
            namespace_injection_changed "namespace.injection_changed" "the pods of a namespace join the mesh otherwise, from their next restart on";
            observability_access_log_disabled "observability.access_log_disabled" "requests are not logged any more";
            observability_metrics_changed "observability.metrics_changed" "proxies count or tag otherwise";
            observability_sampling "observability.sampling" "more or fewer requests are traced";
            opaque_envoyfilter "opaque.envoyfilter" "a filter of Envoy changes";
            opaque_wasm "opaque.wasm" "a plugin changes";
            proxy_control_plane_changed "proxy.control_plane_changed" "what the control plane is told changes";
            proxy_pods_changed "proxy.pods_changed" "what pods must say of their proxies changes";
            resilience_breaker_loosened "resilience.breaker_loosened" "calls are cut off later";
            resilience_breaker_removed "resilience.breaker_removed" "calls are not cut off any more";
            resilience_breaker_tightened "resilience.breaker_tightened" "calls are cut off sooner";
            resilience_lb_changed "resilience.lb_changed" "pods are chosen otherwise";
            resilience_retries "resilience.retries" "requests are tried again more often, or after more failures";
            resilience_timeout "resilience.timeout" "a timeout is removed, or much shorter";
            scope_selector_changed "scope.selector_changed" "a rule holds for other pods";
            security_access_audited "security.access_audited" "what rules of access would refuse is only counted, or is refused again";
            security_access_narrowed "security.access_narrowed" "somebody may not call any more";
            security_access_widened "security.access_widened" "somebody may call who might not";
            security_audience_changed "security.audience_changed" "tokens are for somebody else";
            security_default_deny_removed "security.default_deny_removed" "the network is not closed by default any more";
            security_default_flip "security.default_flip" "the last grant goes, or the first comes";
            security_from_changed "security.from_changed" "tokens are looked for elsewhere";
            security_identity_changed "security.identity_changed" "pods are known by another identity";
            security_issuer_changed "security.issuer_changed" "tokens are by somebody else";
            security_jwks_changed "security.jwks_changed" "tokens are verified by other keys";
            security_jwt_removed "security.jwt_removed" "a token is not asked for any more";
            security_mtls_downgraded "security.mtls_downgraded" "callers need not prove any more who they are";
            security_mtls_mismatch "security.mtls_mismatch" "client and server disagree on mutual TLS";
            security_mtls_upgraded "security.mtls_upgraded" "callers must prove who they are";
            security_networkpolicy_widened "security.networkpolicy_widened" "the network lets more through";
            security_token_forwarded "security.token_forwarded" "of a token services get other things";
            tls_ca_removed "tls.ca_removed" "certificates are not looked at any more";
            tls_cipher "tls.cipher" "the algorithms of TLS change";
            tls_credential "tls.credential" "another certificate is shown";
            tls_https_redirect_removed "tls.https_redirect_removed" "plain HTTP is not redirected any more";
            tls_insecureskipverify "tls.insecureSkipVerify" "any certificate is taken";
            tls_min_version_lowered "tls.min_version_lowered" "an older version of TLS is taken";
            tls_mode "tls.mode" "a listener or client speaks TLS otherwise";
            tls_san_removed "tls.san_removed" "names in certificates are not looked at any more";
            traffic_cors "traffic.cors" "whose pages may call from a browser changes";
            traffic_destination_changed "traffic.destination_changed" "requests go to another service";
            traffic_endpoints_changed "traffic.endpoints_changed" "other pods, ports or addresses stand behind a name";
            traffic_fault_injected "traffic.fault_injected" "faults are made up, or more of them";
            traffic_header_policy "traffic.header_policy" "which headers change is different";
            traffic_match_narrowed "traffic.match_narrowed" "a route takes fewer requests";
            traffic_match_widened "traffic.match_widened" "a route takes more requests";
            traffic_mirror "traffic.mirror" "requests are copied, or more of them";
            traffic_protocol_changed "traffic.protocol_changed" "a port is taken for another protocol";
            traffic_redirect "traffic.redirect" "where clients are sent changes";
            traffic_rewrite "traffic.rewrite" "how requests are rewritten changes";
            traffic_route_added "traffic.route_added" "a route is new";
            traffic_route_removed "traffic.route_removed" "a route is gone, and its requests go elsewhere";
            traffic_route_reordered "traffic.route_reordered" "routes whose requests overlap change places";
            traffic_subset_removed_in_use "traffic.subset_removed_in_use" "a version is gone that a route still names";
            traffic_subset_removed_same_change "traffic.subset_removed_same_change" "a version goes together with the routes to it";
            traffic_subset_selector_changed "traffic.subset_selector_changed" "the pods of a version are others";
            traffic_weight "traffic.weight" "the share of a destination changes";
            opaque_other "opaque.other" "something changes of which nothing is known";
            meta_provenance_only "meta.provenance_only" "what is said of the origin alone changes";
            meta_label_only "meta.label_only" "labels alone change";
            meta_api_version_only "meta.api_version_only" "the version of an API alone changes";
            meta_format_only "meta.format_only" "spelling alone changes";
            ownership_adopted "ownership.adopted" "an object that somebody made by hand is taken over";
            ownership_foreign "ownership.foreign" "an object of another tool or project is taken over";
            ownership_mass_delete "ownership.mass_delete" "most of what is ours goes";
            ownership_renamed "ownership.renamed" "an object has another name";
        }
    };
}

pub(crate) use change_classes;
