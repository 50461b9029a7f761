use super::body::{self, Body};
use super::decode::{Decoder, argument};
use super::grammar::{MANY, Place, Repeats, Word};
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::Name;
use smol_str::SmolStr;

pub(super) const WORDS: &[Word] = &[Word {
    name: "use",
    places: &[Place::Mesh, Place::Namespace, Place::Profile, Place::Service, Place::Workload],
    shape: "PROFILE+",
    arguments: (1, MANY),
    properties: &[],
    block: None,
    repeats: Repeats::Once,
    meaning: "Profiles whose words stand below its own, the later over the earlier.",
}];

/// `profile NAME { }`: a named bundle of defaults.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name.
    pub name: Spanned<Name>,
    /// What it says.
    pub body: Body,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// Reads `profile`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Profile> {
    let name = decoder.name(argument(node, 0)?);
    let body = body::decode(decoder, node, Place::Profile);
    Some(Profile { name: name?, body, only_in: Vec::new() })
}
