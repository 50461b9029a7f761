use super::{Host, Mismatch};
use smol_str::SmolStr;
use std::fmt;
use std::net::Ipv6Addr;

/// An address of the web: `https://` or `http://`, a host, perhaps a port, and a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Url {
    text: SmolStr,
    is_secure: bool,
    host: SmolStr,
}

const EXPECTED: &str = "a URL such as `https://login.example/jwks.json`";

impl Url {
    /// Reads a URL.
    ///
    /// # Errors
    /// Its scheme is another, its host or port is none, or it holds what no URL holds.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        let fault = |because: &str| Mismatch::new(EXPECTED, because);
        let (is_secure, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (true, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (false, rest),
            Some(_) => return Err(fault("its scheme is neither `https` nor `http`")),
            None => return Err(fault("it does not begin with `https://`")),
        };
        if let Some(c) = text.chars().find(|c| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(*c)) {
            return Err(fault(&format!("`{}` may not stand in it", c.escape_debug())));
        }
        if text.contains('#') {
            return Err(fault("what stands behind `#` is never sent"));
        }
        let authority = rest.split(['/', '?']).next().unwrap_or("");
        if authority.contains('@') {
            return Err(fault("a password in a URL would stand in the cluster for all to read"));
        }
        let (host, port) = split(authority).ok_or_else(|| fault("its host is no name and no address"))?;
        if port.is_some_and(|port| port.parse::<u16>().is_err() || port.starts_with(['+', '0'])) {
            return Err(fault("its port is no number from 1 to 65535"));
        }
        Ok(Url { is_secure, host: host.to_ascii_lowercase().into(), text: text.into() })
    }

    /// The text.
    pub fn text(&self) -> &SmolStr {
        &self.text
    }

    /// Whether it begins with `https`.
    pub fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Its host in lower case, without the port.
    pub fn host(&self) -> &SmolStr {
        &self.host
    }
}

/// The host and the port of an authority.
fn split(authority: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (address, after) = rest.split_once(']')?;
        address.parse::<Ipv6Addr>().ok()?;
        return match after.strip_prefix(':') {
            Some(port) => Some((address, Some(port))),
            None => after.is_empty().then_some((address, None)),
        };
    }
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let is_name = super::Label::parse(host).is_ok() || Host::parse(host).is_ok();
    let is_address = host.parse::<std::net::Ipv4Addr>().is_ok();
    (is_name || is_address).then_some((host, port))
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::Url;

    #[test]
    fn a_url_has_a_scheme_a_host_and_perhaps_a_port() {
        for (text, host, is_secure) in [
            ("https://login.example/jwks.json", "login.example", true),
            ("HTTPS://Login.Example:8443/k?x=1", "login.example", true),
            ("http://keycloak:8080/realms/shop", "keycloak", false),
            ("http://10.0.0.1", "10.0.0.1", false),
            ("https://[fd00::1]:443/", "fd00::1", true),
        ] {
            let url = Url::parse(text).expect(text);
            assert_eq!((url.host().as_str(), url.is_secure(), url.text().as_str()), (host, is_secure, text));
        }
        for text in [
            "",
            "login.example/jwks",
            "ftp://login.example",
            "https://",
            "https:///x",
            "https://a b.example",
            "https://a.example:0",
            "https://a.example:70000",
            "https://user:secret@a.example",
            "https://a.example/#x",
            "https://[::1",
            "https://a_b.example",
        ] {
            assert!(Url::parse(text).is_err(), "{text}");
        }
    }
}
