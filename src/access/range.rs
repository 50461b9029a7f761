use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A number in one line: a port, or an address with all of IPv4 before all of IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Point {
    is_long: bool,
    number: u128,
}

/// Every number from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Range {
    pub(super) first: Point,
    pub(super) last: Point,
}

impl Point {
    pub(super) fn of_address(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Point { is_long: false, number: u32::from(address).into() },
            IpAddr::V6(address) => Point { is_long: true, number: address.into() },
        }
    }

    pub(super) fn of_port(port: u16) -> Self {
        Point { is_long: false, number: port.into() }
    }

    pub(super) fn address(self) -> IpAddr {
        match self.is_long {
            true => IpAddr::V6(Ipv6Addr::from(self.number)),
            false => IpAddr::V4(Ipv4Addr::from(u32::try_from(self.number).unwrap_or(u32::MAX))),
        }
    }

    pub(super) fn port(self) -> u16 {
        u16::try_from(self.number).unwrap_or(u16::MAX)
    }

    /// Whether there is such a port, or such an address.
    pub(super) fn is_real(self, is_port: bool) -> bool {
        self.is_long || self.number <= if is_port { u16::MAX.into() } else { u32::MAX.into() }
    }

    /// The one behind it; none behind the last of its kind.
    pub(super) fn next(self) -> Option<Self> {
        self.number.checked_add(1).map(|number| Point { number, ..self })
    }
}

impl Range {
    /// An address or a range of them; bits behind the prefix do not count.
    pub(super) fn of_addresses(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().ok()?;
        let first = Point::of_address(address);
        let width: u32 = if first.is_long { 128 } else { 32 };
        let bits: u32 = bits.map_or(Some(width), |bits| bits.parse().ok())?;
        let free = width.checked_sub(bits)?;
        let behind = 1_u128.checked_shl(free).map_or(u128::MAX, |size| size - 1);
        let first = Point { number: first.number & !behind, ..first };
        Some(Range { first, last: Point { number: first.number | behind, ..first } })
    }

    pub(super) fn of_port(text: &str) -> Option<Self> {
        let point = Point::of_port(text.parse().ok()?);
        Some(Range { first: point, last: point })
    }

    pub(super) fn holds(&self, point: Point) -> bool {
        self.first <= point && point <= self.last
    }
}
