use crate::manifest::Traced;
use serde::Serialize;
use smol_str::SmolStr;

/// The TLS that a proxy speaks for its callers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientTls {
    /// Whose certificates are shown.
    pub mode: ClientTlsMode,
    /// The server name that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sni: Option<Traced<SmolStr>>,
    /// The Secret with the client's certificate and the authorities; gateways alone read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_name: Option<Traced<SmolStr>>,
    /// The file of the client's certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<Traced<SmolStr>>,
    /// The file of its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key: Option<Traced<SmolStr>>,
    /// The file of the authorities; `system` are those of the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_certificates: Option<Traced<SmolStr>>,
    /// Names of which the server's certificate has one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subject_alt_names: Vec<Traced<SmolStr>>,
    /// Whether any certificate is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insecure_skip_verify: Option<Traced<bool>>,
}

/// Whose certificates are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClientTlsMode {
    /// The server's.
    #[default]
    Simple,
    /// Both sides', the client's own.
    Mutual,
    /// Both sides', those of the mesh.
    IstioMutual,
}
