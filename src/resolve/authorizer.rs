use super::codes::UNKNOWN_NAME;
use super::index::{Index, Member};
use super::laying::Laying;
use super::words::waiver;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, MISPLACED_NODE, MISSING_ARGUMENT, MISSING_PROPERTY, Reference};
use crate::ir::{Authorizer, AuthorizerProtocol, ServiceId, Waiver};
use crate::source::{Decided, Span, Spanned};
use crate::value::{Duration, HeaderName, Path, Port};

/// What the layers of `mesh` say of one authorizer.
pub(super) struct Laid {
    pub(super) name: Spanned<crate::value::Name>,
    protocol: Option<Decided<AuthorizerProtocol>>,
    service: Option<Decided<Reference>>,
    port: Option<Decided<Port>>,
    timeout: Option<Decided<Duration>>,
    fail_open: Option<Decided<bool>>,
    waiver: Option<Box<Waiver>>,
    path_prefix: Option<Decided<Path>>,
    send_headers: Option<Decided<Vec<HeaderName>>>,
    send_body: Option<Decided<u32>>,
    pass_headers: Option<Decided<Vec<HeaderName>>>,
    return_headers: Option<Decided<Vec<HeaderName>>>,
}

/// How long an authorizer may take unless somebody says.
const TIMEOUT: Duration = Duration::of_milliseconds(600);

impl Laid {
    /// Nothing but a name.
    pub(super) fn new(name: &Spanned<crate::value::Name>) -> Self {
        Laid {
            name: name.clone(),
            protocol: None,
            service: None,
            port: None,
            timeout: None,
            fail_open: None,
            waiver: None,
            path_prefix: None,
            send_headers: None,
            send_body: None,
            pass_headers: None,
            return_headers: None,
        }
    }

    /// Lays one `authorizer` over the weaker ones of its name.
    pub(super) fn lay(&mut self, laying: &mut Laying<'_>, said: &intent::Authorizer) {
        let intent::Authorizer {
            name: _,
            protocol,
            service,
            port,
            timeout,
            fail_open,
            path_prefix,
            send_headers,
            send_body,
            pass_headers,
            return_headers,
            span: _,
        } = said;
        let protocol = protocol.clone().map(|said| {
            said.map(|protocol| match protocol {
                intent::AuthorizerProtocol::Http => AuthorizerProtocol::Http,
                intent::AuthorizerProtocol::Grpc => AuthorizerProtocol::Grpc,
            })
        });
        laying.part(&mut self.protocol, &protocol, "what the authorizer speaks");
        laying.part(&mut self.service, service, "`service`");
        laying.part(&mut self.port, port, "`port`");
        laying.part(&mut self.timeout, timeout, "`timeout`");
        if let Some((on, why)) = fail_open {
            laying.value(&mut self.fail_open, on.value, on.span, "`fail-open`");
            self.waiver = waiver(why.as_deref());
        }
        laying.part(&mut self.path_prefix, path_prefix, "`path-prefix`");
        laying.part(&mut self.send_headers, &names(send_headers), "`send-header`");
        laying.part(&mut self.send_body, send_body, "`send-body`");
        laying.part(&mut self.pass_headers, &names(pass_headers), "`pass-header`");
        laying.part(&mut self.return_headers, &names(return_headers), "`return-header`");
    }

    /// Closes it; nothing where a part is missing that it cannot do without.
    pub(super) fn complete(self, index: &Index<'_>, found: &mut Diagnostics) -> Option<Authorizer> {
        self.check_protocol(found);
        let span = self.name.span;
        if self.protocol.is_none() {
            found.push(
                Diagnostic::new(&MISSING_ARGUMENT, format!("`authorizer {}` needs what it speaks", self.name.value))
                    .at(span, "`http` or `grpc` is missing here")
                    .help(format!("write `authorizer {} grpc`", self.name.value)),
            );
        }
        if self.service.is_none() {
            found.push(missing("service", "service=authz.ops", span));
        }
        if self.port.is_none() {
            found.push(missing("port", "port=9000", span));
        }
        let service = self.service.and_then(|said| service(index, said, found));
        Some(Authorizer {
            name: self.name.value.text().clone(),
            protocol: self.protocol?,
            service: service?,
            port: self.port?,
            timeout: self.timeout.unwrap_or(Decided::built_in(TIMEOUT)),
            fail_open: self.fail_open.unwrap_or(Decided::built_in(false)),
            waiver: self.waiver,
            path_prefix: self.path_prefix,
            send_headers: self.send_headers.map(|list| list.value).unwrap_or_default(),
            send_body: self.send_body,
            pass_headers: self.pass_headers.map(|list| list.value).unwrap_or_default(),
            return_headers: self.return_headers.map(|list| list.value).unwrap_or_default(),
        })
    }

    /// Envoy's own protocol carries the whole request and answer: what to pick of them is said for HTTP alone.
    fn check_protocol(&self, found: &mut Diagnostics) {
        if self.protocol.as_ref().is_none_or(|protocol| protocol.value == AuthorizerProtocol::Http) {
            return;
        }
        let lists = [
            ("send-header", &self.send_headers),
            ("pass-header", &self.pass_headers),
            ("return-header", &self.return_headers),
        ];
        let lists = lists.into_iter().filter_map(|(word, list)| Some((word, list.as_ref()?.span())));
        let prefix = self.path_prefix.as_ref().map(|prefix| ("path-prefix", prefix.span()));
        for (word, span) in lists.chain(prefix) {
            found.push(
                Diagnostic::new(&MISPLACED_NODE, format!("`{word}` is for an authorizer that speaks `http`"))
                    .at_known(span, "this one speaks `grpc`")
                    .note("Envoy's protocol sends every header along, and its answer says what becomes of each")
                    .help("take it out"),
            );
        }
    }
}

fn names(said: &intent::Said<Vec<Spanned<HeaderName>>>) -> intent::Said<Vec<HeaderName>> {
    said.clone().map(|list| list.map(|list| list.into_iter().map(|name| name.value).collect()))
}

fn missing(property: &str, example: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&MISSING_PROPERTY, format!("`authorizer` needs `{property}=`"))
        .at(span, format!("no `{property}=` here"))
        .help(format!("say where it is, for example `{example}`"))
}

fn no_service(name: &Reference, span: Span) -> Diagnostic {
    Diagnostic::new(&UNKNOWN_NAME, format!("no service is named `{name}`"))
        .at(span, "this is none, and cannot be asked")
}

fn service(index: &Index<'_>, said: Decided<Reference>, found: &mut Diagnostics) -> Option<Decided<ServiceId>> {
    let span = said.span()?;
    match index.member(&said.value, None, span, found)? {
        Member::Service(id) => Some(said.map(|_| id)),
        Member::Workload(_) => {
            found.push(no_service(&said.value, span).help("declare it as a `service` with its ports"));
            None
        }
        Member::External(_) => {
            found.push(no_service(&said.value, span).help("ask a service of the mesh, which may call what is outside"));
            None
        }
    }
}
