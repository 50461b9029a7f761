//! Names of objects and labels: derived, never chosen, and cut with a hash where Kubernetes has a limit.

use smol_str::{SmolStr, format_smolstr};

/// Kubernetes' limit for a name with dots.
const LONGEST_NAME: usize = 253;
/// Kubernetes' limit for the value of a label.
const LONGEST_LABEL: usize = 63;

/// The name of an object.
pub(super) fn object(name: SmolStr) -> SmolStr {
    fit(name, LONGEST_NAME)
}

/// The value of a label.
pub(super) fn label(value: SmolStr) -> SmolStr {
    fit(value, LONGEST_LABEL)
}

/// The full name of a service.
pub(super) fn fqdn(name: &str, namespace: &str, cluster_domain: &str) -> SmolStr {
    joined(&[name, ".", namespace, ".svc.", cluster_domain])
}

/// `parts` as one text. Most are too long to stand in a [`SmolStr`] itself, and short enough to be put together without
/// asking for memory twice.
pub(super) fn joined(parts: &[&str]) -> SmolStr {
    let mut together = [0; 128];
    let mut length = 0;
    for part in parts {
        match together.get_mut(length..length + part.len()) {
            Some(room) => room.copy_from_slice(part.as_bytes()),
            None => return parts.concat().into(),
        }
        length += part.len();
    }
    together.get(..length).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default().into()
}

/// `text`, or its beginning and ten digits of its hash where it is longer than `longest`.
fn fit(text: SmolStr, longest: usize) -> SmolStr {
    if text.len() <= longest {
        return text;
    }
    let stem = text.get(..longest - 11).unwrap_or("").trim_end_matches(['-', '.']);
    format_smolstr!("{stem}-{:010x}", hash(&text) & 0xff_ffff_ffff)
}

/// FNV-1a: the same on every machine and in every release, which the standard library's hashes do not promise.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::{joined, label, object};

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let (a, b) = (format!("service.{}", "a".repeat(60)), format!("service.{}b", "a".repeat(59)));
        assert_eq!(label(a.as_str().into()).len(), 63);
        assert_ne!(label(a.into()), label(b.into()));
        assert_eq!(label("service.web.shop".into()), "service.web.shop");
        let long = object("a.".repeat(200).into());
        assert!(long.len() == 252 && !long.contains(".-"), "{long}");
    }

    #[test]
    fn parts_stand_one_after_the_other_however_long_they_are() {
        for length in [0, 1, 22, 23, 24, 127, 128, 129, 1_000] {
            let (a, b) = ("ä".repeat(length / 2), "b".repeat(length % 2));
            assert_eq!(joined(&[&a, "", &b]), format!("{a}{b}"), "{length}");
        }
    }
}
