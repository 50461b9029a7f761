use crate::diagnostic::{Diagnostic, nearest};
use crate::intent::codes::{MISPLACED_CONDITION, MISPLACED_NODE, NEGATIVE_GRANT, UNKNOWN_NODE};
use crate::intent::grammar::{self, Place, Repeats, Word};
use crate::syntax::Node;

/// A node whose word does not stand in this block.
pub(super) fn not_here(node: &Node<'_>, place: Place) -> Diagnostic {
    let name = node.name.value.as_ref();
    let bare = name.strip_prefix('-').unwrap_or(name);
    let places = grammar::places_of(bare);
    match grammar::find(place, bare) {
        Some(word) => not_removable(node, word),
        None if place == Place::Allow && name == "not" => negative_grant(node),
        None if grammar::takes_property(place, name) => not_a_node(node, place),
        None if places.is_empty() => unknown(node, place),
        None => misplaced(node, place, &places),
    }
}

/// `-word` for a word that stands here, but of which no layer collects anything.
fn not_removable(node: &Node<'_>, word: &Word) -> Diagnostic {
    let name = word.name;
    let help = match word.repeats {
        Repeats::Once if word.shape.ends_with("| off") => format!("say `{name} off`, or another value, which wins"),
        Repeats::Once => format!("say another `{name}`, which wins over a weaker layer's"),
        Repeats::Many | Repeats::Keyed | Repeats::Adds => format!("take the `{name}` out where it is written"),
    };
    Diagnostic::new(&UNKNOWN_NODE, format!("`{name}` cannot be taken away"))
        .at(node.name.span, "only what layers collect under a key can")
        .help(help)
}

fn negative_grant(node: &Node<'_>) -> Diagnostic {
    Diagnostic::new(&NEGATIVE_GRANT, "a grant says what is allowed, never all but something")
        .at(node.name.span, "this would let in whatever is not listed")
        .note(
            "every spelling of a path that nobody thought of (`/admin%2f`, `/ADMIN`, `/admin;x`) would be inside the grant",
        )
        .help("name what is allowed; or keep the grant and add a `deny` for the rest")
}

fn not_a_node(node: &Node<'_>, place: Place) -> Diagnostic {
    let name = &node.name.value;
    Diagnostic::new(&MISPLACED_NODE, format!("`{name}` is a property of {}", place.words()))
        .at(node.name.span, "written as a node in the block")
        .help(format!("write it before the block: `{name}=...`"))
}

fn unknown(node: &Node<'_>, place: Place) -> Diagnostic {
    let name = node.name.value.as_ref();
    let fault = Diagnostic::new(&UNKNOWN_NODE, format!("expected a word that {} knows, found `{name}`", place.words()))
        .at(node.name.span, "there is no such word");
    let is_removal = name.starts_with('-');
    let here = grammar::words_in(place).filter(|word| !is_removal || word.repeats.can_be_removed());
    let here: Vec<&str> = here.map(|word| word.name).collect();
    let mark = if is_removal { "-" } else { "" };
    match nearest(name.trim_start_matches('-'), here.iter().copied()) {
        Some(word) => {
            let right = format!("{mark}{word}");
            fault.fix(format!("did you mean `{right}`?"), node.name.span, right)
        }
        None if here.is_empty() => fault.help(format!("nothing can be taken away in {}", place.words())),
        None => {
            let known: Vec<String> = here.iter().map(|word| format!("`{mark}{word}`")).collect();
            fault.help(format!("{} knows {}", place.words(), known.join(", ")))
        }
    }
}

fn misplaced(node: &Node<'_>, place: Place, places: &[Place]) -> Diagnostic {
    let name = node.name.value.as_ref();
    let code = if place.holds_conditions() { &MISPLACED_CONDITION } else { &MISPLACED_NODE };
    let stands: Vec<&str> = places.iter().map(|place| place.words()).collect();
    let fault = Diagnostic::new(code, format!("`{name}` may not stand in {}", place.words()))
        .at(node.name.span, format!("{} does not know it", place.words()));
    let fault = match nearest(name, grammar::words_in(place).map(|word| word.name)) {
        Some(word) => fault.fix(format!("did you mean `{word}`?"), node.name.span, word),
        None => fault,
    };
    fault.help(format!("it stands in {}", stands.join(", ")))
}
