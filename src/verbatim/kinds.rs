//! Which kinds may be carried into the mesh, and which fields they have.
//!
//! The fields stand in `fields.txt`, made by `tests/live/fields.py` from the modules of Istio, Kubernetes and operators: a
//! line for each kind with the number of its struct, a line for each struct with its fields (`!`: it needs them) and their
//! types, and a line for each field that came with a later release of Istio, with an empty line between the three.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static TEXT: &str = include_str!("fields.txt");

/// Who may carry objects of a kind into the mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    /// Whoever writes the object itself.
    Raw,
    /// A template too.
    Template,
}

/// A kind of object.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The version of its API.
    pub api: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Who may carry it.
    pub door: Door,
    pub(super) fields: Struct,
}

/// A struct, by its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Struct(usize);

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    /// A time; whether it may be nothing.
    Duration {
        or_none: bool,
    },
    /// What a port speaks.
    Protocol,
    Integer(Range),
    Number(Range),
    Boolean,
    /// A number or a text.
    Quantity,
    Anything,
    /// One of these words.
    Word(&'static str),
    Struct(Struct),
    /// A map from texts.
    Map(&'static str),
    /// A list.
    List(List),
}

/// From where to where a number goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) low: Option<i64>,
    pub(super) high: Option<i64>,
}

/// A list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct List {
    /// The path by which items are told apart, several with `+` between them; empty: they are not.
    pub(super) key: &'static str,
    /// Whether an item that is not there yet is not added: their order counts, or a word of the language adds them.
    pub(super) is_closed: bool,
    /// What they are.
    pub(super) item: &'static str,
}

/// Kinds that only whoever writes the object itself may carry: they decide who may call whom, where traffic goes, or what
/// runs. A template is asked for by a word on many pages, and nobody reads what it made of each.
const ONLY_RAW: [&str; 19] = [
    "AuthorizationPolicy",
    "Deployment",
    "DestinationRule",
    "EnvoyFilter",
    "Gateway",
    "Namespace",
    "NetworkPolicy",
    "PeerAuthentication",
    "ProxyConfig",
    "RequestAuthentication",
    "Service",
    "ServiceAccount",
    "ServiceEntry",
    "Sidecar",
    "TrafficExtension",
    "VirtualService",
    "WasmPlugin",
    "WorkloadEntry",
    "WorkloadGroup",
];

/// Kinds whose objects the nodes of intent make, so that they can be patched.
const MADE: [&str; 13] = [
    "AuthorizationPolicy",
    "DestinationRule",
    "EnvoyFilter",
    "Gateway",
    "Namespace",
    "NetworkPolicy",
    "PeerAuthentication",
    "ProxyConfig",
    "RequestAuthentication",
    "ServiceEntry",
    "Sidecar",
    "Telemetry",
    "VirtualService",
];

/// The name under which the values of the control plane's installation are patched, which are no object.
pub const CONTROL_PLANE: &str = "control-plane";

struct Table {
    kinds: Vec<Kind>,
    control_plane: Vec<Kind>,
    structs: Vec<&'static str>,
    /// The fields that came later, each with the minor release.
    newer: BTreeMap<(&'static str, &'static str), u16>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut parts = TEXT.split("\n\n");
    let [kinds, structs, newer] = [(); 3].map(|()| parts.next().unwrap_or_default());
    let kinds = kinds.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut words = line.split(' ');
        let (api, name, fields) = (words.next()?, words.next()?, words.next()?.parse().ok()?);
        let door = if ONLY_RAW.contains(&name) { Door::Raw } else { Door::Template };
        Some(Kind { api, name, door, fields: Struct(fields) })
    });
    let (control_plane, kinds) = kinds.partition(|kind: &Kind| kind.name == CONTROL_PLANE);
    let newer = newer.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some(((words.next()?, words.next()?), words.next()?.parse().ok()?))
    });
    Table { kinds, control_plane, structs: structs.lines().collect(), newer: newer.collect() }
});

/// The kind of this name in this version of its API.
pub fn kind(api: &str, name: &str) -> Option<&'static Kind> {
    TABLE.kinds.iter().find(|kind| kind.api == api && kind.name == name)
}

/// The names of all kinds that may come by a door, each with the versions of its API.
pub fn names(door: Door) -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for kind in TABLE.kinds.iter().filter(|kind| kind.comes_by(door)) {
        names.entry(kind.name).or_default().push(kind.api);
    }
    names
}

/// The kinds of objects that nodes of intent make.
pub fn patched() -> impl Iterator<Item = &'static str> {
    MADE.into_iter()
}

/// The values of the control plane's installation, which are patched like an object.
pub fn control_plane() -> Option<&'static Kind> {
    TABLE.control_plane.first()
}

/// The minor release of Istio with which a field came, if there were some without it.
pub fn since(kind: &str, path: &str) -> Option<u16> {
    TABLE.newer.get(&(kind, path)).copied()
}

/// The kind of this name, if nodes of intent make such objects: in the newest version of its API.
pub fn is_patched(name: &str) -> Option<&'static Kind> {
    let age = |api: &str| (api.contains("alpha"), api.contains("beta"));
    let own = TABLE.kinds.iter().filter(|kind| kind.name == name && MADE.contains(&name));
    own.min_by_key(|kind| age(kind.api))
}

impl Kind {
    /// Whether its objects decide who may call whom, where traffic goes, or what runs.
    pub fn decides(&self) -> bool {
        self.door == Door::Raw || self.name == CONTROL_PLANE
    }

    /// Whether its objects may come by a door. A namespace has a word of its own.
    pub(super) fn comes_by(&self, door: Door) -> bool {
        self.door >= door && self.name != "Namespace"
    }
}

impl Struct {
    /// Its fields with their types.
    pub(super) fn fields(self) -> impl Iterator<Item = (&'static str, Type)> {
        let line = TABLE.structs.get(self.0).copied().unwrap_or_default();
        let fields = line.split(' ').filter_map(|field| field.split_once(':'));
        fields.map(|(name, text)| (name.trim_end_matches('!'), Type::read(text)))
    }

    /// The fields that it needs.
    pub(super) fn needed(self) -> impl Iterator<Item = &'static str> {
        let line = TABLE.structs.get(self.0).copied().unwrap_or_default();
        line.split(' ').filter_map(|field| field.split_once(':')?.0.strip_suffix('!'))
    }

    /// The type of a field.
    pub(super) fn field(self, name: &str) -> Option<Type> {
        self.fields().find(|(field, _)| *field == name).map(|(_, kind)| kind)
    }
}

impl Range {
    fn read(text: &str) -> Range {
        let (low, high) = text.split_once("..").unwrap_or_default();
        Range { low: low.parse().ok(), high: high.parse().ok() }
    }
}

impl Type {
    /// Reads the type that `text` writes down.
    pub(super) fn read(text: &'static str) -> Type {
        let inner = text.get(1..).unwrap_or_default();
        match text.as_bytes().first() {
            Some(b's') => Type::Text,
            Some(b't') => Type::Duration { or_none: false },
            Some(b'T') => Type::Duration { or_none: true },
            Some(b'p') => Type::Protocol,
            Some(b'i') => Type::Integer(Range::read(inner)),
            Some(b'n') => Type::Number(Range::read(inner)),
            Some(b'b') => Type::Boolean,
            Some(b'q') => Type::Quantity,
            Some(b'e') => Type::Word(inner.trim_start_matches('(').trim_end_matches(')')),
            Some(b'<') => Type::Map(inner),
            Some(b'@') => inner.parse().map_or(Type::Anything, |line| Type::Struct(Struct(line))),
            Some(b'[') => match inner.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
                Some((key, item)) => {
                    Type::List(List { key: key.trim_end_matches('!'), is_closed: key.ends_with('!'), item })
                }
                None => Type::List(List { key: "", is_closed: false, item: inner }),
            },
            _ => Type::Anything,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Door, List, MADE, ONLY_RAW, TABLE, Type, control_plane, is_patched, kind, names, since};

    #[test]
    fn every_kind_and_type_can_be_read() {
        assert!(TABLE.kinds.len() > 30);
        for kind in &TABLE.kinds {
            for field in ["apiVersion", "kind", "metadata"] {
                assert!(kind.fields.field(field).is_some(), "{} has no {field}", kind.name);
            }
        }
        let hosts = kind("networking.istio.io/v1", "VirtualService").unwrap().fields.field("spec");
        let Some(Type::Struct(spec)) = hosts else { panic!("{hosts:?}") };
        assert_eq!(spec.field("hosts"), Some(Type::List(List { key: "", is_closed: false, item: "s" })));
        assert!(matches!(spec.field("http"), Some(Type::List(List { key: "name", is_closed: true, .. }))));
        assert_eq!(spec.field("hosst"), None);
        let server = kind("networking.istio.io/v1", "Gateway").unwrap().fields.field("spec");
        let Some(Type::Struct(spec)) = server else { panic!("{server:?}") };
        assert_eq!(spec.needed().collect::<Vec<_>>(), ["servers"]);
    }

    #[test]
    fn fields_that_came_later_are_known() {
        assert_eq!(since("DestinationRule", "spec.trafficPolicy.retryBudget"), Some(27));
        assert_eq!(since("DestinationRule", "spec.trafficPolicy"), None);
        let values = control_plane().unwrap();
        let Some(Type::Struct(mesh)) = values.fields.field("meshConfig") else { panic!("no meshConfig") };
        assert!(matches!(mesh.field("extensionProviders"), Some(Type::List(List { key: "name", .. }))));
        assert!(kind(values.api, values.name).is_none() && !names(Door::Raw).contains_key(values.name));
    }

    #[test]
    fn the_lists_of_kinds_name_kinds() {
        for name in ONLY_RAW.iter().chain(&MADE) {
            assert!(names(Door::Raw).contains_key(name) || name == &"Namespace", "{name}");
        }
        assert_eq!(is_patched("VirtualService").map(|kind| kind.api), Some("networking.istio.io/v1"));
        assert_eq!(is_patched("EnvoyFilter").map(|kind| kind.api), Some("networking.istio.io/v1alpha3"));
    }

    #[test]
    fn what_makes_pods_with_rights_of_others_is_no_kind() {
        for name in ["Secret", "Pod", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "Job", "CronJob"] {
            assert!(!names(Door::Raw).contains_key(name), "{name}");
        }
    }

    #[test]
    fn the_book_names_every_kind_by_its_door() {
        let book = include_str!("../../book/src/doors.md");
        let (raw, templates) = book.split_once("## Templates").unwrap();
        for name in names(Door::Raw).keys() {
            assert!(raw.contains(&format!("`{name}`")), "{name} is not in the table");
            let by_template = names(Door::Template).contains_key(name);
            assert_eq!(templates.contains(&format!("`{name}`")), by_template, "{name} by a template");
        }
    }
}
