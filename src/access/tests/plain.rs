//! One request and what rules say of it, as plainly as can be.

use super::super::{Action, Condition, Dimension, Operation, Outcome, Policy, Request, Rule, Source, Value, Wire};
use smol_str::SmolStr;
use std::net::IpAddr;

#[derive(Clone, Debug)]
pub(super) struct Plain {
    pub(super) principal: Option<&'static str>,
    pub(super) peer: IpAddr,
    pub(super) remote: IpAddr,
    pub(super) token: Option<(&'static str, &'static str)>,
    pub(super) host: &'static str,
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) port: u16,
    pub(super) header: Option<String>,
    pub(super) claims: Vec<&'static str>,
    pub(super) unknown: bool,
}

impl Plain {
    pub(super) fn request(&self) -> Request {
        let text = |text: Option<&str>| text.map_or(Value::Absent, |text| Value::Text(text.into()));
        let token = self
            .token
            .map_or(Value::Absent, |(issuer, subject)| Value::Token { issuer: issuer.into(), subject: subject.into() });
        let mut request = Request::default()
            .with(Dimension::Principal, text(self.principal))
            .with(Dimension::PeerAddress, Value::Address(self.peer))
            .with(Dimension::RemoteAddress, Value::Address(self.remote))
            .with(Dimension::RequestPrincipal, token)
            .with_text(Dimension::Host, self.host)
            .with_text(Dimension::Method, self.method)
            .with_text(Dimension::Path, &self.path)
            .with(Dimension::Port, Value::Port(self.port))
            .with(Dimension::Header("x-team".into()), text(self.header.as_deref()))
            .with(Dimension::Claim("[groups]".into()), Value::Texts(self.claims.iter().map(|c| (*c).into()).collect()));
        for values in ["a", "b", "a or b"] {
            let key = format!("experimental.envoy.filters.x[y] = {values}");
            request = request.with(Dimension::Unknown(key.into()), Value::Holds(self.unknown));
        }
        request
    }

    pub(super) fn verdict(&self, policies: &[Policy], wire: Wire) -> (Outcome, Vec<SmolStr>) {
        let holds = |policy: &Policy| policy.rules.iter().any(|rule| self.is_in(rule, policy, wire));
        if policies.iter().any(|policy| policy.action == Action::Deny && holds(policy)) {
            return (Outcome::Denied, Vec::new());
        }
        let mut allowing = policies.iter().filter(|policy| policy.action == Action::Allow).peekable();
        if allowing.peek().is_some() && !allowing.any(holds) {
            return (Outcome::Denied, Vec::new());
        }
        let mut asks: Vec<SmolStr> = policies
            .iter()
            .filter_map(|policy| match &policy.action {
                Action::Custom { provider } if holds(policy) => Some(provider.clone()),
                Action::Custom { .. } | Action::Allow | Action::Deny => None,
            })
            .collect();
        asks.sort();
        asks.dedup();
        (Outcome::Allowed, asks)
    }

    fn is_in(&self, rule: &Rule, policy: &Policy, wire: Wire) -> bool {
        let is_tcp = wire == Wire::Tcp;
        let of_requests = |lists: &[&Vec<SmolStr>]| is_tcp && lists.iter().any(|list| !list.is_empty());
        let drops = |source: &Source| of_requests(&[&source.request_principals, &source.not_request_principals]);
        let narrows = |own: &Operation| {
            of_requests(&[&own.hosts, &own.not_hosts, &own.methods, &own.not_methods, &own.paths, &own.not_paths])
        };
        let asks = |own: &Condition| own.key.starts_with("request.") && of_requests(&[&own.values, &own.not_values]);
        let is_left_out = rule.from.iter().any(drops) || rule.to.iter().any(narrows) || rule.when.iter().any(asks);
        if policy.action == Action::Allow && is_left_out {
            return false;
        }
        (rule.from.is_empty() || rule.from.iter().any(|source| self.comes_from(source, policy, is_tcp)))
            && (rule.to.is_empty() || rule.to.iter().any(|operation| self.goes_to(operation, is_tcp)))
            && rule
                .when
                .iter()
                .all(|condition| (is_tcp && condition.key.starts_with("request.")) || self.is_so(condition))
    }

    fn comes_from(&self, source: &Source, policy: &Policy, is_tcp: bool) -> bool {
        let principal = |value: &SmolStr| self.principal.is_some_and(|own| like(value, own));
        let parts = self.principal.map(|own| own.split('/').collect::<Vec<_>>());
        let namespace = |value: &SmolStr| parts.as_ref().is_some_and(|own| like(value, own[2]));
        let account = |value: &SmolStr| {
            let (namespace, account) = value.split_once('/').unwrap_or((&policy.namespace, value));
            parts.as_ref().is_some_and(|own| own[2] == namespace && own[4] == account)
        };
        let domain = |value: &SmolStr| parts.as_ref().is_some_and(|own| like(value, own[0]));
        let peer = |value: &SmolStr| within(value, self.peer);
        let remote = |value: &SmolStr| within(value, self.remote);
        let token = |value: &SmolStr| self.token.is_some_and(|token| is_token(value, token));
        among(&source.principals, &source.not_principals, principal)
            && among(&source.namespaces, &source.not_namespaces, namespace)
            && among(&source.service_accounts, &source.not_service_accounts, account)
            && among(&source.trust_domains, &source.not_trust_domains, domain)
            && among(&source.ip_blocks, &source.not_ip_blocks, peer)
            && among(&source.remote_ip_blocks, &source.not_remote_ip_blocks, remote)
            && (is_tcp || among(&source.request_principals, &source.not_request_principals, token))
    }

    fn goes_to(&self, own: &Operation, is_tcp: bool) -> bool {
        let host = |value: &SmolStr| like(&value.to_lowercase(), &self.host.to_lowercase());
        let port = |value: &SmolStr| value.parse::<u16>().unwrap() == self.port;
        let method = |value: &SmolStr| like(value, self.method);
        let path = |value: &SmolStr| is_path(value, &self.path);
        among(&own.ports, &own.not_ports, port)
            && (is_tcp
                || among(&own.hosts, &own.not_hosts, host)
                    && among(&own.methods, &own.not_methods, method)
                    && among(&own.paths, &own.not_paths, path))
    }

    fn is_so(&self, condition: &Condition) -> bool {
        let Condition { key, values, not_values } = condition;
        match key.as_str() {
            "request.headers[X-Team]" => {
                let header =
                    |value: &SmolStr| self.header.as_ref().is_some_and(|own| value == "*" || (like(value, own)));
                among(values, not_values, header)
            }
            "request.auth.claims[groups]" => {
                among(values, not_values, |value| self.claims.iter().any(|claim| like(value, claim)))
            }
            "request.auth.claims[iss]" => {
                among(values, not_values, |value| self.token.is_some_and(|(issuer, _)| like(value, issuer)))
            }
            "source.ip" => among(values, not_values, |value| within(value, self.peer)),
            _ => (values.is_empty() || self.unknown) && (not_values.is_empty() || !self.unknown),
        }
    }
}

fn among(values: &[SmolStr], not_values: &[SmolStr], holds: impl Fn(&SmolStr) -> bool) -> bool {
    (values.is_empty() || values.iter().any(&holds)) && !not_values.iter().any(&holds)
}

fn like(value: &str, text: &str) -> bool {
    match (value.strip_prefix('*'), value.strip_suffix('*')) {
        (Some(""), _) => !text.is_empty(),
        (Some(suffix), _) => text.ends_with(suffix),
        (None, Some(prefix)) => text.starts_with(prefix),
        (None, None) => value == text,
    }
}

fn is_token(value: &str, (issuer, subject): (&str, &str)) -> bool {
    match value {
        "*" => !issuer.is_empty() && !subject.is_empty(),
        "*/a" => !issuer.is_empty() && subject == "a",
        "*i/a" => issuer.ends_with('i') && subject == "a",
        "i*" => issuer.starts_with('i') && !subject.is_empty(),
        "i/*" => issuer == "i" && !subject.is_empty(),
        "i/a*" => issuer == "i" && subject.starts_with('a'),
        "i/a" => issuer == "i" && subject == "a",
        other => panic!("{other}"),
    }
}

fn within(range: &str, address: IpAddr) -> bool {
    let (network, bits) = range.split_once('/').unwrap_or((range, if address.is_ipv4() { "32" } else { "128" }));
    let (network, bits): (IpAddr, usize) = (network.parse().unwrap(), bits.parse().unwrap());
    let digits = |address: IpAddr| match address {
        IpAddr::V4(address) => format!("{:032b}", u32::from(address)),
        IpAddr::V6(address) => format!("{:0128b}", u128::from(address)),
    };
    network.is_ipv4() == address.is_ipv4() && digits(network)[..bits] == digits(address)[..bits]
}

fn is_path(value: &str, path: &str) -> bool {
    if !value.contains('{') {
        return like(value, path);
    }
    let is_segment = |text: &str| !text.is_empty() && !text.contains('|');
    let (wanted, own): (Vec<&str>, Vec<&str>) = (value.split('/').collect(), path.split('/').collect());
    let same = |wanted: &[&str], own: &[&str]| {
        wanted.len() == own.len()
            && wanted
                .iter()
                .zip(own)
                .all(|(wanted, own)| if *wanted == "{*}" { is_segment(own) } else { wanted == own })
    };
    match wanted.split_last() {
        Some((&"{**}", begin)) => {
            own.len() > begin.len()
                && same(begin, &own[..begin.len()])
                && own[begin.len()..].iter().all(|rest| !rest.contains('|'))
        }
        _ => same(&wanted, &own),
    }
}
