use super::{Breaker, Connection, Locality, Mesh, Resilience, Service, Thing, Version, WarmUp};
use crate::source::{Decided, Origin};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use thin_vec::ThinVec;

impl Mesh {
    /// Keeps the versions that an earlier mesh has of the services of this one, and this one has no more: proxies learn of
    /// routes and of versions apart, so that a version goes a release later than the routes to it. Hands back their names,
    /// each with that of its service.
    ///
    /// A kept version is treated as its service is now, with what was said of it alone.
    pub fn retain_versions(&mut self, before: &Mesh) -> Vec<(SmolStr, SmolStr)> {
        let names: Vec<SmolStr> = self.services().map(|(id, _)| Thing::Service(id).name(self)).collect();
        let old: BTreeMap<SmolStr, &Service> =
            before.services().map(|(id, service)| (Thing::Service(id).name(before), service)).collect();
        let mut kept = Vec::new();
        for (name, service) in names.into_iter().zip(&mut self.services) {
            let Some(was) = old.get(&name) else { continue };
            let is_gone = |version: &&Version| service.versions.iter().all(|own| own.name.value != version.name.value);
            let origin = service.origin;
            let now = &service.resilience;
            let treated = |said: &Resilience| {
                let mut laid = now.with_own_of(said, &was.resilience);
                settle(&mut laid, now, origin);
                Box::new(laid)
            };
            let again = |version: &Version| Version {
                name: Decided::new(version.name.value.clone(), origin),
                selector: Decided::new(version.selector.value.clone(), origin),
                resilience: version.resilience.as_deref().map(treated),
            };
            let retained: ThinVec<Version> = was.versions.iter().filter(is_gone).map(again).collect();
            kept.extend(retained.iter().map(|version| (name.clone(), version.name.value.clone())));
            service.retained = retained;
        }
        kept
    }
}

/// Lets `origin` say what of `laid` is not of `own`: the pages that said it are those of an earlier revision.
fn settle(laid: &mut Resilience, own: &Resilience, origin: Origin) {
    let Resilience { breaker, connection, balance, locality, warm_up } = laid;
    if let Some(breaker) = breaker {
        settle_breaker(breaker, &own.breaker.as_deref().cloned().unwrap_or_default(), origin);
    }
    if let Some(connection) = connection {
        settle_connection(connection, &own.connection.as_deref().cloned().unwrap_or_default(), origin);
    }
    settle_part(balance, own.balance.as_ref(), origin);
    if locality.as_ref().map(|said| said.origin()) != own.locality.as_ref().map(|said| said.origin()) {
        match locality.as_deref_mut() {
            Some(Locality::Off(said)) => *said = origin,
            Some(Locality::Failover(lines)) => lines.iter_mut().for_each(|line| moved(&mut line.to, origin)),
            Some(Locality::Prefer(labels)) => moved(labels, origin),
            Some(Locality::Distribute(lines)) => lines.iter_mut().for_each(|line| moved(&mut line.shares, origin)),
            None => {}
        }
    }
    if let Some(WarmUp { duration, minimum_percent, aggression }) = warm_up.as_deref_mut() {
        let own = own.warm_up.as_deref();
        if own.is_none_or(|own| own.duration.origin != duration.origin) {
            moved(duration, origin);
        }
        settle_part(minimum_percent, own.and_then(|own| own.minimum_percent.as_ref()), origin);
        settle_part(aggression, own.and_then(|own| own.aggression.as_ref()), origin);
    }
}

/// The same of each of these fields.
macro_rules! parts {
    ($kind:ident { $($field:ident),* $(,)? }, $laid:ident, $own:ident, $origin:ident) => {{
        let $kind { $($field),* } = $laid;
        $(settle_part($field, $own.$field.as_ref(), $origin);)*
    }};
}

fn settle_breaker(laid: &mut Breaker, own: &Breaker, origin: Origin) {
    parts!(
        Breaker {
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
        },
        laid,
        own,
        origin
    );
}

fn settle_connection(laid: &mut Connection, own: &Connection, origin: Origin) {
    parts!(
        Connection {
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
        },
        laid,
        own,
        origin
    );
}

fn settle_part<T: Clone>(laid: &mut Option<Decided<T>>, own: Option<&Decided<T>>, origin: Origin) {
    if let Some(said) = laid
        && own.is_none_or(|own| own.origin != said.origin)
    {
        moved(said, origin);
    }
}

fn moved<T: Clone>(said: &mut Decided<T>, origin: Origin) {
    *said = Decided::new(said.value.clone(), origin);
}
