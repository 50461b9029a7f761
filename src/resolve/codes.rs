//! The faults of names and layers.

use crate::code;
use crate::diagnostic::Code;

pub(super) static NO_MESH: Code = code!("no-mesh", Error, "a workspace without its `mesh` node");
pub(super) static NAME_TAKEN: Code = code!("name-taken", Error, "two things of one name in one namespace");
pub(super) static NODE_EXISTS: Code =
    code!("node-exists", Error, "a node that `in` declares although it exists everywhere");
pub(super) static RESERVED_NAME: Code = code!("reserved-name", Error, "a name that has a meaning of its own");
pub(super) static UNKNOWN_NAME: Code = code!("unknown-name", Error, "a name that nothing has");
pub(super) static AMBIGUOUS_NAME: Code = code!("ambiguous-name", Error, "a short name that means two things");
pub(super) static UNKNOWN_VERSION: Code = code!("unknown-version", Error, "a version that the service does not have");
pub(super) static UNDECLARED_NAMESPACE: Code = code!("undeclared-namespace", Error, "a namespace that nobody declares");
pub(super) static NAMESPACE_NEEDED: Code = code!("namespace-needed", Error, "a short name where no namespace is meant");
pub(super) static NOTHING_TO_REMOVE: Code = code!("nothing-to-remove", Error, "a removal of what no weaker layer says");
pub(super) static ADDED_AND_REMOVED: Code =
    code!("added-and-removed", Error, "one layer that adds and removes the same");
pub(super) static PLATFORM_DENY: Code = code!("platform-deny", Error, "a removal of what the platform denies");
pub(super) static UNKNOWN_PARAMETER: Code =
    code!("unknown-parameter", Error, "a parameter that a template does not have");
pub(super) static CYCLE: Code = code!("cycle", Error, "things that build on each other in a circle");
pub(super) static HTTP_ON_TCP: Code = code!("http-on-tcp", Error, "a word about requests on a port that has none");
/// Shared with the rules about grants, which declare it too.
pub(super) static UNKNOWN_PORT: Code = code!("unknown-port", Error, "a port that the service does not have");
pub(super) static FROM_NOT_ROUTABLE: Code = code!("from-not-routable", Error, "a caller that no route can tell apart");
pub(super) static MISSING_POSITION: Code =
    code!("missing-position", Error, "a new route of an overlay without its place");
pub(super) static ROUTES_SPLIT: Code = code!("routes-split", Error, "routes of one service in several files");
pub(super) static AMBIGUOUS_TARGET: Code = code!("ambiguous-target", Error, "a name of a version and of a service");
pub(super) static ACTION_CLASH: Code = code!("action-clash", Error, "words of a route that cannot stand together");
/// Shared with the rule about conditions that cannot be joined.
pub(super) static MATCH_NOT_EXPRESSIBLE: Code =
    code!("match-not-expressible", Error, "conditions that Istio cannot join");
pub(super) static PORT_NEEDED: Code = code!("port-needed", Error, "an exposure that fits several ports");
pub(super) static PORT_DOES_NOT_FIT: Code =
    code!("port-does-not-fit", Error, "an exposure of a port that does not speak what the gateway hands on");
pub(super) static UNUSED_VARIABLE: Code = code!("unused-variable", Warning, "a variable that nothing inserts");

/// Every fault of this folder, for `mesh explain` and the book.
pub static CODES: &[&Code] = &[
    &NO_MESH,
    &NAME_TAKEN,
    &NODE_EXISTS,
    &RESERVED_NAME,
    &UNKNOWN_NAME,
    &AMBIGUOUS_NAME,
    &UNKNOWN_VERSION,
    &UNDECLARED_NAMESPACE,
    &NAMESPACE_NEEDED,
    &NOTHING_TO_REMOVE,
    &ADDED_AND_REMOVED,
    &PLATFORM_DENY,
    &UNKNOWN_PARAMETER,
    &CYCLE,
    &HTTP_ON_TCP,
    &UNKNOWN_PORT,
    &PORT_NEEDED,
    &PORT_DOES_NOT_FIT,
    &FROM_NOT_ROUTABLE,
    &MISSING_POSITION,
    &ROUTES_SPLIT,
    &AMBIGUOUS_TARGET,
    &ACTION_CLASH,
    &MATCH_NOT_EXPRESSIBLE,
    &UNUSED_VARIABLE,
];
