use super::fact::Facts;
use super::{Abort, AbortStatus, Actions, Cors, Delay, Fault, HeaderChanges, Mesh, Mirror, Service};
use crate::source::Decided;
use std::fmt::Display;

impl Facts {
    /// What is done to requests.
    pub(super) fn actions(&mut self, actions: Option<&Actions>) {
        let Some(Actions { headers, cors, fault }) = actions else { return };
        if let Some(headers) = headers {
            self.headers(headers);
        }
        if let Some(cors) = cors {
            self.cors(cors);
        }
        if let Some(fault) = fault {
            self.fault(fault);
        }
    }

    /// Who else gets copies of requests.
    pub(super) fn mirrors(&mut self, mesh: &Mesh, service: &Service) {
        for Mirror { target, share } in &service.mirrors {
            self.said("mirror", target.name(mesh, service), target.origin);
            self.add("mirror.percent", share);
        }
    }

    fn headers(&mut self, changes: &HeaderChanges) {
        for (direction, edits) in changes.directions() {
            for (word, values) in [("set", &edits.set), ("add", &edits.add)] {
                for (name, value) in values {
                    self.add(&format!("headers.{direction}.{word}.{name}"), value);
                }
            }
            for (name, origin) in &edits.remove {
                self.said(&format!("headers.{direction}.remove"), name.to_string(), *origin);
            }
        }
    }

    fn cors(&mut self, cors: &Cors) {
        let Cors { origins, waiver: _, methods, headers, exposed_headers, max_age, credentials, forwards_unmatched } =
            cors;
        self.list("cors.origin", Some(origins));
        self.list("cors.method", methods.as_ref());
        self.list("cors.header", headers.as_ref());
        self.list("cors.expose-header", exposed_headers.as_ref());
        self.option("cors.max-age", max_age.as_ref());
        self.option("cors.credentials", credentials.as_ref());
        let unmatched = forwards_unmatched.clone().map(|said| said.map(|on| if on { "forward" } else { "ignore" }));
        self.option("cors.unmatched-preflight", unmatched.as_ref());
    }

    fn list<T: Display + Clone>(&mut self, path: &str, list: Option<&Decided<Vec<T>>>) {
        let words = |list: Vec<T>| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        self.option(path, list.cloned().map(|list| list.map(words)).as_ref());
    }

    fn fault(&mut self, fault: &Fault) {
        let Fault { delay, abort, waiver: _ } = fault;
        if let Some(Delay { duration, share }) = delay {
            self.add("fault.delay", duration);
            self.add("fault.delay.percent", share);
        }
        if let Some(Abort { status, share }) = abort {
            let shown = status.clone().map(|status| match status {
                AbortStatus::Http(status) => status.to_string(),
                AbortStatus::Grpc(status) => format!("grpc={status}"),
            });
            self.add("fault.abort", &shown);
            self.add("fault.abort.percent", share);
        }
    }
}
