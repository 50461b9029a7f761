use super::{Duration, HeaderName, HeaderValue};

/// The part of a request by which a pod is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HashKey {
    /// A header.
    Header(HeaderName),
    /// A cookie.
    Cookie {
        /// Its name.
        name: HeaderName,
        /// How long one lives that the proxy sets; none: it sets none.
        ttl: Option<Duration>,
        /// Its path.
        path: Option<HeaderValue>,
    },
    /// The address of the caller.
    SourceAddress,
    /// A query parameter.
    Query(HeaderName),
}

/// Over what a hash chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashTable {
    /// A ring of at least so many places.
    Ring(u32),
    /// A table of this size.
    Maglev(u32),
}

impl HashKey {
    /// Whether only requests have it.
    pub fn is_about_requests(&self) -> bool {
        match self {
            HashKey::Header(_) | HashKey::Cookie { .. } | HashKey::Query(_) => true,
            HashKey::SourceAddress => false,
        }
    }

    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            HashKey::Header(_) => "header",
            HashKey::Cookie { .. } => "cookie",
            HashKey::SourceAddress => "source-ip",
            HashKey::Query(_) => "query",
        }
    }

    /// The name of the header, the cookie or the parameter.
    pub fn name(&self) -> Option<&HeaderName> {
        match self {
            HashKey::Header(name) | HashKey::Cookie { name, .. } | HashKey::Query(name) => Some(name),
            HashKey::SourceAddress => None,
        }
    }
}
