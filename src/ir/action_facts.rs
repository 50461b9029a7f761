use super::fact::Facts;
use super::{Abort, AbortStatus, Actions, Cors, Delay, Fault, HeaderChanges};
use crate::source::Decided;
use std::fmt::Display;

impl Facts {
    /// What is done to requests; `path` is put before each.
    pub(super) fn actions(&mut self, path: &str, actions: Option<&Actions>) {
        let Some(Actions { headers, cors, fault }) = actions else { return };
        if let Some(headers) = headers {
            self.headers(path, headers);
        }
        if let Some(cors) = cors {
            self.cors(path, cors);
        }
        if let Some(fault) = fault {
            self.fault(path, fault);
        }
    }

    fn headers(&mut self, path: &str, changes: &HeaderChanges) {
        for (direction, edits) in changes.directions() {
            for (word, values) in [("set", &edits.set), ("add", &edits.add)] {
                for (name, value) in values {
                    self.add(&format!("{path}headers.{direction}.{word}.{name}"), value);
                }
            }
            for (name, origin) in &edits.remove {
                self.said(&format!("{path}headers.{direction}.remove"), name.to_string(), *origin);
            }
        }
    }

    fn cors(&mut self, path: &str, cors: &Cors) {
        let Cors { origins, waiver: _, methods, headers, exposed_headers, max_age, credentials, forwards_unmatched } =
            cors;
        self.list(&format!("{path}cors.origin"), Some(origins));
        self.list(&format!("{path}cors.method"), methods.as_ref());
        self.list(&format!("{path}cors.header"), headers.as_ref());
        self.list(&format!("{path}cors.expose-header"), exposed_headers.as_ref());
        self.option(&format!("{path}cors.max-age"), max_age.as_ref());
        self.option(&format!("{path}cors.credentials"), credentials.as_ref());
        let unmatched = forwards_unmatched.clone().map(|said| said.map(|on| if on { "forward" } else { "ignore" }));
        self.option(&format!("{path}cors.unmatched-preflight"), unmatched.as_ref());
    }

    fn list<T: Display + Clone>(&mut self, path: &str, list: Option<&Decided<Vec<T>>>) {
        let words = |list: Vec<T>| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        self.option(path, list.cloned().map(|list| list.map(words)).as_ref());
    }

    fn fault(&mut self, path: &str, fault: &Fault) {
        let Fault { delay, abort, waiver: _ } = fault;
        if let Some(Delay { duration, share }) = delay {
            self.add(&format!("{path}fault.delay"), duration);
            self.add(&format!("{path}fault.delay.percent"), share);
        }
        if let Some(Abort { status, share }) = abort {
            let shown = status.clone().map(|status| match status {
                AbortStatus::Http(status) => status.to_string(),
                AbortStatus::Grpc(status) => format!("grpc={status}"),
            });
            self.add(&format!("{path}fault.abort"), &shown);
            self.add(&format!("{path}fault.abort.percent"), share);
        }
    }
}
