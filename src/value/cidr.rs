use super::Mismatch;
use std::fmt;
use std::net::IpAddr;

/// A range of addresses: an address and how many of its leading bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cidr {
    address: IpAddr,
    prefix: u8,
}

const EXPECTED: &str = "an address range such as `10.0.0.0/8`";

impl Cidr {
    /// Reads an IPv4 or IPv6 address with an optional `/n`.
    ///
    /// # Errors
    /// It is no address, or bits behind the prefix are set.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr =
            address.parse().map_err(|_| Mismatch::new(EXPECTED, format!("`{address}` is no address")))?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => longest,
            Some(digits) => digits
                .parse()
                .ok()
                .filter(|prefix| *prefix <= longest && !digits.starts_with('+'))
                .ok_or_else(|| Mismatch::new(EXPECTED, format!("`/{digits}` is not from `/0` to `/{longest}`")))?,
        };
        let network = mask(address, prefix);
        if network != address {
            let right = format!("{network}/{prefix}");
            return Err(Mismatch::new(EXPECTED, format!("bits behind `/{prefix}` are set")).instead(right));
        }
        Ok(Cidr { address, prefix })
    }

    /// Whether every address of `other` is one of its own.
    pub fn covers(&self, other: &Cidr) -> bool {
        self.address.is_ipv4() == other.address.is_ipv4()
            && self.prefix <= other.prefix
            && mask(other.address, self.prefix) == self.address
    }

    /// Its first address.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// How many leading bits of it count.
    pub fn prefix(&self) -> u8 {
        self.prefix
    }

    /// Whether it is one address alone.
    pub fn is_single(&self) -> bool {
        self.prefix == if self.address.is_ipv4() { 32 } else { 128 }
    }

    /// Whether it is every address of its family.
    pub fn is_everything(&self) -> bool {
        self.prefix == 0
    }
}

fn mask(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let kept = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V4((u32::from(address) & kept).into())
        }
        IpAddr::V6(address) => {
            let kept = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V6((u128::from(address) & kept).into())
        }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::Cidr;

    #[test]
    fn bits_behind_the_prefix_are_refused_with_the_network() {
        assert_eq!(Cidr::parse("10.1.2.3/8").expect_err("host bits").instead.as_deref(), Some("10.0.0.0/8"));
        for (text, printed) in
            [("10.0.0.0/8", "10.0.0.0/8"), ("1.2.3.4", "1.2.3.4/32"), ("::/0", "::/0"), ("fd00::/8", "fd00::/8")]
        {
            assert_eq!(Cidr::parse(text).expect(text).to_string(), printed);
        }
        for text in ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "a/8", "10.0.0.0/", "010.0.0.0/8", "10.0.0.0/+8"] {
            assert!(Cidr::parse(text).is_err(), "{text}");
        }
    }
}
