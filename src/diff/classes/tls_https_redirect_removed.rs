use super::Class;
use crate::diff::view::tls;
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "tls.https_redirect_removed", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in tls::steps(comparison) {
        let (old, new) = (&step.old, &step.new);
        if old.redirects && !new.redirects {
            found.push(
                step.finding(&CLASS, Risk::High, "httpsRedirect", "plain HTTP is not redirected to HTTPS any more")
                    .effect("clients that begin in plain text stay there, with their cookies and tokens")
                    .safe("keep the redirect, or close the port"),
            );
        }
    }
}
