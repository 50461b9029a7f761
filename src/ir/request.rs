use super::{Caller, Claim};
use crate::source::{Origin, Spanned};
use crate::value::{self, Cidr, HeaderName, HeaderValue, HostPattern, Method, Path, Regex, Scheme};
use thin_vec::ThinVec;

/// Requests or connections of a kind: every line must hold, and none of those that are excluded.
#[derive(Clone, Debug)]
pub struct RequestMatch {
    /// What must hold.
    pub lines: Lines,
    /// What may not hold, not even one line of it.
    pub not: Option<Box<Lines>>,
    /// Where it was said.
    pub origin: Origin,
}

/// Lines of conditions; a list that is empty says nothing, and of one that is not any value will do.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// Headers.
    pub headers: ThinVec<(Spanned<HeaderName>, Predicate)>,
    /// Cookies.
    pub cookies: ThinVec<(Spanned<HeaderName>, Predicate)>,
    /// Query parameters.
    pub queries: ThinVec<(Spanned<HeaderName>, Predicate)>,
    /// Claims of the token, which only the gateway knows that has read it.
    pub claims: ThinVec<Claim>,
    /// Methods.
    pub methods: ThinVec<Method>,
    /// Sets of paths, each of which must hold the path; several only where two matches are joined.
    pub paths: ThinVec<Paths>,
    /// Hosts, with and without a port.
    pub hosts: ThinVec<Spanned<HostPattern>>,
    /// Schemes.
    pub schemes: ThinVec<Scheme>,
    /// Ports of the service.
    pub ports: ThinVec<Spanned<value::Port>>,
    /// Who sends it.
    pub from: ThinVec<Caller>,
    /// Names of the server that a TLS client asks for.
    pub server_names: ThinVec<Spanned<HostPattern>>,
    /// Addresses that are dialled.
    pub destinations: ThinVec<Spanned<Cidr>>,
}

/// A set of paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paths {
    /// Those of these patterns.
    Patterns {
        /// Never empty.
        patterns: Vec<Spanned<Path>>,
        /// Whether upper and lower case are the same.
        ignore_case: bool,
    },
    /// Those that match this as a whole.
    Regex(Spanned<Regex>),
}

/// What a text must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Predicate {
    /// There, whatever it is.
    Present,
    /// One of these.
    OneOf(Vec<HeaderValue>),
    /// Beginning with this.
    Prefix(HeaderValue),
    /// Matching this as a whole.
    Regex(Regex),
}
