use super::Selector;
use crate::manifest::Traced;
use serde::Serialize;
use smol_str::SmolStr;

/// Who may call. Without rules and action it allows nobody: `spec: {}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AuthorizationPolicy {
    /// Whom it protects; none: the whole namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<Selector>,
    /// What a matching rule does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    /// Who is asked, with [`Action::Custom`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<Traced<Provider>>,
    /// Any of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Traced<Rule>>,
}

/// What a matching rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Lets in; what no rule of any policy lets in is refused.
    Allow,
    /// Refuses, whatever lets in.
    Deny,
    /// Asks somebody first.
    Custom,
}

/// Who is asked: a provider of the mesh's own configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Provider {
    /// Its name.
    pub name: SmolStr,
}

/// One rule: `from`, `to` and `when` must all hold, which several rules would not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Any of these sources; none: everyone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<From>,
    /// Any of these operations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<To>,
    /// All of these conditions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<When>,
}

/// What an attribute of the request must be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct When {
    /// The attribute.
    pub key: SmolStr,
    /// Any of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<SmolStr>,
    /// None of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_values: Vec<SmolStr>,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct From {
    /// The source.
    pub source: Source,
}

/// Who calls: every field must hold, and of a field's values any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// Identities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub principals: Vec<SmolStr>,
    /// Identities that are excepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_principals: Vec<SmolStr>,
    /// Whom tokens name: `ISSUER/SUBJECT`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub request_principals: Vec<SmolStr>,
    /// Whom tokens must not name; a request without a token names nobody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_request_principals: Vec<SmolStr>,
    /// Addresses of the connection.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ip_blocks: Vec<SmolStr>,
    /// Addresses of the client, as the gateway knows them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remote_ip_blocks: Vec<SmolStr>,
}

/// An operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct To {
    /// The operation.
    pub operation: Operation,
}

/// What is asked: every field must hold, and of a field's values any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// Hosts, with and without a port.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<SmolStr>,
    /// Hosts that are excepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_hosts: Vec<SmolStr>,
    /// Methods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<SmolStr>,
    /// Methods that are excepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_methods: Vec<SmolStr>,
    /// Paths.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<SmolStr>,
    /// Paths that are excepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_paths: Vec<SmolStr>,
    /// Ports that the pods listen on, as texts.
    pub ports: Vec<SmolStr>,
}
