//! The mesh as a picture: who calls whom, by which doors, with what share, and what each line of intent says of it.
//!
//! [`Graph`] is what is drawn, [`layout`] says where, [`render`] writes it in a format; none knows the next one's work,
//! so that two graphs can be drawn as one. In: a mesh that is closed and what was found in it. Out: text. Whatever names
//! and reasons hold, they are text in every format.

mod build;
mod joined;
pub mod layout;
mod model;
mod page;
mod places;
pub mod render;

pub use model::{
    Edge, Fate, Finding, Graph, Home, HomeKind, Kind, Node, NodeId, Relation, Row, Section, Standing, VersionShare,
};
