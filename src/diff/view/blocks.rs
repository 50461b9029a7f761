//! Addresses as sets, so that one range and many that mean the same are the same.

use crate::value::Cidr;
use std::net::IpAddr;

/// Addresses without a gap, of one family: how many bits they have, the first and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    bits: u32,
    first: u128,
    last: u128,
}

impl Span {
    /// Those of a range; none where it is no range.
    fn of(text: &str) -> Option<Self> {
        let range = Cidr::parse(text).ok()?;
        let (bits, first) = match range.address() {
            IpAddr::V4(address) => (32, u128::from(u32::from(address))),
            IpAddr::V6(address) => (128, u128::from(address)),
        };
        let free = bits - u32::from(range.prefix());
        Some(Span { bits, first, last: first | low(free) })
    }

    /// It in as few ranges as can be.
    fn ranges(self) -> Vec<String> {
        let (mut all, mut next) = (Vec::new(), Some(self.first));
        while let Some(first) = next.filter(|first| *first <= self.last) {
            let fits = |free: &u32| first & low(*free) == 0 && first | low(*free) <= self.last;
            let free = (0..=self.bits).rev().find(fits).unwrap_or(0);
            all.push(format!("{}/{}", self.address(first), self.bits - free));
            next = (first | low(free)).checked_add(1);
        }
        all
    }

    fn address(self, number: u128) -> IpAddr {
        match u32::try_from(number) {
            Ok(short) if self.bits == 32 => IpAddr::V4(short.into()),
            Ok(_) | Err(_) => IpAddr::V6(number.into()),
        }
    }
}

/// So many bits, all set.
fn low(bits: u32) -> u128 {
    1_u128.checked_shl(bits).map_or(u128::MAX, |size| size - 1)
}

/// The addresses of a range that are in none of its exceptions; none where one of them cannot be read.
pub(super) fn spans<'t>(range: &str, except: impl Iterator<Item = &'t str>) -> Option<Vec<Span>> {
    let gone = except.map(Span::of).collect::<Option<Vec<_>>>()?;
    Some(left(vec![Span::of(range)?], &gone))
}

/// What is left of some where others are taken away.
pub(super) fn left(own: Vec<Span>, gone: &[Span]) -> Vec<Span> {
    gone.iter().fold(own, |own, out| own.into_iter().flat_map(|span| without(span, *out)).collect())
}

fn without(span: Span, out: Span) -> Vec<Span> {
    if span.bits != out.bits || out.last < span.first || span.last < out.first {
        return vec![span];
    }
    let below = out.first.checked_sub(1).map(|last| Span { last, ..span });
    let above = out.last.checked_add(1).map(|first| Span { first, ..span });
    [below, above].into_iter().flatten().filter(|piece| piece.first <= piece.last).collect()
}

/// Them as ranges.
pub(super) fn ranges(spans: &[Span]) -> Vec<String> {
    spans.iter().flat_map(|span| span.ranges()).collect()
}

#[cfg(test)]
mod tests {
    use super::{left, ranges, spans};

    #[test]
    fn what_is_left_is_told_in_ranges() {
        for (own, gone, rest) in [
            ("10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9"),
            ("10.0.0.0/8", "11.0.0.0/8", "10.0.0.0/8"),
            ("0.0.0.0/0", "128.0.0.0/1", "0.0.0.0/1"),
            ("::/0", "8000::/1", "::/1"),
            ("::/0", "0.0.0.0/0", "::/0"),
            ("10.0.0.0/30", "10.0.0.1", "10.0.0.0/32 10.0.0.2/31"),
        ] {
            let set = |range| spans(range, [].into_iter()).unwrap();
            assert_eq!(ranges(&left(set(own), &set(gone))).join(" "), rest, "{own} without {gone}");
        }
        assert_eq!(spans("10.0.0.0/8", ["10.0.0.0/9", "10.128.0.0/9"].into_iter()), Some(Vec::new()));
        assert_eq!(spans("somewhere", [].into_iter()), None);
    }
}
