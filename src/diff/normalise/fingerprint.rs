//! A number for how a tree is written; the order of the keys of a map does not count.

use crate::verbatim::{Entry, Node, Value};

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

pub(super) fn of(node: &Node) -> u64 {
    match &node.value {
        Value::Null => mix(BASIS, &[0]),
        Value::Boolean(flag) => mix(BASIS, &[1, u8::from(*flag)]),
        Value::Integer(number) => mix(mix(BASIS, &[2]), &number.to_le_bytes()),
        Value::Decimal(number) => mix(mix(BASIS, &[3]), &number.to_bits().to_le_bytes()),
        Value::Text(text) => mix(mix(BASIS, &[4]), text.as_bytes()),
        Value::List(items) => items.iter().fold(mix(BASIS, &[5]), |hash, item| mix(hash, &of(item).to_le_bytes())),
        Value::Map(entries) => {
            let sum = entries.iter().map(of_entry).fold(0, u64::wrapping_add);
            mix(mix(BASIS, &[6]), &sum.to_le_bytes())
        }
    }
}

pub(super) fn of_entry(entry: &Entry) -> u64 {
    mix(mix(BASIS, entry.key.as_bytes()), &of(&entry.node).to_le_bytes())
}

/// FNV-1a.
fn mix(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}
