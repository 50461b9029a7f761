use super::actions::{Actions, Cors, Fault, Headers};
use super::retry::Retry;
use super::route::Rewrite;
use super::said::{because, text, texts};
use super::schema::object;
use super::token::Token;
use crate::ir::{self, Door, Mesh};
use crate::value::ProtocolKind;
use smol_str::{SmolStr, ToSmolStr};

object! {
    /// Where a service is open to the outside.
    Exposure {
        /// Through which gateway.
        gateway: SmolStr,
        /// On which paths; `/*` for all.
        path: Vec<SmolStr>,
        /// Under which host; null on a listener of bytes.
        host: Option<SmolStr>,
        /// On which listener of bytes.
        listen: Option<i64>,
        /// To which port of the service.
        port: i64,
        /// By which methods; empty: any.
        method: Vec<SmolStr>,
        /// From which addresses; empty: any.
        from: Vec<SmolStr>,
        /// How these requests are changed on their way.
        rewrite: Option<Rewrite>,
        /// How long one may take.
        timeout: Option<SmolStr>,
        /// How often one is tried again.
        retry: Option<Retry>,
        /// Which headers change.
        headers: Option<Headers>,
        /// Whose pages may call from a browser.
        cors: Option<Cors>,
        /// Which faults are made up.
        fault: Option<Fault>,
        /// The tokens that these requests must show.
        require_token: Vec<Token>,
        /// Why.
        reason: Option<SmolStr>,
        /// The last day on which it counts.
        until: Option<SmolStr>,
    }
}

impl Exposure {
    pub(super) fn of(exposure: &ir::Exposure, mesh: &Mesh) -> Self {
        let ir::Exposure {
            gateway,
            door,
            kind,
            paths,
            port,
            methods,
            from,
            rewrite,
            timeout,
            retry,
            tokens,
            routes: _,
            actions,
            origin: _,
            waiver,
        } = exposure;
        let (reason, until) = because(waiver.as_deref());
        let Actions { headers, cors, fault } = Actions::of(actions.as_deref());
        let (host, listen) = match &door.value {
            Door::Host(host) => (Some(host.to_smolstr()), None),
            Door::Listener(number) => (None, Some(i64::from(number.number()))),
        };
        Exposure {
            gateway: mesh.gateway(*gateway).name.clone(),
            path: texts(paths.iter().map(|path| &path.value)),
            host,
            listen,
            port: i64::from(port.number()),
            method: texts(methods),
            from: from.iter().map(|range| ir::Peer::Address(*range).full_name(mesh)).collect(),
            rewrite: rewrite.as_ref().map(|said| Rewrite::of(&said.value)),
            timeout: text(timeout.as_ref()),
            retry: Retry::of(retry, *kind == ProtocolKind::Http),
            headers,
            cors,
            fault,
            require_token: tokens.iter().map(|rule| Token::of_rule(rule, mesh)).collect(),
            reason,
            until,
        }
    }
}
