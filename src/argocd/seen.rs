use std::ffi::OsString;

/// What Argo CD tells a plugin by the environment of its process. Which of it is there differs by call.
///
/// <https://argo-cd.readthedocs.io/en/stable/operator-manual/config-management-plugins/>
#[derive(Clone, Debug, Default)]
pub struct Seen {
    variables: Vec<(String, String)>,
}

/// The variables that count. Others are not looked at, so nobody can say anything by them.
const KNOWN: [&str; 8] = [
    NAMESPACE,
    SOURCE_PATH,
    PARAMETERS,
    API_VERSIONS,
    "ARGOCD_APP_NAME",
    "ARGOCD_ENV_MESH_ENV",
    "ARGOCD_ENV_MESH_SCOPE",
    "ARGOCD_ENV_MESH_FAIL_ON",
];
const NAMESPACE: &str = "ARGOCD_APP_NAMESPACE";
const SOURCE_PATH: &str = "ARGOCD_APP_SOURCE_PATH";
const PARAMETERS: &str = "ARGOCD_APP_PARAMETERS";
const API_VERSIONS: &str = "KUBE_API_VERSIONS";

impl Seen {
    /// Picks out what counts; what is empty or no UTF-8 is as if it were not there.
    pub fn of(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        let counts = |(name, value): &(String, String)| KNOWN.contains(&name.as_str()) && !value.is_empty();
        Seen { variables: variables.into_iter().filter_map(text).filter(counts).collect() }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.variables.iter().rfind(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The namespace that the Application is deployed to, if it names one.
    pub fn namespace(&self) -> Option<&str> {
        self.get(NAMESPACE)
    }

    /// Where the Application's folder lies in its repository; it names folders to people, and opens none.
    pub fn source_path(&self) -> Option<&str> {
        self.get(SOURCE_PATH)
    }

    /// How many folders the Application's folder lies below the root of its repository; none: nobody said.
    pub fn depth(&self) -> Option<usize> {
        self.source_path().map(|path| folders(path).count())
    }

    /// What stands before the names of files in a folder that lies `up` above the Application's, as the repository has
    /// it.
    pub fn prefix(&self, up: usize) -> String {
        let folders: Vec<&str> = self.source_path().map(folders).into_iter().flatten().collect();
        let kept = folders.len().saturating_sub(up);
        folders.iter().take(kept).flat_map(|folder| [*folder, "/"]).collect()
    }

    /// The Application's parameters, as JSON.
    pub(super) fn parameters(&self) -> Option<&str> {
        self.get(PARAMETERS)
    }

    /// A variable of the Application's `plugin.env`.
    pub(super) fn own(&self, name: &str) -> Option<&str> {
        self.get(&format!("ARGOCD_ENV_{name}"))
    }

    /// The APIs and kinds that the cluster serves, if anybody says: `v1`, `v1/Namespace`, `networking.istio.io/v1`...
    pub(super) fn api_versions(&self) -> Option<impl Iterator<Item = &str> + Clone> {
        self.get(API_VERSIONS).map(|list| list.split(','))
    }
}

fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !matches!(*part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::Seen;

    fn seen(pairs: &[(&str, &str)]) -> Seen {
        Seen::of(pairs.iter().map(|(name, value)| (name.into(), value.into())))
    }

    #[test]
    fn the_last_of_a_name_counts_and_an_empty_one_does_not() {
        let seen = seen(&[("ARGOCD_APP_NAMESPACE", "a"), ("ARGOCD_APP_NAMESPACE", "b"), ("ARGOCD_APP_NAMESPACE", "")]);
        assert_eq!(seen.namespace(), Some("b"));
        assert_eq!(seen.source_path(), None);
    }

    #[test]
    fn files_are_named_as_the_repository_has_them() {
        let seen = |path| seen(&[("ARGOCD_APP_SOURCE_PATH", path)]);
        for (path, depth, prefix) in
            [("a/b", 2, "a/b/"), (".", 0, ""), ("./a/", 1, "a/"), ("../../etc", 1, "etc/"), ("/a", 1, "a/")]
        {
            assert_eq!((seen(path).depth(), seen(path).prefix(0).as_str()), (Some(depth), prefix), "{path}");
        }
        assert_eq!((seen("a/b").prefix(1).as_str(), seen("a/b").prefix(3).as_str()), ("a/", ""));
    }
}
