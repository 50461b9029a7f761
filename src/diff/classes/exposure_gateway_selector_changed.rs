use super::Class;
use crate::diff::view::routing::GATEWAY_API;
use crate::diff::view::{At, gateways};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "exposure.gateway_selector_changed", find };

/// What Istio's own charts and samples call the gateway that stands behind a public load balancer.
const PUBLIC: [&str; 3] = ["istio: ingressgateway", "app: istio-ingressgateway", "istio: ingress"];

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for change in comparison.of_kind("networking.istio.io", "Gateway") {
        let (Some(old), Some(new)) = (change.before, change.after) else { continue };
        let selector = |object| At::spec(object).key("selector").canonical();
        let (before, after) = (selector(old), selector(new));
        if before == after {
            continue;
        }
        let is_public =
            |text: &str| text.is_empty() || text == "{}" || PUBLIC.iter().any(|public| text.contains(public));
        let risk = if is_public(&after) && !is_public(&before) { Risk::Critical } else { Risk::High };
        let what = format!("the gateway {} is served by pods with {after} instead of {before}", gateways::name(new));
        found.push(
            Finding::new(&CLASS, risk, change, "/spec/selector", what)
                .effect("all its hosts and ports close on the old pods and open on the new ones; where no pod has these labels, everywhere")
                .safe("add a second Gateway for the new pods, move DNS, then remove the first")
                .values(Some(before), Some(after)),
        );
    }
    for change in comparison.of_kind(GATEWAY_API, "Gateway") {
        let (Some(old), Some(new)) = (change.before, change.after) else { continue };
        let class = |object| At::spec(object).key("gatewayClassName").text().unwrap_or_default().to_owned();
        let (before, after) = (class(old), class(new));
        if before == after {
            continue;
        }
        let what = format!("the gateway {} is of class {after} instead of {before}", gateways::name(new));
        found.push(
            Finding::new(&CLASS, Risk::High, change, "/spec/gatewayClassName", what)
                .effect("other proxies serve it, at another address: all its hosts and ports close on the old ones; where no controller knows the class, everywhere")
                .safe("add a second Gateway of the new class, move DNS, then remove the first")
                .values(Some(before), Some(after)),
        );
    }
}
