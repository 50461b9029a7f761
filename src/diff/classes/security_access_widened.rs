use super::Class;
use crate::diff::view::{At, access, grants};
use crate::diff::{Comparison, Finding};
use crate::value::Risk;

pub(super) static CLASS: Class = Class { name: "security.access_widened", find };

fn find(comparison: &Comparison<'_>, found: &mut Vec<Finding>) {
    for step in access::steps(comparison).into_iter().filter(|step| step.is_wider) {
        if let Some(asked) = &step.asked {
            found.push(of_authorizers(&step, asked));
            continue;
        }
        // Of a denial that becomes a question nobody here knows the answer.
        let asked = step.change.after.filter(|policy| grants::action(policy) == "CUSTOM");
        let risk = match step.senders {
            access::Senders::Nobody => Risk::Low,
            access::Senders::Anybody if asked.is_none() => Risk::Critical,
            access::Senders::Anybody | access::Senders::Named => Risk::High,
        };
        let more = if step.more > 0 { format!("; {} more", step.more) } else { String::new() };
        let what = format!("{} may be called by {}{more}", step.to, step.requests);
        let provider = asked.and_then(|policy| At::spec(policy).get("provider.name").text());
        let is_of_nobody = step.senders == access::Senders::Nobody;
        let effect = match (step.witness.is_empty(), step.is_exact) {
            _ if provider.is_some() => {
                let name = provider.unwrap_or_default();
                format!("the authorizer {name} is asked about them, which were refused with 403")
            }
            _ if is_of_nobody => "none while mutual TLS is strict there, which lets nobody without identity get that far; what leaves the pods for a name that is looked up (DYNAMIC_DNS) is asked of the same rules, and let out".to_owned(),
            (true, true) => "all of them are let in, which were refused with 403".to_owned(),
            (true, false) => "how many more requests are let in than before is not known".to_owned(),
            (false, _) => "such a request is let in, which was refused with 403".to_owned(),
        };
        let example = if provider.is_some() || is_of_nobody { "" } else { &step.witness };
        found.push(
            Finding::new(&CLASS, risk, step.change, &step.pointer, what)
                .effect(effect)
                .example(example)
                .safe("name who calls, and the paths and methods that they need")
                .on(step.side, step.change)
                .exact(step.is_exact),
        );
    }
}

/// Requests that come in as before, about which another authorizer is asked, or none.
fn of_authorizers(step: &access::Step<'_, '_>, [was, is]: &[String; 2]) -> Finding {
    let what = match is.is_empty() {
        true => format!("{}: {was} is not asked any more about requests by {}", step.to, step.requests),
        false => format!("{}: {is} is asked instead of {was} about requests by {}", step.to, step.requests),
    };
    let effect = match is.is_empty() {
        true => "what it refused is let in",
        false => "what it lets in, and the former did not, comes in from now on; nobody here knows what that is",
    };
    Finding::new(&CLASS, Risk::High, step.change, &step.pointer, what)
        .effect(effect)
        .safe("let both be asked first, each about the requests that it knows")
        .on(step.side, step.change)
        .exact(false)
}
