use super::Failure;
use crate::value::Label;

const CONTAINER: &str = include_str!("install/container.yaml");
const VOLUME: &str = "- name: mesh-tmp\n  emptyDir: {}\n";

/// What is added for a policy: where its file is, how it comes there, and from where.
const ENVIRONMENT: &str = "  env:\n  - name: MESH_POLICY\n    value: /etc/mesh/policy.kdl\n";
const MOUNT: &str = "  - name: mesh-policy\n    mountPath: /etc/mesh\n    readOnly: true\n";
const POLICY: &str = "- name: mesh-policy\n  configMap:\n    name: MAP\n";

/// For whom the sidecar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Installer {
    /// A patch for a kustomization.
    Kustomize,
    /// Values for the chart of argo-helm.
    HelmValues,
}

impl Installer {
    /// The text around the container, how far its list is indented, and how far that of volumes.
    fn frame(self) -> (&'static str, usize) {
        match self {
            Installer::Kustomize => (include_str!("install/kustomize.yaml"), 6),
            Installer::HelmValues => (include_str!("install/helm-values.yaml"), 2),
        }
    }
}

/// The sidecar as an installer of Argo CD takes it; with the name of the `ConfigMap` whose `policy.kdl` says who owns what.
///
/// # Errors
/// The image cannot be the name of one, or that of the `ConfigMap` not its.
pub fn install(installer: Installer, image: &str, policy: Option<&str>) -> Result<String, Failure> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"./:@_-".contains(&byte);
    if image.is_empty() || !image.bytes().all(is_part) || !image.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Err(Failure::new(
            format!("expected the name of an image, found `{image}`"),
            "name the one that you built, such as registry.example/mesh:0.1.0",
        ));
    }
    let (mut container, mut volumes) = (CONTAINER.replace("IMAGE", image), VOLUME.to_owned());
    let (frame, indent) = installer.frame();
    if let Some(map) = policy {
        let name = Label::parse(map).map_err(|_| {
            Failure::new(
                format!("expected the name of a ConfigMap, found `{map}`"),
                "name the one with policy.kdl in it",
            )
        })?;
        container = container.replace("  securityContext:\n", &format!("{ENVIRONMENT}  securityContext:\n")) + MOUNT;
        volumes += &POLICY.replace("MAP", name.text());
    }
    let frame = frame.replace("CONTAINER\n", &indented(&container, indent));
    Ok(frame.replace("VOLUMES\n", &indented(&volumes, indent)))
}

fn indented(text: &str, by: usize) -> String {
    text.lines().flat_map(|line| [" ".repeat(by).as_str(), line, "\n"].map(str::to_owned)).collect()
}
