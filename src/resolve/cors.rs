use super::laying::Laying;
use super::words::waiver;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, CorsSaid, MISSING_NODE, Said, Switch};
use crate::ir::{Cors, Waiver};
use crate::source::{Decided, Span, Spanned};
use crate::value::{Duration, HeaderName, Method, WebOrigin};

/// What the layers said of `cors` so far.
#[derive(Clone, Default)]
pub(super) struct Laid {
    origins: Option<Decided<Vec<WebOrigin>>>,
    waiver: Option<Box<Waiver>>,
    methods: Option<Decided<Vec<Method>>>,
    headers: Option<Decided<Vec<HeaderName>>>,
    exposed_headers: Option<Decided<Vec<HeaderName>>>,
    max_age: Option<Decided<Duration>>,
    credentials: Option<Decided<bool>>,
    forwards_unmatched: Option<Decided<bool>>,
    /// The word that said something last.
    span: Option<Span>,
}

impl Laid {
    /// What an exposure or a route starts from.
    pub(super) fn of(cors: &Cors) -> Self {
        let Cors { origins, waiver, methods, headers, exposed_headers, max_age, credentials, forwards_unmatched } =
            cors.clone();
        let origins = Some(origins);
        let span = None;
        Laid { origins, waiver, methods, headers, exposed_headers, max_age, credentials, forwards_unmatched, span }
    }

    /// Closes it.
    pub(super) fn complete(self, found: &mut Diagnostics) -> Option<Cors> {
        let Laid { origins, waiver, methods, headers, exposed_headers, max_age, credentials, forwards_unmatched, span } =
            self;
        let Some(origins) = origins else {
            found.push(
                Diagnostic::new(&MISSING_NODE, "`cors` needs its origins")
                    .at_known(span, "no layer says whose pages may call")
                    .note("without an origin no page may, which is what a browser does by itself")
                    .help("write `origin \"https://shop.example\"`"),
            );
            return None;
        };
        Some(Cors { origins, waiver, methods, headers, exposed_headers, max_age, credentials, forwards_unmatched })
    }
}

/// Lays `cors` over the weaker ones: each list is one part.
pub(super) fn lay(laying: &mut Laying<'_>, slot: &mut Option<Box<Laid>>, said: Option<&CorsSaid>) {
    let Some(said) = said else { return };
    let parts = match &said.value {
        Switch::Off => {
            *slot = None;
            return;
        }
        Switch::On(parts) => parts,
    };
    let intent::Cors { origins, methods, headers, exposed_headers, max_age, credentials, forwards_unmatched } =
        &**parts;
    let laid = slot.get_or_insert_default();
    laid.span = Some(said.span);
    if let Some(intent::CorsOrigins { list, waiver: why }) = origins {
        laying.value(&mut laid.origins, bare(list), list.span, "`origin`");
        laid.waiver = waiver(why.as_deref());
    }
    lay_list(laying, &mut laid.methods, methods, "`method`");
    lay_list(laying, &mut laid.headers, headers, "`header`");
    lay_list(laying, &mut laid.exposed_headers, exposed_headers, "`expose-header`");
    laying.part(&mut laid.max_age, max_age, "`max-age`");
    laying.part(&mut laid.credentials, credentials, "`credentials`");
    laying.part(&mut laid.forwards_unmatched, forwards_unmatched, "`unmatched-preflight`");
}

fn lay_list<T: Clone>(
    laying: &mut Laying<'_>,
    slot: &mut Option<Decided<Vec<T>>>,
    said: &Said<Vec<Spanned<T>>>,
    name: &str,
) {
    if let Some(list) = said {
        laying.value(slot, bare(list), list.span, name);
    }
}

fn bare<T: Clone>(list: &Spanned<Vec<Spanned<T>>>) -> Vec<T> {
    list.value.iter().map(|said| said.value.clone()).collect()
}
