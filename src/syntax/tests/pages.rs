//! What the pages of this folder's codes show is so, as far as the reader alone can tell.

use super::codes;
use crate::syntax::faults::CODES;

#[test]
fn bad_blocks_have_the_fault_of_their_page_and_good_blocks_none() {
    let mut shown = 0;
    for code in CODES {
        let (_, after) = code.page.split_once("\n## Bad\n").unwrap();
        let (bad, good) = after.split_once("\n## Good\n").unwrap();
        for block in blocks(bad) {
            assert_eq!(codes(&block), [code.name], "{block}");
            shown += 1;
        }
        for block in blocks(good) {
            assert_eq!(codes(&block), [""; 0], "{block}");
        }
    }
    assert!(shown >= 10, "{shown}");
}

/// The examples in KDL of a part of a page, with the lines that the book hides.
fn blocks(part: &str) -> impl Iterator<Item = String> {
    let blocks = part.split("```kdl\n").skip(1).filter_map(|rest| rest.split_once("```"));
    blocks
        .map(|(block, _)| block.lines().map(|line| line.strip_prefix('~').unwrap_or(line).to_owned() + "\n").collect())
}
