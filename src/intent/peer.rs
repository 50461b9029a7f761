use crate::value::{Cidr, Label, Mismatch, Name};
use std::fmt;

/// A service, workload or external by name: `web`, or `web.shop`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Its name.
    pub name: Name,
    /// Its namespace, where it is said.
    pub namespace: Option<Label>,
}

/// Who calls, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// A service or workload.
    Reference(Reference),
    /// `namespace:NAME`.
    Namespace(Label),
    /// `gateway:NAME`.
    Gateway(Name),
    /// `group:NAME`.
    Group(Name),
    /// `"cidr:10.0.0.0/8"`.
    Address(Cidr),
    /// `same-namespace`.
    SameNamespace,
    /// `anyone-in-mesh`.
    AnyoneInMesh,
    /// `anyone`.
    Anyone,
    /// `monitoring`.
    Monitoring,
    /// `kube-api`.
    KubeApi,
}

const EXPECTED: &str = "a caller such as `web`, `web.shop` or `namespace:shop`";

impl Reference {
    /// Reads `name` or `name.namespace`.
    pub(super) fn parse(text: &str) -> Result<Self, Mismatch> {
        let (name, namespace) = text.split_once('.').map_or((text, None), |(name, namespace)| (name, Some(namespace)));
        let of = |mismatch: Mismatch| Mismatch { expected: EXPECTED.to_owned(), ..mismatch };
        let namespace = namespace.map(Label::parse).transpose().map_err(of)?;
        Ok(Reference { name: Name::parse(name).map_err(of)?, namespace })
    }
}

impl Peer {
    /// Reads a caller.
    ///
    /// # Errors
    /// The text is of none of the forms.
    pub fn parse(text: &str) -> Result<Self, Mismatch> {
        match text {
            "same-namespace" => return Ok(Peer::SameNamespace),
            "anyone-in-mesh" => return Ok(Peer::AnyoneInMesh),
            "anyone" => return Ok(Peer::Anyone),
            "monitoring" => return Ok(Peer::Monitoring),
            "kube-api" => return Ok(Peer::KubeApi),
            _ => {}
        }
        let Some((kind, rest)) = text.split_once(':') else {
            return Reference::parse(text).map(Peer::Reference).map_err(|mismatch| or_range(text, mismatch));
        };
        match kind {
            "namespace" => Label::parse(rest).map(Peer::Namespace),
            "gateway" => Name::parse(rest).map(Peer::Gateway),
            "group" => Name::parse(rest).map(Peer::Group),
            "cidr" => Cidr::parse(rest).map(Peer::Address).map_err(|mismatch| Mismatch {
                instead: mismatch.instead.map(|range| format!("cidr:{range}")),
                ..mismatch
            }),
            _ => {
                let unknown = Mismatch::new(EXPECTED, "before `:` stands `namespace`, `gateway`, `group` or `cidr`");
                Err(or_range(text, unknown))
            }
        }
    }
}

/// What to write where the text is a range of addresses, which only lacks the word before it.
fn or_range(text: &str, mismatch: Mismatch) -> Mismatch {
    match Cidr::parse(text) {
        Ok(_) => Mismatch::new(EXPECTED, "addresses have `cidr:` before them").instead(format!("cidr:{text}")),
        Err(_) => mismatch,
    }
}

impl Peer {
    /// Whether it is a word of the language, which means another caller at each service.
    pub(super) fn is_built_in(&self) -> bool {
        match self {
            Peer::Reference(_) | Peer::Namespace(_) | Peer::Gateway(_) | Peer::Group(_) | Peer::Address(_) => false,
            Peer::SameNamespace | Peer::AnyoneInMesh | Peer::Anyone | Peer::Monitoring | Peer::KubeApi => true,
        }
    }
}

impl Reference {
    /// How many bytes it has as text.
    pub fn length(&self) -> usize {
        self.name.text().len() + self.namespace.as_ref().map_or(0, |namespace| 1 + namespace.text().len())
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{}.{namespace}", self.name),
            None => write!(f, "{}", self.name),
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Peer::Reference(reference) => write!(f, "{reference}"),
            Peer::Namespace(name) => write!(f, "namespace:{name}"),
            Peer::Gateway(name) => write!(f, "gateway:{name}"),
            Peer::Group(name) => write!(f, "group:{name}"),
            Peer::Address(range) => write!(f, "cidr:{range}"),
            Peer::SameNamespace => f.write_str("same-namespace"),
            Peer::AnyoneInMesh => f.write_str("anyone-in-mesh"),
            Peer::Anyone => f.write_str("anyone"),
            Peer::Monitoring => f.write_str("monitoring"),
            Peer::KubeApi => f.write_str("kube-api"),
        }
    }
}
