use crate::check::Subject;
use crate::code;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, and_list, nearest};
use crate::ir::Reported;
use crate::source::Decided;
use crate::value::Cel;

pub(super) static CODE: Code = code!("unknown-attribute", Error, "an expression that reads what no proxy knows");

/// What Envoy knows of a request and of its connections.
/// <https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes>
const ATTRIBUTES: [(&str, &[&str]); 6] = [
    (
        "request",
        &[
            "duration",
            "headers",
            "host",
            "id",
            "method",
            "path",
            "protocol",
            "query",
            "referer",
            "scheme",
            "size",
            "time",
            "total_size",
            "url_path",
            "useragent",
        ],
    ),
    (
        "response",
        &[
            "backend_latency",
            "code",
            "code_details",
            "flags",
            "grpc_status",
            "headers",
            "size",
            "total_size",
            "trailers",
        ],
    ),
    (
        "connection",
        &[
            "dns_san_local_certificate",
            "dns_san_peer_certificate",
            "id",
            "mtls",
            "requested_server_name",
            "sha256_peer_certificate_digest",
            "subject_local_certificate",
            "subject_peer_certificate",
            "termination_details",
            "tls_version",
            "transport_failure_reason",
            "uri_san_local_certificate",
            "uri_san_peer_certificate",
        ],
    ),
    (
        "upstream",
        &[
            "address",
            "cx_pool_ready_duration",
            "dns_san_local_certificate",
            "dns_san_peer_certificate",
            "local_address",
            "locality",
            "port",
            "request_attempt_count",
            "sha256_peer_certificate_digest",
            "subject_local_certificate",
            "subject_peer_certificate",
            "tls_version",
            "transport_failure_reason",
            "uri_san_local_certificate",
            "uri_san_peer_certificate",
        ],
    ),
    ("source", &["address", "port"]),
    ("destination", &["address", "port"]),
];

/// What else has a value where Istio's proxies evaluate, or is a type.
const OTHERS: [&str; 26] = [
    "bool",
    "bytes",
    "cluster_metadata",
    "cluster_name",
    "double",
    "downstream_peer",
    "filter_state",
    "google",
    "int",
    "list",
    "listener_direction",
    "listener_metadata",
    "map",
    "metadata",
    "node",
    "null_type",
    "plugin_name",
    "re",
    "route_metadata",
    "route_name",
    "string",
    "type",
    "uint",
    "upstream_filter_state",
    "upstream_peer",
    "xds",
];

pub(super) fn run(subject: &Subject<'_>, found: &mut Diagnostics) {
    for telemetry in subject.mesh.telemetries() {
        let filter = telemetry.log.as_ref().and_then(|log| log.filter.as_ref());
        if let Some(filter) = filter {
            judge(filter, "the filter lets nothing through", found);
        }
        let metrics = telemetry.metrics.as_ref().and_then(Reported::on);
        for value in metrics.iter().flat_map(|metrics| metrics.tags.values()) {
            judge(value, "the tag holds `unknown`", found);
        }
    }
}

fn judge(said: &Decided<Cel>, outcome: &str, found: &mut Diagnostics) {
    for (root, member) in said.value.reads() {
        let fault = match (ATTRIBUTES.iter().find(|(name, _)| *name == root), &member) {
            (Some((root, known)), Some(member)) if !known.contains(&member.as_str()) => {
                no_member((root, known), member, outcome, said)
            }
            (None, _) if !OTHERS.contains(&root.as_str()) => {
                let known = ATTRIBUTES.iter().map(|(name, _)| *name);
                let fault = unknown(root.as_str(), outcome, said);
                match nearest(&root, known.clone().chain(OTHERS)) {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => fault.help(format!("it knows {}", and_list(known))),
                }
            }
            _ => continue,
        };
        found.push(fault);
    }
}

fn unknown(what: &str, outcome: &str, said: &Decided<Cel>) -> Diagnostic {
    Diagnostic::new(&CODE, format!("no proxy knows `{what}`"))
        .at_known(said.span(), format!("{outcome}, without a word"))
        .note("what an expression reads and the proxy does not know is no error to Envoy: the expression has no value")
}

fn no_member((root, known): (&str, &[&str]), member: &str, outcome: &str, said: &Decided<Cel>) -> Diagnostic {
    let fault = unknown(&format!("{root}.{member}"), outcome, said);
    // The duration of a request is told of as the request's own.
    let elsewhere = ATTRIBUTES.iter().find(|(_, members)| members.contains(&member));
    let near = match elsewhere {
        Some((other, _)) => Some(format!("{other}.{member}")),
        None => nearest(member, known.iter().copied()).map(|near| format!("{root}.{near}")),
    };
    match near {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help(format!("of `{root}` it knows {}", and_list(known.iter().copied()))),
    }
}
