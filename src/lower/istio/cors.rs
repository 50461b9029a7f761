use super::breaker::duration;
use crate::ir::Cors;
use crate::manifest::Traced;
use crate::manifest::istio::{CorsPolicy, StringMatch, UnmatchedPreflights};
use crate::source::Decided;
use crate::value::{HeaderName, Method, Regex, WebOrigin};
use smol_str::{SmolStr, format_smolstr};

/// Whose pages may call from a browser.
pub(super) fn lower(cors: &Cors) -> Traced<CorsPolicy> {
    let Cors { origins, waiver: _, methods, headers, exposed_headers, max_age, credentials, forwards_unmatched } = cors;
    let policy = CorsPolicy {
        allow_origins: Traced::new(origins.value.iter().map(origin).collect(), origins.origin),
        allow_methods: methods.as_ref().map(|list| each(list, method)),
        allow_headers: headers.as_ref().map(names),
        expose_headers: exposed_headers.as_ref().map(names),
        max_age: max_age.as_ref().map(duration),
        allow_credentials: credentials.as_ref().map(Traced::from),
        unmatched_preflights: forwards_unmatched.as_ref().map(|said| Traced::from(said).map(unmatched)),
    };
    Traced::new(policy, origins.origin)
}

fn origin(origin: &WebOrigin) -> StringMatch {
    match origin {
        WebOrigin::Any => StringMatch::Exact(SmolStr::new_static("*")),
        WebOrigin::Exact(text) => StringMatch::Exact(text.clone()),
        WebOrigin::Below { scheme, parent } => {
            StringMatch::Regex(format_smolstr!(r"{scheme}(?:[a-z0-9_-]+\.)+{}", Regex::escape(parent)))
        }
    }
}

fn method(method: &Method) -> SmolStr {
    match method {
        Method::Any => SmolStr::new_static("*"),
        Method::Named(name) => name.clone(),
    }
}

fn names(list: &Decided<Vec<HeaderName>>) -> Traced<Vec<SmolStr>> {
    each(list, |name| name.text().clone())
}

fn each<T>(list: &Decided<Vec<T>>, change: impl Fn(&T) -> SmolStr) -> Traced<Vec<SmolStr>> {
    Traced::new(list.value.iter().map(change).collect(), list.origin)
}

fn unmatched(forwards: bool) -> UnmatchedPreflights {
    if forwards { UnmatchedPreflights::Forward } else { UnmatchedPreflights::Ignore }
}
