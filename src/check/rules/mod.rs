//! The rules, a file each; the table is the only list of them.

mod breaker_never_opens;
mod call_not_allowed;
mod canary_is_stable;
mod canary_unreachable;
mod ejection_without_detector;
mod expired_until;
mod match_not_expressible;
mod needs_newer_target;
mod no_objects;
mod no_port;
mod percent_not_a_step;
mod port_reserved;
mod protocol_clash;
mod reserved_label;
mod reserved_namespace;
mod retry_budget_lost;
mod retry_unsafe;
mod same_labels;
mod same_pods;
mod same_port_name;
mod shared_account;
mod timeout_under_retries;
mod unmanaged_namespace;
mod unsupported_target;

use super::Rule;

/// Every rule, by name.
pub(super) static ALL: &[Rule] = &[
    Rule { code: &breaker_never_opens::CODE, run: breaker_never_opens::run },
    Rule { code: &call_not_allowed::CODE, run: call_not_allowed::run },
    Rule { code: &canary_is_stable::CODE, run: canary_is_stable::run },
    Rule { code: &canary_unreachable::CODE, run: canary_unreachable::run },
    Rule { code: &ejection_without_detector::CODE, run: ejection_without_detector::run },
    Rule { code: &expired_until::EXPIRED, run: expired_until::run_expired },
    Rule { code: &expired_until::EXPIRES, run: expired_until::run_expiring },
    Rule { code: &match_not_expressible::CODE, run: match_not_expressible::run },
    Rule { code: &needs_newer_target::CODE, run: needs_newer_target::run },
    Rule { code: &no_objects::CODE, run: no_objects::run },
    Rule { code: &no_port::CODE, run: no_port::run },
    Rule { code: &percent_not_a_step::CODE, run: percent_not_a_step::run },
    Rule { code: &port_reserved::CODE, run: port_reserved::run },
    Rule { code: &protocol_clash::CODE, run: protocol_clash::run },
    Rule { code: &reserved_label::CODE, run: reserved_label::run },
    Rule { code: &reserved_namespace::CODE, run: reserved_namespace::run },
    Rule { code: &retry_budget_lost::CODE, run: retry_budget_lost::run },
    Rule { code: &retry_unsafe::CODE, run: retry_unsafe::run },
    Rule { code: &same_labels::CODE, run: same_labels::run },
    Rule { code: &same_pods::CODE, run: same_pods::run },
    Rule { code: &same_port_name::CODE, run: same_port_name::run },
    Rule { code: &shared_account::CODE, run: shared_account::run },
    Rule { code: &timeout_under_retries::CODE, run: timeout_under_retries::run },
    Rule { code: &unmanaged_namespace::CODE, run: unmanaged_namespace::run },
    Rule { code: &unsupported_target::CODE, run: unsupported_target::run },
];
