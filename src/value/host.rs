use super::Mismatch;
use smol_str::{SmolStr, format_smolstr};
use std::fmt;

/// A DNS name with a dot, in lower case (Istio: `ValidateFQDN`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Host(SmolStr);

/// A host, or every host one label below one: `*.shop.example`; or every host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HostPattern {
    /// This host.
    Exact(Host),
    /// `*.` and this host: whatever ends in it.
    Below(Host),
    /// `*`: every host.
    Any,
}

const EXPECTED: &str = "a DNS name such as `shop.example`";

impl Host {
    /// Reads a host; upper case is folded, other scripts than ASCII are refused with their reason.
    ///
    /// # Errors
    /// The text is no DNS name with a dot.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let lower = text.to_ascii_lowercase();
        if let Some(because) = fault(&lower) {
            let mismatch = Mismatch::new(EXPECTED, because);
            let bare =
                lower.trim_end_matches('.').rsplit("//").next().unwrap_or("").split(['/', ':']).next().unwrap_or("");
            return Err(if fault(bare).is_none() { mismatch.instead(bare) } else { mismatch });
        }
        Ok(Host(lower.into()))
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.0
    }
}

fn fault(text: &str) -> Option<String> {
    if text.len() > 253 {
        return Some(format!("it has {} characters, and 253 is the most", text.len()));
    }
    if !text.is_ascii() {
        return Some("a name of another script is written in its `xn--` form".to_owned());
    }
    if !text.contains('.') {
        return Some("it has no dot".to_owned());
    }
    for label in text.split('.') {
        if label.is_empty() {
            return Some("a part between its dots is empty".to_owned());
        }
        if super::Label::parse(label).is_err() {
            return Some(format!("its part `{}` is no DNS label", label.escape_debug()));
        }
    }
    let last_is_number = text.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    last_is_number.then(|| "its last part is a number: that is an address".to_owned())
}

impl HostPattern {
    /// Reads a host, or `*.` and a host.
    ///
    /// # Errors
    /// The text is neither.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        match text.strip_prefix("*.") {
            Some(rest) => Host::parse(rest).map(HostPattern::Below),
            None if text.contains('*') => {
                Err(Mismatch::new("a host or `*.` and a host", "`*` stands for the whole first part, and nowhere else"))
            }
            None => Host::parse(text).map(HostPattern::Exact),
        }
    }

    /// Whether every host of `other` is one of this pattern's.
    pub fn covers(&self, other: &HostPattern) -> bool {
        match (self, other) {
            (HostPattern::Any, _) => true,
            (HostPattern::Exact(a), HostPattern::Exact(b)) => a == b,
            (HostPattern::Below(a), HostPattern::Exact(b)) => is_below(b.text(), a.text()),
            (HostPattern::Below(a), HostPattern::Below(b)) => a == b || is_below(b.text(), a.text()),
            (HostPattern::Exact(_) | HostPattern::Below(_), HostPattern::Any | HostPattern::Below(_)) => false,
        }
    }
}

impl HostPattern {
    /// As part of the name of an object, where `*` cannot stand.
    pub fn object_name(&self) -> SmolStr {
        match self {
            HostPattern::Exact(host) => host.text().clone(),
            HostPattern::Below(host) => format_smolstr!("wildcard.{host}"),
            HostPattern::Any => SmolStr::new_static("wildcard"),
        }
    }

    /// This pattern and every wider one, the narrowest first: `a.b.example`, `*.b.example`, `*.example`, `*`.
    pub fn and_wider(&self) -> impl Iterator<Item = HostPattern> {
        let (text, own) = match self {
            HostPattern::Exact(host) | HostPattern::Below(host) => (host.text().as_str(), Some(self.clone())),
            HostPattern::Any => ("", None),
        };
        let parents = text.match_indices('.').filter_map(|(at, _)| text.get(at + 1..));
        let below = parents.map(|parent| HostPattern::Below(Host(parent.into())));
        own.into_iter().chain(below).chain(std::iter::once(HostPattern::Any))
    }
}

fn is_below(host: &str, parent: &str) -> bool {
    host.strip_suffix(parent).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HostPattern::Exact(host) => write!(f, "{host}"),
            HostPattern::Below(host) => write!(f, "*.{host}"),
            HostPattern::Any => f.write_str("*"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::HostPattern;

    fn pattern(text: &str) -> HostPattern {
        HostPattern::parse(text).expect(text)
    }

    #[test]
    fn a_wildcard_covers_what_ends_in_it_and_not_itself() {
        assert!(pattern("*.a.example").covers(&pattern("x.a.example")));
        assert!(pattern("*.a.example").covers(&pattern("x.y.a.example")));
        assert!(!pattern("*.a.example").covers(&pattern("a.example")));
        assert!(!pattern("*.a.example").covers(&pattern("xa.example")));
        assert!(pattern("*.a.example").covers(&pattern("*.b.a.example")));
    }

    #[test]
    fn wider_patterns_are_those_that_cover() {
        for (text, wider) in [
            ("a.b.example", &["a.b.example", "*.b.example", "*.example", "*"][..]),
            ("*.b.example", &["*.b.example", "*.example", "*"][..]),
        ] {
            let found: Vec<_> = pattern(text).and_wider().collect();
            assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), wider);
            assert!(found.iter().all(|wider| wider.covers(&pattern(text))));
        }
    }

    #[test]
    fn refuses_what_istio_refuses() {
        for text in
            ["shop", "a..b", "1.2.3.4", "*", "a*.b.c", "x.*.c", "a_b.c", "a.b:80", "https://a.b", "é.example", ""]
        {
            assert!(HostPattern::parse(text).is_err(), "{text}");
        }
        assert_eq!(HostPattern::parse("https://A.b/x").expect_err("a URL").instead.as_deref(), Some("a.b"));
    }
}
