//! Letters of names, told apart in few steps: whole trees are looked through by them.

/// A set of ASCII letters.
pub(crate) struct Letters([bool; 256]);

impl Letters {
    /// Letters, digits, and some marks beside them.
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses an index out of bounds")]
    pub(crate) const fn and(marks: &[u8]) -> Self {
        let mut holds = [false; 256];
        let mut byte: u8 = 0;
        while byte < 128 {
            holds[byte as usize] = byte.is_ascii_alphanumeric();
            byte += 1;
        }
        let mut at = 0;
        while at < marks.len() {
            holds[marks[at] as usize] = true;
            at += 1;
        }
        Letters(holds)
    }

    /// Whether a letter is one of them.
    pub(crate) fn hold(&self, letter: u8) -> bool {
        self.0.get(usize::from(letter)).copied().unwrap_or_default()
    }
}

/// One in each of eight bytes.
const EACH: u64 = 0x0101_0101_0101_0101;
/// The highest bit of each.
const HIGH: u64 = 0x80 * EACH;

/// Whether all bytes are lower-case letters, digits, `-`, `.` or `/`, of which most names are made: eight at a time.
pub(crate) fn is_usual(bytes: &[u8]) -> bool {
    // What is added carries into the highest bit of each byte that is not below `least`.
    let not_below = |eight: u64, least: u8| eight + (0x80 - u64::from(least)) * EACH;
    let are_usual = |eight: &[u8; 8]| {
        let eight = u64::from_le_bytes(*eight);
        let seven_bits = eight & !HIGH;
        let marks_and_digits = not_below(seven_bits, b'-') & !not_below(seven_bits, b'9' + 1);
        let letters = not_below(seven_bits, b'a') & !not_below(seven_bits, b'z' + 1);
        (marks_and_digits | letters) & !eight & HIGH == HIGH
    };
    let (eights, rest) = bytes.as_chunks::<8>();
    eights.iter().all(are_usual)
        && match bytes.last_chunk::<8>() {
            Some(last) => are_usual(last),
            None => rest.iter().all(|byte| matches!(byte, b'-'..=b'9' | b'a'..=b'z')),
        }
}

/// How long the first line of a text is, which is looked through eight bytes at a time.
pub(crate) fn line_length(text: &[u8]) -> usize {
    let (eights, rest) = text.as_chunks::<8>();
    for (at, eight) in eights.iter().enumerate() {
        let differing = u64::from_le_bytes(*eight) ^ (u64::from(b'\n') * EACH);
        // The lowest byte that is none has its highest bit here; bytes above it may have it too.
        let none = differing.wrapping_sub(EACH) & !differing & HIGH;
        if none != 0 {
            return at * 8 + none.trailing_zeros() as usize / 8;
        }
    }
    text.len() - rest.len() + rest.iter().take_while(|byte| **byte != b'\n').count()
}

/// How many spaces a text begins with.
pub(crate) fn spaces(text: &[u8]) -> usize {
    let one_by_one = |rest: &[u8]| rest.iter().take_while(|byte| **byte == b' ').count();
    let Some((eight, behind)) = text.split_first_chunk::<8>() else { return one_by_one(text) };
    let differing = u64::from_le_bytes(*eight) ^ (u64::from(b' ') * EACH);
    if differing == 0 { 8 + one_by_one(behind) } else { differing.trailing_zeros() as usize / 8 }
}

#[cfg(test)]
mod tests {
    use super::{is_usual, spaces};

    #[test]
    fn spaces_are_counted() {
        for count in 0..24 {
            for behind in ["", "a", "a  b", "#      and more"] {
                assert_eq!(spaces(format!("{}{behind}", " ".repeat(count)).as_bytes()), count);
            }
        }
    }

    #[test]
    fn every_byte_at_every_place_is_judged_as_one_by_one() {
        for length in 1..=24 {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = vec![b'm'; length];
                    text[at] = byte;
                    let is_one = byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-./".contains(&byte);
                    assert_eq!(is_usual(&text), is_one, "{byte:#x} at {at} of {length}");
                }
            }
        }
    }
}
