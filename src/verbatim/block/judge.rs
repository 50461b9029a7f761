use super::line::{Held, held};
use super::{DEPTH, is_value, is_word, key};

/// The lines of a document, judged as the reader of whole ones takes them: nothing of them is kept.
#[derive(Default)]
pub(super) struct Judge {
    open: Vec<Level>,
    /// Whether the document has a value by now.
    has_root: bool,
}

/// A map or list that has not ended.
#[derive(Clone, Copy)]
struct Level {
    indent: usize,
    is_list: bool,
    /// Whether it is a list that stands below the key itself that it is the value of.
    is_flush: bool,
    /// Whether something is still to come in it.
    awaits: bool,
}

impl Judge {
    /// Ends the document; none where a dash has no item. Whether it has a value.
    pub(super) fn end(&mut self) -> Option<bool> {
        let is_whole = !self.open.iter().any(|level| level.is_list && level.awaits);
        self.open.clear();
        is_whole.then(|| std::mem::take(&mut self.has_root))
    }

    /// Takes in what stands so many columns from the left; none where it is not plain. `note` is told of every item,
    /// again with its value if that is a scalar, and of the key and the rest of the line of every entry, each with how
    /// deep it stands.
    pub(super) fn take<'t>(
        &mut self,
        mut indent: usize,
        content: &'t str,
        mut note: impl FnMut(usize, Option<&'t str>, &'t str),
    ) -> Option<()> {
        let mut rest = content;
        loop {
            match held(rest)? {
                Held::Item(item) => {
                    let level = self.go_to(indent, true)?;
                    level.awaits = true;
                    let is_flush = level.is_flush;
                    note(self.open.len(), None, "");
                    if item.is_empty() {
                        return (!is_flush).then_some(());
                    }
                    indent += rest.len() - item.len();
                    rest = item;
                }
                Held::Entry { key, is_quoted, rest } => {
                    self.go_to(indent, false)?.awaits = rest.is_empty();
                    note(self.open.len(), Some(key), rest);
                    let is_key = is_word(key) || self::key(key, is_quoted).is_some();
                    return (is_key && (rest.is_empty() || is_value(rest))).then_some(());
                }
                // A value in a line of its own is none that a line begins.
                Held::Scalar if rest.len() == content.len() => return None,
                Held::Scalar => {
                    let level = self.open.last_mut().filter(|level| level.is_list && level.awaits)?;
                    level.awaits = false;
                    note(self.open.len(), None, rest);
                    return is_value(rest).then_some(());
                }
            }
        }
    }

    /// Ends what ends before something that stands `indent` columns from the left, and begins what it begins: what is
    /// open then.
    fn go_to(&mut self, indent: usize, is_item: bool) -> Option<&mut Level> {
        loop {
            let Some(level) = self.open.last_mut() else {
                let is_first = !self.has_root;
                self.has_root = true;
                return if is_first { self.push(indent, is_item, false) } else { None };
            };
            if level.awaits {
                let is_flush = indent == level.indent && is_item && !level.is_list;
                if indent > level.indent || is_flush {
                    level.awaits = false;
                    return self.push(indent, is_item, is_flush);
                }
                if level.is_list {
                    return None;
                }
                level.awaits = false;
                continue;
            }
            if indent > level.indent || indent == level.indent && is_item && !level.is_list {
                return None;
            }
            if indent == level.indent && is_item == level.is_list {
                break;
            }
            self.open.pop();
        }
        self.open.last_mut()
    }

    fn push(&mut self, indent: usize, is_list: bool, is_flush: bool) -> Option<&mut Level> {
        self.open.push(Level { indent, is_list, is_flush, awaits: false });
        if self.open.len() <= DEPTH { self.open.last_mut() } else { None }
    }
}
