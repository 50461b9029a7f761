use super::said::{because, text, texts};
use super::schema::object;
use crate::ir::{self, AuthorizerProtocol, Callee, Mesh};
use smol_str::{SmolStr, ToSmolStr};

object! {
    /// A service that is asked whether requests may pass.
    Authorizer {
        /// Its name.
        name: SmolStr,
        /// What it speaks: `http` or `grpc`.
        protocol: SmolStr,
        /// The service, by its name in full.
        service: SmolStr,
        /// The port of that service.
        port: i64,
        /// How long it may take.
        timeout: SmolStr,
        /// Whether requests pass where it does not answer.
        fail_open: FailOpen,
        /// What stands before the path of the request that it is asked with.
        path_prefix: Option<SmolStr>,
        /// Headers that it sees.
        send_header: Vec<SmolStr>,
        /// How much of the body it sees.
        send_body: Option<SendBody>,
        /// Headers of its answer that the service gets.
        pass_header: Vec<SmolStr>,
        /// Headers of its answer that the caller gets.
        return_header: Vec<SmolStr>,
    }
}

object! {
    /// Whether requests pass where an authorizer does not answer.
    FailOpen {
        /// Whether they do.
        on: bool,
        /// Why.
        reason: Option<SmolStr>,
        /// The last day on which it counts.
        until: Option<SmolStr>,
    }
}

object! {
    /// How much of the body an authorizer sees.
    SendBody {
        /// At most so many bytes.
        max: i64,
    }
}

impl Authorizer {
    pub(super) fn of(authorizer: &ir::Authorizer, mesh: &Mesh) -> Self {
        let ir::Authorizer {
            name,
            protocol,
            service,
            port,
            timeout,
            fail_open,
            waiver,
            path_prefix,
            send_headers,
            send_body,
            pass_headers,
            return_headers,
        } = authorizer;
        let (reason, until) = because(waiver.as_deref());
        let protocol = match protocol.value {
            AuthorizerProtocol::Http => "http",
            AuthorizerProtocol::Grpc => "grpc",
        };
        Authorizer {
            name: name.clone(),
            protocol: SmolStr::new_static(protocol),
            service: Callee::Service(service.value).full_name(mesh),
            port: i64::from(port.value.number()),
            timeout: timeout.value.to_smolstr(),
            fail_open: FailOpen { on: fail_open.value, reason, until },
            path_prefix: text(path_prefix.as_ref()),
            send_header: texts(send_headers),
            send_body: send_body.as_ref().map(|said| SendBody { max: i64::from(said.value) }),
            pass_header: texts(pass_headers),
            return_header: texts(return_headers),
        }
    }
}
