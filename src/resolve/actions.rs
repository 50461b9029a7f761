use super::laying::Laying;
use super::{cors, fault, headers};
use crate::diagnostic::Diagnostics;
use crate::intent;
use crate::ir::{Actions, HeaderChanges};

/// What the layers said so far of what is done to requests.
#[derive(Clone, Default)]
pub(super) struct Laid {
    headers: Option<Box<HeaderChanges>>,
    cors: Option<Box<cors::Laid>>,
    fault: Option<Box<fault::Laid>>,
}

impl Laid {
    /// What an exposure or a route starts from: what holds of its service.
    pub(super) fn of(base: Option<&Actions>) -> Self {
        let Some(Actions { headers, cors, fault }) = base else { return Laid::default() };
        Laid {
            headers: headers.clone(),
            cors: cors.as_deref().map(cors::Laid::of).map(Box::new),
            fault: fault.as_deref().map(fault::Laid::of).map(Box::new),
        }
    }

    /// Lays them over the weaker ones.
    pub(super) fn lay(&mut self, laying: &mut Laying<'_>, said: Option<&intent::Actions>) {
        let Some(intent::Actions { headers, cors, fault }) = said else { return };
        headers::lay(laying, &mut self.headers, headers.as_ref());
        cors::lay(laying, &mut self.cors, cors.as_ref());
        fault::lay(laying, &mut self.fault, fault.as_ref());
    }

    /// Closes them.
    pub(super) fn complete(self, found: &mut Diagnostics) -> Option<Box<Actions>> {
        let actions = Actions {
            headers: self.headers,
            cors: self.cors.and_then(|laid| laid.complete(found)).map(Box::new),
            fault: self.fault.and_then(|laid| laid.complete(found)).map(Box::new),
        };
        (!actions.is_empty()).then(|| Box::new(actions))
    }
}
