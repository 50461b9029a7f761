use smol_str::SmolStr;
use std::fmt;

/// A part of a request that is independent of the other parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// The identity in the peer's certificate; none where there is no certificate.
    Principal,
    /// The address at the other end of the connection.
    PeerAddress,
    /// The address that proxies before this one tell.
    RemoteAddress,
    /// Issuer and subject of the token; none where there is no token.
    RequestPrincipal,
    /// The host that is asked for, with its port if that is said.
    Host,
    /// The port of the workload.
    Port,
    /// The method.
    Method,
    /// The path, as the mesh normalizes it, without the query.
    Path,
    /// A header, by its name.
    Header(SmolStr),
    /// A claim of the token, by its place: `[realm][groups]`.
    Claim(SmolStr),
    /// The address that was dialled.
    DestinationAddress,
    /// The name of the server for which a TLS client asks.
    Sni,
    /// Something of which nothing is known: it holds or not.
    Unknown(SmolStr),
}

/// By which word a value is said. Several words may say something of one dimension: the namespace is part of the identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the words of Istio's rules")]
pub enum Field {
    Principals,
    Namespaces,
    ServiceAccounts,
    TrustDomains,
    IpBlocks,
    RemoteIpBlocks,
    RequestPrincipals,
    Hosts,
    Ports,
    Methods,
    Paths,
    Header(SmolStr),
    Claim(SmolStr),
    DestinationIp,
    Sni,
    Unknown(SmolStr),
}

impl Field {
    /// The field of a condition's key.
    pub(super) fn of_key(key: &str) -> Self {
        let within = |name: &str| key.strip_prefix(name).filter(|rest| rest.starts_with('[') && rest.ends_with(']'));
        match key {
            "source.ip" => Field::IpBlocks,
            "remote.ip" => Field::RemoteIpBlocks,
            "source.namespace" => Field::Namespaces,
            "source.serviceAccount" => Field::ServiceAccounts,
            "source.principal" => Field::Principals,
            "source.trustDomain" => Field::TrustDomains,
            "request.auth.principal" => Field::RequestPrincipals,
            "request.auth.audiences" => Field::Claim("[aud]".into()),
            "request.auth.presenter" => Field::Claim("[azp]".into()),
            "destination.ip" => Field::DestinationIp,
            "destination.port" => Field::Ports,
            "connection.sni" => Field::Sni,
            _ => match (within("request.headers"), within("request.auth.claims")) {
                (Some(name), _) => Field::header(name, key),
                (None, Some(claims)) => Field::Claim(claims.into()),
                (None, None) => Field::Unknown(key.into()),
            },
        }
    }

    /// Envoy's own headers are parts of a request that have dimensions of their own, with other rules of case.
    fn header(brackets: &str, key: &str) -> Self {
        let name = brackets.trim_start_matches('[').trim_end_matches(']').to_lowercase();
        match name.starts_with(':') || name == "host" {
            true => Field::Unknown(key.into()),
            false => Field::Header(name.into()),
        }
    }

    /// What it says something about. Where nothing is known of values, each of them is a dimension of its own.
    pub(super) fn dimension(&self, value: &str) -> Dimension {
        match self {
            Field::Principals | Field::Namespaces | Field::ServiceAccounts | Field::TrustDomains => {
                Dimension::Principal
            }
            Field::IpBlocks => Dimension::PeerAddress,
            Field::RemoteIpBlocks => Dimension::RemoteAddress,
            Field::RequestPrincipals => Dimension::RequestPrincipal,
            Field::Hosts => Dimension::Host,
            Field::Ports => Dimension::Port,
            Field::Methods => Dimension::Method,
            Field::Paths => Dimension::Path,
            Field::Header(name) => Dimension::Header(name.clone()),
            // Envoy reads issuer and subject of the token for both words.
            Field::Claim(name) if name == ISSUER || name == SUBJECT => Dimension::RequestPrincipal,
            Field::Claim(name) => Dimension::Claim(name.clone()),
            Field::DestinationIp => Dimension::DestinationAddress,
            Field::Sni => Dimension::Sni,
            Field::Unknown(key) => Dimension::Unknown(smol_str::format_smolstr!("{key} = {value}")),
        }
    }

    /// Whether only a proxy that reads requests can tell.
    pub(super) fn is_about_requests(&self) -> bool {
        match self {
            Field::RequestPrincipals
            | Field::Hosts
            | Field::Methods
            | Field::Paths
            | Field::Header(_)
            | Field::Claim(_) => true,
            Field::Principals
            | Field::Namespaces
            | Field::ServiceAccounts
            | Field::TrustDomains
            | Field::IpBlocks
            | Field::RemoteIpBlocks
            | Field::Ports
            | Field::DestinationIp
            | Field::Sni
            | Field::Unknown(_) => false,
        }
    }
}

/// The claim that is the issuer.
pub(super) const ISSUER: &str = "[iss]";
/// The claim that is the subject.
pub(super) const SUBJECT: &str = "[sub]";

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Field::Principals => f.write_str("identity"),
            Field::Namespaces => f.write_str("namespace"),
            Field::ServiceAccounts => f.write_str("service account"),
            Field::TrustDomains => f.write_str("trust domain"),
            Field::IpBlocks => f.write_str("address"),
            Field::RemoteIpBlocks => f.write_str("client address"),
            Field::RequestPrincipals => f.write_str("token"),
            Field::Hosts => f.write_str("host"),
            Field::Ports => f.write_str("port"),
            Field::Methods => f.write_str("method"),
            Field::Paths => f.write_str("path"),
            Field::Header(name) => write!(f, "header {name}"),
            Field::Claim(name) => write!(f, "claim {}", name.trim_matches(['[', ']']).replace("][", ".")),
            Field::DestinationIp => f.write_str("destination"),
            Field::Sni => f.write_str("SNI"),
            Field::Unknown(key) => f.write_str(key),
        }
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = match self {
            Dimension::Principal => Field::Principals,
            Dimension::PeerAddress => Field::IpBlocks,
            Dimension::RemoteAddress => Field::RemoteIpBlocks,
            Dimension::RequestPrincipal => Field::RequestPrincipals,
            Dimension::Host => Field::Hosts,
            Dimension::Port => Field::Ports,
            Dimension::Method => Field::Methods,
            Dimension::Path => Field::Paths,
            Dimension::Header(name) => Field::Header(name.clone()),
            Dimension::Claim(name) => Field::Claim(name.clone()),
            Dimension::DestinationAddress => Field::DestinationIp,
            Dimension::Sni => Field::Sni,
            Dimension::Unknown(key) => Field::Unknown(key.clone()),
        };
        field.fmt(f)
    }
}
