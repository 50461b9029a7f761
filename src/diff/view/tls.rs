//! TLS at both ends: listeners of Gateways, and clients by `DestinationRules`.

use super::gateways::{self, Server, servers};
use super::routing::GATEWAY_API;
use super::{At, names, policy};
use crate::diff::classes::Class;
use crate::diff::{Change, Comparison, Finding, Object};
use crate::value::Risk;
use std::collections::{BTreeMap, BTreeSet};

/// What is said of TLS at one end.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::diff) struct Tls {
    /// How it is spoken: Istio's words, `none` at a listener without it, `auto` at a client of which nothing is said.
    pub(in crate::diff) mode: String,
    /// The oldest version that is taken, 10 for 1.0.
    pub(in crate::diff) oldest: i64,
    /// The newest.
    pub(in crate::diff) newest: i64,
    /// Ciphers and curves.
    pub(in crate::diff) algorithms: BTreeSet<String>,
    /// The certificate that is shown.
    pub(in crate::diff) shown: String,
    /// Whose certificates are taken; none: nobody looks, or the system's.
    pub(in crate::diff) authority: String,
    /// Names, keys and hashes that certificates must have.
    pub(in crate::diff) names: BTreeSet<String>,
    /// Whether any certificate is taken.
    pub(in crate::diff) is_blind: bool,
    /// Whether plain HTTP is redirected.
    pub(in crate::diff) redirects: bool,
    /// The name that is asked for.
    pub(in crate::diff) asks_for: String,
}

fn version(text: Option<&str>, unsaid: i64) -> i64 {
    match text {
        Some("TLSV1_0") => 10,
        Some("TLSV1_1") => 11,
        Some("TLSV1_2") => 12,
        Some("TLSV1_3") => 13,
        Some(_) | None => unsaid,
    }
}

/// `1.2`.
pub(in crate::diff) fn told(version: i64) -> String {
    format!("{}.{}", version / 10, version % 10)
}

fn read(at: At<'_>, mode: String) -> Tls {
    let text = |key: &str| at.key(key).text().unwrap_or_default();
    let set = |keys: &[&str]| -> BTreeSet<String> {
        keys.iter().flat_map(|key| at.key(key).texts()).map(str::to_owned).collect()
    };
    let shown = ["credentialName", "serverCertificate", "clientCertificate", "privateKey"].map(text);
    let mut shown: BTreeSet<String> = shown.into_iter().filter(|text| !text.is_empty()).map(str::to_owned).collect();
    shown.extend(set(&["credentialNames"]));
    shown.extend(at.key("tlsCertificates").set());
    let authority = ["caCertificates", "caCertCredentialName", "caCrl"].map(text).join(" ").trim().to_owned();
    Tls {
        mode,
        oldest: version(at.key("minProtocolVersion").text(), 12),
        newest: version(at.key("maxProtocolVersion").text(), 13),
        algorithms: set(&["cipherSuites", "ecdhCurves"]),
        shown: shown.into_iter().collect::<Vec<_>>().join(" "),
        authority,
        names: set(&["subjectAltNames", "verifyCertificateSpki", "verifyCertificateHash"]),
        is_blind: at.key("insecureSkipVerify").flag(),
        redirects: at.key("httpsRedirect").flag(),
        asks_for: text("sni").to_owned(),
    }
}

fn of_server(server: &Server<'_>) -> Tls {
    let at = server.at.key("tls");
    let mode = match at.key("mode").text() {
        Some(mode) => mode.to_owned(),
        None if at.is_there() && server.protocol != "HTTP" => "PASSTHROUGH".to_owned(),
        None => "none".to_owned(),
    };
    read(
        at,
        if server.protocol == "HTTP" && at.key("mode").text() != Some("SIMPLE") { "none".to_owned() } else { mode },
    )
}

/// A listener of the Gateway API, in Istio's words.
/// <https://gateway-api.sigs.k8s.io/reference/spec/#listenertlsconfig>
fn of_listener(server: &Server<'_>, namespace: &str) -> Tls {
    let at = server.at.key("tls");
    let terminates = at.key("options").key("gateway.istio.io/tls-terminate-mode").text();
    let mode = match (at.is_there(), at.key("mode").text(), terminates) {
        (false, ..) => "none",
        (true, Some("Passthrough"), _) => "PASSTHROUGH",
        (true, _, Some(mode @ ("MUTUAL" | "OPTIONAL_MUTUAL" | "ISTIO_MUTUAL"))) => mode,
        (true, ..) => "SIMPLE",
    };
    let names = |list: At<'_>| -> String {
        let name = |at: At<'_>| {
            let owner = at.key("namespace").text().unwrap_or(namespace);
            Some(format!("{owner}/{}", at.key("name").text()?))
        };
        list.items().filter_map(name).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
    };
    let own = names(at.key("certificateRefs"));
    let shown = if terminates == Some("ISTIO_SIMPLE") { "the certificate of the mesh".to_owned() } else { own };
    let authority = names(at.get("frontendValidation.caCertificateRefs"));
    Tls { shown, authority, ..read(At::default(), mode.to_owned()) }
}

fn of_client(at: At<'_>) -> Tls {
    let mode = if at.is_there() { at.key("mode").text().unwrap_or("DISABLE") } else { "auto" };
    read(at, mode.to_owned())
}

/// By service, what a `BackendTLSPolicy` says of calls to it.
/// <https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicy>
fn of_backends(policy: Option<&Object>) -> BTreeMap<String, Tls> {
    let Some(policy) = policy else { return BTreeMap::new() };
    let validation = At::spec(policy).key("validation");
    let text = |at: At<'_>, key: &str| at.key(key).text().unwrap_or_default().to_owned();
    let own =
        validation.key("caCertificateRefs").items().map(|at| format!("{} {}", text(at, "kind"), text(at, "name")));
    let mut own: Vec<String> = own.collect();
    own.sort();
    if validation.key("wellKnownCACertificates").is_there() {
        own.push("the system's".to_owned());
    }
    let names =
        validation.key("subjectAltNames").items().filter_map(|at| at.key("hostname").text().or(at.key("uri").text()));
    let tls = Tls {
        authority: own.join(", "),
        names: names.map(str::to_owned).collect(),
        asks_for: text(validation, "hostname"),
        ..read(At::default(), "SIMPLE".to_owned())
    };
    let target = |at: At<'_>| {
        let name = at.key("name").text()?;
        let host = match at.key("kind").text() {
            Some("Service") => names::short(&names::fqdn(name, names::namespace(policy))).to_owned(),
            _ => name.to_owned(),
        };
        let port = at.key("sectionName").text().map(|port| format!(" port {port}")).unwrap_or_default();
        Some(format!("{host}{port}"))
    };
    At::spec(policy).key("targetRefs").items().filter_map(target).map(|target| (target, tls.clone())).collect()
}

fn backends<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Step<'c, 's>> {
    let mut steps = Vec::new();
    for change in comparison.of_kind(GATEWAY_API, "BackendTLSPolicy") {
        let (old, new) = (of_backends(change.before), of_backends(change.after));
        let unsaid = || read(At::default(), "auto".to_owned());
        let targets: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for target in targets {
            let (was, is) = (old.get(target).cloned(), new.get(target).cloned());
            let (was, is) = (was.unwrap_or_else(unsaid), is.unwrap_or_else(unsaid));
            if was != is {
                let of = format!("calls to {target} by gateways");
                let pointer = "/spec/validation".to_owned();
                steps.push(Step { change, pointer, of, is_server: false, old: was, new: is });
            }
        }
    }
    steps
}

/// One end at which TLS is spoken otherwise than before.
#[derive(Debug)]
pub(in crate::diff) struct Step<'c, 's> {
    change: &'c Change<'s>,
    pointer: String,
    /// Which end, as people say it.
    pub(in crate::diff) of: String,
    /// Whether it is a listener.
    pub(in crate::diff) is_server: bool,
    /// What was said.
    pub(in crate::diff) old: Tls,
    /// What is said.
    pub(in crate::diff) new: Tls,
}

impl Step<'_, '_> {
    /// A finding of it, in the first of `fields` that either side says.
    pub(in crate::diff) fn finding(&self, class: &'static Class, risk: Risk, field: &str, what: &str) -> Finding {
        let pointer = format!("{}/{field}", self.pointer);
        let is_there =
            |object: Option<&crate::diff::Object>| object.is_some_and(|object| object.origin_at(&pointer).is_some());
        let pointer =
            if is_there(self.change.after) || is_there(self.change.before) { pointer } else { self.pointer.clone() };
        Finding::new(class, risk, self.change, pointer, what).of(&self.of)
    }
}

/// Every end at which TLS is spoken otherwise than before.
pub(in crate::diff) fn steps<'c, 's>(comparison: &'c Comparison<'s>) -> Vec<Step<'c, 's>> {
    let mut steps = Vec::new();
    for change in gateways::changes(comparison) {
        let is_of_gateway_api = change.id.group == GATEWAY_API;
        let (old, new) = (servers(change.before), servers(change.after));
        let Some(gateway) = change.after.filter(|_| change.before.is_some()) else { continue };
        let read = |server: &Server<'_>| match is_of_gateway_api {
            true => of_listener(server, names::namespace(gateway)),
            false => of_server(server),
        };
        for (before, after) in paired(&old, &new) {
            let (was, is) = (read(before), read(after));
            if was != is {
                let of = format!("port {} of the gateway {}", after.port, gateways::name(gateway));
                steps.push(Step {
                    change,
                    pointer: format!("{}/tls", after.pointer),
                    of,
                    is_server: true,
                    old: was,
                    new: is,
                });
            }
        }
    }
    for step in policy::steps(comparison, "tls", of_client) {
        let of = format!("calls to {}", step.told());
        steps.push(Step {
            change: step.change,
            pointer: step.pointer,
            of,
            is_server: false,
            old: step.old,
            new: step.new,
        });
    }
    steps.extend(backends(comparison));
    steps
}

/// Listeners that stand on both sides: on one port with the same hosts, else with the same name, else alone on the port.
fn paired<'l, 's>(old: &'l [Server<'s>], new: &'l [Server<'s>]) -> Vec<(&'l Server<'s>, &'l Server<'s>)> {
    let mut pairs: Vec<(&Server<'s>, &Server<'s>)> = Vec::new();
    let name = |server: &Server<'s>| {
        let own = server.at.get("port.name").text().or(server.at.key("name").text());
        own.map(str::to_owned)
    };
    let is_same: [fn(&Server<'_>, &Server<'_>) -> bool; 2] =
        [|one, other| one.port == other.port && one.hosts == other.hosts, |one, other| one.port == other.port];
    let is_named = |one: &Server<'s>, other: &Server<'s>| one.port == other.port && name(one) == name(other);
    let mut join = |is_same: &dyn Fn(&Server<'s>, &Server<'s>) -> bool| {
        for after in new {
            let is_free = |server: &Server<'s>| {
                !pairs.iter().any(|(old, new)| old.pointer == server.pointer || new.pointer == after.pointer)
            };
            if let Some(before) = old.iter().find(|before| is_free(before) && is_same(before, after)) {
                pairs.push((before, after));
            }
        }
    };
    let [of_hosts, of_port] = is_same;
    join(&of_hosts);
    join(&is_named);
    join(&of_port);
    pairs
}
