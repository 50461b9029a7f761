use super::said::{Number, count, text, texts};
use super::schema::object;
use crate::ir;
use crate::value::{HashKey, HashTable};
use smol_str::{SmolStr, ToSmolStr};

object! {
    /// When calls are cut off.
    Breaker {
        /// Answers of 500 and up in a row that eject a pod.
        consecutive_5xx: Option<i64>,
        /// Answers of 502, 503 and 504 in a row that eject a pod.
        consecutive_gateway_errors: Option<i64>,
        /// Failed connections in a row that eject a pod.
        consecutive_local_errors: Option<i64>,
        /// How often pods are looked at.
        interval: Option<SmolStr>,
        /// How long a pod is out the first time.
        base_ejection: Option<SmolStr>,
        /// How much of the pods may be out at once, in percent.
        max_ejection: Option<i64>,
        /// Below this share of healthy pods, in percent, nobody is out any more.
        min_healthy: Option<i64>,
        /// Open connections from one caller's proxy.
        connections: Option<i64>,
        /// Requests that wait for a connection.
        pending_requests: Option<i64>,
        /// Requests under way at once.
        requests: Option<i64>,
        /// Requests after which a connection is closed.
        requests_per_connection: Option<i64>,
        /// Retries under way at once.
        retries: Option<i64>,
        /// Retries under way as a share of the requests under way.
        retry_budget: Option<RetryBudget>,
    }
}

object! {
    /// Retries under way as a share of the requests under way.
    RetryBudget {
        /// The share.
        percent: i64,
        /// How many are allowed whatever the share.
        minimum: Option<i64>,
        /// Over which time requests are counted.
        interval: Option<SmolStr>,
    }
}

object! {
    /// How connections are opened, kept and closed.
    Connection {
        /// How long opening one may take.
        connect_timeout: Option<SmolStr>,
        /// After which silence one is closed.
        idle_timeout: Option<SmolStr>,
        /// How old one may get.
        lifetime: Option<SmolStr>,
        /// Questions of TCP if the other end is there.
        keepalive: Option<Keepalive>,
        /// Whether HTTP/1.1 travels as HTTP/2.
        http2_upgrade: Option<bool>,
        /// Whether the version of HTTP is the caller's.
        client_protocol: Option<bool>,
        /// Requests under way in one connection of HTTP/2.
        concurrent_streams: Option<i64>,
        /// Questions of HTTP/2 if the other end is there.
        http2_keepalive: Option<Http2Keepalive>,
    }
}

object! {
    /// Questions of TCP if the other end is there.
    Keepalive {
        /// How many may go unanswered.
        probes: Option<i64>,
        /// After which silence it asks.
        time: Option<SmolStr>,
        /// How long it waits between questions.
        interval: Option<SmolStr>,
    }
}

object! {
    /// Questions of HTTP/2 if the other end is there.
    Http2Keepalive {
        /// How often it asks.
        interval: SmolStr,
        /// How long it waits for an answer.
        timeout: SmolStr,
    }
}

object! {
    /// How a pod is chosen.
    Balance {
        /// `least-request`, `round-robin`, `random`, `passthrough` or `consistent-hash`.
        mode: SmolStr,
        /// The header whose value chooses.
        header: Option<SmolStr>,
        /// The cookie whose value chooses.
        cookie: Option<HashCookie>,
        /// Whether the caller's address chooses.
        source_ip: bool,
        /// The query parameter whose value chooses.
        query: Option<SmolStr>,
        /// The least size of the ring.
        ring_size: Option<i64>,
        /// The size of the table.
        maglev: Option<i64>,
    }
}

object! {
    /// The cookie whose value chooses a pod.
    HashCookie {
        /// Its name.
        name: SmolStr,
        /// How long one lives that the proxy sets.
        ttl: Option<SmolStr>,
        /// Its path.
        path: Option<SmolStr>,
    }
}

object! {
    /// Whether near pods come first.
    Locality {
        /// Where requests of a region go once its own pods are out.
        failover: Vec<Failover>,
        /// Labels of which pods with the caller's values come first.
        prefer: Vec<SmolStr>,
        /// Shares by place.
        distribute: Vec<Distribute>,
    }
}

object! {
    /// Where requests of a region go once its own pods are out.
    Failover {
        /// Whose requests.
        from: SmolStr,
        /// Where they go.
        to: SmolStr,
    }
}

object! {
    /// Where requests of a place go.
    Distribute {
        /// Whose requests.
        from: SmolStr,
        /// Where they go.
        share: Vec<PlaceShare>,
    }
}

object! {
    /// One share of the requests of a place.
    PlaceShare {
        /// Where they go.
        place: SmolStr,
        /// How many of 100.
        percent: i64,
    }
}

object! {
    /// How a new pod gets its share.
    WarmUp {
        /// How long it takes.
        duration: SmolStr,
        /// The share that it begins with.
        minimum_percent: Number,
        /// How steep it goes up: 1 is a straight line.
        aggression: Number,
    }
}

/// The parts of what callers do, each for the field of its own name.
pub(super) struct Resilience {
    pub(super) breaker: Option<Breaker>,
    pub(super) connection: Option<Connection>,
    pub(super) balance: Option<Balance>,
    pub(super) locality: Option<Locality>,
    pub(super) warm_up: Option<WarmUp>,
}

impl Resilience {
    pub(super) fn of(said: Option<&ir::Resilience>) -> Self {
        let part = said.cloned().unwrap_or_default();
        let ir::Resilience { breaker, connection, balance, locality, warm_up } = &part;
        Resilience {
            breaker: breaker.as_deref().map(breaker_of),
            connection: connection.as_deref().map(connection_of),
            balance: balance.as_ref().map(|said| balance_of(&said.value)),
            locality: locality.as_deref().and_then(locality_of),
            warm_up: warm_up.as_deref().map(warm_up_of),
        }
    }
}

impl Balance {
    /// What holds where nobody says anything.
    pub(super) fn built_in() -> Self {
        balance_of(&ir::Balance::LeastRequest)
    }
}

fn breaker_of(breaker: &ir::Breaker) -> Breaker {
    let ir::Breaker {
        consecutive_5xx,
        consecutive_gateway_errors,
        consecutive_local_errors,
        interval,
        base_ejection,
        max_ejection,
        min_healthy,
        connections,
        pending_requests,
        requests,
        requests_per_connection,
        retries,
        retry_budget,
    } = breaker;
    Breaker {
        consecutive_5xx: count(consecutive_5xx.as_ref()),
        consecutive_gateway_errors: count(consecutive_gateway_errors.as_ref()),
        consecutive_local_errors: count(consecutive_local_errors.as_ref()),
        interval: text(interval.as_ref()),
        base_ejection: text(base_ejection.as_ref()),
        max_ejection: max_ejection.as_ref().map(|said| i64::from(said.value.number())),
        min_healthy: min_healthy.as_ref().map(|said| i64::from(said.value.number())),
        connections: count(connections.as_ref()),
        pending_requests: count(pending_requests.as_ref()),
        requests: count(requests.as_ref()),
        requests_per_connection: count(requests_per_connection.as_ref()),
        retries: count(retries.as_ref()),
        retry_budget: retry_budget.as_ref().map(|said| retry_budget_of(&said.value)),
    }
}

fn retry_budget_of(budget: &ir::RetryBudget) -> RetryBudget {
    let ir::RetryBudget { percent, minimum, interval } = budget;
    RetryBudget {
        percent: i64::from(percent.number()),
        minimum: minimum.map(i64::from),
        interval: interval.map(|interval| interval.to_smolstr()),
    }
}

fn connection_of(connection: &ir::Connection) -> Connection {
    let ir::Connection {
        connect_timeout,
        idle_timeout,
        lifetime,
        keepalive_probes,
        keepalive_time,
        keepalive_interval,
        http2_upgrade,
        client_protocol,
        concurrent_streams,
        http2_keepalive,
    } = connection;
    let asks = keepalive_probes.is_some() || keepalive_time.is_some() || keepalive_interval.is_some();
    let keepalive = Keepalive {
        probes: count(keepalive_probes.as_ref()),
        time: text(keepalive_time.as_ref()),
        interval: text(keepalive_interval.as_ref()),
    };
    Connection {
        connect_timeout: text(connect_timeout.as_ref()),
        idle_timeout: text(idle_timeout.as_ref()),
        lifetime: text(lifetime.as_ref()),
        keepalive: asks.then_some(keepalive),
        http2_upgrade: http2_upgrade.as_ref().map(|said| said.value),
        client_protocol: client_protocol.as_ref().map(|said| said.value),
        concurrent_streams: count(concurrent_streams.as_ref()),
        http2_keepalive: http2_keepalive.as_ref().map(|said| Http2Keepalive {
            interval: said.value.interval.to_smolstr(),
            timeout: said.value.timeout.to_smolstr(),
        }),
    }
}

fn balance_of(balance: &ir::Balance) -> Balance {
    let key = balance.hash().map(|hash| &hash.key.value);
    let table = balance.hash().and_then(|hash| hash.table.as_ref()).map(|said| said.value);
    let mut model = Balance {
        mode: SmolStr::new_static(balance.word()),
        header: None,
        cookie: None,
        source_ip: false,
        query: None,
        ring_size: None,
        maglev: None,
    };
    match key {
        Some(HashKey::Header(name)) => model.header = Some(name.to_smolstr()),
        Some(HashKey::Query(name)) => model.query = Some(name.to_smolstr()),
        Some(HashKey::SourceAddress) => model.source_ip = true,
        Some(HashKey::Cookie { name, ttl, path }) => {
            model.cookie = Some(HashCookie {
                name: name.to_smolstr(),
                ttl: ttl.map(|ttl| ttl.to_smolstr()),
                path: path.as_ref().map(ToSmolStr::to_smolstr),
            });
        }
        None => {}
    }
    match table {
        Some(HashTable::Ring(size)) => model.ring_size = Some(i64::from(size)),
        Some(HashTable::Maglev(size)) => model.maglev = Some(i64::from(size)),
        None => {}
    }
    model
}

fn locality_of(locality: &ir::Locality) -> Option<Locality> {
    let mut model = Locality { failover: Vec::new(), prefer: Vec::new(), distribute: Vec::new() };
    match locality {
        ir::Locality::Off(_) => return None,
        ir::Locality::Failover(lines) => {
            let line = |line: &ir::Failover| Failover { from: line.from.to_smolstr(), to: line.to.value.to_smolstr() };
            model.failover = lines.iter().map(line).collect();
        }
        ir::Locality::Prefer(labels) => model.prefer = texts(&labels.value),
        ir::Locality::Distribute(lines) => {
            let line = |line: &ir::Distribute| {
                let shares = line.shares.value.iter().map(|(place, percent)| PlaceShare {
                    place: place.to_smolstr(),
                    percent: i64::from(percent.number()),
                });
                Distribute { from: line.from.to_smolstr(), share: shares.collect() }
            };
            model.distribute = lines.iter().map(line).collect();
        }
    }
    Some(model)
}

fn warm_up_of(warm_up: &ir::WarmUp) -> WarmUp {
    let ir::WarmUp { duration, minimum_percent, aggression } = warm_up;
    WarmUp {
        duration: duration.value.to_smolstr(),
        minimum_percent: minimum_percent.as_ref().map_or(Number(10.0), |said| said.value.into()),
        aggression: aggression.as_ref().map_or(Number(1.0), |said| said.value.into()),
    }
}
