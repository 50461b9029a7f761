use super::{Body, Id, Owner};
use crate::source::Origin;
use crate::verbatim::{Head, Node, Outline, Unread};
use smol_str::{SmolStr, format_smolstr};
use std::cmp::Ordering;
use std::sync::Arc;

/// An object as one side has it.
#[derive(Clone, Debug)]
pub struct Object {
    /// What identifies it.
    pub id: Id,
    /// The version of its API, with the group.
    pub api: SmolStr,
    /// All of it, in the one form in which sides are compared.
    pub body: Body,
    /// The node of intent that it came from; none where it was not compiled.
    pub origin: Option<Origin>,
    /// Whose it is.
    pub owner: Owner,
    /// Whether it stands in the namespace whose rules hold for the whole mesh; its side knows which that is.
    pub is_in_root: bool,
}

impl Object {
    /// The object that `body` is; none where it does not say what identifies it.
    pub fn of(body: Node, origin: Option<Origin>) -> Option<Self> {
        let (id, api, owner) = named(&body)?;
        Some(Object { body: Body::of(body, &id), id, api, origin, owner, is_in_root: false })
    }

    /// The object that `head` names; none where it does not say what identifies it.
    pub fn unread(head: &Head<'_>, rest: Unread) -> Option<Self> {
        let (id, api, owner) = named(head.whole())?;
        let origin = Some(head.origin(rest.file()));
        Some(Object { body: Body::later(rest, id.clone()), id, api, origin, owner, is_in_root: false })
    }

    /// What stands at a path of keys with dots between them, below `spec`.
    pub fn spec(&self, path: &str) -> Option<&Node> {
        self.body.get("spec")?.path(path)
    }

    /// Who said the field that a JSON Pointer names: itself, or what it is part of. None where there is no such field.
    pub fn origin_at(&self, pointer: &str) -> Option<Option<Origin>> {
        let mut origin = self.origin;
        // What nobody said by itself is of whoever said its name: a route is of the door that it is made for.
        let named = |node: &Node| node.get("name").and_then(|name| name.origin);
        self.body.walk(pointer, |node| origin = node.origin.or_else(|| named(node)).or(origin))?;
        Some(origin)
    }

    /// When it is applied: Argo CD's sync wave.
    pub fn wave(&self) -> i64 {
        let wave = self.body.path("metadata.annotations").and_then(|all| all.get("argocd.argoproj.io/sync-wave"));
        wave.and_then(Node::text).and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// The text of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.body.path("metadata.labels")?.get(key)?.text().map(SmolStr::as_str)
    }
}

/// What names an object, its API with the version, and whose it is.
fn named(head: impl Outline) -> Option<(Id, SmolStr, Owner)> {
    let api = head.get("apiVersion")?.text()?;
    Some((Id::of(head, &api)?, api, Owner::of(head)))
}

/// What could not be read of a side: neither there nor absent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unknown {
    /// The kind.
    pub kind: SmolStr,
    /// The namespace; none: any.
    pub namespace: Option<SmolStr>,
    /// Why.
    pub reason: String,
}

/// The objects of one side.
#[derive(Clone, Debug)]
pub struct Side {
    /// By identity, each once. Two sides that have the same file share those of it.
    objects: Vec<Arc<Object>>,
    root: SmolStr,
    /// What could not be read.
    pub unknown: Vec<Unknown>,
    /// Whether it is what a cluster has: objects of others are among it.
    pub is_live: bool,
}

impl Default for Side {
    fn default() -> Self {
        Side { objects: Vec::new(), root: SmolStr::new_static(ROOT), unknown: Vec::new(), is_live: false }
    }
}

/// The root namespace where nobody says another.
const ROOT: &str = "istio-system";

impl Side {
    /// The side that has these objects, and the identities that more than one of them has: the last counts.
    pub fn of(mut objects: Vec<Arc<Object>>) -> (Self, Vec<Id>) {
        objects.sort_by(|a, b| a.id.cmp(&b.id));
        let mut twice = Vec::new();
        objects.dedup_by(|later, kept| {
            let is_same = later.id == kept.id;
            if is_same {
                twice.push(later.id.clone());
                std::mem::swap(later, kept);
            }
            is_same
        });
        let mut side = Side { objects, ..Side::default() };
        let root = side.objects().find_map(Object::root_namespace).cloned();
        side.set_root(&root.unwrap_or_else(|| SmolStr::new_static(ROOT)));
        (side, twice)
    }

    /// The namespace whose rules hold for the whole mesh.
    pub fn root(&self) -> &SmolStr {
        &self.root
    }

    /// Whose rules hold for the whole mesh, where that is known from elsewhere.
    pub fn set_root(&mut self, root: &SmolStr) {
        self.root = root.clone();
        for object in &mut self.objects {
            let is_in_root = object.id.namespace.as_ref() == Some(root);
            if object.is_in_root != is_in_root {
                Arc::make_mut(object).is_in_root = is_in_root;
            }
        }
    }

    /// Whose it is: the project and environment of its objects that are ours.
    pub fn owner(&self) -> Option<&Owner> {
        self.objects().map(|object| &object.owner).find(|owner| owner.is_ours)
    }

    /// Takes for somebody else's what another project, or another environment, has in the same cluster.
    pub fn disown(&mut self, own: &Owner) {
        let is_of_others = |object: &&mut Arc<Object>| object.owner.is_ours && !own.is_same(&object.owner);
        for object in self.objects.iter_mut().filter(is_of_others) {
            let said = |part: &Option<SmolStr>| part.clone().unwrap_or_default();
            let (project, environment) = (said(&object.owner.project), said(&object.owner.environment));
            let other = format_smolstr!("the project {project} in the environment {environment}");
            Arc::make_mut(object).owner = Owner { other: Some(other), ..Owner::default() };
        }
    }

    /// Takes in what somebody else has in a cluster: whatever is applied there, it stays.
    pub fn keep_strangers(&mut self, live: &Side) {
        let is_kept = |object: &&Arc<Object>| !object.owner.is_ours && self.find(&object.id).is_err();
        let strangers: Vec<_> = live.objects.iter().filter(is_kept).cloned().collect();
        self.objects.extend(strangers);
        self.objects.sort_by(|a, b| a.id.cmp(&b.id));
    }

    /// Takes an object in, in the place of one of the same identity.
    pub fn insert(&mut self, mut object: Object) {
        object.is_in_root = object.id.namespace.as_ref() == Some(&self.root);
        let at = self.find(&object.id);
        match at.map(|at| self.objects.get_mut(at)) {
            Ok(Some(old)) => *old = Arc::new(object),
            Ok(None) => self.objects.push(Arc::new(object)),
            Err(at) => self.objects.insert(at, Arc::new(object)),
        }
    }

    /// Where the object of this identity stands, or would stand.
    fn find(&self, id: &Id) -> Result<usize, usize> {
        self.objects.binary_search_by(|object| object.id.cmp(id))
    }

    /// The object of this identity.
    pub fn get(&self, id: &Id) -> Option<&Object> {
        self.objects.get(self.find(id).ok()?).map(Arc::as_ref)
    }

    /// The object of this identity, to change it.
    pub(super) fn get_mut(&mut self, id: &Id) -> Option<&mut Object> {
        let at = self.find(id).ok()?;
        self.objects.get_mut(at).map(Arc::make_mut)
    }

    /// Every object, by identity.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter().map(Arc::as_ref)
    }

    /// Every object of a kind of an API's group in a namespace; in the one that `kubectl` takes where none is said, also
    /// those that say none.
    pub(super) fn of_kind_in<'s>(
        &'s self,
        namespace: &str,
        group: &'static str,
        kind: &'static str,
    ) -> impl Iterator<Item = &'s Object> + use<'s> {
        let of = |object: &Arc<Object>| object.id.namespace.as_deref().map(|own| own.cmp(namespace));
        let first = self.objects.partition_point(|object| of(object).is_none_or(Ordering::is_lt));
        let last = self.objects.partition_point(|object| of(object).is_none_or(Ordering::is_le));
        let unsaid =
            if namespace == "default" { self.objects.partition_point(|object| of(object).is_none()) } else { 0 };
        let some = |range: std::ops::Range<usize>| self.objects.get(range).unwrap_or_default();
        let all = some(0..unsaid).iter().chain(some(first..last)).map(Arc::as_ref);
        all.filter(move |object| object.id.kind == kind && object.id.group == group)
    }

    /// Every object of a kind of an API's group.
    pub fn of_kind<'s>(&'s self, group: &'static str, kind: &'static str) -> impl Iterator<Item = &'s Object> {
        self.objects().filter(move |object| object.id.kind == kind && object.id.group == group)
    }

    /// Whether it is not known if an object is there.
    pub fn is_unknown(&self, id: &Id) -> bool {
        self.unknown.iter().any(|unknown| {
            unknown.kind == id.kind && (unknown.namespace.is_none() || unknown.namespace == id.namespace)
        })
    }
}
