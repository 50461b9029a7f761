use super::Dimension;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

/// One request, as far as rules of access look at it. What is not said of it is not there: no identity, no token, no such
/// header; of what every request has it is `GET /` of port 80.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request(BTreeMap<Dimension, Value>);

/// What a request has in one dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Absent,
    /// A text.
    Text(SmolStr),
    /// Issuer and subject of a token.
    Token {
        /// Who signed it.
        issuer: SmolStr,
        /// About whom.
        subject: SmolStr,
    },
    /// Texts, of which a rule may want any: a claim.
    Texts(Vec<SmolStr>),
    /// An address.
    Address(IpAddr),
    /// A port.
    Port(u16),
    /// What is not known holds, or not.
    Holds(bool),
}

impl Request {
    /// The same request with another value in one dimension.
    #[must_use]
    pub fn with(mut self, dimension: Dimension, value: Value) -> Self {
        self.0.insert(dimension, value);
        self
    }

    /// The same request with a text in one dimension.
    #[must_use]
    pub fn with_text(self, dimension: Dimension, text: &str) -> Self {
        self.with(dimension, Value::Text(text.into()))
    }

    /// What it has in a dimension.
    pub fn value(&self, dimension: &Dimension) -> Value {
        self.0.get(dimension).cloned().unwrap_or_else(|| Value::unsaid(dimension))
    }

    /// What was said of it.
    pub fn said(&self) -> impl Iterator<Item = (&Dimension, &Value)> {
        self.0.iter()
    }
}

impl Value {
    /// What a request has of which nothing is said.
    fn unsaid(dimension: &Dimension) -> Self {
        match dimension {
            Dimension::Host => Value::Text(SmolStr::default()),
            Dimension::Method => Value::Text("GET".into()),
            Dimension::Path => Value::Text("/".into()),
            Dimension::Port => Value::Port(80),
            Dimension::PeerAddress | Dimension::RemoteAddress | Dimension::DestinationAddress => {
                Value::Address(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
            }
            Dimension::Unknown(_) => Value::Holds(false),
            Dimension::Principal
            | Dimension::RequestPrincipal
            | Dimension::Header(_)
            | Dimension::Claim(_)
            | Dimension::Sni => Value::Absent,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Absent => f.write_str("none"),
            Value::Text(text) => write!(f, "{text:?}"),
            Value::Token { issuer, subject } => write!(f, "from {issuer:?} for {subject:?}"),
            Value::Texts(texts) => write!(f, "{texts:?}"),
            Value::Address(address) => address.fmt(f),
            Value::Port(port) => port.fmt(f),
            Value::Holds(holds) => holds.fmt(f),
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (dimension, value)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{dimension} {value}")?;
        }
        Ok(())
    }
}
