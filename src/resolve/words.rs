use super::access::{self, Side};
use super::index::Index;
use super::layers::{Chain, Level};
use super::laying::{Laying, check_off, each_body};
use super::{actions, authorize, calls, data_plane, order, proxy, resilience, retry, telemetry, token};
use crate::diagnostic::Diagnostics;
use crate::intent::{self, Mode, Unregistered, Waiver, Words};
use crate::ir::{self, AccessMode, Ask, Call, DataPlane, Denial, Egress, Grant, Mtls, MtlsMode, Telemetry, TokenRule};
use crate::source::Decided;
use crate::value::Duration;
use std::rc::Rc;

/// What a node says itself of its proxies: what they tell, and how they run.
pub(super) type OwnProxies = (Option<Box<Telemetry>>, Option<Box<ir::Proxy>>);

/// What all layers of a node say with the words that may also be defaults.
#[derive(Clone)]
pub(super) struct Laid {
    pub(super) timeout: Option<Decided<Duration>>,
    pub(super) retry: retry::Laid,
    pub(super) actions: actions::Laid,
    pub(super) resilience: resilience::Laid,
    pub(super) data_plane: DataPlane,
    pub(super) mtls: Mtls,
    pub(super) network_policy: Decided<bool>,
    pub(super) network_waiver: Option<Box<ir::Waiver>>,
    pub(super) access: Decided<AccessMode>,
    pub(super) access_waiver: Option<Box<ir::Waiver>>,
    pub(super) grants: Vec<Grant>,
    pub(super) denials: Vec<Denial>,
    pub(super) tokens: Vec<TokenRule>,
    pub(super) asks: Vec<Ask>,
    pub(super) calls: Vec<Call>,
    pub(super) egress: Egress,
    /// Shared with the defaults, of which most services say nothing else.
    pub(super) telemetry: Rc<telemetry::Laid>,
    /// Shared like it.
    pub(super) proxy: Rc<ir::Proxy>,
}

impl Laid {
    /// What holds when nobody says anything: strict, closed, and nothing is called.
    pub(super) fn built_in() -> Self {
        Laid {
            timeout: None,
            retry: retry::Laid::default(),
            actions: actions::Laid::default(),
            resilience: resilience::Laid::default(),
            data_plane: DataPlane::built_in(),
            mtls: Mtls { mode: Decided::built_in(MtlsMode::Strict), waiver: None },
            network_policy: Decided::built_in(true),
            network_waiver: None,
            access: Decided::built_in(AccessMode::Enforce),
            access_waiver: None,
            grants: Vec::new(),
            denials: Vec::new(),
            tokens: Vec::new(),
            asks: Vec::new(),
            calls: Vec::new(),
            egress: Egress { is_open: Decided::built_in(false), waiver: None },
            telemetry: Rc::default(),
            proxy: Rc::default(),
        }
    }

    /// Lays the layers of `chain` over it, from the one at `first` on.
    pub(super) fn lay_from(&mut self, first: usize, index: &Index<'_>, chain: &Chain<'_>, found: &mut Diagnostics) {
        for level in chain.levels.iter().skip(first) {
            self.lay_level(index, level, found);
        }
    }

    /// What it says of services that say nothing else; what is wrong in it is said of each service.
    pub(super) fn defaults(&self) -> ir::Defaults {
        let found = &mut Diagnostics::default();
        ir::Defaults {
            timeout: self.timeout.clone(),
            retry: self.retry.clone().complete(found),
            actions: self.actions.clone().complete(found),
            resilience: self.resilience.clone().complete(found),
        }
    }

    /// Puts what was collected in its one order.
    pub(super) fn in_order(mut self) -> Self {
        order::grants(&mut self.grants);
        order::grants(&mut self.denials);
        order::tokens(&mut self.tokens);
        self.asks.sort_by_key(|ask| ask.authorizer);
        order::calls(&mut self.calls);
        self.grants.shrink_to_fit();
        self.calls.shrink_to_fit();
        self
    }

    fn lay_level(&mut self, index: &Index<'_>, level: &Level<'_>, found: &mut Diagnostics) {
        check_off(level, found);
        each_body(level, found, |laying, body| {
            self.lay_words(laying, &body.words);
            self.lay_proxies(index, laying, &body.words);
        });
        // Collections: what weaker layers put in may go, then this layer's own comes in.
        access::lay(index, level, Side::Grant, &mut self.grants, found);
        access::lay(index, level, Side::Denial, &mut self.denials, found);
        token::lay(index, level, &mut self.tokens, found);
        authorize::lay(index, level, &mut self.asks, found);
        calls::lay(index, level, &mut self.calls, found);
    }

    /// Lays the levels of a node that has no other of these words: what is said of its proxies.
    pub(super) fn lay_proxies_of(&mut self, index: &Index<'_>, chain: &Chain<'_>, found: &mut Diagnostics) {
        for level in &chain.levels {
            check_off(level, found);
            each_body(level, found, |laying, body| self.lay_proxies(index, laying, &body.words));
        }
    }

    fn lay_proxies(&mut self, index: &Index<'_>, laying: &mut Laying<'_>, words: &Words) {
        if let Some(said) = words.telemetry.as_deref() {
            Rc::make_mut(&mut self.telemetry).lay(index, laying, said);
        }
        if let Some(said) = words.proxy.as_deref() {
            proxy::lay(laying, Rc::make_mut(&mut self.proxy), said);
        }
    }

    /// What is said of proxies beside what `defaults` say.
    pub(super) fn own_proxies(&self, defaults: &Laid, index: &Index<'_>, found: &mut Diagnostics) -> OwnProxies {
        let tells = !Rc::ptr_eq(&self.telemetry, &defaults.telemetry);
        let telemetry = tells.then(|| Box::new(self.telemetry.complete(index, found)));
        let runs = !Rc::ptr_eq(&self.proxy, &defaults.proxy);
        (telemetry, runs.then(|| Box::new((*self.proxy).clone())))
    }

    fn lay_words(&mut self, laying: &mut Laying<'_>, words: &Words) {
        let Words {
            uses: _,
            timeout,
            retry,
            actions,
            resilience,
            data_plane,
            mtls,
            network_policy,
            access,
            allow: _,
            deny: _,
            tokens: _,
            authorize: _,
            calls: _,
            egress,
            extras: _,
            telemetry: _,
            proxy: _,
            removals: _,
        } = words;
        laying.switch(&mut self.timeout, timeout, "`timeout`");
        self.retry.lay(laying, retry.as_ref());
        self.actions.lay(laying, actions.as_deref());
        if let Some(said) = resilience {
            self.resilience.lay(laying, said);
        }
        if let Some(said) = data_plane {
            data_plane::lay(laying, &mut self.data_plane, said);
        }
        if let Some(said) = mtls {
            laying.check_first(self.mtls.mode.span(), said.mode.span, "`mtls`");
            self.mtls.mode.overrule(mode(said.mode.value), laying.origin(said.mode.span));
            self.mtls.waiver = waiver(said.waiver.as_deref());
        }
        if let Some(said) = egress {
            let is_open = said.unregistered.value == Unregistered::Passed;
            laying.check_first(self.egress.is_open.span(), said.unregistered.span, "`egress`");
            self.egress.is_open.overrule(is_open, laying.origin(said.unregistered.span));
            self.egress.waiver = waiver(said.waiver.as_deref());
        }
        if let Some(said) = access.as_deref() {
            laying.check_first(self.access.span(), said.mode.span, "`access`");
            self.access.overrule(access_mode(said.mode.value), laying.origin(said.mode.span));
            self.access_waiver = waiver(said.waiver.as_deref());
        }
        if let Some((on, why)) = network_policy {
            laying.check_first(self.network_policy.span(), on.span, "`network-policy`");
            self.network_policy.overrule(on.value, laying.origin(on.span));
            self.network_waiver = waiver(why.as_deref());
        }
    }
}

/// A mode as the mesh knows it.
pub(super) fn mode(said: Mode) -> MtlsMode {
    match said {
        Mode::Strict => MtlsMode::Strict,
        Mode::Permissive => MtlsMode::Permissive,
        Mode::Disable => MtlsMode::Disabled,
    }
}

fn access_mode(said: intent::AccessMode) -> AccessMode {
    match said {
        intent::AccessMode::Enforce => AccessMode::Enforce,
        intent::AccessMode::Audit => AccessMode::Audit,
    }
}

/// A waiver as the mesh knows it.
pub(super) fn waiver(said: Option<&Waiver>) -> Option<Box<ir::Waiver>> {
    said.map(|Waiver { reason, until }| Box::new(ir::Waiver { reason: reason.clone(), until: until.clone() }))
}
