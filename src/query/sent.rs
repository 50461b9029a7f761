use super::{Question, Who, path};
use crate::access::{Dimension, Request, Value};
use crate::ir::{Mesh, PathNormalization};
use crate::value::{self, HostPattern};
use smol_str::{SmolStr, format_smolstr};

/// A request on its way.
#[derive(Clone, Debug)]
pub(super) struct Sent<'q> {
    pub(super) question: &'q Question,
    pub(super) host: SmolStr,
    /// As rules see it.
    pub(super) path: String,
    pub(super) query: Option<String>,
    /// On which port of the service.
    pub(super) port: value::Port,
    /// Whose certificate it comes with.
    pub(super) identity: Option<SmolStr>,
}

impl<'q> Sent<'q> {
    pub(super) fn new(question: &'q Question, host: SmolStr, port: value::Port, how: PathNormalization) -> Self {
        let (path, query) = path::normalized(&question.path, how);
        Sent { question, host, path, query, port, identity: None }
    }

    /// The host without its port, in lower case.
    pub(super) fn name(&self) -> String {
        let host = self.host.to_ascii_lowercase();
        host.split(':').next().unwrap_or_default().to_owned()
    }

    /// Whether no proxy takes its path.
    pub(super) fn is_broken(&self) -> bool {
        self.path.contains("%00")
    }

    /// The path with its query, as it stands in the head of the request.
    pub(super) fn whole_path(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&SmolStr> {
        self.question.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// As rules of access see it, at a port of a pod; with its token where that is read.
    pub(super) fn request(&self, mesh: &Mesh, target: value::Port, is_read: bool) -> Request {
        let text = |text: Option<&SmolStr>| text.map_or(Value::Absent, |text| Value::Text(text.clone()));
        let address = self.question.address.map_or(Value::Absent, Value::Address);
        let (peer, remote) = match self.question.who {
            Who::Outside(_) => (Value::Absent, address),
            Who::Service(_) | Who::Workload(_) | Who::Namespace(_) | Who::Stranger => (address.clone(), address),
        };
        let mut request = Request::default()
            .with(Dimension::Principal, text(self.identity.as_ref()))
            .with(Dimension::PeerAddress, peer)
            .with(Dimension::RemoteAddress, remote)
            .with(Dimension::Host, Value::Text(self.host.clone()))
            .with(Dimension::Method, Value::Text(self.question.method.clone()))
            .with_text(Dimension::Path, &self.path)
            .with(Dimension::Port, Value::Port(target.number()));
        for (name, value) in &self.question.headers {
            request = request.with(Dimension::Header(name.clone()), Value::Text(value.clone()));
        }
        let Some(token) = self.question.token.as_ref().filter(|_| is_read) else { return request };
        let said = |name: &str| token.claims.iter().find(|(own, _)| own == name).and_then(|(_, values)| values.first());
        let iss = mesh.issuer(token.issuer).iss.as_ref().map(|iss| iss.value.text().clone());
        let issuer = iss.unwrap_or_default();
        let subject = said("sub").cloned().unwrap_or_else(|| SmolStr::new_static("somebody"));
        request = request.with(Dimension::RequestPrincipal, Value::Token { issuer, subject });
        for (name, values) in &token.claims {
            let place: String = name.split('.').flat_map(|part| ["[", part, "]"]).collect();
            request = request.with(Dimension::Claim(place.into()), Value::Texts(values.clone()));
        }
        request
    }
}

/// Whether a host, in lower case and without a port, is one of a pattern's.
pub(super) fn is_of(pattern: &HostPattern, host: &str) -> bool {
    match pattern {
        HostPattern::Any => true,
        HostPattern::Exact(own) => own.text() == host,
        HostPattern::Below(parent) => host.ends_with(&format!(".{parent}")),
    }
}

/// A version of a service, as people name both.
pub(super) fn version_name(service: &crate::ir::Service, at: usize) -> SmolStr {
    let version = service.versions.get(at).map(|version| &version.name.value);
    version.map_or_else(|| service.name.clone(), |version| format_smolstr!("{} {version}", service.name))
}
