use super::Mismatch;
use std::fmt;

/// A port from 1 to 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Port(u16);

impl Port {
    /// Where the tunnel between proxies of nodes ends.
    pub(crate) const TUNNEL: Port = Port(15_008);

    /// Takes 1 to 65535.
    ///
    /// # Errors
    /// The number is outside.
    pub fn new(number: i128) -> Result<Self, Mismatch> {
        u16::try_from(number)
            .ok()
            .filter(|number| *number > 0)
            .map(Port)
            .ok_or_else(|| Mismatch::new("a port from 1 to 65535", format!("`{number}` is outside")))
    }

    /// The number.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// Whether Istio's proxy uses it itself (15000 to 15090).
    pub const fn is_reserved(self) -> bool {
        matches!(self.0, 15_000..=15_090)
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a port speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// HTTP/1.1.
    Http,
    /// HTTP/2 without TLS.
    Http2,
    /// gRPC.
    Grpc,
    /// gRPC-Web.
    GrpcWeb,
    /// HTTP over TLS that the application ends.
    Https,
    /// TLS that the application ends.
    Tls,
    /// Bytes.
    Tcp,
    /// `MongoDB`.
    Mongo,
    /// `MySQL`.
    Mysql,
    /// `PostgreSQL`.
    Postgres,
    /// Redis.
    Redis,
}

/// What can be said of a port's traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProtocolKind {
    /// Requests: methods, paths, headers.
    Http,
    /// Connections with a server name.
    Tls,
    /// Connections.
    Tcp,
}

impl Protocol {
    /// Every protocol with its word.
    pub const ALL: [(&'static str, Protocol); 11] = [
        ("http", Protocol::Http),
        ("http2", Protocol::Http2),
        ("grpc", Protocol::Grpc),
        ("grpc-web", Protocol::GrpcWeb),
        ("https", Protocol::Https),
        ("tls", Protocol::Tls),
        ("tcp", Protocol::Tcp),
        ("mongo", Protocol::Mongo),
        ("mysql", Protocol::Mysql),
        ("postgres", Protocol::Postgres),
        ("redis", Protocol::Redis),
    ];

    /// The protocol of this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == word).map(|(_, protocol)| *protocol)
    }

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Protocol::Http => "http",
            Protocol::Http2 => "http2",
            Protocol::Grpc => "grpc",
            Protocol::GrpcWeb => "grpc-web",
            Protocol::Https => "https",
            Protocol::Tls => "tls",
            Protocol::Tcp => "tcp",
            Protocol::Mongo => "mongo",
            Protocol::Mysql => "mysql",
            Protocol::Postgres => "postgres",
            Protocol::Redis => "redis",
        }
    }

    /// What can be said of its traffic.
    pub const fn kind(self) -> ProtocolKind {
        match self {
            Protocol::Http | Protocol::Http2 | Protocol::Grpc | Protocol::GrpcWeb => ProtocolKind::Http,
            Protocol::Https | Protocol::Tls => ProtocolKind::Tls,
            Protocol::Tcp | Protocol::Mongo | Protocol::Mysql | Protocol::Postgres | Protocol::Redis => {
                ProtocolKind::Tcp
            }
        }
    }
}
