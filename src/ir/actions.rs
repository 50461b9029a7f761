use super::Waiver;
use crate::source::{Decided, Origin};
use crate::value::{Duration, Fraction, GrpcStatus, HeaderName, HeaderValue, Method, WebOrigin};
use std::collections::BTreeMap;

/// What is done to requests on their way, beside how long and how often they are tried.
#[derive(Clone, Debug, Default)]
pub struct Actions {
    /// Which headers change.
    pub headers: Option<Box<HeaderChanges>>,
    /// Whose pages may call from a browser.
    pub cors: Option<Box<Cors>>,
    /// Which faults are made up.
    pub fault: Option<Box<Fault>>,
}

/// Changes of headers.
#[derive(Clone, Debug, Default)]
pub struct HeaderChanges {
    /// Of requests.
    pub request: HeaderEdits,
    /// Of answers.
    pub response: HeaderEdits,
}

/// Changes of headers in one direction: what goes goes first, then `set`, then `add`.
#[derive(Clone, Debug, Default)]
pub struct HeaderEdits {
    /// In place of what is there.
    pub set: BTreeMap<HeaderName, Decided<HeaderValue>>,
    /// Beside what is there.
    pub add: BTreeMap<HeaderName, Decided<HeaderValue>>,
    /// Taken away, and who said so.
    pub remove: BTreeMap<HeaderName, Origin>,
}

/// Whose pages may call from a browser, and how.
#[derive(Clone, Debug)]
pub struct Cors {
    /// Whose.
    pub origins: Decided<Vec<WebOrigin>>,
    /// Why all may, and until when.
    pub waiver: Option<Box<Waiver>>,
    /// By which methods.
    pub methods: Option<Decided<Vec<Method>>>,
    /// With which headers.
    pub headers: Option<Decided<Vec<HeaderName>>>,
    /// Which headers of an answer they read.
    pub exposed_headers: Option<Decided<Vec<HeaderName>>>,
    /// How long a browser remembers it.
    pub max_age: Option<Decided<Duration>>,
    /// Whether they send cookies.
    pub credentials: Option<Decided<bool>>,
    /// Whether other pages' questions reach the service.
    pub forwards_unmatched: Option<Decided<bool>>,
}

/// Faults that are made up.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Requests that wait.
    pub delay: Option<Delay>,
    /// Requests that are answered in place of the service.
    pub abort: Option<Abort>,
    /// Why, and until when.
    pub waiver: Option<Box<Waiver>>,
}

/// Requests that wait before they are sent.
#[derive(Clone, Debug)]
pub struct Delay {
    /// How long.
    pub duration: Decided<Duration>,
    /// How many of them.
    pub share: Decided<Fraction>,
}

/// Requests that are answered in place of the service.
#[derive(Clone, Debug)]
pub struct Abort {
    /// With what.
    pub status: Decided<AbortStatus>,
    /// How many of them.
    pub share: Decided<Fraction>,
}

/// The answer to a request that is aborted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbortStatus {
    /// A status of HTTP.
    Http(u32),
    /// A status of gRPC.
    Grpc(GrpcStatus),
}

impl Actions {
    /// Whether nothing is done.
    pub fn is_empty(&self) -> bool {
        let Actions { headers, cors, fault } = self;
        headers.is_none() && cors.is_none() && fault.is_none()
    }
}

impl Actions {
    /// Why some of them step away from the safe side.
    pub fn waivers(&self) -> impl Iterator<Item = &Waiver> {
        let cors = self.cors.as_deref().and_then(|cors| cors.waiver.as_deref());
        let fault = self.fault.as_deref().and_then(|fault| fault.waiver.as_deref());
        cors.into_iter().chain(fault)
    }

    /// Every word of them that says something, and who says it.
    pub fn said(&self) -> Vec<(&'static str, Origin)> {
        let Actions { headers, cors, fault } = self;
        let headers = headers.as_deref().and_then(HeaderChanges::first).map(|origin| ("headers", origin));
        let cors = cors.as_deref().map(|cors| ("cors", cors.origins.origin));
        let fault = fault.as_deref().and_then(Fault::first).map(|origin| ("fault", origin));
        headers.into_iter().chain(cors).chain(fault).collect()
    }
}

impl Fault {
    fn first(&self) -> Option<Origin> {
        let delay = self.delay.as_ref().map(|delay| delay.duration.origin);
        delay.or_else(|| self.abort.as_ref().map(|abort| abort.status.origin))
    }
}

impl HeaderChanges {
    /// The strongest of those who say a part of it.
    fn first(&self) -> Option<Origin> {
        let edits = self.directions().into_iter().flat_map(|(_, edits)| {
            let values = edits.set.values().chain(edits.add.values()).map(|value| value.origin);
            values.chain(edits.remove.values().copied())
        });
        edits.max_by_key(|origin| origin.layer)
    }

    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        let is_empty = |edits: &HeaderEdits| edits.set.is_empty() && edits.add.is_empty() && edits.remove.is_empty();
        self.directions().into_iter().all(|(_, edits)| is_empty(edits))
    }

    /// Both directions, by name.
    pub fn directions(&self) -> [(&'static str, &HeaderEdits); 2] {
        let HeaderChanges { request, response } = self;
        [("request", request), ("response", response)]
    }
}
