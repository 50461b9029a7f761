use std::fmt;

/// A kind of objects, as a server's paths name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource {
    /// The group of its API; empty for Kubernetes' own first one.
    pub group: String,
    /// Its kind.
    pub kind: String,
}

impl Resource {
    /// The kind of a group.
    pub fn new(group: &str, kind: &str) -> Self {
        Resource { group: group.to_owned(), kind: kind.to_owned() }
    }

    /// Its name in paths and rights: the plural, in small letters.
    pub fn plural(&self) -> String {
        let name = self.kind.to_ascii_lowercase();
        match name.as_bytes() {
            [.., before, b'y'] if !b"aeiou".contains(before) => format!("{}ies", name.trim_end_matches('y')),
            [.., b's' | b'x'] | [.., b'c' | b's', b'h'] => format!("{name}es"),
            _ => format!("{name}s"),
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::Resource;

    #[test]
    fn plurals_are_those_of_the_servers() {
        for (kind, plural) in [
            ("VirtualService", "virtualservices"),
            ("ServiceEntry", "serviceentries"),
            ("NetworkPolicy", "networkpolicies"),
            ("Telemetry", "telemetries"),
            ("Gateway", "gateways"),
            ("Namespace", "namespaces"),
            ("ProxyConfig", "proxyconfigs"),
            ("Ingress", "ingresses"),
        ] {
            assert_eq!(Resource::new("", kind).plural(), plural);
        }
    }
}
