//! How fast manifests are written as YAML, beside serde-saphyr's writer and `serde_json` over the same structs.
//!
//! `cargo bench --bench write`
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![allow(clippy::unwrap_used, reason = "the values of a benchmark can be written")]
#![allow(missing_docs, reason = "a benchmark")]

use mesh::manifest::{Traced, yaml};
use mesh::source::Origin;
use serde::Serialize;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    spec: Spec,
}

#[derive(Serialize)]
struct Metadata {
    name: String,
    namespace: String,
    labels: BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec {
    export_to: Vec<&'static str>,
    hosts: Vec<String>,
    http: Vec<Route>,
}

#[derive(Serialize)]
struct Route {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    r#match: Vec<BTreeMap<&'static str, BTreeMap<&'static str, Text>>>,
    #[serde(rename = "route")]
    destinations: Vec<Destination>,
    timeout: Traced<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Text {
    Exact(String),
    Prefix(String),
}

#[derive(Serialize)]
struct Destination {
    destination: BTreeMap<&'static str, String>,
    weight: Traced<u8>,
}

fn objects(count: usize) -> Vec<Object> {
    (0..count).map(object).collect()
}

fn object(i: usize) -> Object {
    let (name, namespace) = (format!("service-{i}"), format!("team-{}", i / 10));
    let host = format!("{name}.{namespace}.svc.cluster.local");
    let labels = [("app.kubernetes.io/managed-by", "mesh"), ("app.kubernetes.io/name", &name)]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    let to = |subset: &str, weight| Destination {
        destination: BTreeMap::from([("host", host.clone()), ("subset", subset.to_owned())]),
        weight: Traced::new(weight, Origin::BUILT_IN),
    };
    let timeout = || Traced::new("3s".to_owned(), Origin::BUILT_IN);
    let headers = BTreeMap::from([("x-canary", Text::Exact("true".to_owned()))]);
    let path = BTreeMap::from([("path", Text::Prefix(format!("/api/{i}/")))]);
    let matches = vec![BTreeMap::from([("headers", headers), ("uri", path)])];
    Object {
        api_version: "networking.istio.io/v1",
        kind: "VirtualService",
        metadata: Metadata { name, namespace, labels },
        spec: Spec {
            export_to: vec!["*"],
            hosts: vec![host.clone()],
            http: vec![
                Route { r#match: matches, destinations: vec![to("v2", 100)], timeout: timeout() },
                Route { r#match: Vec::new(), destinations: vec![to("v1", 90), to("v2", 10)], timeout: timeout() },
            ],
        },
    }
}

/// The best of 15 runs over all objects, and how much was written.
fn best(mut write_all: impl FnMut() -> usize) -> (Duration, usize) {
    (0..15)
        .map(|_| {
            let begin = Instant::now();
            let length = black_box(write_all());
            (begin.elapsed(), length)
        })
        .min()
        .unwrap_or_default()
}

fn report(name: &str, (time, length): (Duration, usize), ours: Duration) {
    let (seconds, bytes) = (time.as_secs_f64(), f64::from(u32::try_from(length).unwrap_or(u32::MAX)));
    let (speed, ratio) = (bytes / 1e6 / seconds, seconds / ours.as_secs_f64());
    println!("{name:<28} {speed:>7.0} MB/s   {ratio:>5.2} times our time   {length} bytes");
}

fn main() {
    let objects = objects(10_000);
    let mut out = Vec::new();
    let ours = best(|| {
        out.clear();
        for object in &objects {
            yaml::write(object, &mut out).unwrap();
        }
        out.len()
    });
    report("mesh", ours, ours.0);
    let traced = best(|| objects.iter().map(|object| yaml::write_traced(object).unwrap().0.len()).sum());
    report("mesh, with every line traced", traced, ours.0);
    let json = best(|| {
        out.clear();
        for object in &objects {
            serde_json::to_writer(&mut out, object).unwrap();
        }
        out.len()
    });
    report("serde_json", json, ours.0);
    let saphyr = best(|| objects.iter().map(|object| serde_saphyr::to_string(object).unwrap().len()).sum());
    report("serde-saphyr", saphyr, ours.0);
}
