//! Routes: what requests a rule takes, what becomes of them, and which requests change from one rule to another.

mod action;
mod gateway_api;
mod handed;
mod moves;
mod predicate;
mod sample;
mod space;
mod step;
mod table;

pub(in crate::diff) use action::{
    CREDENTIALS, Destination, Fault, Part, cors, destinations, fault, listed, mirrors, retries, timeout,
};
pub(in crate::diff) use gateway_api::{EVERY_LISTENER, GROUP as GATEWAY_API, sections};
pub(in crate::diff) use moves::Why;
pub(in crate::diff) use predicate::told;
pub(in crate::diff) use step::steps;
pub(in crate::diff) use table::{Rule, Tables, gateways, hosts, is_routes, of_side, places, rules, tables};
