use super::{Host, Mismatch};
use std::fmt;
use std::net::IpAddr;

/// Where something is: an IP address, or a DNS name that has one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    /// An IP address.
    Ip(IpAddr),
    /// A DNS name.
    Name(Host),
}

impl Address {
    /// Reads an IP address or a DNS name.
    ///
    /// # Errors
    /// It is neither.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        if let Ok(address) = text.parse() {
            return Ok(Address::Ip(address));
        }
        let expected = "an IP address or a DNS name".to_owned();
        Host::parse(text).map(Address::Name).map_err(|mismatch| Mismatch { expected, ..mismatch })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Ip(address) => write!(f, "{address}"),
            Address::Name(host) => write!(f, "{host}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn numbers_are_addresses_and_names_are_hosts() {
        for text in ["192.0.2.7", "2001:db8::1"] {
            assert!(matches!(Address::parse(text), Ok(Address::Ip(_))), "{text}");
        }
        assert!(matches!(Address::parse("eu.api.example"), Ok(Address::Name(_))));
        for text in ["", "1.2.3", "1.2.3.256", "api", "192.0.2.0/24", "a.example:80"] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
