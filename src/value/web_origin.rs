use super::{Label, Mismatch};
use smol_str::SmolStr;
use std::fmt;

/// Whose pages may call from a browser: a scheme and a host, as the header `origin` has them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WebOrigin {
    /// Every page.
    Any,
    /// This one.
    Exact(SmolStr),
    /// Those of all hosts below one: `https://*.shop.example`.
    Below {
        /// `https://` or `http://`.
        scheme: &'static str,
        /// The host that all of them end in, with its port.
        parent: SmolStr,
    },
}

const EXPECTED: &str = "an origin such as `https://shop.example`";
/// Each scheme with the port that browsers leave out.
const SCHEMES: [(&str, &str); 2] = [("https://", ":443"), ("http://", ":80")];

impl WebOrigin {
    /// Reads `any`, or a scheme with a host, which may begin with `*.`, and perhaps a port.
    ///
    /// # Errors
    /// No browser sends such an origin.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        if text == "any" {
            return Ok(WebOrigin::Any);
        }
        if text == "*" {
            return Err(Mismatch::new(EXPECTED, "every origin is `any`").instead("any"));
        }
        let lower = text.to_ascii_lowercase();
        let found = SCHEMES.iter().find_map(|(scheme, port)| Some((*scheme, *port, lower.strip_prefix(scheme)?)));
        let Some((scheme, default_port, rest)) = found else { return Err(without_scheme(&lower)) };
        if let Some((host, _)) = rest.split_once('/') {
            let because = "an origin ends with its host or port, and browsers send no path";
            return Err(suggest(Mismatch::new(EXPECTED, because), scheme, host));
        }
        if let Some(host) = rest.strip_suffix(default_port) {
            let because = format!("browsers leave `{default_port}` out of `{scheme}`");
            return Err(suggest(Mismatch::new(EXPECTED, because), scheme, host));
        }
        let below = rest.strip_prefix("*.");
        if let Some(because) = fault(below.unwrap_or(rest)) {
            return Err(Mismatch::new(EXPECTED, because));
        }
        Ok(match below {
            Some(parent) => WebOrigin::Below { scheme, parent: parent.into() },
            None => WebOrigin::Exact(lower.into()),
        })
    }
}

fn suggest(mismatch: Mismatch, scheme: &str, host: &str) -> Mismatch {
    let right = format!("{scheme}{host}");
    if WebOrigin::parse(&right).is_ok() { mismatch.instead(right) } else { mismatch }
}

fn without_scheme(text: &str) -> Mismatch {
    let mismatch = Mismatch::new(EXPECTED, "it begins with `https://` or `http://`");
    if text.contains("://") { mismatch } else { suggest(mismatch, "https://", text) }
}

/// What is wrong with a host and perhaps a port.
fn fault(authority: &str) -> Option<String> {
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    if let Some(port) = port.filter(|port| port.starts_with('+') || port.parse::<u16>().is_err()) {
        return Some(format!("`:{}` is no port", port.escape_debug()));
    }
    let label = host.split('.').find(|label| Label::parse(label).is_err())?;
    Some(if label.is_empty() {
        "a part of its host is empty".to_owned()
    } else if label.contains('*') {
        "`*` stands for the whole first part of a host, and nowhere else".to_owned()
    } else {
        format!("`{}` is no part of a host", label.escape_debug())
    })
}

impl fmt::Display for WebOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WebOrigin::Any => f.write_str("any"),
            WebOrigin::Exact(text) => f.write_str(text),
            WebOrigin::Below { scheme, parent } => write!(f, "{scheme}*.{parent}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WebOrigin;

    #[test]
    fn reads_what_browsers_send() {
        for text in
            ["any", "https://a.b", "http://localhost:3000", "https://*.a.b", "https://*.a.b:8443", "http://10.0.0.1"]
        {
            assert_eq!(WebOrigin::parse(text).expect(text).to_string(), text);
        }
        assert_eq!(WebOrigin::parse("https://Shop.Example").expect("a host").to_string(), "https://shop.example");
    }

    #[test]
    fn refuses_what_no_browser_sends_and_says_what_would_be_right() {
        for (text, instead) in [
            ("*", Some("any")),
            ("shop.example", Some("https://shop.example")),
            ("https://shop.example/", Some("https://shop.example")),
            ("https://shop.example:443", Some("https://shop.example")),
            ("https://shop.*.example", None),
            ("ftp://shop.example", None),
            ("https://", None),
            ("https://a:b", None),
            ("", None),
        ] {
            assert_eq!(WebOrigin::parse(text).expect_err(text).instead.as_deref(), instead, "{text}");
        }
    }
}
