use crate::check::Subject;
use crate::check::actions::{Handled, handled};
use crate::check::said::reaching;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::Cors;
use crate::source::Origin;
use crate::value::{Method, WebOrigin};

pub(super) static CODE: Code =
    code!("cors-any-with-credentials", Error, "every page in the world may use a reader's cookies");

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for Handled { service, actions, .. } in handled(subject.mesh) {
        let Some(service) = service else { continue };
        if let Some(cors) = actions.cors.as_deref().filter(|cors| has_credentials(cors)) {
            found.extend(fault(cors).map(|(fault, origin)| reaching(fault, origin, service)));
        }
    }
}

fn has_credentials(cors: &Cors) -> bool {
    cors.credentials.as_ref().is_some_and(|said| said.value)
}

fn fault(cors: &Cors) -> Option<(Diagnostic, Origin)> {
    let credentials = cors.credentials.as_ref()?;
    if cors.origins.value.contains(&WebOrigin::Any) {
        let fault = Diagnostic::new(&CODE, "`origin any` and `credentials` let every page act as its reader")
            .at_known(cors.origins.span(), "every page in the world")
            .note("Envoy answers with the very origin that asked, so a browser sends its cookies from any page that somebody visits");
        let fault = match credentials.span() {
            Some(span) => fault.related(span, "with the reader's cookies"),
            None => fault,
        };
        return Some((fault.help("name the origins, or take `credentials` out"), cors.origins.origin));
    }
    let methods = cors.methods.as_ref().filter(|said| said.value.contains(&Method::Any));
    let methods = methods.map(|said| ("method any", said.origin));
    let lists = [("header *", &cors.headers), ("expose-header *", &cors.exposed_headers)];
    let headers = lists.into_iter().find_map(|(word, list)| {
        let list = list.as_ref().filter(|said| said.value.iter().any(|name| name.text() == "*"))?;
        Some((word, list.origin))
    });
    let (word, origin) = methods.or(headers)?;
    let fault = Diagnostic::new(&CODE, format!("`{word}` and `credentials` allow nothing together"))
        .at_known(origin.span, "a star to a browser")
        .note("with credentials a browser takes a star for a name of its own, and not for everything");
    Some((fault.help("name what is allowed, or take `credentials` out"), origin))
}
