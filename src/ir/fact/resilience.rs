use super::Facts;
use crate::ir::{Balance, Breaker, Connection, DataPlane, Locality, Plane, RateLimit, Resilience, WarmUp};
use crate::source::Decided;
use crate::value::HashTable;

impl Facts {
    /// How pods join the mesh, where somebody says it.
    pub(super) fn data_plane(&mut self, said: &DataPlane) {
        if said.plane.span().is_some() {
            let word = said.plane.clone().map(|plane| match plane {
                Plane::PerPod => "a proxy for each pod",
                Plane::PerNode => "a proxy for each node",
                Plane::Outside => "off",
            });
            self.add("data-plane", &word);
        }
        self.option("data-plane.revision", said.revision.as_ref());
    }

    /// Every single value of what is said of pods; `path` is put before each.
    pub(super) fn resilience(&mut self, path: &str, said: Option<&Resilience>) {
        let Some(Resilience { breaker, connection, balance, locality, warm_up }) = said else { return };
        self.breaker(&format!("{path}breaker"), breaker.as_deref());
        self.connection(&format!("{path}connection"), connection.as_deref());
        self.balance(&format!("{path}balance"), balance.as_ref());
        self.locality(&format!("{path}locality"), locality.as_deref());
        self.warm_up(&format!("{path}warm-up"), warm_up.as_deref());
    }

    fn breaker(&mut self, path: &str, breaker: Option<&Breaker>) {
        let Some(breaker) = breaker else { return };
        let counts = [
            ("consecutive-5xx", &breaker.consecutive_5xx),
            ("consecutive-gateway-errors", &breaker.consecutive_gateway_errors),
            ("consecutive-local-errors", &breaker.consecutive_local_errors),
            ("connections", &breaker.connections),
            ("pending-requests", &breaker.pending_requests),
            ("requests", &breaker.requests),
            ("requests-per-connection", &breaker.requests_per_connection),
            ("retries", &breaker.retries),
        ];
        for (word, count) in counts {
            self.option(&format!("{path}.{word}"), count.as_ref());
        }
        self.option(&format!("{path}.interval"), breaker.interval.as_ref());
        self.option(&format!("{path}.base-ejection"), breaker.base_ejection.as_ref());
        self.option(&format!("{path}.max-ejection"), breaker.max_ejection.as_ref());
        self.option(&format!("{path}.min-healthy"), breaker.min_healthy.as_ref());
        let budget = breaker.retry_budget.clone().map(|budget| budget.map(|budget| budget.percent));
        self.option(&format!("{path}.retry-budget"), budget.as_ref());
    }

    fn connection(&mut self, path: &str, connection: Option<&Connection>) {
        let Some(connection) = connection else { return };
        let times = [
            ("connect-timeout", &connection.connect_timeout),
            ("idle-timeout", &connection.idle_timeout),
            ("lifetime", &connection.lifetime),
            ("keepalive.time", &connection.keepalive_time),
            ("keepalive.interval", &connection.keepalive_interval),
        ];
        for (word, time) in times {
            self.option(&format!("{path}.{word}"), time.as_ref());
        }
        self.option(&format!("{path}.keepalive.probes"), connection.keepalive_probes.as_ref());
        self.option(&format!("{path}.http2-upgrade"), connection.http2_upgrade.as_ref());
        self.option(&format!("{path}.client-protocol"), connection.client_protocol.as_ref());
        self.option(&format!("{path}.concurrent-streams"), connection.concurrent_streams.as_ref());
        let keepalive = connection.http2_keepalive.clone();
        let keepalive = keepalive.map(|said| said.map(|said| format!("{} {}", said.interval, said.timeout)));
        self.option(&format!("{path}.http2-keepalive"), keepalive.as_ref());
    }

    fn balance(&mut self, path: &str, balance: Option<&Decided<Balance>>) {
        let Some(balance) = balance else { return };
        self.add(path, &balance.clone().map(|balance| balance.word()));
        let Some(hash) = balance.value.hash() else { return };
        let word = hash.key.value.word();
        let name = hash.key.clone().map(|key| key.name().map_or("on".to_owned(), ToString::to_string));
        self.add(&format!("{path}.{word}"), &name);
        if let Some(table) = &hash.table {
            let (word, size) = match table.value {
                HashTable::Ring(size) => ("ring-size", size),
                HashTable::Maglev(size) => ("maglev", size),
            };
            self.add(&format!("{path}.{word}"), &table.clone().map(|_| size));
        }
    }

    fn locality(&mut self, path: &str, locality: Option<&Locality>) {
        match locality {
            None => {}
            Some(Locality::Off(origin)) => self.said(path, "off", *origin),
            Some(Locality::Prefer(labels)) => {
                self.add(&format!("{path}.prefer"), &labels.clone().map(|labels| labels.join(" ")));
            }
            Some(Locality::Failover(lines)) => {
                for line in lines {
                    self.add(&format!("{path}.failover.{}", line.from), &line.to);
                }
            }
            Some(Locality::Distribute(lines)) => {
                for line in lines {
                    let shares = line.shares.value.iter().map(|(place, percent)| format!("{place} {percent}"));
                    let shares: Vec<String> = shares.collect();
                    self.add(
                        &format!("{path}.distribute.{}", line.from),
                        &line.shares.clone().map(|_| shares.join(" ")),
                    );
                }
            }
        }
    }

    /// Every single value of the limits of a service.
    pub(super) fn rate_limits(&mut self, limits: &[RateLimit]) {
        for RateLimit { name, requests, per, burst, conditions: _, origin: _ } in limits {
            self.add(&format!("rate-limit.{name}"), requests);
            self.add(&format!("rate-limit.{name}.per"), per);
            self.option(&format!("rate-limit.{name}.burst"), burst.as_ref());
        }
    }

    fn warm_up(&mut self, path: &str, warm_up: Option<&WarmUp>) {
        let Some(WarmUp { duration, minimum_percent, aggression }) = warm_up else { return };
        self.add(path, duration);
        self.option(&format!("{path}.minimum-percent"), minimum_percent.as_ref());
        self.option(&format!("{path}.aggression"), aggression.as_ref());
    }
}
