//! The rules, a file each; the table is the only list of them.

mod address_overlap;
mod audience_missing;
mod bare_name_hangs;
mod breaker_never_opens;
mod call_needs_proxy;
mod call_not_allowed;
mod caller_without_identity;
mod canary_is_stable;
mod canary_unreachable;
mod cel_error;
mod certificate_missing;
mod certificate_with_passthrough;
mod claim_off_gateway;
mod client_ca_missing;
mod cors_any_with_credentials;
mod curve_not_expressible;
mod cycle;
mod deny_kube_api;
mod deny_needs_strict;
mod deny_without_effect;
mod dropped_tag_stays;
mod duplicate_certificate;
mod ejection_without_detector;
mod empty_match;
mod expired_until;
mod exposure_bypassed;
mod exposure_shut_out;
mod external_is_internal;
mod external_not_routable;
mod failover_to_itself;
mod failover_without_ejection;
mod fault_outside_limits;
mod filter_without_all;
mod foreign_host;
mod from_not_routable;
mod gateway_cannot_tell;
mod grant_needs_identity;
mod grant_unused;
mod guard_failed;
mod hash_with_split;
mod host_claimed_twice;
mod host_not_served;
mod host_of_nobody;
mod host_on_tcp;
mod host_ruled_twice;
mod host_unused;
mod http2_needed;
mod http_on_tcp;
mod http_on_tls;
mod identity_at_gateway;
mod ignore_nothing;
mod issuer_conflict;
mod issuer_unused;
mod jwks_host_internal;
mod limit_below_request;
mod listener_clash;
mod locality_overlap;
mod look_up_shut_out;
mod lost_to_balance;
mod match_not_expressible;
mod mirror_keeps_host;
mod mtls_without_proxy;
mod needs_newer_target;
mod no_objects;
mod no_port;
mod no_token_fits;
mod not_an_egress_gateway;
mod not_on_data_plane;
mod object_twice;
mod optional_claim;
mod past_the_proxy;
mod patch_breaks;
mod patch_nothing;
mod path_bypass;
mod path_without_method;
mod pattern_too_long;
mod peer_shut_out;
mod percent_not_a_step;
mod percent_with_owner;
mod place_taken;
mod pods_ruled_twice;
mod pods_selected_twice;
mod port_reserved;
mod private_key_in_jwks;
mod protocol_clash;
mod provider_shut_out;
mod provider_unreachable;
mod reason_needed;
mod redirect_nowhere;
mod regex_behind_rewrite;
mod reserved_label;
mod reserved_namespace;
mod reserved_object;
mod resolution_clash;
mod retry_budget_lost;
mod retry_unsafe;
mod same_labels;
mod same_pods;
mod same_port_name;
mod secret_needs_gateway;
mod several_hosts_on_tcp;
mod shadowed_route;
mod shared_account;
mod shares_not_100;
mod source_ip_behind_gateway;
mod still_enforced;
mod target_not_allowed;
mod tcp_without_address;
mod timeout_under_retries;
mod tls_on_http;
mod tls_part_unused;
mod tls_twice;
mod token_bypassed;
mod token_without_effect;
mod unknown_attribute;
mod unknown_cipher;
mod unknown_port;
mod unknown_tag;
mod unmanaged_namespace;
mod unsupported_target;
mod weak_tls;
mod wildcard_anywhere;
mod wildcard_needs_tls;
mod wildcard_with_dns;
mod wrong_provider;

use super::{Rule, RuleOfAll};

/// Every rule, by name.
pub(super) static ALL: &[Rule] = &[
    Rule { code: &address_overlap::CODE, run: address_overlap::run },
    Rule { code: &audience_missing::CODE, run: audience_missing::run },
    Rule { code: &bare_name_hangs::CODE, run: bare_name_hangs::run },
    Rule { code: &breaker_never_opens::CODE, run: breaker_never_opens::run },
    Rule { code: &call_needs_proxy::CODE, run: call_needs_proxy::run },
    Rule { code: &call_not_allowed::CODE, run: call_not_allowed::run },
    Rule { code: &caller_without_identity::CODE, run: caller_without_identity::run },
    Rule { code: &canary_is_stable::CODE, run: canary_is_stable::run },
    Rule { code: &canary_unreachable::CODE, run: canary_unreachable::run },
    Rule { code: &cel_error::CODE, run: cel_error::run },
    Rule { code: &certificate_missing::CODE, run: certificate_missing::run },
    Rule { code: &certificate_with_passthrough::CODE, run: certificate_with_passthrough::run },
    Rule { code: &claim_off_gateway::CODE, run: claim_off_gateway::run },
    Rule { code: &client_ca_missing::CODE, run: client_ca_missing::run },
    Rule { code: &cors_any_with_credentials::CODE, run: cors_any_with_credentials::run },
    Rule { code: &curve_not_expressible::CODE, run: curve_not_expressible::run },
    Rule { code: &cycle::CODE, run: cycle::run },
    Rule { code: &deny_kube_api::CODE, run: deny_kube_api::run },
    Rule { code: &deny_needs_strict::CODE, run: deny_needs_strict::run },
    Rule { code: &dropped_tag_stays::CODE, run: dropped_tag_stays::run },
    Rule { code: &duplicate_certificate::CODE, run: duplicate_certificate::run },
    Rule { code: &ejection_without_detector::CODE, run: ejection_without_detector::run },
    Rule { code: &empty_match::CODE, run: empty_match::run },
    Rule { code: &expired_until::EXPIRED, run: expired_until::run_expired },
    Rule { code: &expired_until::EXPIRES, run: expired_until::run_expiring },
    Rule { code: &exposure_bypassed::CODE, run: exposure_bypassed::run },
    Rule { code: &exposure_shut_out::CODE, run: exposure_shut_out::run },
    Rule { code: &external_is_internal::CODE, run: external_is_internal::run },
    Rule { code: &external_not_routable::CODE, run: external_not_routable::run },
    Rule { code: &failover_to_itself::CODE, run: failover_to_itself::run },
    Rule { code: &failover_without_ejection::CODE, run: failover_without_ejection::run },
    Rule { code: &fault_outside_limits::CODE, run: fault_outside_limits::run },
    Rule { code: &filter_without_all::CODE, run: filter_without_all::run },
    Rule { code: &foreign_host::CODE, run: foreign_host::run },
    Rule { code: &from_not_routable::CODE, run: from_not_routable::run },
    Rule { code: &gateway_cannot_tell::CODE, run: gateway_cannot_tell::run },
    Rule { code: &grant_needs_identity::CODE, run: grant_needs_identity::run },
    Rule { code: &guard_failed::CODE, run: guard_failed::run },
    Rule { code: &hash_with_split::CODE, run: hash_with_split::run },
    Rule { code: &host_claimed_twice::CODE, run: host_claimed_twice::run },
    Rule { code: &host_not_served::CODE, run: host_not_served::run },
    Rule { code: &host_on_tcp::CODE, run: host_on_tcp::run },
    Rule { code: &host_unused::CODE, run: host_unused::run },
    Rule { code: &http2_needed::CODE, run: http2_needed::run },
    Rule { code: &http_on_tcp::CODE, run: http_on_tcp::run },
    Rule { code: &http_on_tls::CODE, run: http_on_tls::run },
    Rule { code: &identity_at_gateway::CODE, run: identity_at_gateway::run },
    Rule { code: &issuer_conflict::CODE, run: issuer_conflict::run },
    Rule { code: &jwks_host_internal::CODE, run: jwks_host_internal::run },
    Rule { code: &limit_below_request::CODE, run: limit_below_request::run },
    Rule { code: &listener_clash::CODE, run: listener_clash::run },
    Rule { code: &locality_overlap::CODE, run: locality_overlap::run },
    Rule { code: &look_up_shut_out::CODE, run: look_up_shut_out::run },
    Rule { code: &lost_to_balance::CODE, run: lost_to_balance::run },
    Rule { code: &match_not_expressible::CODE, run: match_not_expressible::run },
    Rule { code: &mirror_keeps_host::CODE, run: mirror_keeps_host::run },
    Rule { code: &mtls_without_proxy::CODE, run: mtls_without_proxy::run },
    Rule { code: &needs_newer_target::CODE, run: needs_newer_target::run },
    Rule { code: &no_objects::CODE, run: no_objects::run },
    Rule { code: &no_port::CODE, run: no_port::run },
    Rule { code: &no_token_fits::CODE, run: no_token_fits::run },
    Rule { code: &not_an_egress_gateway::CODE, run: not_an_egress_gateway::run },
    Rule { code: &not_on_data_plane::CODE, run: not_on_data_plane::run },
    Rule { code: &object_twice::CODE, run: object_twice::run },
    Rule { code: &optional_claim::CODE, run: optional_claim::run },
    Rule { code: &past_the_proxy::CODE, run: past_the_proxy::run },
    Rule { code: &path_bypass::CODE, run: path_bypass::run },
    Rule { code: &path_without_method::CODE, run: path_without_method::run },
    Rule { code: &pattern_too_long::CODE, run: pattern_too_long::run },
    Rule { code: &peer_shut_out::CODE, run: peer_shut_out::run },
    Rule { code: &percent_not_a_step::CODE, run: percent_not_a_step::run },
    Rule { code: &percent_with_owner::CODE, run: percent_with_owner::run },
    Rule { code: &place_taken::CODE, run: place_taken::run },
    Rule { code: &pods_selected_twice::CODE, run: pods_selected_twice::run },
    Rule { code: &port_reserved::CODE, run: port_reserved::run },
    Rule { code: &private_key_in_jwks::CODE, run: private_key_in_jwks::run },
    Rule { code: &protocol_clash::CODE, run: protocol_clash::run },
    Rule { code: &provider_shut_out::CODE, run: provider_shut_out::run },
    Rule { code: &provider_unreachable::CODE, run: provider_unreachable::run },
    Rule { code: &reason_needed::CODE, run: reason_needed::run },
    Rule { code: &redirect_nowhere::CODE, run: redirect_nowhere::run },
    Rule { code: &regex_behind_rewrite::CODE, run: regex_behind_rewrite::run },
    Rule { code: &reserved_label::CODE, run: reserved_label::run },
    Rule { code: &reserved_namespace::CODE, run: reserved_namespace::run },
    Rule { code: &resolution_clash::CODE, run: resolution_clash::run },
    Rule { code: &reserved_object::CODE, run: reserved_object::run },
    Rule { code: &retry_budget_lost::CODE, run: retry_budget_lost::run },
    Rule { code: &retry_unsafe::CODE, run: retry_unsafe::run },
    Rule { code: &same_labels::CODE, run: same_labels::run },
    Rule { code: &same_pods::CODE, run: same_pods::run },
    Rule { code: &same_port_name::CODE, run: same_port_name::run },
    Rule { code: &secret_needs_gateway::CODE, run: secret_needs_gateway::run },
    Rule { code: &several_hosts_on_tcp::CODE, run: several_hosts_on_tcp::run },
    Rule { code: &shadowed_route::CODE, run: shadowed_route::run },
    Rule { code: &shared_account::CODE, run: shared_account::run },
    Rule { code: &shares_not_100::CODE, run: shares_not_100::run },
    Rule { code: &source_ip_behind_gateway::CODE, run: source_ip_behind_gateway::run },
    Rule { code: &still_enforced::CODE, run: still_enforced::run },
    Rule { code: &target_not_allowed::CODE, run: target_not_allowed::run },
    Rule { code: &tcp_without_address::CODE, run: tcp_without_address::run },
    Rule { code: &timeout_under_retries::CODE, run: timeout_under_retries::run },
    Rule { code: &tls_on_http::CODE, run: tls_on_http::run },
    Rule { code: &tls_part_unused::CODE, run: tls_part_unused::run },
    Rule { code: &tls_twice::CODE, run: tls_twice::run },
    Rule { code: &token_bypassed::CODE, run: token_bypassed::run },
    Rule { code: &token_without_effect::CODE, run: token_without_effect::run },
    Rule { code: &unknown_attribute::CODE, run: unknown_attribute::run },
    Rule { code: &unknown_cipher::CODE, run: unknown_cipher::run },
    Rule { code: &unknown_port::CODE, run: unknown_port::run },
    Rule { code: &unknown_tag::CODE, run: unknown_tag::run },
    Rule { code: &unmanaged_namespace::CODE, run: unmanaged_namespace::run },
    Rule { code: &unsupported_target::CODE, run: unsupported_target::run },
    Rule { code: &weak_tls::CODE, run: weak_tls::run },
    Rule { code: &wildcard_anywhere::CODE, run: wildcard_anywhere::run },
    Rule { code: &wildcard_needs_tls::CODE, run: wildcard_needs_tls::run },
    Rule { code: &wildcard_with_dns::CODE, run: wildcard_with_dns::run },
    Rule { code: &wrong_provider::CODE, run: wrong_provider::run },
];

/// The rules about all environments together.
pub(super) static OF_ALL: &[RuleOfAll] = &[
    RuleOfAll { code: &deny_without_effect::CODE, run: deny_without_effect::run },
    RuleOfAll { code: &grant_unused::CODE, run: grant_unused::run },
    RuleOfAll { code: &issuer_unused::CODE, run: issuer_unused::run },
];

/// The rules about the objects that a mesh becomes.
pub(super) static OF_OBJECTS: &[Rule] = &[
    Rule { code: &host_of_nobody::CODE, run: host_of_nobody::run },
    Rule { code: &host_ruled_twice::CODE, run: host_ruled_twice::run },
    Rule { code: &ignore_nothing::CODE, run: ignore_nothing::run },
    Rule { code: &object_twice::CODE, run: object_twice::run_of_objects },
    Rule { code: &patch_breaks::CODE, run: patch_breaks::run },
    Rule { code: &patch_nothing::CODE, run: patch_nothing::run },
    Rule { code: &pods_ruled_twice::CODE, run: pods_ruled_twice::run },
];
