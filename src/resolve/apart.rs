//! What one block of a layer takes away and a later one of it says: the order of files must not decide which counts.
//! That an earlier block says what a later one takes away shows as parts are laid; this way round it does not.

use super::removals::added_and_removed;
use crate::diagnostic::Diagnostics;
use crate::intent::{self, Actions, Body, HeaderEdits, Metadata, Removal, Resilience, Said, Switch, Telemetry};
use crate::source::{Span, Spanned};
use smol_str::{SmolStr, ToSmolStr};

/// What a block says under the keys of one word, and takes away with its `-word`.
struct Part<'i> {
    /// The block inside of the layer's in which the word stands.
    place: &'static str,
    word: &'static str,
    added: Vec<(SmolStr, Span)>,
    removals: &'i [Removal],
}

/// A key that is taken away, and said by a later block.
pub(super) struct Apart {
    word: &'static str,
    key: SmolStr,
    added: Span,
    /// Where it is taken away.
    pub(super) removed: Span,
}

/// Those of the blocks of a layer.
pub(super) fn of_bodies(bodies: &[&Body]) -> Vec<Apart> {
    if bodies.len() < 2 {
        return Vec::new();
    }
    of(&bodies.iter().map(|body| of_body(body)).collect::<Vec<_>>())
}

/// Those of the labels and annotations of a namespace.
pub(super) fn of_metadata(blocks: &[(Span, &Metadata)]) -> Vec<Apart> {
    of(&blocks.iter().map(|(_, said)| of_pairs(said)).collect::<Vec<_>>())
}

fn of_pairs(said: &Metadata) -> Vec<Part<'_>> {
    let Metadata { labels, annotations, removals } = said;
    let part = |word, said: &[Spanned<intent::Pairs>]| {
        let keys = said.iter().flat_map(|node| node.value.iter().map(|(key, _)| (key.clone(), node.span)));
        Part { place: "", word, added: keys.collect(), removals }
    };
    vec![part("label", labels), part("annotation", annotations)]
}

fn of(blocks: &[Vec<Part<'_>>]) -> Vec<Apart> {
    let mut found = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        for part in block {
            let later = blocks.iter().skip(at + 1).flatten();
            let later = later.filter(|other| (other.place, other.word) == (part.place, part.word));
            let later: Vec<_> = later.flat_map(|other| &other.added).collect();
            for removal in part.removals.iter().filter(|removal| removal.word == part.word) {
                let again = later.iter().find(|(key, _)| *key == removal.key.value);
                found.extend(again.map(|(key, added)| Apart {
                    word: part.word,
                    key: key.clone(),
                    added: *added,
                    removed: removal.key.span,
                }));
            }
        }
    }
    found
}

/// Reports each.
pub(super) fn tell(all: &[Apart], found: &mut Diagnostics) {
    for Apart { word, key, added, removed } in all {
        found.push(added_and_removed(&format_args!("{word} {key}"), *added, *removed));
    }
}

fn of_body(body: &Body) -> Vec<Part<'_>> {
    let words = &body.words;
    let mut parts = Vec::new();
    parts.extend(words.telemetry.iter().flat_map(|said| of_telemetry(said)));
    parts.extend(words.proxy.iter().map(|said| {
        let added = said.variables.iter().map(|(name, _)| (name.value.text().clone(), name.span)).collect();
        Part { place: "proxy", word: "env", added, removals: &said.removals }
    }));
    parts.extend(words.actions.iter().flat_map(|said| of_actions(said)));
    parts.extend(words.resilience.iter().filter_map(|said| of_resilience(said)));
    parts
}

fn on<T>(said: &Said<Switch<T>>) -> Option<&T> {
    match said.as_ref().map(|said| &said.value) {
        Some(Switch::On(said)) => Some(said),
        Some(Switch::Off) | None => None,
    }
}

fn of_telemetry(said: &Telemetry) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    if let Some(tracing) = on(&said.tracing) {
        let added = tracing.tags.iter().map(|tag| (tag.name.value.clone(), tag.name.span)).collect();
        parts.push(Part { place: "tracing", word: "tag", added, removals: &tracing.removals });
    }
    if let Some(metrics) = on(&said.metrics) {
        let part = |word, added| Part { place: "metrics", word, added, removals: &metrics.removals };
        let tags = metrics.tags.iter().map(|tag| (tag.key.value.0.to_smolstr(), tag.key.span));
        let dropped_tags = metrics.dropped_tags.iter().map(|name| (name.value.to_smolstr(), name.span));
        let dropped = metrics.dropped.iter().map(|metric| (SmolStr::new_static(metric.value.word()), metric.span));
        parts.push(part("tag", tags.collect()));
        parts.push(part("drop-tag", dropped_tags.collect()));
        parts.push(part("drop", dropped.collect()));
    }
    parts
}

fn of_actions(said: &Actions) -> Vec<Part<'_>> {
    let Some(Switch::On(changes)) = said.headers.as_ref().map(|said| &said.value) else { return Vec::new() };
    let mut parts = of_headers("request", &changes.request);
    parts.append(&mut of_headers("response", &changes.response));
    parts
}

fn of_headers<'i>(place: &'static str, said: &'i HeaderEdits) -> Vec<Part<'i>> {
    let HeaderEdits { set, add, remove, removals } = said;
    let part = |word, added| Part { place, word, added, removals };
    let given = |list: &[intent::HeaderChange]| {
        list.iter().map(|change| (change.name.value.to_smolstr(), change.name.span)).collect()
    };
    let taken = remove.iter().map(|name| (name.value.to_smolstr(), name.span)).collect();
    vec![part("set", given(set)), part("add", given(add)), part("remove", taken)]
}

fn of_resilience(said: &Resilience) -> Option<Part<'_>> {
    let place = "locality";
    match said.locality.as_ref().map(|said| &said.value) {
        Some(Switch::On(intent::Locality::Failover(lines, removals))) => {
            let added = lines.iter().map(|(from, _)| (from.value.to_smolstr(), from.span)).collect();
            Some(Part { place, word: "failover", added, removals })
        }
        Some(Switch::On(intent::Locality::Distribute(lines, removals))) => {
            let added = lines.iter().map(|line| (line.from.value.to_smolstr(), line.from.span)).collect();
            Some(Part { place, word: "distribute", added, removals })
        }
        Some(Switch::On(intent::Locality::Prefer(_)) | Switch::Off) | None => None,
    }
}
