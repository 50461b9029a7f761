use super::pods::mtls;
use super::resilience::{Balance, Breaker, Connection, Locality, Resilience, WarmUp};
use super::said::{Choice, Table, table};
use super::schema::object;
use crate::ir::{self, Service};
use smol_str::SmolStr;

object! {
    /// A port of a service. What callers do is null where the service's holds.
    Port {
        /// Its number on the service.
        number: i64,
        /// What it speaks.
        protocol: SmolStr,
        /// Its name.
        name: SmolStr,
        /// Its number on the pods.
        target: i64,
        /// Whether callers must prove who they are: its own word, else the service's.
        mtls: Choice,
        /// When calls are cut off, all of the service's included.
        breaker: Option<Breaker>,
        /// How connections are opened, kept and closed, all of the service's included.
        connection: Option<Connection>,
        /// How a pod is chosen.
        balance: Option<Balance>,
    }
}

object! {
    /// A version of a service. What callers do is null where the service's holds.
    Version {
        /// Its name.
        name: SmolStr,
        /// The labels of its pods, beside those of the service.
        selector: Table,
        /// When calls are cut off, all of the service's included.
        breaker: Option<Breaker>,
        /// How connections are opened, kept and closed, all of the service's included.
        connection: Option<Connection>,
        /// How a pod is chosen.
        balance: Option<Balance>,
        /// Whether near pods come first.
        locality: Option<Locality>,
        /// How a new pod gets its share.
        warm_up: Option<WarmUp>,
    }
}

impl Port {
    pub(super) fn of(port: &ir::Port, service: &Service) -> Self {
        let ir::Port { number, protocol, name, target, mtls: _, resilience } = port;
        let Resilience { breaker, connection, balance, locality: _, warm_up: _ } =
            Resilience::of(resilience.as_deref());
        Port {
            number: i64::from(number.value.number()),
            protocol: SmolStr::new_static(protocol.word()),
            name: name.value.clone(),
            target: i64::from(target.value.number()),
            mtls: mtls(service.port_mtls(port)),
            breaker,
            connection,
            balance,
        }
    }
}

impl Version {
    pub(super) fn of(version: &ir::Version) -> Self {
        let ir::Version { name, selector, resilience } = version;
        let Resilience { breaker, connection, balance, locality, warm_up } = Resilience::of(resilience.as_deref());
        let (name, selector) = (name.value.clone(), table(&selector.value));
        Version { name, selector, breaker, connection, balance, locality, warm_up }
    }
}
