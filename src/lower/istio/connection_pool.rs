use super::breaker::{count, duration};
use crate::ir::{Breaker, Connection, Http2Keepalive};
use crate::manifest::Traced;
use crate::manifest::istio::{ConnectionPool, Http2KeepAlive, HttpPool, TcpKeepalive, TcpPool};
use crate::source::Decided;

/// What travels in the connections that a pool is for.
#[derive(Clone, Copy)]
pub(super) struct Carried {
    /// Requests of HTTP.
    pub(super) requests: bool,
    /// Anything else.
    pub(super) others: bool,
}

/// The limits of a breaker, and how connections are opened, kept and closed.
pub(super) fn lower(
    breaker: Option<&Breaker>,
    connection: Option<&Connection>,
    carried: Carried,
) -> Option<ConnectionPool> {
    let (no_breaker, no_connection) = (Breaker::default(), Connection::default());
    let (breaker, connection) = (breaker.unwrap_or(&no_breaker), connection.unwrap_or(&no_connection));
    let (tcp, http) = (tcp(breaker, connection, carried), http(breaker, connection, carried));
    let tcp = (tcp != TcpPool::default()).then_some(tcp);
    let http = (http != HttpPool::default()).then_some(http);
    (tcp.is_some() || http.is_some()).then_some(ConnectionPool { tcp, http })
}

/// A pool that says nothing: what a block must hold to take the place of another.
pub(super) fn none() -> ConnectionPool {
    ConnectionPool { tcp: Some(TcpPool::default()), http: None }
}

fn tcp(breaker: &Breaker, connection: &Connection, carried: Carried) -> TcpPool {
    let Connection {
        connect_timeout,
        lifetime,
        idle_timeout,
        keepalive_probes,
        keepalive_time,
        keepalive_interval,
        ..
    } = connection;
    let keepalive = TcpKeepalive {
        probes: count(keepalive_probes.as_ref()),
        time: keepalive_time.as_ref().map(duration),
        interval: keepalive_interval.as_ref().map(duration),
    };
    TcpPool {
        max_connections: count(breaker.connections.as_ref()),
        connect_timeout: connect_timeout.as_ref().map(duration),
        idle_timeout: idle_timeout.as_ref().filter(|_| carried.others).map(duration),
        max_connection_duration: lifetime.as_ref().map(duration),
        tcp_keepalive: (keepalive != TcpKeepalive::default()).then_some(keepalive),
    }
}

fn http(breaker: &Breaker, connection: &Connection, carried: Carried) -> HttpPool {
    if !carried.requests {
        return HttpPool::default();
    }
    let Connection { idle_timeout, http2_upgrade, client_protocol, concurrent_streams, http2_keepalive, .. } =
        connection;
    let policy = |upgrade: bool| if upgrade { "UPGRADE" } else { "DO_NOT_UPGRADE" };
    HttpPool {
        http1_max_pending_requests: count(breaker.pending_requests.as_ref()),
        http2_max_requests: count(breaker.requests.as_ref()),
        max_requests_per_connection: count(breaker.requests_per_connection.as_ref()),
        max_retries: count(breaker.retries.as_ref()),
        idle_timeout: idle_timeout.as_ref().map(duration),
        h2_upgrade_policy: http2_upgrade.as_ref().map(|said| Traced::new(policy(said.value), said.origin)),
        use_client_protocol: client_protocol.as_ref().map(Traced::from),
        max_concurrent_streams: count(concurrent_streams.as_ref()),
        http2_keep_alive: http2_keepalive.as_ref().map(keepalive),
    }
}

fn keepalive(said: &Decided<Http2Keepalive>) -> Traced<Http2KeepAlive> {
    let Http2Keepalive { interval, timeout } = said.value;
    Traced::new(Http2KeepAlive { interval: interval.to_string(), timeout: timeout.to_string() }, said.origin)
}
