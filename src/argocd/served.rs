use super::{Failure, Seen};
use crate::diagnostic::Count;
use std::collections::BTreeSet;

/// What is generated, as APIs and kinds.
pub(super) type Kinds = BTreeSet<(&'static str, &'static str)>;

/// Refuses kinds that the cluster does not serve, where Argo CD says what it does: else a sync breaks off half way.
pub(super) fn check(kinds: &Kinds, seen: &Seen) -> Result<(), Failure> {
    let Some(served) = seen.api_versions() else { return Ok(()) };
    let served: BTreeSet<&str> = served.collect();
    // Some lists name APIs alone, without their kinds.
    let names_kinds = |api: &str| served.iter().any(|entry| entry.strip_prefix(api).is_some_and(is_kind));
    let is_served = |(api, kind): &&(&str, &str)| {
        served.contains(format!("{api}/{kind}").as_str()) || (served.contains(api) && !names_kinds(api))
    };
    let missing: Vec<_> = kinds.iter().filter(|kind| !is_served(kind)).collect();
    let Some((api, kind)) = missing.first() else { return Ok(()) };
    let others = match missing.len() - 1 {
        0 => String::new(),
        others => format!(", nor {} more", Count(others, "kind")),
    };
    let group = api.split_once('/').map_or("", |(group, _)| group);
    let other = served.iter().find(|entry| !group.is_empty() && entry.starts_with(group) && entry.ends_with(kind));
    let help = match other {
        Some(other) => {
            format!("it serves {other}: `target istio` in the mesh names the release whose APIs are written")
        }
        None if group.ends_with("istio.io") => "install Istio's definitions first (its chart `base`)".to_owned(),
        None => "install the definition of this kind first".to_owned(),
    };
    Err(Failure::new(format!("the cluster does not serve {kind} of {api}{others}"), help))
}

fn is_kind(rest: &str) -> bool {
    rest.strip_prefix('/').is_some_and(|kind| kind.starts_with(|first: char| first.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::{Kinds, Seen, check};

    fn judge(served: &str, kinds: &[(&'static str, &'static str)]) -> Result<(), String> {
        let seen = Seen::of([("KUBE_API_VERSIONS".into(), served.into())]);
        let kinds: Kinds = kinds.iter().copied().collect();
        check(&kinds, &seen).map_err(|failure| failure.to_string())
    }

    #[test]
    fn what_the_cluster_serves_passes() {
        let kinds = [("v1", "Namespace"), ("networking.istio.io/v1", "Sidecar")];
        assert_eq!(judge("", &kinds), Ok(()));
        assert_eq!(judge("v1,v1/Namespace,networking.istio.io/v1,networking.istio.io/v1/Sidecar", &kinds), Ok(()));
        assert_eq!(judge("v1,networking.istio.io/v1", &kinds), Ok(()));
    }

    #[test]
    fn what_it_does_not_serve_is_named() {
        let kinds = [("networking.istio.io/v1", "Sidecar"), ("networking.istio.io/v1", "Gateway")];
        for (served, what) in [
            ("v1,v1/Namespace", "does not serve Gateway of networking.istio.io/v1, nor 1 kind more"),
            ("v1,v1/Namespace", "chart `base`"),
            ("networking.istio.io/v1,networking.istio.io/v1/Gateway", "does not serve Sidecar of"),
            (
                "networking.istio.io/v1beta1,networking.istio.io/v1beta1/Gateway",
                "it serves networking.istio.io/v1beta1",
            ),
        ] {
            let found = judge(served, &kinds).unwrap_err();
            assert!(found.contains(what), "{served}: {found}");
        }
    }
}
