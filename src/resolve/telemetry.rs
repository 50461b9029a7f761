use super::faults::Use;
use super::index::Index;
use super::laying::Laying;
use super::{metrics, removals};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, MISSING_ARGUMENT, Said, Switch};
use crate::ir::{AccessLog, Logged, ProviderId, Reported, TagSource, Telemetry, Tracing};
use crate::source::{Decided, Origin, Span};
use crate::value::{Cel, Duration, Fraction, Name};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Of how many requests there are traces unless somebody says: of one in a hundred.
const PERCENT: u32 = 1;

/// What the layers said of `telemetry` so far.
#[derive(Clone, Default)]
pub(super) struct Laid {
    log: LogLaid,
    tracing: TracingLaid,
    metrics: metrics::Laid,
}

#[derive(Clone, Default)]
struct LogLaid {
    logged: Option<Decided<Logged>>,
    slower_than: Option<Decided<Duration>>,
    filter: Option<Decided<Cel>>,
    to: Option<Decided<ProviderId>>,
    /// The word that said something last.
    span: Option<Span>,
}

#[derive(Clone, Default)]
struct TracingLaid {
    off: Option<Origin>,
    provider: Option<Decided<ProviderId>>,
    percent: Option<Decided<Fraction>>,
    tags: BTreeMap<SmolStr, Decided<TagSource>>,
    /// Whether some layer names a provider, even one that nothing has.
    is_named: bool,
    /// The word that said something last.
    span: Option<Span>,
}

impl Laid {
    /// Lays `telemetry` over the weaker ones.
    pub(super) fn lay(&mut self, index: &Index<'_>, laying: &mut Laying<'_>, said: &intent::Telemetry) {
        let intent::Telemetry { access_log, tracing, metrics } = said;
        if let Some(said) = access_log {
            self.log.lay(index, laying, said);
        }
        match tracing.as_ref().map(|said| (&said.value, said.span)) {
            Some((Switch::On(said), span)) => self.tracing.lay(index, laying, said, span),
            Some((Switch::Off, span)) => {
                self.tracing = TracingLaid { off: Some(laying.origin(span)), ..TracingLaid::default() };
            }
            None => {}
        }
        if let Some(said) = metrics {
            self.metrics.lay(index, laying, said);
        }
    }

    /// Closes it.
    pub(super) fn complete(&self, index: &Index<'_>, found: &mut Diagnostics) -> Telemetry {
        let Laid { log, tracing, metrics } = self.clone();
        Telemetry {
            log: log.complete(index, found),
            tracing: tracing.complete(found),
            metrics: metrics.complete(index),
        }
    }
}

/// Lays the name of a provider.
pub(super) fn provider(
    index: &Index<'_>,
    laying: &mut Laying<'_>,
    slot: &mut Option<Decided<ProviderId>>,
    said: &Said<Name>,
) {
    let Some(name) = said else { return };
    if let Some(id) = index.provider(&Use::whole(name.value.text(), name.span), laying.found) {
        laying.value(slot, id, name.span, "the provider");
    }
}

impl LogLaid {
    fn lay(&mut self, index: &Index<'_>, laying: &mut Laying<'_>, said: &intent::AccessLog) {
        let intent::AccessLog { logged, slower_than, to, filter, span } = said;
        self.span = Some(*span);
        let logged = logged.clone().map(|said| said.map(as_known));
        laying.part(&mut self.logged, &logged, "`access-log`");
        laying.part(&mut self.slower_than, slower_than, "`slower-than`");
        laying.part(&mut self.filter, filter, "`filter`");
        provider(index, laying, &mut self.to, to);
    }

    /// What a weaker layer said for another choice of requests does not reach this one.
    fn complete(self, index: &Index<'_>, found: &mut Diagnostics) -> Option<AccessLog> {
        let LogLaid { logged, slower_than, filter, to, span } = self;
        let span = span?;
        let Some(logged) = logged else {
            found.push(
                Diagnostic::new(&MISSING_ARGUMENT, "`access-log` needs which requests get a line")
                    .at(span, "no layer says it")
                    .help("write `access-log errors`, or `access-log all`"),
            );
            return None;
        };
        let chosen = logged.origin.layer;
        let (slow, all) = (logged.value == Logged::Errors, logged.value == Logged::All);
        Some(AccessLog {
            slower_than: slower_than.filter(|said| slow || said.origin.layer >= chosen),
            filter: filter.filter(|said| all || said.origin.layer >= chosen),
            to: to.unwrap_or_else(|| Decided::built_in(index.built_in_provider("stdout"))),
            logged,
        })
    }
}

impl TracingLaid {
    fn lay(&mut self, index: &Index<'_>, laying: &mut Laying<'_>, said: &intent::Tracing, span: Span) {
        let intent::Tracing { provider: name, percent, tags, removals } = said;
        self.off = None;
        self.span = Some(span);
        self.is_named |= name.is_some();
        provider(index, laying, &mut self.provider, name);
        laying.part(&mut self.percent, percent, "`percent`");
        let added = tags.iter().map(|tag| (tag.name.value.clone(), &tag.name.span));
        removals::lay(laying, (removals, "tag"), added, |name| self.tags.remove(name).map(|tag| tag.origin));
        for intent::TraceTag { name, source } in tags {
            let mut slot = self.tags.remove(&name.value);
            laying.value(&mut slot, as_known_source(source), name.span, &format!("the tag `{}`", name.value));
            self.tags.extend(slot.map(|slot| (name.value.clone(), slot)));
        }
    }

    fn complete(self, found: &mut Diagnostics) -> Option<Reported<Tracing>> {
        let TracingLaid { off, provider, percent, tags, is_named, span } = self;
        if let Some(origin) = off {
            return Some(Reported::Off(origin));
        }
        let span = span?;
        let Some(provider) = provider else {
            if !is_named {
                found.push(
                    Diagnostic::new(&MISSING_ARGUMENT, "`tracing` needs a provider")
                        .at(span, "no layer says where traces go")
                        .help(
                            "write `tracing NAME`, and `provider NAME opentelemetry service=... port=4317` in `mesh`",
                        ),
                );
            }
            return None;
        };
        let percent = percent.unwrap_or_else(|| Decided::built_in(Fraction::of_whole(PERCENT)));
        Some(Reported::On(Box::new(Tracing { provider, percent, tags })))
    }
}

fn as_known(said: intent::Logged) -> Logged {
    match said {
        intent::Logged::Nothing => Logged::Nothing,
        intent::Logged::All => Logged::All,
        intent::Logged::Errors => Logged::Errors,
    }
}

fn as_known_source(said: &intent::TagSource) -> TagSource {
    match said.clone() {
        intent::TagSource::Text(text) => TagSource::Text(text),
        intent::TagSource::Header(header, default) => TagSource::Header(header, default),
        intent::TagSource::Variable(name, default) => TagSource::Variable(name, default),
    }
}
