use super::apis::Apis;
use super::error::ClusterError;
use super::kubectl::Cluster;
use super::resource::Resource;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// How many objects come in one answer.
const PAGE: usize = 500;

/// How many answers are taken of one list.
const MOST_PAGES: usize = 2_000;

/// How often a list is begun again that the server forgot before its end.
const TRIES: usize = 3;

/// The parts of an answer that say whether it is a list, and whether it goes on.
#[derive(Deserialize)]
struct Page {
    kind: String,
    metadata: Rest,
    #[serde(rename = "items")]
    _items: IgnoredAny,
}

#[derive(Deserialize)]
struct Rest {
    #[serde(default, rename = "continue")]
    rest: String,
}

/// What comes of listing a kind, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'p> {
    /// The list begins: what came before does not count.
    Beginning,
    /// A list of some of the objects.
    Page(&'p str),
}

impl Cluster {
    /// Hands out every object of a kind, in one namespace or in all, page by page; by the first version of its API that
    /// has the kind.
    pub fn list(
        &self,
        apis: &Apis,
        resource: &Resource,
        namespace: Option<&str>,
        take: &mut dyn FnMut(Part<'_>),
    ) -> Result<(), ClusterError> {
        for api in apis.of(&resource.group) {
            match self.list_named(api, (&resource.plural(), resource), namespace, take) {
                Err(ClusterError::Missing) => {}
                other => return other,
            }
            // What the server says that it does not have may be called otherwise, or not be told by the server at all.
            match self.plural(api, resource)? {
                None => {}
                Some(name) if name == resource.plural() => return Err(contradiction(resource)),
                Some(name) => return self.list_named(api, (&name, resource), namespace, take),
            }
        }
        Err(ClusterError::Missing)
    }

    fn list_named(
        &self,
        api: &str,
        (plural, resource): (&str, &Resource),
        namespace: Option<&str>,
        take: &mut dyn FnMut(Part<'_>),
    ) -> Result<(), ClusterError> {
        let within = namespace.map(|namespace| format!("/namespaces/{namespace}")).unwrap_or_default();
        let path = format!("{api}{within}/{plural}?limit={PAGE}");
        let mut listed = Err(ClusterError::Expired);
        for _ in 0..TRIES {
            if listed == Err(ClusterError::Expired) {
                listed = self.pages(&path, &format!("{}List", resource.kind), take);
            }
        }
        listed
    }

    fn pages(&self, path: &str, kind: &str, take: &mut dyn FnMut(Part<'_>)) -> Result<(), ClusterError> {
        take(Part::Beginning);
        let mut rest = String::new();
        for _ in 0..MOST_PAGES {
            let page = if rest.is_empty() { path.to_owned() } else { format!("{path}&continue={}", escaped(&rest)) };
            let text = self.get(&page)?;
            let read: Page = serde_json::from_str(&text).map_err(|error| unreadable(&error))?;
            if read.kind != kind {
                return Err(ClusterError::Failed(format!("the server's answer is a {}, and no {kind}", read.kind)));
            }
            take(Part::Page(&text));
            if read.metadata.rest.is_empty() {
                return Ok(());
            }
            rest = read.metadata.rest;
        }
        Err(ClusterError::Failed(format!("the list is longer than {MOST_PAGES} pages")))
    }
}

fn contradiction(resource: &Resource) -> ClusterError {
    ClusterError::Failed(format!("the server says that it has {}, and that it has not", resource.plural()))
}

pub(super) fn unreadable(error: &serde_json::Error) -> ClusterError {
    ClusterError::Failed(format!("the server's answer cannot be read: {error}"))
}

/// A token as part of a query.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |escaped, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            escaped + char::from(byte).encode_utf8(&mut [0; 4])
        }
        _ => escaped + &format!("%{byte:02X}"),
    })
}
