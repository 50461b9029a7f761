use super::said::{text, texts};
use super::schema::object;
use crate::ir;
use smol_str::SmolStr;

object! {
    /// How often a request is tried again.
    Retry {
        /// How many more tries.
        n: i64,
        /// How long one try may take.
        per_try: Option<SmolStr>,
        /// The first pause between tries.
        backoff: Option<SmolStr>,
        /// Whether other localities are tried too.
        remote_localities: Option<bool>,
        /// Whether pods that were tried are avoided.
        avoid_tried: bool,
        /// After which failures.
        on: Vec<SmolStr>,
    }
}

impl Retry {
    /// What is tried again; null where nothing is, or no request is known.
    pub(super) fn of(retry: &ir::Retry, has_requests: bool) -> Option<Self> {
        match retry {
            ir::Retry::Unsaid if has_requests => Some(Retry {
                n: i64::from(ir::Retry::UNSAID_ATTEMPTS),
                per_try: None,
                backoff: None,
                remote_localities: None,
                avoid_tried: true,
                on: texts(ir::Retry::UNSAID_CONDITIONS),
            }),
            ir::Retry::Unsaid | ir::Retry::Off(_) => None,
            ir::Retry::On(retries) => {
                let ir::Retries { attempts, per_try, backoff, remote_localities, avoid_tried, on } = &**retries;
                Some(Retry {
                    n: i64::from(attempts.value),
                    per_try: text(per_try.as_ref()),
                    backoff: text(backoff.as_ref()),
                    remote_localities: remote_localities.as_ref().map(|said| said.value),
                    avoid_tried: avoid_tried.as_ref().is_none_or(|said| said.value),
                    on: on.value.clone(),
                })
            }
        }
    }
}
