use super::breaker::duration;
use crate::ir::{self, Balance, Hash, Locality, Resilience, WarmUp};
use crate::manifest::istio::{
    ConsistentHash, Distribute, Failover, HttpCookie, LoadBalancer, LocalityLb, Maglev, RingHash, Warmup,
};
use crate::manifest::{Number, Traced};
use crate::source::Decided;
use crate::value::{HashKey, HashTable, Percent};

/// Which pod a request goes to. A block takes the place of another whole, so it is always complete: where nobody says a
/// way, the one that Istio takes by itself is written.
pub(super) fn lower(said: &Resilience) -> Option<LoadBalancer> {
    let Resilience { breaker: _, connection: _, balance, locality, warm_up } = said;
    if balance.is_none() && locality.is_none() && warm_up.is_none() {
        return None;
    }
    let (locality, warmup) = (locality.as_deref().map(places), warm_up.as_deref().map(warmth));
    let rest = LoadBalancer { locality_lb_setting: locality, warmup, ..LoadBalancer::default() };
    let Some(Decided { value, origin, .. }) = balance else {
        return Some(LoadBalancer { simple: Some(Traced::plain("LEAST_REQUEST")), ..rest });
    };
    let simple = |word| LoadBalancer { simple: Some(Traced::new(word, *origin)), ..rest.clone() };
    Some(match value {
        Balance::LeastRequest => simple("LEAST_REQUEST"),
        Balance::RoundRobin => simple("ROUND_ROBIN"),
        Balance::Random => simple("RANDOM"),
        Balance::Passthrough => simple("PASSTHROUGH"),
        Balance::Hash(said) => LoadBalancer { consistent_hash: Some(Traced::new(hash(said), *origin)), ..rest },
    })
}

fn hash(said: &Hash) -> ConsistentHash {
    let Hash { key, table } = said;
    let (ring_hash, maglev) = match table {
        None => (None, None),
        Some(table) => match table.value {
            HashTable::Ring(size) => (Some(RingHash { minimum_ring_size: Traced::new(size, table.origin) }), None),
            HashTable::Maglev(size) => (None, Some(Maglev { table_size: Traced::new(size, table.origin) })),
        },
    };
    let table = ConsistentHash { ring_hash, maglev, ..ConsistentHash::default() };
    let origin = key.origin;
    match &key.value {
        HashKey::Header(name) => {
            ConsistentHash { http_header_name: Some(Traced::new(name.text().clone(), origin)), ..table }
        }
        HashKey::Query(name) => {
            ConsistentHash { http_query_parameter_name: Some(Traced::new(name.text().clone(), origin)), ..table }
        }
        HashKey::SourceAddress => ConsistentHash { use_source_ip: Some(Traced::new(true, origin)), ..table },
        HashKey::Cookie { name, ttl, path } => {
            let cookie = HttpCookie {
                name: name.text().clone(),
                path: path.as_ref().map(|path| path.text().clone()),
                ttl: ttl.map(|ttl| ttl.to_string()),
            };
            ConsistentHash { http_cookie: Some(Traced::new(cookie, origin)), ..table }
        }
    }
}

fn places(said: &Locality) -> LocalityLb {
    let on = LocalityLb { enabled: Traced::new(true, said.origin()), ..LocalityLb::default() };
    match said {
        Locality::Off(origin) => LocalityLb { enabled: Traced::new(false, *origin), ..LocalityLb::default() },
        Locality::Failover(lines) => LocalityLb { failover: lines.iter().map(failover).collect(), ..on },
        Locality::Prefer(labels) => LocalityLb { failover_priority: Some(labels.into()), ..on },
        Locality::Distribute(lines) => LocalityLb { distribute: lines.iter().map(distribute).collect(), ..on },
    }
}

fn failover(line: &ir::Failover) -> Traced<Failover> {
    let ir::Failover { from, to } = line;
    Traced::new(Failover { from: from.text().clone(), to: to.value.text().clone() }, to.origin)
}

fn distribute(line: &ir::Distribute) -> Traced<Distribute> {
    let ir::Distribute { from, shares } = line;
    let share = |(place, percent): &(crate::value::Locality, Percent)| (place.text().clone(), percent.number());
    let line = Distribute { from: from.text().clone(), to: shares.value.iter().map(share).collect() };
    Traced::new(line, shares.origin)
}

fn warmth(said: &WarmUp) -> Warmup {
    let WarmUp { duration: time, minimum_percent, aggression } = said;
    Warmup {
        duration: duration(time),
        minimum_percent: minimum_percent.as_ref().map(|said| Traced::new(Number::from(said.value), said.origin)),
        aggression: aggression.as_ref().map(|said| Traced::new(Number::from(said.value), said.origin)),
    }
}
