use super::Decoder;
use crate::diagnostic::{Diagnostic, nearest};
use crate::intent::codes::{MISPLACED_CONDITION, MISPLACED_NODE, NEGATIVE_GRANT, UNKNOWN_NODE};
use crate::intent::grammar::{self, Place, Repeats, Word};
use crate::syntax::Node;

impl Decoder<'_> {
    /// Walks the nodes of a block: each that the table knows here, and whose shape is right, goes to `take`.
    pub(in crate::intent) fn each<'n, 's: 'n>(
        &mut self,
        nodes: impl IntoIterator<Item = &'n Node<'s>>,
        place: Place,
        mut take: impl FnMut(&mut Self, &'static Word, &'n Node<'s>),
    ) {
        for node in nodes {
            let name = node.name.value.as_ref();
            match grammar::find(place, name.strip_prefix('-').unwrap_or(name)) {
                Some(word) if !name.starts_with('-') => {
                    if self.shape(node, word) {
                        take(self, word, node);
                    }
                }
                Some(word) if word.repeats != Repeats::Once => take(self, word, node),
                Some(_) | None => self.not_here(node, place),
            }
        }
    }

    /// The nodes of a node's block, walked like [`Decoder::each`].
    pub(in crate::intent) fn children<'n, 's: 'n>(
        &mut self,
        node: &'n Node<'s>,
        place: Place,
        take: impl FnMut(&mut Self, &'static Word, &'n Node<'s>),
    ) {
        if let Some(block) = &node.block {
            self.each(&block.nodes, place, take);
        }
    }

    fn not_here(&mut self, node: &Node<'_>, place: Place) {
        let name = node.name.value.as_ref();
        let bare = name.strip_prefix('-').unwrap_or(name);
        let places = grammar::places_of(bare);
        let fault = if place == Place::Allow && name == "not" {
            negative_grant(node)
        } else if places.is_empty() || name != bare {
            unknown(node, place, &places)
        } else {
            misplaced(node, place, &places)
        };
        self.found.push(fault);
    }
}

fn unknown(node: &Node<'_>, place: Place, places: &[Place]) -> Diagnostic {
    let name = node.name.value.as_ref();
    let title = format!("expected a word that {} knows, found `{name}`", place.words());
    let fault = Diagnostic::new(&UNKNOWN_NODE, title);
    if !places.is_empty() {
        let text = format!(
            "`{}` has one value in each layer: say another, or `off` where it has that",
            name.trim_start_matches('-')
        );
        return fault.at(node.name.span, "only what is collected can be taken away").help(text);
    }
    let fault = fault.at(node.name.span, "there is no such word");
    let here: Vec<&str> = grammar::words_in(place).map(|word| word.name).collect();
    match nearest(name, here.iter().copied()) {
        Some(word) => fault.fix(format!("did you mean `{word}`?"), node.name.span, word),
        None => fault.help(format!("{} knows {}", place.words(), quoted(&here))),
    }
}

fn misplaced(node: &Node<'_>, place: Place, places: &[Place]) -> Diagnostic {
    let name = node.name.value.as_ref();
    let code = if place.holds_conditions() { &MISPLACED_CONDITION } else { &MISPLACED_NODE };
    let stands: Vec<&str> = places.iter().map(|place| place.words()).collect();
    Diagnostic::new(code, format!("`{name}` may not stand in {}", place.words()))
        .at(node.name.span, format!("{} does not know it", place.words()))
        .help(format!("it stands in {}", stands.join(", ")))
}

fn negative_grant(node: &Node<'_>) -> Diagnostic {
    Diagnostic::new(&NEGATIVE_GRANT, "a grant says what is allowed, never all but something")
        .at(node.name.span, "this would let in whatever is not listed")
        .note("every spelling of a path that nobody thought of (`/admin%2f`, `/ADMIN`, `/admin;x`) would be inside the grant")
        .help("name what is allowed; or keep the grant and add a `deny` for the rest")
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
