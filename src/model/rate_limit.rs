use super::access::{Excluded, Header};
use super::schema::object;
use crate::ir;
use smol_str::{SmolStr, ToSmolStr};

object! {
    /// How many requests each pod takes in a time.
    RateLimit {
        /// Its name.
        name: SmolStr,
        /// How many requests.
        n: i64,
        /// In which time.
        per: SmolStr,
        /// How many at once after a time of silence.
        burst: i64,
        /// On which paths; empty: any.
        path: Vec<SmolStr>,
        /// By which methods; empty: any.
        method: Vec<SmolStr>,
        /// With which headers: all of them.
        header: Vec<Header>,
    }
}

impl RateLimit {
    pub(super) fn of(limit: &ir::RateLimit) -> Self {
        let ir::RateLimit { name, requests, per, burst, conditions, origin: _ } = limit;
        let Excluded { path, method, port: _, host: _, header } = Excluded::of(conditions);
        RateLimit {
            name: name.clone(),
            n: i64::from(requests.value),
            per: per.value.to_smolstr(),
            burst: i64::from(burst.as_ref().unwrap_or(requests).value),
            path,
            method,
            header,
        }
    }
}
