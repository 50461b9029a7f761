//! What is said of the whole mesh, of namespaces, and of what stands in no namespace.

use super::conditions::words;
use super::{Fact, Facts};
use crate::ir::{
    Accept, Accepted, Authorizer, AuthorizerProtocol, Defaults, Group, Guard, Ignore, Issuer, Keys, Managed, Mesh,
    Namespace, PathNormalization, Retry, TokenHeader, TokenPlaces,
};
use crate::source::Origin;

/// Every single value of the mesh itself.
pub fn mesh_facts(mesh: &Mesh) -> Vec<Fact> {
    let mut facts = Facts::default();
    facts.add("target", &mesh.target);
    facts.add("trust-domain", &mesh.trust_domain);
    if !mesh.trust_aliases.is_empty() {
        facts.said("trust-domain.alias", words(&mesh.trust_aliases), mesh.trust_domain.origin);
    }
    facts.add("cluster-domain", &mesh.cluster_domain);
    facts.add("root-namespace", &mesh.root_namespace);
    facts.option("certificate-lifetime", mesh.certificate_lifetime.as_ref());
    let normalization = mesh.path_normalization.clone().map(|how| match how {
        PathNormalization::Base => "base",
        PathNormalization::MergeSlashes => "merge-slashes",
        PathNormalization::DecodeAndMergeSlashes => "decode-and-merge-slashes",
    });
    facts.add("path-normalization", &normalization);
    facts.mtls("mtls", &mesh.mtls);
    facts.defaults(&mesh.defaults);
    facts.egress(&mesh.egress);
    facts.providers(mesh);
    facts.telemetry(mesh, &mesh.telemetry);
    facts.proxy(&mesh.proxy);
    for Ignore { object, pointers, owner, waiver: _ } in &mesh.ignores {
        let fields: Vec<String> = pointers.iter().map(|pointer| pointer.value.to_string()).collect();
        let origin = Origin::new(mesh.origin.layer, object.span);
        facts.said(&format!("ignore.{}", object.value), format!("{} of {owner}", fields.join(" ")), origin);
    }
    for Accept { class, of, waiver } in &mesh.accepts {
        let of = of.as_ref().map(|of| match of {
            Accepted::Thing(thing) => format!("of {} ", thing.name(mesh)),
            Accepted::Object(object) => format!("of {} ", object.value),
        });
        let until = waiver.until.as_ref().map(|until| format!("until {}", until.value)).unwrap_or_default();
        let origin = Origin::new(mesh.origin.layer, class.span);
        facts.said(&format!("accept.{}", class.value), format!("{}{until}", of.unwrap_or_default()), origin);
    }
    facts.0
}

impl Facts {
    /// What is said of services that say nothing else.
    fn defaults(&mut self, said: &Defaults) {
        let Defaults { timeout, retry, actions, resilience } = said;
        self.option("timeout", timeout.as_ref());
        match retry {
            Retry::Unsaid => self.said("retry", Retry::UNSAID_ATTEMPTS.to_string(), Origin::BUILT_IN),
            Retry::Off(_) | Retry::On(_) => self.retry("retry", retry),
        }
        self.actions("", actions.as_deref());
        self.resilience("", Some(resilience));
    }
}

/// Every single value of a group.
pub fn group_facts(mesh: &Mesh, group: &Group) -> Vec<Fact> {
    let mut facts = Facts::default();
    for member in &group.members {
        facts.said("member", member.full_name(mesh), group.origin);
    }
    facts.0
}

/// Every single value of a guard.
pub fn guard_facts(guard: &Guard) -> Vec<Fact> {
    let mut facts = Facts::default();
    let Guard { name: _, kind, is_warning, when, require, message, origin } = guard;
    facts.said("for", kind.word(), *origin);
    facts.said("severity", if *is_warning { "warning" } else { "error" }, *origin);
    for (word, text) in [("when", when.as_ref()), ("require", Some(require))] {
        if let Some(text) = text {
            facts.said(word, text.text.as_str(), Origin::new(origin.layer, text.span));
        }
    }
    if let Some(message) = message {
        facts.said("message", message.as_str(), *origin);
    }
    facts.0
}

/// Every single value of a namespace itself.
pub fn namespace_facts(mesh: &Mesh, namespace: &Namespace) -> Vec<Fact> {
    let mut facts = Facts::default();
    let manage = namespace.managed.clone().map(|managed| match managed {
        Managed::All => "all",
        Managed::Contents => "contents",
        Managed::Nothing => "nothing",
    });
    facts.add("manage", &manage);
    for (word, pairs) in [("label", &namespace.labels), ("annotation", &namespace.annotations)] {
        for (key, value) in pairs {
            facts.add(&format!("{word}.{key}"), value);
        }
    }
    facts.data_plane(&namespace.data_plane);
    facts.mtls("mtls", &namespace.mtls);
    facts.egress(&namespace.egress);
    facts.defaults(&namespace.defaults);
    facts.telemetry(mesh, &namespace.telemetry);
    facts.proxy(&namespace.proxy);
    facts.0
}

/// Every single value of an issuer.
pub fn issuer_facts(issuer: &Issuer) -> Vec<Fact> {
    let mut facts = Facts::default();
    facts.option("iss", issuer.iss.clone().map(|iss| iss.map(|iss| iss.text().clone())).as_ref());
    if let Some(keys) = &issuer.keys {
        let (word, value) = match &keys.value {
            Keys::At(url) => ("jwks-uri", url.text().to_string()),
            Keys::Here(_) => ("jwks", "keys that stand here".to_owned()),
        };
        facts.add(word, &keys.clone().map(|_| value));
    }
    let any = |names: Vec<_>| if names.is_empty() { "any".to_owned() } else { words(&names) };
    facts.option("audience", issuer.audiences.clone().map(|names| names.map(any)).as_ref());
    let TokenPlaces { headers, cookies, queries } = &issuer.places;
    for TokenHeader { name, prefix } in headers {
        facts.add("header", name);
        facts.option("header.prefix", prefix.as_ref());
    }
    facts.spanned("cookie", issuer.origin, cookies);
    facts.spanned("query", issuer.origin, queries);
    for (claim, header) in &issuer.claims_to_headers {
        let origin = Origin::new(issuer.origin.layer, claim.span);
        facts.said(&format!("claim-to-header.{}", claim.value), header.value.to_string(), origin);
    }
    facts.option("payload-to-header", issuer.payload_to_header.as_ref());
    facts.add("forward", &issuer.forward.clone().map(|on| if on { "on" } else { "off" }));
    facts.option("fetch-timeout", issuer.fetch_timeout.as_ref());
    let names = issuer.space_delimited.clone().map(|list| list.map(|names| words(&names)));
    facts.option("space-delimited", names.as_ref());
    facts.0
}

/// Every single value of an authorizer.
pub fn authorizer_facts(mesh: &Mesh, authorizer: &Authorizer) -> Vec<Fact> {
    let mut facts = Facts::default();
    let protocol = authorizer.protocol.clone().map(|protocol| match protocol {
        AuthorizerProtocol::Http => "http",
        AuthorizerProtocol::Grpc => "grpc",
    });
    facts.add("protocol", &protocol);
    let service = mesh.service(authorizer.service.value);
    let name = format!("{}.{}", service.name, mesh.namespace_name(service.namespace));
    facts.add("service", &authorizer.service.clone().map(|_| name));
    facts.add("port", &authorizer.port);
    facts.add("timeout", &authorizer.timeout);
    facts.add("fail-open", &authorizer.fail_open.clone().map(|on| if on { "on" } else { "off" }));
    facts.option("path-prefix", authorizer.path_prefix.as_ref());
    facts.option("send-body", authorizer.send_body.as_ref());
    let lists = [
        ("send-header", &authorizer.send_headers),
        ("pass-header", &authorizer.pass_headers),
        ("return-header", &authorizer.return_headers),
    ];
    for (word, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
        facts.said(word, words(names), authorizer.protocol.origin);
    }
    facts.0
}
