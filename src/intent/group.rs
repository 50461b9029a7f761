use super::access::each_once;
use super::codes::{EMPTY_GROUP, UNKNOWN_VALUE};
use super::decode::{Decoder, argument, arguments};
use super::grammar::{MANY, Place, Repeats, Word};
use super::peer::Peer;
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;
use crate::syntax::Node;
use crate::value::Name;
use smol_str::SmolStr;

pub(super) const WORDS: &[Word] = &[Word {
    name: "member",
    places: &[Place::Group],
    shape: "PEER+",
    arguments: (1, MANY),
    properties: &[],
    block: None,
    repeats: Repeats::Many,
    meaning: "Who belongs to the group: services, workloads, namespaces, gateways, addresses, other groups.",
}];

/// `group NAME { }`: callers under one name.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name.
    pub name: Spanned<Name>,
    /// Who belongs to it.
    pub members: Vec<Spanned<Peer>>,
    /// The environments in which alone it exists; none: all.
    pub only_in: Vec<Spanned<SmolStr>>,
}

/// Reads `group`.
pub(super) fn decode(decoder: &mut Decoder<'_>, node: &Node<'_>) -> Option<Group> {
    let name = decoder.name::<Name>(argument(node, 0)?);
    let (mut members, mut says_members) = (Vec::new(), false);
    let knows_all = decoder.children(node, Place::Group, |decoder, _, child| {
        says_members = true;
        members.append(&mut named_peers(decoder, child, "a group"));
    });
    each_once(decoder, &members);
    // A word that nobody knows may be a mistyped `member`.
    if !says_members && knows_all {
        decoder.found.push(
            Diagnostic::new(&EMPTY_GROUP, "a group without a member")
                .at(node.name.span, "no `member` in this block")
                .note("a rule made of it would name nobody, and a rule that names nobody is one for everybody")
                .help("say who belongs to it: `member web.shop`"),
        );
    }
    Some(Group { name: name?, members, only_in: Vec::new() })
}

/// The peers of a line that have a name of their own: what a built-in one means depends on where it stands.
pub(super) fn named_peers(decoder: &mut Decoder<'_>, node: &Node<'_>, holder: &str) -> Vec<Spanned<Peer>> {
    let mut peers = Vec::with_capacity(node.entries.len());
    for entry in arguments(node) {
        let Some(peer) = decoder.value::<Peer>(entry) else { continue };
        if peer.value.is_built_in() {
            decoder.found.push(
                Diagnostic::new(&UNKNOWN_VALUE, format!("expected a caller with a name, found `{}`", peer.value))
                    .at(peer.span, format!("{holder} does not hold it"))
                    .note("what a built-in word stands for depends on the service that says it")
                    .help("name services, workloads, namespaces, gateways, addresses or groups here"),
            );
        } else {
            peers.push(peer);
        }
    }
    peers
}
