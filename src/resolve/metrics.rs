use super::index::Index;
use super::laying::{Laying, said_twice};
use super::removals;
use super::telemetry::provider;
use crate::intent::{self, Removal, Switch};
use crate::ir::{MetricKey, Metrics, ProviderId, Reported, Side};
use crate::source::{Decided, Origin, Spanned};
use crate::value::{Cel, Metric, TagName};
use smol_str::{SmolStr, ToSmolStr};
use std::collections::BTreeMap;

/// What the layers said of `metrics` so far.
#[derive(Clone, Default)]
pub(super) struct Laid {
    off: Option<Origin>,
    is_said: bool,
    provider: Option<Decided<ProviderId>>,
    tags: BTreeMap<MetricKey, Decided<Cel>>,
    dropped_tags: BTreeMap<TagName, Origin>,
    dropped: BTreeMap<Metric, Origin>,
}

impl Laid {
    /// Lays `metrics` over the weaker ones.
    pub(super) fn lay(&mut self, index: &Index<'_>, laying: &mut Laying<'_>, said: &Spanned<Switch<intent::Metrics>>) {
        let intent::Metrics { provider: name, tags, dropped_tags, dropped, removals } = match &said.value {
            Switch::On(metrics) => metrics,
            Switch::Off => {
                *self = Laid { off: Some(laying.origin(said.span)), ..Laid::default() };
                return;
            }
        };
        self.off = None;
        self.is_said = true;
        provider(index, laying, &mut self.provider, name);
        self.take_away(laying, removals, (tags, dropped_tags, dropped));
        for tag in tags {
            if let Some(dropped) = dropped_tags.iter().find(|name| name.value == tag.key.value.0) {
                laying.found.push(said_twice(
                    &format!("what becomes of the tag `{}`", dropped.value),
                    dropped.span,
                    tag.key.span,
                ));
            }
            self.lay_tag(laying, tag);
        }
        for name in dropped_tags {
            self.tags.retain(|(_, _, tag), _| *tag != name.value);
            let before = self.dropped_tags.insert(name.value.clone(), laying.origin(name.span));
            laying.check_first(before.and_then(|origin| origin.span), name.span, &format!("`drop-tag {}`", name.value));
        }
        for metric in dropped {
            let before = self.dropped.insert(metric.value, laying.origin(metric.span));
            let what = format!("`drop {}`", metric.value.word());
            laying.check_first(before.and_then(|origin| origin.span), metric.span, &what);
        }
    }

    /// A name takes away the tag of every metric.
    fn take_away(
        &mut self,
        laying: &mut Laying<'_>,
        removals: &[Removal],
        (tags, dropped_tags, dropped): (&[intent::MetricTag], &[Spanned<TagName>], &[Spanned<Metric>]),
    ) {
        let added = tags.iter().map(|tag| (tag.key.value.0.to_smolstr(), &tag.key.span));
        removals::lay(laying, (removals, "tag"), added, |name| {
            let is_named = |key: &MetricKey| key.2.to_smolstr() == name;
            let origin = self.tags.iter().find(|(key, _)| is_named(key)).map(|(_, tag)| tag.origin);
            self.tags.retain(|key, _| !is_named(key));
            origin
        });
        let added = dropped_tags.iter().map(|name| (name.value.to_smolstr(), &name.span));
        removals::lay(laying, (removals, "drop-tag"), added, |name| {
            self.dropped_tags.remove(&TagName::parse(name).ok()?)
        });
        let added = dropped.iter().map(|metric| (SmolStr::new_static(metric.value.word()), &metric.span));
        removals::lay(laying, (removals, "drop"), added, |name| {
            let metric = Metric::ALL.iter().find(|(word, _)| *word == name)?;
            self.dropped.remove(&metric.1)
        });
    }

    /// A tag that a weaker layer dropped is there again.
    fn lay_tag(&mut self, laying: &mut Laying<'_>, tag: &intent::MetricTag) {
        let (name, metric, side) = &tag.key.value;
        self.dropped_tags.remove(name);
        let side = side.map(|side| match side {
            intent::Side::Client => Side::Client,
            intent::Side::Server => Side::Server,
        });
        let key = (*metric, side, name.clone());
        let mut slot = self.tags.remove(&key);
        laying.value(&mut slot, tag.value.value.clone(), tag.value.span, &format!("the tag `{name}`"));
        self.tags.extend(slot.map(|slot| (key, slot)));
    }

    /// Closes it.
    pub(super) fn complete(self, index: &Index<'_>) -> Option<Reported<Metrics>> {
        let Laid { off, is_said, provider, tags, dropped_tags, dropped } = self;
        if let Some(origin) = off {
            return Some(Reported::Off(origin));
        }
        let provider = provider.unwrap_or_else(|| Decided::built_in(index.built_in_provider("prometheus")));
        is_said.then(|| Reported::On(Box::new(Metrics { provider, tags, dropped_tags, dropped })))
    }
}
