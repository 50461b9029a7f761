use smol_str::SmolStr;

/// What a policy does with what its rules hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Lets it in; what no policy of this kind holds stays out, once there is one.
    Allow,
    /// Refuses it, whoever allows it.
    Deny,
    /// Asks somebody else, before the others are looked at.
    Custom {
        /// Whom.
        provider: SmolStr,
    },
}

/// One policy that holds for a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What it does.
    pub action: Action,
    /// Where it stands, which is where its service accounts without a namespace are.
    pub namespace: SmolStr,
    /// Its rules: any of them. None: it holds nothing.
    pub rules: Vec<Rule>,
}

/// One rule: a source, an operation, and every condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// Any of these; none: everybody.
    pub from: Vec<Source>,
    /// Any of these; none: everything.
    pub to: Vec<Operation>,
    /// All of these.
    pub when: Vec<Condition>,
}

/// Who sends a request: of each list that is not empty any, and none of each list of `not`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words of Istio's `source`")]
pub struct Source {
    pub principals: Vec<SmolStr>,
    pub not_principals: Vec<SmolStr>,
    pub request_principals: Vec<SmolStr>,
    pub not_request_principals: Vec<SmolStr>,
    pub namespaces: Vec<SmolStr>,
    pub not_namespaces: Vec<SmolStr>,
    pub service_accounts: Vec<SmolStr>,
    pub not_service_accounts: Vec<SmolStr>,
    pub trust_domains: Vec<SmolStr>,
    pub not_trust_domains: Vec<SmolStr>,
    pub ip_blocks: Vec<SmolStr>,
    pub not_ip_blocks: Vec<SmolStr>,
    pub remote_ip_blocks: Vec<SmolStr>,
    pub not_remote_ip_blocks: Vec<SmolStr>,
}

/// What is asked for: of each list that is not empty any, and none of each list of `not`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words of Istio's `operation`")]
pub struct Operation {
    pub hosts: Vec<SmolStr>,
    pub not_hosts: Vec<SmolStr>,
    pub ports: Vec<SmolStr>,
    pub not_ports: Vec<SmolStr>,
    pub methods: Vec<SmolStr>,
    pub not_methods: Vec<SmolStr>,
    pub paths: Vec<SmolStr>,
    pub not_paths: Vec<SmolStr>,
}

/// How one attribute of a request must be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Which, such as `request.headers[x-team]`.
    pub key: SmolStr,
    /// Any of these, if there are some.
    pub values: Vec<SmolStr>,
    /// None of these.
    pub not_values: Vec<SmolStr>,
}

/// What the proxy reads of a port: requests, or bytes alone. On a port of bytes a rule that allows and is about requests
/// lets nothing in, and a rule that refuses or asks loses what it says about requests, and so holds more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// Requests.
    Http,
    /// Bytes.
    Tcp,
}
