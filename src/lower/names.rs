//! Names of objects and labels: derived, never chosen, and cut with a hash where Kubernetes has a limit.

use smol_str::{SmolStr, format_smolstr};

/// Kubernetes' limit for a name with dots.
const LONGEST_NAME: usize = 253;
/// Kubernetes' limit for the value of a label.
const LONGEST_LABEL: usize = 63;

/// The name of an object.
pub(super) fn object(name: &str) -> SmolStr {
    fit(name, LONGEST_NAME)
}

/// The value of a label.
pub(super) fn label(value: &str) -> SmolStr {
    fit(value, LONGEST_LABEL)
}

/// The full name of a service.
pub(super) fn fqdn(name: &str, namespace: &str, cluster_domain: &str) -> SmolStr {
    [name, ".", namespace, ".svc.", cluster_domain].into_iter().collect()
}

/// `text`, or its beginning and ten digits of its hash where it is longer than `longest`.
fn fit(text: &str, longest: usize) -> SmolStr {
    if text.len() <= longest {
        return text.into();
    }
    let stem = text.get(..longest - 11).unwrap_or("").trim_end_matches(['-', '.']);
    format_smolstr!("{stem}-{:010x}", hash(text) & 0xff_ffff_ffff)
}

/// FNV-1a: the same on every machine and in every release, which the standard library's hashes do not promise.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::{label, object};

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let (a, b) = (format!("service.{}", "a".repeat(60)), format!("service.{}b", "a".repeat(59)));
        assert_eq!(label(&a).len(), 63);
        assert_ne!(label(&a), label(&b));
        assert_eq!(label("service.web.shop"), "service.web.shop");
        let long = object(&"a.".repeat(200));
        assert!(long.len() == 252 && !long.contains(".-"), "{long}");
    }
}
