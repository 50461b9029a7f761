use super::super::Lowering;
use super::telemetry::provider;
use crate::ir::{self, Reported, Side};
use crate::manifest::Traced;
use crate::manifest::istio::{MetricSelector, Metrics, MetricsOverride, TagOverride};
use crate::source::Origin;
use crate::value::{Metric, TagName};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// Some metrics: which, and whose proxy counts.
type Which = (Metric, Option<Side>);

/// What differs from the objects above. Istio adds the overrides of all of them up, so what a stronger layer took away is
/// taken away here.
pub(super) fn lower(lowering: &Lowering<'_>, above: &[&ir::Telemetry], own: &ir::Telemetry) -> Option<Metrics> {
    let nearest = above.last()?.metrics.as_ref();
    let said = match own.metrics.as_ref()? {
        Reported::On(said) => said,
        Reported::Off(origin) => {
            if matches!(nearest, Some(Reported::Off(_))) {
                return None;
            }
            let before = above.iter().rev().find_map(|telemetry| telemetry.counts_in());
            let kept = before.cloned().unwrap_or_else(|| lowering.mesh.prometheus());
            let overrides = vec![switched(true, *origin)];
            return Some(Metrics { providers: provider(lowering, &kept), overrides });
        }
    };
    if nearest.and_then(Reported::on).is_some_and(|before| is_same(before, said)) {
        return None;
    }
    let earlier: Vec<&ir::Metrics> = above.iter().filter_map(|telemetry| telemetry.metrics.as_ref()?.on()).collect();
    let was_off = above.iter().any(|telemetry| matches!(telemetry.metrics, Some(Reported::Off(_))));
    let was_dropped =
        earlier.iter().any(|before| before.dropped.keys().any(|metric| !said.dropped.contains_key(metric)));
    let mut overrides = Vec::new();
    if was_off || was_dropped {
        overrides.push(switched(false, said.provider.origin));
    }
    let changed: Vec<MetricsOverride> =
        groups(&earlier, said).into_iter().map(|(which, group)| group.lower(which)).collect();
    overrides.extend(changed);
    Some(Metrics { providers: provider(lowering, &said.provider), overrides })
}

/// What becomes of some metrics.
#[derive(Default)]
struct Group {
    dropped: Option<Origin>,
    tags: BTreeMap<SmolStr, TagOverride>,
}

impl Group {
    fn lower(self, (metric, side): Which) -> MetricsOverride {
        MetricsOverride {
            which: MetricSelector { metric: name(metric), mode: side.map(mode) },
            disabled: self.dropped.map(|origin| Traced::new(true, origin)),
            tag_overrides: self.tags.into_iter().collect(),
        }
    }
}

/// What is of all metrics comes first: a later entry counts for its own.
fn groups(earlier: &[&ir::Metrics], said: &ir::Metrics) -> BTreeMap<Which, Group> {
    let mut groups: BTreeMap<Which, Group> = BTreeMap::new();
    let goes = |origin| TagOverride::Goes { operation: Traced::new("REMOVE", origin) };
    let before: BTreeSet<_> = earlier.iter().flat_map(|before| before.tags.keys()).collect();
    for (metric, side, tag) in before.into_iter().filter(|key| !said.tags.contains_key(*key)) {
        groups.entry((*metric, *side)).or_default().tags.insert(tag.text().clone(), goes(said.provider.origin));
    }
    for ((metric, side, tag), value) in &said.tags {
        let holds = TagOverride::Holds { value: Traced::new(value.value.text().clone(), value.origin) };
        groups.entry((*metric, *side)).or_default().tags.insert(tag.text().clone(), holds);
    }
    for (tag, origin) in &said.dropped_tags {
        groups.entry((Metric::All, None)).or_default().tags.insert(tag.text().clone(), goes(*origin));
    }
    for (metric, origin) in &said.dropped {
        groups.entry((*metric, None)).or_default().dropped = Some(*origin);
    }
    groups
}

/// All metrics, kept or not.
fn switched(disabled: bool, origin: Origin) -> MetricsOverride {
    MetricsOverride {
        which: MetricSelector { metric: name(Metric::All), mode: None },
        disabled: Some(Traced::new(disabled, origin)),
        tag_overrides: Vec::new(),
    }
}

fn is_same(one: &ir::Metrics, other: &ir::Metrics) -> bool {
    let tags = |metrics: &ir::Metrics| -> Vec<_> {
        metrics.tags.iter().map(|(key, value)| (key.clone(), value.value.clone())).collect()
    };
    let names = |metrics: &ir::Metrics| -> Vec<TagName> { metrics.dropped_tags.keys().cloned().collect() };
    let dropped = |metrics: &ir::Metrics| -> Vec<Metric> { metrics.dropped.keys().copied().collect() };
    let kept = one.provider.value == other.provider.value && names(one) == names(other);
    kept && dropped(one) == dropped(other) && tags(one) == tags(other)
}

fn mode(side: Side) -> &'static str {
    match side {
        Side::Client => "CLIENT",
        Side::Server => "SERVER",
    }
}

fn name(metric: Metric) -> &'static str {
    match metric {
        Metric::All => "ALL_METRICS",
        Metric::RequestCount => "REQUEST_COUNT",
        Metric::RequestDuration => "REQUEST_DURATION",
        Metric::RequestSize => "REQUEST_SIZE",
        Metric::ResponseSize => "RESPONSE_SIZE",
        Metric::TcpOpenedConnections => "TCP_OPENED_CONNECTIONS",
        Metric::TcpClosedConnections => "TCP_CLOSED_CONNECTIONS",
        Metric::TcpSentBytes => "TCP_SENT_BYTES",
        Metric::TcpReceivedBytes => "TCP_RECEIVED_BYTES",
        Metric::GrpcRequestMessages => "GRPC_REQUEST_MESSAGES",
        Metric::GrpcResponseMessages => "GRPC_RESPONSE_MESSAGES",
    }
}
