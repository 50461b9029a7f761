//! The rules, a file each; the table is the only list of them.

mod call_not_allowed;
mod expired_until;

use super::Rule;

/// Every rule, causes before what they cause.
pub(super) static ALL: &[Rule] = &[
    Rule { code: &call_not_allowed::CODE, run: call_not_allowed::run },
    Rule { code: &expired_until::EXPIRED, run: expired_until::run_expired },
    Rule { code: &expired_until::EXPIRES, run: expired_until::run_expiring },
];
