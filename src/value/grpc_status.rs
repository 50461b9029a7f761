use std::fmt;

/// A status of gRPC that is no success, by the name that gRPC has for it, in lower case with `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GrpcStatus(&'static str);

const fn named(name: &'static str) -> (&'static str, GrpcStatus) {
    (name, GrpcStatus(name))
}

impl GrpcStatus {
    /// All of them, by name.
    pub const ALL: [(&'static str, GrpcStatus); 16] = [
        named("cancelled"),
        named("unknown"),
        named("invalid-argument"),
        named("deadline-exceeded"),
        named("not-found"),
        named("already-exists"),
        named("permission-denied"),
        named("resource-exhausted"),
        named("failed-precondition"),
        named("aborted"),
        named("out-of-range"),
        named("unimplemented"),
        named("internal"),
        named("unavailable"),
        named("data-loss"),
        named("unauthenticated"),
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for GrpcStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
