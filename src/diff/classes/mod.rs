//! The classes of changes, a file each: what it looks for, how much risk that is, and what to say of it.

mod drift_already_live;
mod drift_controlled;
mod drift_kept;
mod drift_overwritten;
mod egress_exportto_changed;
mod egress_host_added;
mod egress_outbound_policy_opened;
mod egress_sidecar_egress_narrowed;
mod exposure_binding_changed;
mod exposure_gateway_selector_changed;
mod exposure_host_added;
mod exposure_port_opened;
mod exposure_wildcard;
mod meta_api_version_only;
mod meta_format_only;
mod meta_label_only;
mod meta_provenance_only;
mod namespace_injection_changed;
mod observability_access_log_disabled;
mod observability_metrics_changed;
mod observability_sampling;
mod opaque_envoyfilter;
mod opaque_other;
mod opaque_wasm;
mod ownership_adopted;
mod ownership_foreign;
mod ownership_mass_delete;
mod ownership_renamed;
mod pages;
mod proxy_control_plane_changed;
mod proxy_pods_changed;
mod resilience_breaker_loosened;
mod resilience_breaker_removed;
mod resilience_breaker_tightened;
mod resilience_lb_changed;
mod resilience_retries;
mod resilience_timeout;
mod scope_selector_changed;
mod security_access_audited;
mod security_access_narrowed;
mod security_access_widened;
mod security_audience_changed;
mod security_default_deny_removed;
mod security_default_flip;
mod security_from_changed;
mod security_identity_changed;
mod security_issuer_changed;
mod security_jwks_changed;
mod security_jwt_removed;
mod security_mtls_downgraded;
mod security_mtls_mismatch;
mod security_mtls_upgraded;
mod security_networkpolicy_widened;
mod security_token_forwarded;
mod tls_ca_removed;
mod tls_cipher;
mod tls_credential;
mod tls_https_redirect_removed;
mod tls_insecureskipverify;
mod tls_min_version_lowered;
mod tls_mode;
mod tls_san_removed;
mod traffic_cors;
mod traffic_destination_changed;
mod traffic_endpoints_changed;
mod traffic_fault_injected;
mod traffic_header_policy;
mod traffic_match_narrowed;
mod traffic_match_widened;
mod traffic_mirror;
mod traffic_protocol_changed;
mod traffic_redirect;
mod traffic_rewrite;
mod traffic_route_added;
mod traffic_route_removed;
mod traffic_route_reordered;
mod traffic_subset_removed_in_use;
mod traffic_subset_removed_same_change;
mod traffic_subset_selector_changed;
mod traffic_weight;

pub use pages::PAGES;

use super::view::names;
use super::view::reach::Reach;
use super::{Comparison, Finding, newcomers};
use crate::value::{Risk, change_classes};

/// A class of changes, each a risk of its own.
#[derive(Debug)]
pub struct Class {
    /// Its name, for ever: what `accept` names, and its page in the book.
    pub name: &'static str,
    /// Finds every change of it.
    pub find: fn(&Comparison<'_>, &mut Vec<Finding>),
}

macro_rules! all {
    ($($module:ident $name:literal $means:literal;)*) => { &[$(&$module::CLASS),*] };
}

/// Every class. Those that tell of what no other told come last.
pub static ALL: &[&Class] = change_classes!(all);

/// Everything that the classes find, each with whom it meets.
pub fn find(comparison: &Comparison<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for class in ALL {
        (class.find)(comparison, &mut found);
    }
    newcomers::leave_out(comparison, &mut found);
    if found.iter().any(|finding| finding.risk > Risk::None) {
        let ids = found.iter().map(|finding| &finding.object).collect();
        let reach = Reach::of(comparison.before, comparison.after, &ids);
        for finding in &mut found {
            let (callers, hosts) = reach.met(&finding.object);
            finding.callers.extend(callers);
            finding.hosts.extend(hosts.into_iter().filter(|host| !finding.hosts.contains(host)).collect::<Vec<_>>());
        }
        combine(&mut found);
    }
    found
}

/// What is opened to the outside and lets more callers in at once is open to everybody.
fn combine(found: &mut [Finding]) {
    let is_exposure = |finding: &Finding| finding.class.name.starts_with("exposure.");
    let opened: Vec<String> =
        found.iter().filter(|finding| is_exposure(finding)).flat_map(|finding| finding.hosts.iter().cloned()).collect();
    let meets = |finding: &Finding| {
        finding.hosts.iter().any(|host| opened.iter().any(|own| names::covers(own, host) || names::covers(host, own)))
    };
    for finding in found.iter_mut().filter(|finding| finding.class.name == "security.access_widened") {
        if meets(finding) {
            finding.risk = Risk::Critical;
            finding.what.push_str("; and a public host that leads there is opened in the same change");
        }
    }
}
