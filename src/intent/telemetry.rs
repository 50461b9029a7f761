use super::decode::{Decoder, argument, arguments, each_once as keyed_once, head, property, push_keyed};
use super::grammar::{MANY, Place, Repeats, Word};
use super::metrics::{self, Metrics};
use super::words::Removal;
use super::{CHOOSE_ONE, Said, Switch, body};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::syntax::Node;
use crate::value::{Cel, Duration, Fraction, HeaderName, Name, VariableName};
use smol_str::SmolStr;

/// A row of a word of `telemetry`.
const fn row(name: &'static str, place: &'static [Place], shape: &'static str, meaning: &'static str) -> Word {
    let (arguments, properties, block, repeats) = ((0, 1), &[], None, Repeats::Once);
    Word { name, places: place, shape, arguments, properties, block, repeats, meaning }
}

/// Where words about the proxies of pods stand.
pub(super) const HOLDERS: &[Place] =
    &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service, Place::Workload, Place::Gateway];

pub(super) const WORDS: &[Word] = &[
    Word {
        arguments: (0, 0),
        block: Some(Place::Telemetry),
        ..row(
            "telemetry",
            HOLDERS,
            "{ access-log; tracing; metrics }",
            "What proxies tell of the requests and connections that they see.",
        )
    },
    Word {
        properties: &["slower-than", "to", "filter"],
        ..row(
            "access-log",
            &[Place::Telemetry],
            "off | all | errors slower-than=DURATION to=PROVIDER filter=CEL",
            "Which requests get a line: none, all (or those that `filter` lets through), or those that failed (status 400 and up, or no answer) and, by `slower-than`, slow ones; connections without requests count as failed. Unsaid, none; to the proxy's own output unless `to` says where.",
        )
    },
    Word {
        properties: &["percent"],
        block: Some(Place::Tracing),
        ..row(
            "tracing",
            &[Place::Telemetry],
            "PROVIDER percent=PERCENT { tag } | off",
            "Where traces go, and of how many of the requests that nobody decided about before; 1 percent unless said.",
        )
    },
    Word {
        arguments: (1, 2),
        properties: &["header", "env", "default"],
        repeats: Repeats::Keyed,
        ..row(
            "tag",
            &[Place::Tracing],
            "NAME VALUE | NAME header=HEADER default=VALUE | NAME env=VARIABLE default=VALUE",
            "What each span says besides: a text, a header of the request, or a variable of the proxy.",
        )
    },
    Word {
        block: Some(Place::Metrics),
        ..row(
            "metrics",
            &[Place::Telemetry],
            "PROVIDER { tag; drop-tag; drop } | off",
            "Where metrics are kept, and what is added to them and taken from them.",
        )
    },
    Word {
        arguments: (2, 2),
        properties: &["metric", "side"],
        repeats: Repeats::Keyed,
        ..row(
            "tag",
            &[Place::Metrics],
            "NAME CEL metric=METRIC side=client|server",
            "A tag of the metrics, old or new, and what it holds; of one metric or of all, as the caller's proxy or the service's counts, or both.",
        )
    },
    Word {
        arguments: (1, MANY),
        repeats: Repeats::Adds,
        ..row("drop-tag", &[Place::Metrics], "NAME+", "Tags that go, from all metrics.")
    },
    Word {
        arguments: (1, MANY),
        repeats: Repeats::Adds,
        ..row("drop", &[Place::Metrics], "METRIC+", "Metrics that are not kept.")
    },
];

/// `telemetry`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Telemetry {
    /// `access-log`.
    pub access_log: Option<AccessLog>,
    /// `tracing`.
    pub tracing: Said<Switch<Tracing>>,
    /// `metrics`.
    pub metrics: Said<Switch<Metrics>>,
}

/// Which requests get a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logged {
    /// None.
    Nothing,
    /// All.
    All,
    /// Those that failed.
    Errors,
}

/// The parts of `access-log`; an overlay may leave any of them out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessLog {
    /// Which requests.
    pub logged: Said<Logged>,
    /// Those too that took longer.
    pub slower_than: Said<Duration>,
    /// Where the lines go.
    pub to: Said<Name>,
    /// Which of all.
    pub filter: Said<Cel>,
    /// The node's word and values.
    pub span: Span,
}

/// The parts of `tracing`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tracing {
    /// Where traces go.
    pub provider: Said<Name>,
    /// Of how many requests.
    pub percent: Said<Fraction>,
    /// What each span says besides.
    pub tags: Vec<TraceTag>,
    /// `-tag`.
    pub removals: Vec<Removal>,
}

/// `tag` of `tracing`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceTag {
    /// Its name.
    pub name: Spanned<SmolStr>,
    /// Where its value comes from.
    pub source: TagSource,
}

/// Where the value of a tag comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagSource {
    /// It is this text.
    Text(SmolStr),
    /// A header of the request; without it, the text.
    Header(HeaderName, Option<SmolStr>),
    /// A variable of the proxy; without it, the text.
    Variable(VariableName, Option<SmolStr>),
}

/// Reads `telemetry`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Telemetry {
    let mut telemetry = Telemetry::default();
    decoder.children(node, Place::Telemetry, |decoder, word, child| match word.name {
        "access-log" => telemetry.access_log = Some(access_log(decoder, child)),
        "tracing" => telemetry.tracing = decoder.switch(child, |decoder| Some(tracing(decoder, child))),
        _ => telemetry.metrics = decoder.switch(child, |decoder| Some(metrics::decode(decoder, child))),
    });
    telemetry
}

const LOGGED: [(&str, Logged); 3] = [("off", Logged::Nothing), ("all", Logged::All), ("errors", Logged::Errors)];

fn access_log(decoder: &mut Decoder<'_>, node: &Node<'_>) -> AccessLog {
    AccessLog {
        logged: argument(node, 0).and_then(|entry| decoder.choice(entry, &LOGGED)),
        slower_than: property(node, "slower-than").and_then(|entry| decoder.value(entry)),
        to: property(node, "to").and_then(|entry| decoder.value(entry)),
        filter: property(node, "filter").and_then(|entry| decoder.value(entry)),
        span: head(node),
    }
}

fn tracing(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Spanned<Tracing> {
    let provider = argument(node, 0).and_then(|entry| decoder.value(entry));
    let percent = property(node, "percent").and_then(|entry| decoder.fraction(entry));
    let (mut tags, mut removals) = (Vec::new(), Vec::new());
    decoder.children(node, Place::Tracing, |decoder, word, child| {
        if body::take_removal(decoder, &mut removals, word, child) {
            return;
        }
        if let Some(tag) = tag(decoder, child) {
            let what = format!("the tag `{}`", tag.name.value);
            push_keyed(decoder, &mut tags, &what, tag, |tag| &tag.name);
        }
    });
    keyed_once(decoder, &tags, "this tag", |tag| &tag.name);
    Spanned::new(Tracing { provider, percent, tags, removals }, head(node))
}

fn tag(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<TraceTag> {
    let name = argument(node, 0).and_then(|entry| decoder.value::<SmolStr>(entry));
    let default = property(node, "default").and_then(|entry| decoder.value::<SmolStr>(entry));
    let text = argument(node, 1);
    let header = property(node, "header");
    let variable = property(node, "env");
    let said = [text, header, variable];
    let mut said = said.into_iter().flatten();
    let Some(first) = said.next() else {
        decoder.found.push(
            Diagnostic::new(&super::MISSING_ARGUMENT, "`tag` needs what it holds")
                .at(head(node), "a value is missing here")
                .help("write `tag NAME VALUE`, `tag NAME header=HEADER` or `tag NAME env=VARIABLE`"),
        );
        return None;
    };
    if let Some(second) = said.next().or_else(|| text.and(property(node, "default"))) {
        decoder.found.push(
            Diagnostic::new(&CHOOSE_ONE, "a tag holds a text, a header or a variable")
                .at(second.span, "another value, or one for when there is none")
                .related(first.span, "its value")
                .help("keep one of them; `default=` stands beside `header=` and `env=`"),
        );
        return None;
    }
    let default = default.map(|said| said.value);
    let source = match (text, header, variable) {
        (Some(entry), _, _) => TagSource::Text(decoder.value::<SmolStr>(entry)?.value),
        (None, Some(entry), _) => TagSource::Header(decoder.value::<HeaderName>(entry)?.value, default),
        (None, None, Some(entry)) => TagSource::Variable(decoder.value::<VariableName>(entry)?.value, default),
        (None, None, None) => return None,
    };
    Some(TraceTag { name: name?, source })
}

/// The values of a list that are read one by one, with where each stands.
pub(super) fn each<T>(
    decoder: &mut Decoder<'_>,
    node: &Node<'_>,
    mut read: impl FnMut(&mut Decoder<'_>, &crate::syntax::Entry<'_>) -> Said<T>,
) -> Vec<Spanned<T>> {
    arguments(node).filter_map(|entry| read(decoder, entry)).collect()
}
