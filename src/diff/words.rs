//! Which objects can say one of many names at all: looked for in how they are written, before they are read.

use super::Object;
use crate::source::Letters;
use std::collections::BTreeSet;

/// Names that are looked for, all at once: Wu and Manber's way, which looks at few letters of a text that has none of them.
#[derive(Debug)]
pub(super) struct Words {
    known: BTreeSet<Vec<u8>>,
    /// How many letters the shortest of them has.
    least: usize,
    /// By the number of two letters, how far on they can stand at the end of what a name begins with.
    skips: [u8; PAIRS],
    /// Whether a name has no word that is long enough to look for: anything can say it.
    has_any: bool,
}

const PAIRS: usize = 4096;

impl Words {
    /// The words to look for where objects say one of these hosts, in full or by its first part.
    pub(super) fn of<'h>(hosts: impl Iterator<Item = &'h str>) -> Self {
        let first = |host: &'h str| word(host.trim_start_matches(|letter| u8::try_from(letter).is_ok_and(is_beside)));
        let (mut known, mut has_any) = (BTreeSet::new(), false);
        for word in hosts.map(|host| first(host).to_ascii_lowercase()) {
            has_any |= word.len() < 2;
            known.insert(word);
        }
        let least = known.iter().map(Vec::len).min().unwrap_or_default().min(usize::from(u8::MAX));
        let mut skips = [u8::try_from(least.saturating_sub(1)).unwrap_or_default(); PAIRS];
        for word in &known {
            for (at, pair) in word.iter().take(least).zip(word.iter().take(least).skip(1)).enumerate() {
                if let Some(skip) = skips.get_mut(number(*pair.0, *pair.1)) {
                    *skip = u8::try_from(least - 2 - at).map_or(*skip, |further| further.min(*skip));
                }
            }
        }
        Words { known, least, skips, has_any }
    }

    /// Whether an object can say one of them; one that was read already always can.
    pub(super) fn can_stand_in(&self, object: &Object) -> bool {
        let Some(text) = object.body.text().filter(|_| !self.has_any) else { return true };
        // What names an object names none of these hosts.
        let text = text.split_once("\nspec:").map_or(text, |(_, spec)| spec);
        !self.known.is_empty() && self.stand_in(text.as_bytes())
    }

    fn stand_in(&self, text: &[u8]) -> bool {
        let mut rest = text;
        let mut before = b' ';
        while let Some([.., first, second]) = rest.get(..self.least) {
            let skip = usize::from(self.skips.get(number(*first, *second)).copied().unwrap_or_default());
            if skip == 0 && is_beside(before) && self.known.contains(&word_of(rest).to_ascii_lowercase()) {
                return true;
            }
            let Some((passed, behind)) = rest.split_at_checked(skip.max(1)) else { break };
            before = passed.last().copied().unwrap_or(before);
            rest = behind;
        }
        false
    }
}

/// A number for two letters, the same in either case.
fn number(first: u8, second: u8) -> usize {
    (usize::from(first | 0x20) * 61 + usize::from(second | 0x20)) % PAIRS
}

/// What stands in names.
static OF_NAMES: Letters = Letters::and(b"-");

fn is_beside(letter: u8) -> bool {
    !OF_NAMES.hold(letter)
}

fn word(text: &str) -> &[u8] {
    word_of(text.as_bytes())
}

/// The word that a text begins with: letters, digits and what stands between them in names.
fn word_of(text: &[u8]) -> &[u8] {
    text.split(|letter| is_beside(*letter)).next().unwrap_or_default()
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
        for hosts in [["db.shop", "a-long-name.shop"], ["a-long-name.shop", "db"]] {
            assert!(can_say(&hosts, "a-long-name.shop"), "{hosts:?}");
            assert!(can_say(&hosts, "DB"), "{hosts:?}");
            assert!(!can_say(&hosts, "dbs.adb.a-long-name2"), "{hosts:?}");
        }
        assert!(can_say(&["*.shop.example"], "'*.shop.example'"));
        assert!(can_say(&["*"], "web"));
    }
}
