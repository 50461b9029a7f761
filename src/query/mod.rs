//! Who can call whom, and why: the mesh is asked, and what it becomes is not looked at.
//!
//! [`can()`] follows one request from its caller's proxy, or from the door of a gateway, to the service, and says what each
//! proxy on its way does: whether the caller's knows the service at all, which rule sends the request where, whether both
//! sides have an identity, who is asked, and which grant or denial decides. [`who`](callers) tells of a service who may
//! call it, and how.
//!
//! It shares no code with `lower`, so that each keeps the other honest: a test holds its answers against those that a real
//! mesh gives to what `lower` makes of the same intent.

mod answer;
mod arrival;
mod can;
mod carried;
mod door;
mod limits;
mod matching;
mod network;
mod path;
mod policies;
mod question;
mod route;
mod rules;
mod scope;
mod sent;
mod variant;
mod version;
mod who;
mod words;

pub use answer::{Answer, End, Fact, Fix, Topic, Verdict};
pub use can::{Unclear, can};
pub use question::{Question, ShownToken, Who};
pub use who::{Line, Through, callees, callers};
