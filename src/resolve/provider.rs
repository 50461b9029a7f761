use super::codes::{NAMESPACE_NEEDED, UNKNOWN_NAME};
use super::faults::Use;
use super::index::{Index, Member};
use super::laying::Laying;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, MISPLACED_NODE, MISSING_ARGUMENT, MISSING_PROPERTY, Reference};
use crate::ir::{External, ExternalId, Provider, ProviderKind, Sink};
use crate::source::{Decided, Origin, Span};
use crate::value::{FilePath, Host, HostPattern, Port};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// What is there without a word.
pub(super) const BUILT_IN: [(&str, ProviderKind); 2] =
    [("prometheus", ProviderKind::Prometheus), ("stdout", ProviderKind::LogFile)];

/// What the layers of `mesh` say of one provider.
#[derive(Default)]
pub(super) struct Laid {
    /// None: it is built in.
    span: Option<Span>,
    kind: Option<Decided<ProviderKind>>,
    service: Option<Decided<Reference>>,
    host: Option<Decided<Host>>,
    port: Option<Decided<Port>>,
    path: Option<Decided<FilePath>>,
    is_json: Option<Decided<bool>>,
}

/// Those that are built in.
pub(super) fn built_in() -> BTreeMap<SmolStr, Laid> {
    let laid =
        |(name, kind)| (SmolStr::new_static(name), Laid { kind: Some(Decided::built_in(kind)), ..Laid::default() });
    BUILT_IN.into_iter().map(laid).collect()
}

impl Laid {
    /// Lays one `provider` over the weaker ones of its name.
    pub(super) fn lay(&mut self, laying: &mut Laying<'_>, said: &intent::Provider) {
        let intent::Provider { name, kind, service, host, port, path, format, span: _ } = said;
        self.span.get_or_insert(name.span);
        let kind = kind.clone().map(|said| said.map(as_known));
        laying.part(&mut self.kind, &kind, "what the provider is");
        // Where it is can be said in two ways, of which the stronger layer's counts.
        if service.is_some() {
            self.host = None;
        }
        if host.is_some() {
            self.service = None;
        }
        laying.part(&mut self.service, service, "`service`");
        laying.part(&mut self.host, host, "`host`");
        laying.part(&mut self.port, port, "`port`");
        laying.part(&mut self.path, path, "`path`");
        let is_json = format.clone().map(|said| said.map(|format| format == intent::LogFormat::Json));
        laying.part(&mut self.is_json, &is_json, "`format`");
    }

    /// Closes it; where a part is missing that it cannot do without, it is told nothing.
    pub(super) fn complete(
        self,
        name: SmolStr,
        index: &Index<'_>,
        externals: &[External],
        found: &mut Diagnostics,
    ) -> Provider {
        let kind = self.kind.as_ref().map(|kind| kind.value);
        if let (None, Some(span)) = (kind, self.span) {
            found.push(
                Diagnostic::new(&MISSING_ARGUMENT, format!("`provider {name}` needs what it is"))
                    .at(span, "its type is missing here")
                    .help(format!(
                        "write for example `provider {name} opentelemetry service=tempo.observability port=4317`"
                    )),
            );
        }
        if let Some(kind) = kind {
            self.check_parts(kind, found);
        }
        let kind = kind.unwrap_or(ProviderKind::LogFile);
        let origin = self.kind.as_ref().map_or(Origin::BUILT_IN, |kind| kind.origin);
        let path = self.path.clone().map(|said| said.map(|path| path.text().clone()));
        let is_json = self.is_json.clone();
        let sink = if kind.is_remote() { self.sink(&name, index, externals, found) } else { None };
        Provider { name, origin, kind, sink: sink.unwrap_or(Sink::Proxy), path, is_json }
    }

    fn sink(self, name: &str, index: &Index<'_>, externals: &[External], found: &mut Diagnostics) -> Option<Sink> {
        let span = self.span?;
        if self.port.is_none() {
            found.push(missing(name, "port", "port=4317", span));
        }
        match (self.service, self.host) {
            (Some(service), _) => self.port.and_then(|port| of_service(index, &service, port, found)),
            (None, Some(host)) => {
                let declared = external(externals, &host.value);
                Some(Sink::Outside { host, declared, port: self.port? })
            }
            (None, None) => {
                found.push(missing(name, "service", "service=tempo.observability port=4317", span));
                None
            }
        }
    }

    /// What only other providers have.
    fn check_parts(&self, kind: ProviderKind, found: &mut Diagnostics) {
        let takes_path = matches!(kind, ProviderKind::LogFile | ProviderKind::OpenTelemetry | ProviderKind::Zipkin);
        let takes_format = kind == ProviderKind::LogFile;
        let of_place = "a log file and Prometheus are at the proxy itself";
        let parts = [
            ("service", self.service.as_ref().and_then(Decided::span), kind.is_remote(), of_place),
            ("host", self.host.as_ref().and_then(Decided::span), kind.is_remote(), of_place),
            ("port", self.port.as_ref().and_then(Decided::span), kind.is_remote(), of_place),
            (
                "path",
                self.path.as_ref().and_then(Decided::span),
                takes_path,
                "a log file has one, and collectors of `opentelemetry` and `zipkin` may",
            ),
            ("format", self.is_json.as_ref().and_then(Decided::span), takes_format, "a log file alone has one"),
        ];
        for (word, span, _, why) in parts.into_iter().filter(|(_, _, takes, _)| !takes) {
            let Some(span) = span else { continue };
            found.push(
                Diagnostic::new(&MISPLACED_NODE, format!("a provider of this type has no `{word}`"))
                    .at(span, "would be ignored")
                    .note(why)
                    .help("take it out"),
            );
        }
    }
}

fn as_known(said: intent::ProviderKind) -> ProviderKind {
    match said {
        intent::ProviderKind::OpenTelemetry => ProviderKind::OpenTelemetry,
        intent::ProviderKind::Zipkin => ProviderKind::Zipkin,
        intent::ProviderKind::Datadog => ProviderKind::Datadog,
        intent::ProviderKind::SkyWalking => ProviderKind::SkyWalking,
        intent::ProviderKind::LogFile => ProviderKind::LogFile,
        intent::ProviderKind::OpenTelemetryLog => ProviderKind::OpenTelemetryLog,
        intent::ProviderKind::GrpcLog => ProviderKind::GrpcLog,
        intent::ProviderKind::Prometheus => ProviderKind::Prometheus,
    }
}

fn missing(name: &str, property: &str, example: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&MISSING_PROPERTY, format!("`provider {name}` needs `{property}=`"))
        .at(span, format!("no `{property}=` here"))
        .help(format!("say where it is, for example `{example}`"))
}

/// The service of a provider, which may be somebody else's and declared nowhere; its namespace is declared.
fn of_service(
    index: &Index<'_>,
    said: &Decided<Reference>,
    port: Decided<Port>,
    found: &mut Diagnostics,
) -> Option<Sink> {
    let (reference, span) = (&said.value, said.span()?);
    let name = reference.name.text();
    let Some(home) = &reference.namespace else {
        found.push(
            Diagnostic::new(&NAMESPACE_NEEDED, format!("expected a name with its namespace, found `{reference}`"))
                .at(span, "`mesh` belongs to no namespace, so a short name means nothing")
                .help(format!("write `{reference}.NAMESPACE`")),
        );
        return None;
    };
    let namespace = index.namespace(&Use::end_of(home.text(), reference.to_string().len(), span))?;
    let declared = match index.find(name, namespace) {
        Some(Member::Service(id)) => Some(id),
        None => None,
        Some(Member::Workload(_) | Member::External(_)) => {
            found.push(
                Diagnostic::new(&UNKNOWN_NAME, format!("no service is named `{reference}`"))
                    .at(span, "this is none, and takes nothing by a name of the cluster")
                    .help("name a service, or what is outside by `host=`"),
            );
            return None;
        }
    };
    Some(Sink::Service { name: name.clone(), namespace, declared, port })
}

/// What is declared outside with a host.
fn external(externals: &[External], host: &Host) -> Option<ExternalId> {
    let is_it = |pattern: &Decided<HostPattern>| matches!(&pattern.value, HostPattern::Exact(exact) if exact == host);
    (0..).map(ExternalId).zip(externals).find(|(_, external)| external.hosts.iter().any(is_it)).map(|(id, _)| id)
}
