use super::Read;
use crate::diff::{Held, Id, Object, Owner, Side, Unknown};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Objects that were read from files or a cluster, before it is known which environments there are.
#[derive(Default)]
pub(super) struct Loose {
    /// Each with the folder that its file lies in, of the folder that was named.
    pub(super) objects: Vec<(Option<SmolStr>, Arc<Object>)>,
    /// What is known of what is not there, where the objects come from a cluster.
    pub(super) live: Option<Live>,
}

/// What is known of what a cluster does not have.
#[derive(Default)]
pub(super) struct Live {
    /// The kinds of which all objects were listed.
    pub(super) kinds: BTreeSet<SmolStr>,
    /// What could not be listed.
    pub(super) unknown: Vec<Unknown>,
    /// Why a kind that is not of these is not known.
    pub(super) reason: &'static str,
    /// The namespaces that objects were listed of; none: all.
    only: Option<SmolStr>,
    /// Whether they are those of one cluster, which has each of them once.
    is_one: bool,
}

/// What no dump is asked about.
const SECRET: &str = "Secret";

impl Loose {
    /// Objects that clusters had when somebody asked them.
    pub(super) fn dump() -> Self {
        let live = Live { reason: "the dump holds no object of this kind", ..Live::default() };
        Loose { objects: Vec::new(), live: Some(live) }
    }

    /// Objects that a cluster has.
    pub(super) fn cluster() -> Self {
        Loose { objects: Vec::new(), live: Some(Live { is_one: true, ..Live::default() }) }
    }

    /// Takes in what a document of a dump holds; Secrets are left where they are.
    pub(super) fn take(&mut self, held: Held) {
        if let Some(live) = &mut self.live {
            live.kinds.extend(held.kind);
            live.kinds.extend(held.objects.iter().map(|object| object.id.kind.clone()));
        }
        let objects = held.objects.into_iter().filter(|object| object.id.kind != SECRET);
        self.objects.extend(objects.map(|object| (None, Arc::new(object))));
    }

    /// The objects of each environment: by what they say themselves, else by their folder, if an environment is named so.
    /// What is of none is of all; where all are of one or none, there is one side. In a cluster the environments stand
    /// beside each other, and one that the other side does not know is somebody else's.
    fn settle(self, about: &About, live: Option<&Live>, twice: &mut Vec<String>) -> BTreeMap<Option<String>, Side> {
        let said = |owner: &Owner| {
            let is_of_others = about.project.is_some() && owner.project != about.project;
            owner.environment.clone().filter(|_| !is_of_others)
        };
        let names: BTreeSet<SmolStr> = self.objects.iter().filter_map(|(_, object)| said(&object.owner)).collect();
        let is_name = |name: &SmolStr| about.environments.contains(name.as_str()) || names.contains(name);
        let of =
            |(folder, object): (Option<SmolStr>, Arc<Object>)| (said(&object.owner).or(folder.filter(is_name)), object);
        let objects: Vec<(Option<SmolStr>, Arc<Object>)> = self.objects.into_iter().map(of).collect();
        let is_one = live.is_some_and(|live| live.is_one);
        let is_known = |name: &SmolStr| {
            live.is_none() || about.environments.is_empty() || about.environments.contains(name.as_str())
        };
        let names: BTreeSet<SmolStr> = match about.only.as_ref().filter(|_| is_one) {
            Some(only) => BTreeSet::from([only.into()]),
            None => objects.iter().filter_map(|(name, _)| name.clone()).filter(is_known).collect(),
        };
        let mut sides: BTreeMap<Option<SmolStr>, Vec<Arc<Object>>> = match names.len() {
            0 | 1 => BTreeMap::from([(names.first().cloned(), Vec::new())]),
            _ => names.into_iter().map(|name| (Some(name), Vec::new())).collect(),
        };
        for (name, object) in objects {
            let is_in = |side: &Option<SmolStr>| is_one || name.is_none() || side.is_none() || *side == name;
            for (_, side) in sides.iter_mut().filter(|(side, _)| is_in(side)) {
                side.push(Arc::clone(&object));
            }
        }
        let settled = sides.into_iter().map(|(name, objects)| {
            let (side, again) = Side::of(objects);
            twice.extend(again.iter().map(Id::to_string));
            (name.map(String::from), side)
        });
        settled.collect()
    }
}

/// What is known of both sides before the objects of files are put into environments.
struct About {
    environments: BTreeSet<String>,
    project: Option<SmolStr>,
    /// The environment of the side that was compiled, if it has one alone.
    only: Option<String>,
}

impl About {
    fn of(both: &[&Read]) -> Self {
        let is_alone = |read: &&&Read| read.loose.is_none() && read.sides.len() == 1;
        About {
            environments: both.iter().flat_map(|read| read.declared.iter().flatten()).cloned().collect(),
            project: both.iter().flat_map(|read| read.sides.values()).find_map(|side| side.owner()?.project.clone()),
            only: both.iter().filter(is_alone).find_map(|read| read.sides.keys().flatten().next().cloned()),
        }
    }
}

/// Puts the objects of files into the environments of both sides; the identities that one has twice are handed back.
pub(super) fn settle(from: &mut Read, to: &mut Read) -> Vec<String> {
    let about = About::of(&[&*from, &*to]);
    let mut twice = Vec::new();
    let mut live = [None, None];
    for (read, live) in [&mut *from, &mut *to].into_iter().zip(&mut live) {
        if let Some(mut loose) = read.loose.take() {
            let is_live = loose.live.is_some();
            *live = loose.live.take();
            read.sides = loose.settle(&about, live.as_ref(), &mut twice);
            read.sides.values_mut().for_each(|side| side.is_live = is_live);
        }
    }
    let [of_from, of_to] = live;
    if let Some(live) = of_from {
        live.mark(from, &[to]);
    }
    if let Some(live) = of_to {
        live.mark(to, &[from]);
    }
    twice
}

/// Puts the objects of a cluster into the environments of two sides that are settled.
pub(super) fn settle_live(live: &mut Read, from: &Read, to: &Read) {
    let about = About::of(&[to, from]);
    let Some(mut loose) = live.loose.take() else { return };
    let known = loose.live.take();
    live.sides = loose.settle(&about, known.as_ref(), &mut Vec::new());
    live.sides.values_mut().for_each(|side| side.is_live = true);
    if let Some(known) = known {
        known.mark(live, &[to, from]);
    }
}

/// Puts the objects of files into the environments of a side before the other one is read.
pub(super) fn settle_alone(read: &mut Read) {
    let about = About { environments: BTreeSet::new(), project: None, only: None };
    if let Some(loose) = read.loose.take() {
        read.sides = loose.settle(&about, None, &mut Vec::new());
    }
}

impl Read {
    /// The side of an environment, or the only one that there is.
    fn side(&self, name: &Option<String>) -> Option<&Side> {
        self.sides.get(name).or_else(|| self.sides.values().next().filter(|_| self.sides.len() == 1))
    }
}

impl Live {
    /// Says of each side of a cluster what of the other one it does not know, and what is not its own.
    fn mark(mut self, own: &mut Read, others: &[&Read]) {
        let namespaces: BTreeSet<&SmolStr> =
            own.sides.values().flat_map(Side::objects).filter_map(|object| object.id.namespace.as_ref()).collect();
        // Objects of one namespace alone were listed there alone, as far as anyone can tell.
        self.only = if !self.is_one && namespaces.len() == 1 && !self.kinds.contains("Namespace") {
            namespaces.first().copied().cloned()
        } else {
            None
        };
        for (name, side) in &mut own.sides {
            let others: Vec<&Side> = others.iter().filter_map(|other| other.side(name)).collect();
            let objects = others.iter().flat_map(|other| other.objects()).filter(|object| !object.id.is_setting());
            let missing = objects.filter_map(|object| self.missing(&object.id));
            let missing: BTreeSet<Unknown> = missing.chain(self.unknown.iter().cloned()).collect();
            side.unknown = missing.into_iter().collect();
            if let Some(owner) =
                others.iter().find_map(|other| other.owner()).cloned().or_else(|| side.owner().cloned())
            {
                side.disown(&owner);
            }
        }
    }

    /// Why it is not known whether an object is there.
    fn missing(&self, id: &Id) -> Option<Unknown> {
        let unknown = |namespace: Option<SmolStr>, reason: &str| {
            Some(Unknown { kind: id.kind.clone(), namespace, reason: reason.to_owned() })
        };
        if !self.kinds.contains(&id.kind) && self.unknown.iter().all(|unknown| unknown.kind != id.kind) {
            return unknown(None, self.reason);
        }
        let is_elsewhere = self.only.as_ref().is_some_and(|only| id.namespace.as_ref().is_some_and(|own| own != only));
        is_elsewhere.then(|| unknown(id.namespace.clone(), "the dump holds no object of this namespace")).flatten()
    }
}
