use super::laying::Laying;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, CHOOSE_ONE, MISSING_PROPERTY};
use crate::ir::{Connection, Http2Keepalive};
use crate::source::Decided;
use crate::value::Duration;
use std::cmp::Ordering;

/// What the layers said of `connection` so far.
#[derive(Clone, Default)]
pub(super) struct Laid {
    parts: Connection,
    interval: Option<Decided<Duration>>,
    timeout: Option<Decided<Duration>>,
}

/// Lays `connection` over the weaker ones.
pub(super) fn lay(laying: &mut Laying<'_>, laid: &mut Option<Box<Laid>>, said: &intent::Connection) {
    let intent::Connection {
        connect_timeout,
        idle_timeout,
        lifetime,
        keepalive_probes,
        keepalive_time,
        keepalive_interval,
        http2_upgrade,
        client_protocol,
        concurrent_streams,
        http2_keepalive_interval,
        http2_keepalive_timeout,
    } = said;
    let Laid { parts, interval, timeout } = &mut **laid.get_or_insert_default();
    laying.part(&mut parts.connect_timeout, connect_timeout, "`connect-timeout`");
    laying.part(&mut parts.idle_timeout, idle_timeout, "`idle-timeout`");
    laying.part(&mut parts.lifetime, lifetime, "`lifetime`");
    laying.part(&mut parts.keepalive_probes, keepalive_probes, "`probes`");
    laying.part(&mut parts.keepalive_time, keepalive_time, "`time`");
    laying.part(&mut parts.keepalive_interval, keepalive_interval, "`interval` of `keepalive`");
    laying.part(&mut parts.http2_upgrade, http2_upgrade, "`http2-upgrade`");
    laying.part(&mut parts.client_protocol, client_protocol, "`client-protocol`");
    laying.part(&mut parts.concurrent_streams, concurrent_streams, "`concurrent-streams`");
    laying.part(interval, http2_keepalive_interval, "`interval` of `http2-keepalive`");
    laying.part(timeout, http2_keepalive_timeout, "`timeout` of `http2-keepalive`");
}

/// Closes it.
pub(super) fn complete(laid: Option<Box<Laid>>, found: &mut Diagnostics) -> Option<Box<Connection>> {
    let Laid { mut parts, interval, timeout } = *laid?;
    parts.http2_keepalive = match (interval, timeout) {
        (Some(interval), Some(timeout)) => {
            let last = if interval.origin.layer > timeout.origin.layer { interval.clone() } else { timeout.clone() };
            Some(last.map(|_| Http2Keepalive { interval: interval.value, timeout: timeout.value }))
        }
        (Some(one), None) => {
            found.push(lacks("timeout", &one));
            None
        }
        (None, Some(one)) => {
            found.push(lacks("interval", &one));
            None
        }
        (None, None) => None,
    };
    choose_version(&mut parts, found);
    (!parts.is_unsaid()).then(|| Box::new(parts))
}

/// The caller's version of HTTP and an upgrade are alternatives: the stronger layer's word counts.
fn choose_version(parts: &mut Connection, found: &mut Diagnostics) {
    let Connection { http2_upgrade: Some(upgrade), client_protocol: Some(protocol), .. } = &*parts else { return };
    if !(upgrade.value && protocol.value) {
        return;
    }
    match upgrade.origin.layer.cmp(&protocol.origin.layer) {
        Ordering::Less => parts.http2_upgrade = None,
        Ordering::Greater => parts.client_protocol = None,
        Ordering::Equal => {
            let title = "`http2-upgrade` and `client-protocol` are alternatives";
            let fault = Diagnostic::new(&CHOOSE_ONE, title)
                .at_known(protocol.span(), "the version of HTTP is the caller's")
                .help("keep one of the two");
            found.push(match upgrade.span() {
                Some(span) => fault.related(span, "the version of HTTP is 2"),
                None => fault,
            });
        }
    }
}

fn lacks(other: &str, said: &Decided<Duration>) -> Diagnostic {
    Diagnostic::new(&MISSING_PROPERTY, format!("`http2-keepalive` needs `{other}=`"))
        .at_known(said.span(), format!("no layer says the `{other}`"))
        .note("Istio refuses one without the other: how often to ask, and how long to wait for an answer")
        .help("write `http2-keepalive interval=\"30s\" timeout=\"10s\"`")
}
