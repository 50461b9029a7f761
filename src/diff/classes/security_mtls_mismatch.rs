use super::Class;
use crate::diff::view::{names, plaintext};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.mtls_mismatch", find };

/// A service in STRICT takes certificates of the mesh alone, and `ISTIO_MUTUAL` is the one mode that shows them.
fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for one in plaintext::new_mismatches(comparison) {
        let own = comparison.changes.iter().find(|change| *change.id == one.rule.id);
        let of_server = || comparison.of_kind("security.istio.io", "PeerAuthentication").next();
        let Some(change) = own.or_else(of_server).or(comparison.changes.first()) else { continue };
        let host = names::short(&one.host);
        let server = one.server.name();
        let what = format!("{} calls {host} with TLS {}, but {host} is {server}", one.rule.id, one.client);
        let pointer = if own.is_some() { one.pointer.as_str() } else { "/spec/mtls/mode" };
        found.push(
            Finding::new(&CLASS, Risk::Critical, change, pointer, what)
                .effect("every call is cut off: 503")
                .safe("leave tls out of the DestinationRule, so that Istio finds out by itself, or say ISTIO_MUTUAL")
                .values(Some(one.client.clone()), Some(server.to_owned())),
        );
    }
}
