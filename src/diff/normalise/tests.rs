use super::{Step, normalise};
use crate::diagnostic::Diagnostics;
use crate::diff::{Alike, Comparison, Object, Side, Sides, field_changes};
use crate::source::FileId;
use crate::verbatim::{Node, Value, decode};
use proptest::prelude::*;

fn object(text: &str) -> Object {
    let mut found = Diagnostics::default();
    let body = decode(FileId::new(0), text, &mut found).remove(0);
    assert!(!found.any_error(), "{text}");
    Object::of(body, None).unwrap()
}

fn of(kind: &str, rest: &str) -> Object {
    object(&format!("apiVersion: {kind}\nmetadata: {{name: web, namespace: shop}}\n{rest}"))
}

const ROUTES: &str = "networking.istio.io/v1\nkind: VirtualService";
const RULE: &str = "networking.istio.io/v1\nkind: DestinationRule";
const GRANT: &str = "security.istio.io/v1\nkind: AuthorizationPolicy";
const NETWORK: &str = "networking.k8s.io/v1\nkind: NetworkPolicy";

#[test]
fn what_says_the_same_is_the_same() {
    for (kind, one, other) in [
        (ROUTES, "spec: {hosts: [web]}", "spec: {hosts: [web.shop.svc.cluster.local], gateways: [mesh]}"),
        (
            ROUTES,
            "spec: {hosts: [b.x, a.x], http: [{timeout: 1000ms}]}",
            "spec: {hosts: [a.x, b.x], http: [{timeout: 1s}]}",
        ),
        (
            ROUTES,
            "spec: {http: [{route: [{destination: {host: a.x}, weight: 2}, {destination: {host: b.x}, weight: 2}]}]}",
            "spec: {http: [{route: [{destination: {host: b.x}, weight: 50}, {destination: {host: a.x}, weight: 50}]}]}",
        ),
        (
            ROUTES,
            "spec: {http: [{route: [{destination: {host: a.x}, weight: 7}]}]}",
            "spec: {http: [{route: [{destination: {host: a.x}}]}]}",
        ),
        (ROUTES, "spec: {http: [{headers: {request: {set: {}}}, match: null}]}", "spec: {http: [{headers: {}}]}"),
        (
            RULE,
            "spec: {host: web, trafficPolicy: {tls: {}}}",
            "spec: {host: web.shop.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}",
        ),
        (
            RULE,
            "spec: {subsets: [{name: a, labels: {v: '1'}}, {name: b}]}",
            "spec: {subsets: [{name: b, labels: {}}, {name: a, labels: {v: '1'}}]}",
        ),
        (
            RULE,
            "spec: {trafficPolicy: {connectionPool: {tcp: {maxConnections: '5', connectTimeout: 1m}}}}",
            "spec: {trafficPolicy: {connectionPool: {tcp: {maxConnections: 5, connectTimeout: 60s}}}}",
        ),
        (GRANT, "spec: {}", "spec: {action: ALLOW, selector: {matchLabels: {}}}"),
        (
            GRANT,
            "spec: {rules: [{to: [{operation: {methods: [POST, GET]}}]}, {}]}",
            "spec: {rules: [{}, {to: [{operation: {methods: [GET, POST, GET]}}]}]}",
        ),
        (
            NETWORK,
            "spec: {podSelector: {}, ingress: [{ports: [{port: 80}]}]}",
            "spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: 80, protocol: TCP}]}], egress: []}",
        ),
        (
            NETWORK,
            "spec: {podSelector: {}, egress: [{}]}",
            "spec: {podSelector: {}, egress: [{}], policyTypes: [Ingress, Egress]}",
        ),
        (
            "v1\nkind: Service",
            "spec: {ports: [{port: 80}]}",
            "spec: {type: ClusterIP, clusterIP: 10.0.0.7, clusterIPs: [10.0.0.7], ipFamilies: [IPv4], sessionAffinity: None, internalTrafficPolicy: Cluster, ports: [{port: 80, protocol: TCP, targetPort: 80}]}\nstatus: {loadBalancer: {}}",
        ),
    ] {
        let (one, other) = (of(kind, one), of(kind, other));
        let changes = field_changes(&one.id, &one.body, &other.body);
        assert!(changes.is_empty(), "{changes:#?}");
    }
}

#[test]
fn what_says_something_else_is_a_change() {
    for (kind, one, other, pointer) in [
        (GRANT, "spec: {rules: [{}]}", "spec: {}", "/spec"),
        (GRANT, "spec: {action: DENY}", "spec: {}", "/spec"),
        (
            RULE,
            "spec: {trafficPolicy: {outlierDetection: {}}}",
            "spec: {trafficPolicy: {}}",
            "/spec/trafficPolicy/outlierDetection",
        ),
        (RULE, "spec: {trafficPolicy: {tls: {}}}", "spec: {trafficPolicy: {}}", "/spec/trafficPolicy/tls"),
        (
            ROUTES,
            "spec: {http: [{match: [{headers: {x: {}}}]}]}",
            "spec: {http: [{match: [{headers: {}}]}]}",
            "/spec/http/0/match/0/headers",
        ),
        (ROUTES, "spec: {http: [{retries: {}}]}", "spec: {http: [{name: x}]}", "/spec/http/0/name"),
        (ROUTES, "spec: {hosts: [web]}", "spec: {hosts: [web], gateways: [mesh, x]}", "/spec/gateways"),
        (
            NETWORK,
            "spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}",
            "spec: {podSelector: {}, ingress: [{}]}",
            "/spec/ingress/0/from",
        ),
        (
            "networking.istio.io/v1\nkind: Sidecar",
            "spec: {outboundTrafficPolicy: {}}",
            "spec: {}",
            "/spec/outboundTrafficPolicy",
        ),
        ("v1\nkind: Service", "spec: {clusterIP: None}", "spec: {clusterIP: 10.0.0.1}", "/spec/clusterIP"),
        (
            "v1\nkind: Service",
            "spec: {ports: [{port: 80, targetPort: http}]}",
            "spec: {ports: [{port: 80}]}",
            "/spec/ports/0/targetPort",
        ),
        (
            "networking.istio.io/v1alpha3\nkind: EnvoyFilter",
            "spec: {configPatches: [{patch: {value: {a: []}}}]}",
            "spec: {configPatches: [{patch: {value: {}}}]}",
            "/spec/configPatches/0/patch/value/a",
        ),
    ] {
        let (one, other) = (of(kind, one), of(kind, other));
        let changes = field_changes(&one.id, &one.body, &other.body);
        assert!(changes.iter().any(|change| change.pointer == pointer), "{pointer}: {changes:#?}");
    }
}

#[test]
fn what_servers_and_tools_write_is_left_out_and_counted() {
    let live = object(
        "apiVersion: networking.istio.io/v1beta1\nkind: Gateway\nmetadata: {name: web, namespace: shop, uid: a, generation: 3, managedFields: [{}], labels: {app: web, mesh.kdl/owner: service.web, app.kubernetes.io/managed-by: mesh}, annotations: {kubectl.kubernetes.io/last-applied-configuration: x, meta.helm.sh/release-name: shop}}\nstatus: {}",
    );
    let ours = object(
        "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: web, namespace: shop, labels: {app: web}}",
    );
    assert_eq!(live.id, ours.id);
    assert!(field_changes(&live.id, &live.body, &ours.body).is_empty());
    assert_eq!(
        (live.body.normalised().count(Step::ServerFields), live.body.normalised().count(Step::ToolMarks)),
        (4, 4)
    );
    assert_eq!((live.body.normalised().ignored(), live.body.written().form == ours.body.written().form), (8, true));
    assert_ne!(live.body.written().provenance, ours.body.written().provenance);
    assert_eq!(live.owner.other.as_deref(), Some("Helm"));
}

#[test]
fn what_is_only_written_in_another_way_is_told() {
    let side = |version: &str, host: &str, owner: &str| {
        let text = format!(
            "apiVersion: networking.istio.io/{version}\nkind: DestinationRule\nmetadata: {{name: web, namespace: shop, labels: {{mesh.kdl/owner: {owner}}}}}\nspec: {{host: {host}}}"
        );
        let mut side = Side::default();
        side.insert(object(&text));
        side
    };
    let base = side("v1", "web", "service.web");
    let told = |other: &Side| {
        let comparison = Comparison::of(Sides { before: &base, after: other, live: None });
        assert!(comparison.changes.is_empty());
        let of = |alike: Alike<'_>| {
            (alike.is_of_another_version(), alike.is_of_another_form(), alike.is_of_another_provenance())
        };
        comparison.alike().map(of).next()
    };
    assert_eq!(told(&base), None);
    assert_eq!(told(&side("v1beta1", "web", "service.web")), Some((true, false, false)));
    assert_eq!(told(&side("v1", "web.shop.svc.cluster.local", "service.web")), Some((false, true, false)));
    assert_eq!(told(&side("v1", "web", "service.other")), Some((false, false, true)));
}

/// Trees made of the keys and values that the steps know.
fn tree() -> impl Strategy<Value = Node> {
    let words = [
        "spec",
        "http",
        "route",
        "weight",
        "match",
        "hosts",
        "mesh",
        "gateways",
        "tls",
        "mode",
        "DISABLE",
        "timeout",
        "1000ms",
        "1m",
        "web",
        "rules",
        "from",
        "source",
        "principals",
        "action",
        "ALLOW",
        "destination",
        "host",
        "subset",
        "name",
        "ports",
        "protocol",
        "TCP",
        "policyTypes",
        "Egress",
        "egress",
        "trafficPolicy",
        "labels",
        "5",
    ];
    let word = proptest::sample::select(words.to_vec());
    let node = |value: Value| Node { value, origin: None };
    let leaf = prop_oneof![
        Just(node(Value::Null)),
        any::<bool>().prop_map(move |flag| node(Value::Boolean(flag))),
        (0..200_i64).prop_map(move |number| node(Value::Integer(number))),
        word.clone().prop_map(move |text| node(Value::Text(text.into()))),
    ];
    leaf.prop_recursive(6, 80, 5, move |inner| {
        let map = proptest::collection::btree_map(word.clone(), inner.clone(), 0..5).prop_map(move |entries| {
            let entry = |(key, node): (&str, Node)| crate::verbatim::Entry { key: key.into(), origin: None, node };
            node(Value::Map(entries.into_iter().map(entry).collect()))
        });
        prop_oneof![proptest::collection::vec(inner, 0..5).prop_map(move |items| node(Value::List(items))), map]
    })
}

proptest! {
    #[test]
    fn it_is_done_after_once(spec in tree(), kind in 0..4_usize) {
        let kind = [ROUTES, RULE, GRANT, NETWORK][kind];
        let Object { id, .. } = of(kind, "spec: {}");
        let entry = crate::verbatim::Entry { key: "spec".into(), origin: None, node: spec };
        let body = Node { value: Value::Map(vec![entry]), origin: None };
        let once = normalise(body, &id).body;
        let twice = normalise(once.clone(), &id).body;
        prop_assert!(once.value.says_the_same(&twice.value), "{once:#?}\n{twice:#?}");
        prop_assert!(field_changes(&id, &once, &twice).is_empty());
    }
}
