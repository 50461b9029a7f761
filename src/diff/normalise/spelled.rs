//! Values of Kubernetes and Istio that can be spelled in several ways.

use crate::verbatim::{Entry, Value};
use smol_str::{SmolStr, format_smolstr};

/// Suffixes of amounts, greatest first, with how many thousandths one of each is.
/// <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>
const SUFFIXES: [(&str, u128); 11] = [
    ("Pi", 1_000 << 50),
    ("Ti", 1_000 << 40),
    ("Gi", 1_000 << 30),
    ("Mi", 1_000 << 20),
    ("Ki", 1_000 << 10),
    ("T", 1_000_000_000_000_000),
    ("G", 1_000_000_000_000),
    ("M", 1_000_000_000),
    ("k", 1_000_000),
    ("", 1_000),
    ("m", 1),
];

/// An amount in the one spelling; none where it is none, or finer than thousandths.
pub(super) fn quantity(value: &Value) -> Option<SmolStr> {
    let text = match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => format_smolstr!("{number}"),
        Value::Decimal(number) => format_smolstr!("{number}"),
        Value::Null | Value::Boolean(_) | Value::List(_) | Value::Map(_) => return None,
    };
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let (_, factor) = SUFFIXES.iter().find(|(suffix, _)| text.strip_prefix(number) == Some(*suffix))?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let is_plain = |digits: &str| digits.len() <= 18 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if number.is_empty() || !is_plain(whole) || part.len() > 9 || !is_plain(part) {
        return None;
    }
    let scale = 10_u128.pow(u32::try_from(part.len()).ok()?);
    let digits: u128 = format!("{whole}{part}").parse().ok()?;
    let thousandths = digits.checked_mul(*factor)?;
    let total = (thousandths % scale == 0).then_some(thousandths / scale)?;
    let fits = |(_, size): &&(&str, u128)| total >= *size && total % size == 0;
    let (suffix, size) = SUFFIXES.iter().find(fits).unwrap_or(&("", 1_000));
    Some(format_smolstr!("{}{suffix}", total / size))
}

/// An address without the length of a range that is one address alone, as istiod takes it from a `ServiceEntry`:
/// `convertServices` of its pilot/pkg/serviceregistry/serviceentry.
pub(super) fn address(text: &str) -> Option<SmolStr> {
    let (address, length) = text.split_once('/')?;
    (length == if address.contains(':') { "128" } else { "32" }).then(|| address.into())
}

/// The address of a plugin, which is an image in a registry where it does not say how it is fetched.
/// <https://istio.io/latest/docs/reference/config/proxy_extensions/wasm-plugin/#WasmPlugin>
pub(super) fn image(text: &str) -> Option<SmolStr> {
    (!text.is_empty() && !text.contains("://")).then(|| format_smolstr!("oci://{text}"))
}

/// Whether an image is fetched so if nobody says when: each time of the tag `latest`, else once. A container's image
/// without a tag is the latest one.
/// <https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting>
pub(super) fn is_fetched_anyhow(said: &str, all: &[Entry]) -> bool {
    let named = |key: &str| all.iter().find(|entry| entry.key == key).and_then(|entry| entry.node.text());
    let is_latest = match (named("image"), named("url")) {
        (Some(image), _) => {
            let name = image.rsplit('/').next().unwrap_or(image);
            !image.contains('@') && name.split_once(':').is_none_or(|(_, tag)| tag == "latest")
        }
        (None, Some(url)) => url.starts_with("oci://") && url.ends_with(":latest"),
        (None, None) => return false,
    };
    said == if is_latest { "Always" } else { "IfNotPresent" }
}

#[cfg(test)]
mod tests {
    use super::{address, quantity};
    use crate::verbatim::Value;

    #[test]
    fn amounts_are_spelled_in_one_way() {
        for (said, spelled) in [
            ("0.1", "100m"),
            ("100m", "100m"),
            ("1000m", "1"),
            ("134217728", "128Mi"),
            ("128Mi", "128Mi"),
            ("0.5Gi", "512Mi"),
            ("1G", "1G"),
            ("0", "0"),
        ] {
            assert_eq!(quantity(&Value::Text(said.into())).as_deref(), Some(spelled), "{said}");
        }
        for said in ["", "m", "1.2.3", "ten", "0.0001", "-1", "1e3"] {
            assert_eq!(quantity(&Value::Text(said.into())), None, "{said}");
        }
        assert_eq!(quantity(&Value::Integer(2)).as_deref(), Some("2"));
    }

    #[test]
    fn a_range_of_one_is_an_address() {
        assert_eq!(address("240.0.0.1/32").as_deref(), Some("240.0.0.1"));
        assert_eq!(address("fd00::1/128").as_deref(), Some("fd00::1"));
        assert_eq!((address("240.0.0.0/24"), address("fd00::/32"), address("240.0.0.1")), (None, None, None));
    }
}
