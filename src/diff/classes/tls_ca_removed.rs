use super::Class;
use crate::diff::view::tls;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "tls.ca_removed", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tls::steps(comparison) {
        let (old, new) = (&step.old, &step.new);
        let is_other_end = old.mode != new.mode && !step.is_server && new.mode != "SIMPLE" && new.mode != "MUTUAL";
        if old.authority.is_empty() || !new.authority.is_empty() || is_other_end {
            continue;
        }
        let effect = if step.is_server {
            "whose client certificates are taken is not said any more"
        } else {
            "releases of Istio differ: any certificate is taken, or those of the system's authorities"
        };
        found.push(
            step.finding(
                &CLASS,
                Risk::Critical,
                "caCertificates",
                &format!("authority {} is not said any more", old.authority),
            )
            .effect(effect)
            .safe("name the authority, also where it is the system's")
            .values(Some(old.authority.clone()), None),
        );
    }
}
