use super::said::{Number, because, text, texts};
use super::schema::object;
use crate::ir;
use crate::source::Decided;
use crate::value::{HeaderName, HeaderValue};
use smol_str::{SmolStr, ToSmolStr};
use std::collections::BTreeMap;

object! {
    /// Which headers change.
    Headers {
        /// Of requests.
        request: HeaderChanges,
        /// Of answers.
        response: HeaderChanges,
    }
}

object! {
    /// Changes of headers in one direction.
    HeaderChanges {
        /// In place of what is there.
        set: Vec<HeaderChange>,
        /// Beside what is there.
        add: Vec<HeaderChange>,
        /// Names of what is taken away.
        remove: Vec<SmolStr>,
    }
}

object! {
    /// A header and its new value.
    HeaderChange {
        /// Its name.
        name: SmolStr,
        /// Its value.
        value: SmolStr,
    }
}

object! {
    /// Whose pages may call from a browser, and how.
    Cors {
        /// Whose; `any` for all.
        origin: Vec<SmolStr>,
        /// By which methods.
        method: Vec<SmolStr>,
        /// With which headers.
        header: Vec<SmolStr>,
        /// Which headers of an answer they read.
        expose_header: Vec<SmolStr>,
        /// How long a browser remembers it.
        max_age: Option<SmolStr>,
        /// Whether they send cookies.
        credentials: bool,
        /// What becomes of other pages' questions: `forward` or `ignore`.
        unmatched_preflight: Option<SmolStr>,
        /// Why all may.
        reason: Option<SmolStr>,
        /// The last day on which that counts.
        until: Option<SmolStr>,
    }
}

object! {
    /// Faults that are made up.
    Fault {
        /// Requests that wait.
        delay: Option<Delay>,
        /// Requests that are answered in place of the service.
        abort: Option<Abort>,
        /// Why.
        reason: Option<SmolStr>,
        /// The last day on which it counts.
        until: Option<SmolStr>,
    }
}

object! {
    /// Requests that wait before they are sent.
    Delay {
        /// How long.
        duration: SmolStr,
        /// How many of 100.
        percent: Number,
    }
}

object! {
    /// Requests that are answered in place of the service.
    Abort {
        /// With which status of HTTP.
        status: Option<i64>,
        /// With which status of gRPC.
        grpc: Option<SmolStr>,
        /// How many of 100.
        percent: Number,
    }
}

/// The parts of what is done to requests, each for the field of its own name.
pub(super) struct Actions {
    pub(super) headers: Option<Headers>,
    pub(super) cors: Option<Cors>,
    pub(super) fault: Option<Fault>,
}

impl Actions {
    pub(super) fn of(actions: Option<&ir::Actions>) -> Self {
        let Some(ir::Actions { headers, cors, fault }) = actions else {
            return Actions { headers: None, cors: None, fault: None };
        };
        Actions {
            headers: headers.as_deref().map(Headers::of),
            cors: cors.as_deref().map(cors_of),
            fault: fault.as_deref().map(fault_of),
        }
    }
}

impl Headers {
    pub(super) fn of(changes: &ir::HeaderChanges) -> Self {
        let ir::HeaderChanges { request, response } = changes;
        Headers { request: edits(request), response: edits(response) }
    }
}

fn edits(edits: &ir::HeaderEdits) -> HeaderChanges {
    let ir::HeaderEdits { set, add, remove } = edits;
    let changes = |values: &BTreeMap<HeaderName, Decided<HeaderValue>>| {
        let change = |(name, value): (&HeaderName, &Decided<HeaderValue>)| HeaderChange {
            name: name.to_smolstr(),
            value: value.value.to_smolstr(),
        };
        values.iter().map(change).collect()
    };
    HeaderChanges { set: changes(set), add: changes(add), remove: texts(remove.keys()) }
}

fn cors_of(cors: &ir::Cors) -> Cors {
    let ir::Cors { origins, waiver, methods, headers, exposed_headers, max_age, credentials, forwards_unmatched } =
        cors;
    let (reason, until) = because(waiver.as_deref());
    let names = |said: &Option<Decided<Vec<HeaderName>>>| texts(said.iter().flat_map(|said| &said.value));
    let preflight = |forwards: bool| SmolStr::new_static(if forwards { "forward" } else { "ignore" });
    Cors {
        origin: texts(&origins.value),
        method: texts(methods.iter().flat_map(|said| &said.value)),
        header: names(headers),
        expose_header: names(exposed_headers),
        max_age: text(max_age.as_ref()),
        credentials: credentials.as_ref().is_some_and(|said| said.value),
        unmatched_preflight: forwards_unmatched.as_ref().map(|said| preflight(said.value)),
        reason,
        until,
    }
}

fn fault_of(fault: &ir::Fault) -> Fault {
    let ir::Fault { delay, abort, waiver } = fault;
    let (reason, until) = because(waiver.as_deref());
    let delay = delay.as_ref().map(|ir::Delay { duration, share }| Delay {
        duration: duration.value.to_smolstr(),
        percent: share.value.into(),
    });
    let abort = abort.as_ref().map(|ir::Abort { status, share }| {
        let (status, grpc) = match status.value {
            ir::AbortStatus::Http(status) => (Some(i64::from(status)), None),
            ir::AbortStatus::Grpc(status) => (None, Some(status.to_smolstr())),
        };
        Abort { status, grpc, percent: share.value.into() }
    });
    Fault { delay, abort, reason, until }
}
