use serde::Serialize;

/// What `kubectl kustomize` builds: every file, in the order in which its objects are applied.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Kustomization<'k> {
    api_version: &'static str,
    kind: &'static str,
    sort_options: SortOptions,
    resources: &'k [String],
}

/// Keeps the order of `resources`; the default sorts by kind.
#[derive(Serialize)]
struct SortOptions {
    order: &'static str,
}

impl<'k> Kustomization<'k> {
    pub(super) fn of(resources: &'k [String]) -> Self {
        Kustomization {
            api_version: "kustomize.config.k8s.io/v1beta1",
            kind: "Kustomization",
            sort_options: SortOptions { order: "fifo" },
            resources,
        }
    }
}
