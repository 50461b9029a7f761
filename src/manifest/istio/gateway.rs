use crate::manifest::Traced;
use serde::Serialize;
use smol_str::SmolStr;

/// What the pods of a gateway listen on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gateway {
    /// The labels of its pods.
    #[serde(serialize_with = "super::selector::labels")]
    pub selector: Traced<Vec<(SmolStr, SmolStr)>>,
    /// The listeners: one for each port and certificate.
    pub servers: Vec<Traced<Server>>,
}

/// One port with one certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Server {
    /// The port of the gateway's service.
    pub port: ServerPort,
    /// `NAMESPACE/HOST`; `./` lets only the gateway's own namespace bind routes.
    pub hosts: Vec<Traced<SmolStr>>,
    /// How TLS ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<ServerTls>,
}

/// A port of a gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServerPort {
    /// The number.
    pub number: Traced<u16>,
    /// The name, unique in the Gateway.
    pub name: SmolStr,
    /// `HTTP`, `HTTPS`, `TLS`, `TCP` ...
    pub protocol: &'static str,
}

/// Where TLS ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TlsMode {
    /// Here, with the server's certificate.
    Simple,
    /// Here, and clients must have a certificate too.
    Mutual,
    /// Here, and clients may have a certificate.
    OptionalMutual,
    /// At the service, which is chosen by the server's name.
    Passthrough,
    /// Here, with certificates of the mesh on both sides.
    IstioMutual,
}

/// How TLS ends, or that plain HTTP is redirected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerTls {
    /// Whether every request is sent to https.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub https_redirect: Option<Traced<bool>>,
    /// Where TLS ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<TlsMode>,
    /// The Secret with the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_name: Option<Traced<SmolStr>>,
    /// Two Secrets, one for each kind of key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credential_names: Vec<Traced<SmolStr>>,
    /// The Secret with the authority of the clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_cert_credential_name: Option<Traced<SmolStr>>,
    /// Names of which a client's certificate must have one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subject_alt_names: Vec<Traced<SmolStr>>,
    /// The oldest version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_protocol_version: Option<Traced<&'static str>>,
    /// The newest version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_protocol_version: Option<Traced<&'static str>>,
    /// Cipher suites.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cipher_suites: Vec<Traced<SmolStr>>,
}
