use super::line::{Held, held};
use super::{DEPTH, is_value, is_word, key};

/// What stands below a key that names no object, while its lines come in: they are judged as those of the rest, and
/// nothing of them is kept.
#[derive(Default)]
pub(super) struct Body {
    /// The indentation of the map whose key it is.
    outside: usize,
    /// Whether it may still begin.
    is_awaited: bool,
    open: Vec<Level>,
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

impl Body {
    /// Begins below a key of a map; `is_awaited` where nothing stands behind the colon.
    pub(super) fn begin(&mut self, outside: usize, is_awaited: bool) {
        self.open.clear();
        (self.outside, self.is_awaited) = (outside, is_awaited);
    }

    /// Ends it; none where a dash has no item.
    pub(super) fn end(&self) -> Option<()> {
        (!self.open.iter().any(|level| level.is_list && level.awaits)).then_some(())
    }

    /// Takes in what stands so many columns from the left; none where it is not plain. Whether it is of this body.
    pub(super) fn take(&mut self, mut indent: usize, content: &str) -> Option<bool> {
        let mut rest = content;
        loop {
            match held(rest)? {
                Held::Item(item) => {
                    let level = self.go_to(indent, true)?;
                    level.awaits = true;
                    if item.is_empty() {
                        return (!level.is_flush).then_some(true);
                    }
                    indent += rest.len() - item.len();
                    rest = item;
                }
                Held::Entry { .. } if indent == self.outside => return self.end().map(|()| false),
                Held::Entry { key, is_quoted, rest } => {
                    let level = self.go_to(indent, false)?;
                    level.awaits = rest.is_empty();
                    let is_key = is_word(key) || self::key(key, is_quoted).is_some();
                    return (is_key && (rest.is_empty() || is_value(rest))).then_some(true);
                }
                // A value in a line of its own is none that a line begins.
                Held::Scalar if rest.len() == content.len() => return None,
                Held::Scalar => {
                    let level = self.open.last_mut().filter(|level| level.is_list && level.awaits)?;
                    level.awaits = false;
                    return is_value(rest).then_some(true);
                }
            }
        }
    }

    /// Ends what ends before something that stands `indent` columns from the left, and begins what it begins: what is
    /// open then.
    fn go_to(&mut self, indent: usize, is_item: bool) -> Option<&mut Level> {
        loop {
            let Some(level) = self.open.last_mut() else {
                let begins = self.is_awaited && indent >= self.outside;
                self.is_awaited = false;
                return if begins { self.push(indent, is_item, indent == self.outside) } else { None };
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
        self.open.push(Level { indent, is_list, is_flush: is_flush && is_list, awaits: false });
        // One is open outside.
        if self.open.len() < DEPTH { self.open.last_mut() } else { None }
    }
}
