use super::{Decoder, argument, arguments, head, property};
use crate::diagnostic::{Diagnostic, nearest};
use crate::intent::codes::{
    EXTRA_ARGUMENT, MISPLACED_CONDITION, MISSING_ARGUMENT, MISSING_NODE, MISSING_PROPERTY, NOT_IN_LANGUAGE,
    UNKNOWN_PROPERTY,
};
use crate::intent::grammar::{self, Word};
use crate::source::Span;
use crate::syntax::{Entry, Node, Value};

impl Decoder<'_> {
    /// Checks a node against its row; what is merely too much is reported and otherwise left out. Whether there is
    /// enough to read it.
    pub(in crate::intent) fn shape(&mut self, node: &Node<'_>, word: &'static Word) -> bool {
        self.plain_kdl(node);
        for entry in &node.entries {
            let unknown = |key: &str| word.properties != grammar::ANY_KEY && !word.properties.contains(&key);
            if entry.key.as_ref().is_some_and(|key| unknown(&key.value)) {
                self.found.push(unknown_property(node, entry, word));
            }
        }
        if let (Some(block), None) = (&node.block, word.block) {
            self.found.push(no_block(node, block.span, &format!("write `{} {}`", node.name.value, word.shape)));
        }
        let (least, most) = word.arguments;
        let given = arguments(node).count();
        if given < least || says_nothing(node, word) {
            self.found.push(missing(node, word, given));
            return false;
        }
        if let Some(extra) = argument(node, most) {
            self.found.push(extra_argument(node, extra, word));
        }
        true
    }

    /// Checks `-word KEY+`, which has nothing but keys. Whether there is one.
    pub(super) fn removal(&mut self, node: &Node<'_>, word: &'static Word) -> bool {
        let name = &node.name.value;
        let help = format!("write `{name} KEY`, the key as the weaker layer has it");
        self.plain_kdl(node);
        let is_key = |key: &str| word.key_properties().contains(&key);
        for key in node.entries.iter().filter_map(|entry| entry.key.as_ref()).filter(|key| !is_key(&key.value)) {
            let title = format!("`{name}` has no property `{}`", key.value);
            self.found
                .push(Diagnostic::new(&UNKNOWN_PROPERTY, title).at(key.span, "a removal has keys alone").help(&help));
        }
        if let Some(block) = &node.block {
            self.found.push(no_block(node, block.span, &help));
        }
        if argument(node, 0).is_none() {
            let title = format!("`{name}` needs the key of a `{}`", word.name);
            self.found
                .push(Diagnostic::new(&MISSING_ARGUMENT, title).at(node.name.span, "a key is missing here").help(help));
            return false;
        }
        true
    }

    /// The property `key`, which `node` cannot do without; `help` says what to write. That it is missing is not said of
    /// a node that has a property which nobody knows: that one was meant.
    pub(in crate::intent) fn required<'n, 's>(
        &mut self,
        node: &'n Node<'s>,
        key: &str,
        help: impl FnOnce(Diagnostic, Span) -> Diagnostic,
    ) -> Option<&'n Entry<'s>> {
        let said = property(node, key);
        let word = &node.name.value;
        let is_known = |entry: &Entry<'_>| entry.key.as_ref().is_none_or(|key| grammar::has_property(word, &key.value));
        if said.is_none() && node.entries.iter().all(is_known) {
            let title = format!("`{}` needs `{key}=`", node.name.value);
            let fault = Diagnostic::new(&MISSING_PROPERTY, title).at(head(node), format!("no `{key}=` here"));
            self.found.push(help(fault, head(node).end()));
        }
        said
    }

    /// Whether the node says `off`, which then is all it says.
    pub(in crate::intent) fn off(&mut self, node: &Node<'_>) -> Option<Span> {
        let entry = argument(node, 0).filter(|entry| matches!(entry.value, Value::String(_)))?;
        self.text(entry).filter(|text| text.value == "off")?;
        let more = node.entries.iter().find(|other| other.span != entry.span).map(|other| other.span);
        if let Some(more) = more.or(node.block.as_ref().map(|block| block.span)) {
            self.found.push(
                Diagnostic::new(&EXTRA_ARGUMENT, format!("`{} off` takes nothing else", node.name.value))
                    .at(more, "this would have no effect")
                    .help("take it out, or take `off` out"),
            );
        }
        Some(entry.value_span)
    }

    /// Reports the parts of KDL that the language leaves out.
    fn plain_kdl(&mut self, node: &Node<'_>) {
        let annotations = node.entries.iter().filter_map(|entry| entry.annotation);
        for span in node.annotation.into_iter().chain(annotations) {
            self.found.push(
                Diagnostic::new(&NOT_IN_LANGUAGE, "this language has no type annotations")
                    .at(span, "an annotation")
                    .fix("leave it out", span, ""),
            );
        }
        for entry in node.entries.iter().filter(|entry| matches!(entry.value, Value::Null)) {
            self.found.push(
                Diagnostic::new(&NOT_IN_LANGUAGE, "this language has no `#null`")
                    .at(entry.value_span, "what is unsaid is left out")
                    .help("leave it out, or take a weaker layer's word away with `off` or `-word`"),
            );
        }
    }
}

/// Whether a node that may do without an argument has nothing else either, and is no flag.
fn says_nothing(node: &Node<'_>, word: &Word) -> bool {
    let is_reason = |entry: &Entry<'_>| {
        let key = entry.key.as_ref().map(|key| key.value.as_ref());
        word.block.is_some() && matches!(key, Some("reason" | "until"))
    };
    let has_entries = !node.entries.iter().all(is_reason);
    word.arguments.0 == 0 && !word.is_flag() && !has_entries && node.children().is_empty()
}

fn missing(node: &Node<'_>, word: &Word, given: usize) -> Diagnostic {
    let name = &node.name.value;
    let fault = match (word.arguments, word.block) {
        ((0, 0), Some(_)) => Diagnostic::new(&MISSING_NODE, format!("`{name}` says nothing"))
            .at(node.name.span, "its block is missing or empty"),
        ((0, 0), None) => Diagnostic::new(&MISSING_PROPERTY, format!("`{name}` says nothing"))
            .at(node.name.span, "a property is missing here"),
        ((0, _), _) => Diagnostic::new(&MISSING_ARGUMENT, format!("`{name}` says nothing"))
            .at(node.name.span, "neither a value nor a block is here"),
        ((1, _), _) => Diagnostic::new(&MISSING_ARGUMENT, format!("`{name}` needs a value"))
            .at(node.name.span, "a value is missing here"),
        ((least, _), _) => {
            let has = if given == 0 { String::new() } else { format!(", and has {given}") };
            Diagnostic::new(&MISSING_ARGUMENT, format!("`{name}` needs {least} values{has}"))
                .at(head(node), "a value is missing here")
        }
    };
    fault.help(format!("write `{name} {}`", word.shape))
}

fn no_block(node: &Node<'_>, block: Span, help: &str) -> Diagnostic {
    Diagnostic::new(&EXTRA_ARGUMENT, format!("`{}` takes no block", node.name.value))
        .at(block, "nothing may stand here")
        .help(help)
}

fn extra_argument(node: &Node<'_>, entry: &Entry<'_>, word: &'static Word) -> Diagnostic {
    let name = &node.name.value;
    let (title, label) = match word.arguments.1 {
        0 => (format!("`{name}` takes no value"), "a value"),
        1 => (format!("`{name}` takes one value"), "one too many"),
        most => (format!("`{name}` takes {most} values"), "one too many"),
    };
    Diagnostic::new(&EXTRA_ARGUMENT, title).at(entry.span, label).help(format!("write `{name} {}`", word.shape))
}

fn unknown_property(node: &Node<'_>, entry: &Entry<'_>, word: &'static Word) -> Diagnostic {
    let name = &node.name.value;
    let (key, span) = entry.key.as_ref().map_or(("", entry.span), |key| (key.value.as_ref(), key.span));
    let fault = Diagnostic::new(&UNKNOWN_PROPERTY, format!("`{name}` has no property `{key}`"))
        .at(span, "there is no such property");
    if word.places.iter().any(|place| place.holds_conditions()) && grammar::has_property(name, key) {
        return misplaced_property(name, key, span);
    }
    if let Some(inner) = word.block.and_then(|block| grammar::find(block, key)) {
        return fault.help(format!("`{key}` is a word of its block: write `{{ {key} {} }}`", inner.shape));
    }
    match nearest(key, word.properties.iter().copied()) {
        Some(near) => fault.fix(format!("did you mean `{near}`?"), span, near),
        None => fault.help(format!("write `{name} {}`", word.shape)),
    }
}

/// A property that the same word takes elsewhere: what a route compares by an expression, a rule of access
/// or a limit does not.
fn misplaced_property(name: &str, key: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&MISPLACED_CONDITION, format!("`{name}` has no `{key}=` here"))
        .at(span, "is not compared so")
        .note(
            "rules of access and limits compare texts letter by letter: whole ones, beginnings, and paths by segments",
        )
        .help("name the values, or how they begin; a path takes `{*}` for one segment and a final `/*` for all below")
}
