//! Which objects can say one of many names at all: looked for in how they are written, before they are read.

use super::Object;
use crate::source::Letters;
use std::collections::BTreeSet;

/// Names that are looked for.
#[derive(Debug)]
pub(super) struct Words {
    known: BTreeSet<Vec<u8>>,
    /// Which of the numbers of their ends are those of one of them.
    ends: [bool; ENDS],
    /// Whether a name has no word to look for: anything can say it.
    has_any: bool,
}

const ENDS: usize = 1024;

impl Words {
    /// The words to look for where objects say one of these hosts, in full or by its first part.
    pub(super) fn of<'h>(hosts: impl Iterator<Item = &'h str>) -> Self {
        let mut of = Words { known: BTreeSet::new(), ends: [false; ENDS], has_any: false };
        for host in hosts {
            let Some(word) = words(host).next() else {
                of.has_any = true;
                continue;
            };
            of.known.insert(word.to_ascii_lowercase());
            if let Some(end) = of.ends.get_mut(end(word)) {
                *end = true;
            }
        }
        of
    }

    /// Whether an object can say one of them; one that was read already always can.
    pub(super) fn can_stand_in(&self, object: &Object) -> bool {
        let Some(text) = object.body.text().filter(|_| !self.has_any) else { return true };
        let mut likely = words(text).filter(|word| self.ends.get(end(word)) == Some(&true));
        likely.any(|word| self.known.contains(&word.to_ascii_lowercase()))
    }
}

/// A number for the last letters of a word and how many it has: names differ at their ends.
fn end(word: &[u8]) -> usize {
    let last = word.iter().rev().take(3).fold(0, |end, byte| end * 37 + usize::from(byte.to_ascii_lowercase()));
    (last + word.len() * 7) % ENDS
}

/// What stands in names.
static OF_NAMES: Letters = Letters::and(b"-");

/// The words of a text: letters, digits and what stands between them in names.
fn words(text: &str) -> impl Iterator<Item = &[u8]> {
    let mut rest = text.as_bytes();
    std::iter::from_fn(move || {
        let before = rest.iter().take_while(|letter| !OF_NAMES.hold(**letter)).count();
        let begun = rest.get(before..).filter(|begun| !begun.is_empty())?;
        let (word, behind) =
            begun.split_at_checked(begun.iter().take_while(|letter| OF_NAMES.hold(**letter)).count())?;
        rest = behind;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::Words;
    use crate::diagnostic::Diagnostics;
    use crate::diff::Held;
    use crate::source::FileId;

    fn can_say(hosts: &[&str], said: &str) -> bool {
        let text = format!("apiVersion: v1\nkind: X\nmetadata:\n  name: x\nspec:\n  hosts:\n  - {said}\n");
        let held = Held::read(FileId::new(0), &text.into(), &mut Diagnostics::default());
        Words::of(hosts.iter().copied()).can_stand_in(&held[0].objects[0])
    }

    #[test]
    fn a_host_is_found_however_it_is_said() {
        let host = "web-1.shop.svc.cluster.local";
        for said in [host, "web-1", "WEB-1.shop", "./web-1.shop.svc.cluster.local", "\"web-1\"", "'a/web-1'"] {
            assert!(can_say(&["pay.shop", host], said), "{said}");
        }
        for said in ["web-2", "web", "web-10", "'*.shop.svc.cluster.local'"] {
            assert!(!can_say(&[host], said), "{said}");
        }
        assert!(can_say(&["*.shop.example"], "'*.shop.example'"));
        assert!(can_say(&["*"], "web"));
    }
}
