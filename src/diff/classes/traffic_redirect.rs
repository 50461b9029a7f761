use super::Class;
use crate::diff::view::routing::{Part, steps};
use crate::diff::view::{tls, words};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "traffic.redirect", find };

/// Envoy takes 301, 302, 303, 307 and 308 alone, and with any other code refuses all routes of the port.
const CODES: [i64; 5] = [301, 302, 303, 307, 308];

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in steps(comparison, Part::Redirect, &["redirect", "directResponse"]) {
        let code =
            step.after.at.get("redirect.redirectCode").whole().filter(|code| *code != 0 && !CODES.contains(code));
        let is_permanent = step.after.at.key("redirect").is_there()
            && [None, Some(301), Some(308)].contains(&step.after.at.get("redirect.redirectCode").whole());
        let risk = match code {
            Some(_) => Risk::Critical,
            None if step.begins() || step.ends() => Risk::High,
            None => Risk::Medium,
        };
        let effect = match code {
            Some(code) => {
                format!("Envoy refuses code {code} and with it all routes of the port: every host on it answers 404")
            }
            None if is_permanent => "clients remember it: it stays for them when it is taken back".to_owned(),
            None if step.begins() => "requests do not reach a service any more".to_owned(),
            None if step.ends() => "clients are not answered by the proxy itself any more".to_owned(),
            None => "clients are answered otherwise by the proxy itself".to_owned(),
        };
        let what = if step.begins() || step.ends() {
            words::requests(step.after, step.before)
        } else {
            step.told("the proxy does not answer itself")
        };
        let safe = if is_permanent { "use 302 until it has proved itself" } else { "" };
        found.push(step.finding(&CLASS, risk, what).effect(effect).safe(safe));
    }
    for step in tls::steps(comparison).iter().filter(|step| step.new.redirects && !step.old.redirects) {
        found.push(
            step.finding(&CLASS, Risk::Medium, "httpsRedirect", "plain HTTP is redirected to HTTPS")
                .effect("clients that do not follow redirects, and what they send by POST, fail")
                .safe("see that HTTPS answers for the same hosts first"),
        );
    }
}
