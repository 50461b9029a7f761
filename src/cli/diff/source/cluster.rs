use super::Read;
use super::loose::Loose;
use crate::cli::exit::Refusal;
use crate::cluster::{Apis, Cluster, ClusterError, Part, Resource};
use crate::diagnostic::Diagnostics;
use crate::diff::{Held, Id, Object, Side, Unknown};
use crate::source::FileId;
use crate::verbatim;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// Kinds that compiled intent becomes, of which objects could have to go.
const MADE: [(&str, &str); 13] = [
    ("", "Namespace"),
    ("networking.k8s.io", "NetworkPolicy"),
    ("networking.istio.io", "ServiceEntry"),
    ("networking.istio.io", "VirtualService"),
    ("networking.istio.io", "DestinationRule"),
    ("networking.istio.io", "Gateway"),
    ("networking.istio.io", "EnvoyFilter"),
    ("networking.istio.io", "Sidecar"),
    ("networking.istio.io", "ProxyConfig"),
    ("security.istio.io", "PeerAuthentication"),
    ("security.istio.io", "RequestAuthentication"),
    ("security.istio.io", "AuthorizationPolicy"),
    ("telemetry.istio.io", "Telemetry"),
];

/// How many lists are asked for at the same time.
const AT_ONCE: usize = 8;

/// A live cluster, asked for the kinds that the other sides have and those that intent can become.
pub(super) fn read(context: Option<&str>, others: &[&Read]) -> Result<Read, Refusal> {
    let cluster = Cluster::open(context).map_err(|error| refusal(&error))?;
    let name = cluster.name().map_err(|error| refusal(&error))?;
    let apis = cluster.apis().map_err(|error| unread(&error.to_string()))?;
    let sides: Vec<&Side> = others.iter().flat_map(|other| other.sides.values()).collect();
    let namespaces: BTreeSet<&str> = ids(&sides).filter_map(|id| id.namespace.as_deref()).collect();
    let asked = Mutex::new(resources(&sides).into_iter().collect::<Vec<_>>());
    let known = Mutex::new(Loose::cluster());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(resource) = asked.lock().ok().and_then(|mut asked| asked.pop()) {
                    let listed = listed((&cluster, &apis), &resource, &namespaces);
                    if let Ok(mut known) = known.lock() {
                        keep(&mut known, &resource, listed);
                    }
                }
            });
        }
    });
    let known = known.into_inner().map_err(|_| Refusal::new("the cluster could not be read"))?;
    let live = known.live.as_ref();
    if let Some(live) = live.filter(|live| live.kinds.is_empty()) {
        let reason = live.unknown.first().map(|unknown| unknown.reason.clone()).unwrap_or_default();
        return Err(unread(&reason));
    }
    Ok(Read::loose(format!("cluster {name}"), None, known))
}

fn unread(reason: &str) -> Refusal {
    Refusal::new(format!("nothing of the cluster could be listed: {reason}"))
        .help("try: kubectl get namespaces; the rights that are needed: mesh diff --print-rbac")
}

fn refusal(error: &ClusterError) -> Refusal {
    Refusal::new(error.to_string()).help("name a side that needs no cluster: dump:FILE")
}

fn ids<'s>(sides: &'s [&'s Side]) -> impl Iterator<Item = &'s Id> {
    sides.iter().flat_map(|side| side.objects()).map(|object| &object.id).filter(|id| !id.is_setting())
}

/// Every kind that is asked for.
pub(super) fn resources(sides: &[&Side]) -> BTreeSet<Resource> {
    let made = MADE.iter().map(|(group, kind)| Resource::new(group, kind));
    made.chain(ids(sides).map(|id| Resource::new(&id.group, &id.kind))).collect()
}

/// What came of asking for a kind: its objects, and what is not known.
type Listed = (Vec<Object>, Vec<Unknown>);

/// Every object of a kind: of the whole cluster, or, where that may not be asked, of the namespaces of the other side.
fn listed(cluster: (&Cluster, &Apis), resource: &Resource, namespaces: &BTreeSet<&str>) -> Listed {
    let unknown = |namespace: Option<&str>, error: &ClusterError| Unknown {
        kind: resource.kind.as_str().into(),
        namespace: namespace.map(Into::into),
        reason: error.to_string(),
    };
    let (mut objects, whole) = gather(cluster, resource, None);
    let missing = match whole {
        Ok(()) => Vec::new(),
        Err(ClusterError::Forbidden) if resource.kind != "Namespace" => {
            let mut missing = Vec::new();
            for namespace in namespaces {
                let (own, all) = gather(cluster, resource, Some(namespace));
                objects.extend(own);
                missing.extend(all.err().map(|error| unknown(Some(namespace), &error)));
            }
            if missing.len() == namespaces.len() { vec![unknown(None, &ClusterError::Forbidden)] } else { missing }
        }
        Err(error) => vec![unknown(None, &error)],
    };
    (objects, missing)
}

/// The objects of a kind, and whether they are all of them; of a kind that the cluster does not have there are none.
fn gather(
    (cluster, apis): (&Cluster, &Apis),
    resource: &Resource,
    namespace: Option<&str>,
) -> (Vec<Object>, Result<(), ClusterError>) {
    let (mut objects, mut is_whole) = (BTreeMap::new(), true);
    let mut take = |part: Part<'_>| match part {
        Part::Beginning => objects.clear(),
        Part::Page(text) => {
            let mut found = Diagnostics::default();
            for held in verbatim::decode(FileId::new(0), text, &mut found).into_iter().map(Held::of) {
                is_whole &= !held.has_others;
                objects.extend(held.objects.into_iter().map(|object| (object.id.clone(), object)));
            }
            is_whole &= !found.any_error();
        }
    };
    let listed = match cluster.list(apis, resource, namespace, &mut take) {
        Ok(()) if !is_whole => Err(ClusterError::Failed("an object of it cannot be read".to_owned())),
        Err(ClusterError::Missing) => Ok(()),
        other => other,
    };
    (objects.into_values().collect(), listed)
}

fn keep(known: &mut Loose, resource: &Resource, (objects, unknown): Listed) {
    known.objects.extend(objects.into_iter().map(|object| (None, Arc::new(object))));
    if let Some(live) = &mut known.live {
        if unknown.iter().all(|unknown| unknown.namespace.is_some()) {
            live.kinds.insert(resource.kind.as_str().into());
        }
        live.unknown.extend(unknown);
    }
}
