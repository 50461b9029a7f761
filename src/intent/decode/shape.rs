use super::{Decoder, arguments};
use crate::diagnostic::{Diagnostic, nearest};
use crate::intent::codes::{EXTRA_ARGUMENT, MISSING_ARGUMENT, NOT_IN_LANGUAGE, UNKNOWN_PROPERTY};
use crate::intent::grammar::{self, Word};
use crate::syntax::{Entry, Node, Value};

impl Decoder<'_> {
    /// Checks a node against its row; what is merely too much is reported and otherwise left out.
    pub(super) fn shape(&mut self, node: &Node<'_>, word: &'static Word) -> bool {
        if let Some(span) = node.annotation {
            self.found.push(
                Diagnostic::new(&NOT_IN_LANGUAGE, "this language has no type annotations")
                    .at(span, "an annotation")
                    .fix("leave it out", span, ""),
            );
        }
        self.entries(node, word);
        if let (Some(block), None) = (&node.block, word.block) {
            self.found.push(
                Diagnostic::new(&EXTRA_ARGUMENT, format!("`{}` takes no block", word.name))
                    .at(block.span, "nothing may stand here")
                    .help(format!("write `{} {}`", word.name, word.shape)),
            );
        }
        let given = arguments(node).count();
        let (least, most) = word.arguments;
        if given < least {
            self.found.push(
                Diagnostic::new(&MISSING_ARGUMENT, format!("`{}` needs {}", word.name, needs(least, given)))
                    .at(node.name.span, "a value is missing here")
                    .help(format!("write `{} {}`", word.name, word.shape)),
            );
            return false;
        }
        if let Some(extra) = arguments(node).nth(most) {
            self.found.push(extra_argument(extra, word));
        }
        true
    }

    fn entries(&mut self, node: &Node<'_>, word: &'static Word) {
        for entry in &node.entries {
            if let Some(span) = entry.annotation {
                self.found.push(
                    Diagnostic::new(&NOT_IN_LANGUAGE, "this language has no type annotations")
                        .at(span, "an annotation")
                        .fix("leave it out", span, ""),
                );
            }
            if matches!(entry.value, Value::Null) {
                self.found.push(
                    Diagnostic::new(&NOT_IN_LANGUAGE, "this language has no `#null`")
                        .at(entry.value_span, "what is unsaid is left out")
                        .help("leave it out, or take a weaker layer's word away with `off` or `-word`"),
                );
            }
            let Some(key) = &entry.key else { continue };
            if word.properties != grammar::ANY_KEY && !word.properties.contains(&key.value.as_ref()) {
                self.found.push(unknown_property(entry, &key.value, word));
            }
        }
    }
}

fn needs(least: usize, given: usize) -> String {
    match (least, given) {
        (1, _) => "a value".to_owned(),
        (least, 0) => format!("{least} values"),
        (least, given) => format!("{least} values, and has {given}"),
    }
}

fn extra_argument(entry: &Entry<'_>, word: &'static Word) -> Diagnostic {
    let most = match word.arguments.1 {
        0 => "no value".to_owned(),
        1 => "one value".to_owned(),
        most => format!("{most} values"),
    };
    Diagnostic::new(&EXTRA_ARGUMENT, format!("`{}` takes {most}", word.name))
        .at(entry.span, "one too many")
        .help(format!("write `{} {}`", word.name, word.shape))
}

fn unknown_property(entry: &Entry<'_>, key: &str, word: &'static Word) -> Diagnostic {
    let span = entry.key.as_ref().map_or(entry.span, |key| key.span);
    let fault = Diagnostic::new(&UNKNOWN_PROPERTY, format!("`{}` has no property `{key}`", word.name))
        .at(span, "there is no such property");
    match nearest(key, word.properties.iter().copied()) {
        Some(name) => fault.fix(format!("did you mean `{name}`?"), span, name),
        None => fault.help(format!("write `{} {}`", word.name, word.shape)),
    }
}
