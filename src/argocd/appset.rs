use super::ignored::Ignored;
use super::parameters::ENVIRONMENT;
use super::{Failure, ignored};
use crate::ir::{Managed, Mesh};
use crate::manifest::yaml;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Of what there is one Application each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The environments.
    Environment,
    /// The clusters that Argo CD knows, by a label that names their environment.
    Cluster,
    /// The namespaces of each environment in each of its clusters, and what holds for the whole mesh.
    Namespace,
}

/// What an `ApplicationSet` is made of.
pub struct Set<'s> {
    /// The environments.
    pub meshes: Vec<&'s Mesh>,
    /// Of what there is one Application each.
    pub by: By,
    /// Names of clusters by environment; of one that is not in it the clusters are those with its label.
    pub clusters: BTreeMap<String, String>,
    /// The repository.
    pub repository: String,
    /// The workspace in it.
    pub path: String,
    /// The revision.
    pub revision: String,
    /// The project of Argo CD.
    pub project: String,
}

/// The label by which a cluster says which environment it is.
const LABEL: &str = "mesh.kdl/environment";

/// An `ApplicationSet` as YAML.
///
/// # Errors
/// An environment is in no cluster that anybody names.
pub fn appset(set: &Set<'_>) -> Result<String, Failure> {
    let generators: Result<Vec<Value>, Failure> = set.meshes.iter().map(|mesh| generator(set, mesh)).collect();
    let name = set.meshes.first().map(|mesh| mesh.name.as_str()).unwrap_or_default();
    let owned = Owned::of(&set.meshes);
    let whole = json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": name, "namespace": "argocd"},
        "spec": {
            "goTemplate": true,
            "goTemplateOptions": ["missingkey=error"],
            "generators": generators?,
            "template": template(set, name, &owned),
        },
    });
    let mut text = written(&whole)?;
    if let Owned::Each(each) = &owned {
        // The last field of `spec`: as a block, which people can read.
        text.push_str("  templatePatch: |\n");
        patch(each)?.lines().for_each(|line| _ = writeln!(text, "    {line}"));
    }
    Ok(text)
}

fn written(value: &Value) -> Result<String, Failure> {
    let mut text = Vec::new();
    let written = yaml::write(value, &mut text);
    written.map_err(|error| Failure::new(format!("the set could not be written: {error}"), "report this as a bug"))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// What other controllers own in the environments of a set.
enum Owned<'m> {
    /// The same in all of them: part of the template.
    Same(Vec<Ignored>),
    /// Not the same: what is one environment's own would hide a change in another.
    Each(Vec<(&'m str, Vec<Ignored>)>),
}

impl<'m> Owned<'m> {
    fn of(meshes: &[&'m Mesh]) -> Self {
        let each = meshes.iter().map(|mesh| (mesh.environment.name.as_str(), ignored(mesh)));
        let each: Vec<(&str, Vec<Ignored>)> = each.collect();
        match each.split_first() {
            None => Owned::Same(Vec::new()),
            Some(((_, first), others)) if others.iter().all(|(_, other)| other == first) => Owned::Same(first.clone()),
            Some(_) => Owned::Each(each),
        }
    }
}

/// What an Application of each environment has beside the template, as the Go template that chooses it.
fn patch(each: &[(&str, Vec<Ignored>)]) -> Result<String, Failure> {
    let mut text = String::new();
    for (environment, ignored) in each.iter().filter(|(_, ignored)| !ignored.is_empty()) {
        let word = if text.is_empty() { "if" } else { "else if" };
        let spec = json!({"ignoreDifferences": ignored, "syncPolicy": {"syncOptions": options(true)}});
        let plain = written(&json!({ "spec": spec }))?.replace("{{", "{{ `{{` }}");
        _ = write!(text, "{{{{- {word} eq .values.environment \"{environment}\" }}}}\n{plain}");
    }
    text.push_str("{{- else }}\n{}\n{{- end }}\n");
    Ok(text)
}

/// How Argo CD synchronizes; with fields that others own it leaves these to them, and not only out of what it compares.
fn options(others_own_fields: bool) -> Vec<&'static str> {
    let mut options = vec!["ServerSideApply=true", "PruneLast=true"];
    if others_own_fields {
        options.push("RespectIgnoreDifferences=true");
    }
    options
}

/// The Applications of one environment: every generator gives the same names, so that one template serves all.
fn generator(set: &Set<'_>, mesh: &Mesh) -> Result<Value, Failure> {
    let environment = mesh.environment.name.as_str();
    let named = set.clusters.get(environment);
    if let (By::Environment, None) = (set.by, named) {
        return Err(unplaced(mesh));
    }
    let list = |elements: Vec<Value>| json!({"list": {"elements": elements}});
    // In the words of the generator of clusters, so that one template serves both.
    let in_cluster = |name: &str| json!({"name": name, "nameNormalized": name, "values": {"environment": environment}});
    let labelled = json!({"clusters": {
        "selector": {"matchLabels": {LABEL: environment}},
        "values": {"environment": environment},
    }});
    Ok(match (set.by, named) {
        (By::Environment | By::Cluster, Some(name)) => list(vec![in_cluster(name)]),
        (By::Environment | By::Cluster, None) => labelled,
        (By::Namespace, Some(name)) => {
            let element = |namespace: &str| {
                let mut element = in_cluster(name);
                put(&mut element, "namespace", namespace.into());
                element
            };
            list(namespaces(mesh).into_iter().map(element).collect())
        }
        (By::Namespace, None) => {
            let elements = namespaces(mesh).into_iter().map(|namespace| json!({"namespace": namespace})).collect();
            json!({"matrix": {"generators": [labelled, list(elements)]}})
        }
    })
}

/// Nobody says under which name Argo CD knows the cluster of an environment: the mesh's own names of clusters are Istio's.
fn unplaced(mesh: &Mesh) -> Failure {
    let environment = &mesh.environment;
    let by_label = format!("--by cluster, for those with the label {LABEL}");
    match environment.clusters.as_slice() {
        [] => Failure::new(
            format!("nobody says in which cluster `{}` is", environment.name),
            format!("add --cluster {}=NAME; or {by_label}", environment.name),
        ),
        [one] => Failure::new(
            format!(
                "nobody says how Argo CD names the cluster of `{}`, which the mesh calls `{one}`",
                environment.name
            ),
            format!("add --cluster {}={one}, if Argo CD calls it so too; or {by_label}", environment.name),
        ),
        several => Failure::new(
            format!(
                "`{}` is in {} clusters, {}: one Application of an environment cannot be in several",
                environment.name,
                several.len(),
                several.join(" and "),
            ),
            format!("say {by_label}"),
        ),
    }
}

/// Every namespace that objects are written into, the control plane's too: each is an Application's destination.
fn namespaces(mesh: &Mesh) -> Vec<&str> {
    let written = mesh.namespaces.iter().filter(|namespace| namespace.managed.value != Managed::Nothing);
    let root = mesh.root_namespace.value.text().as_str();
    std::iter::once(root).chain(written.map(|namespace| namespace.name.as_str())).collect()
}

fn template(set: &Set<'_>, name: &str, owned: &Owned<'_>) -> Value {
    let (suffix, namespace) = match set.by {
        By::Environment | By::Cluster => ("", None),
        By::Namespace => ("-{{ .namespace }}", Some("{{ .namespace }}")),
    };
    let ignored: &[Ignored] = match owned {
        Owned::Same(ignored) => ignored,
        Owned::Each(_) => &[],
    };
    let mut destination = Map::from_iter([("name".to_owned(), json!("{{ .name }}"))]);
    destination.extend(namespace.map(|namespace| ("namespace".to_owned(), json!(namespace))));
    let mut spec = json!({
        "project": set.project,
        "source": {
            "repoURL": set.repository,
            "targetRevision": set.revision,
            "path": set.path,
            "plugin": {"name": "mesh", "parameters": [{"name": ENVIRONMENT.0, "string": "{{ .values.environment }}"}]},
        },
        "destination": destination,
    });
    if !ignored.is_empty() {
        put(&mut spec, "ignoreDifferences", json!(ignored));
    }
    put(&mut spec, "syncPolicy", json!({"automated": {"prune": true}, "syncOptions": options(!ignored.is_empty())}));
    json!({
        "metadata": {
            "name": format!("{name}-{{{{ .values.environment }}}}-{{{{ .nameNormalized }}}}{suffix}"),
            "annotations": {"argocd.argoproj.io/manifest-generate-paths": "."},
        },
        "spec": spec,
    })
}

fn put(object: &mut Value, key: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(key.to_owned(), value);
    }
}
