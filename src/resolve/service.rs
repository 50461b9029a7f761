use super::index::{Declared, Index};
use super::layers::{Chain, Level};
use super::laying::{Laying, each_body};
use super::mesh::Conventions;
use super::removals::Removals;
use super::{canary, exposure, fit, order, ports, rate_limit, versions, words};
use crate::diagnostic::Diagnostics;
use crate::intent::{self, Body, Own};
use crate::ir::{Account, Labels, Service};
use crate::source::{Decided, Layer, Origin};
use smol_str::{SmolStr, ToSmolStr};
use thin_vec::ThinVec;

/// What the layers said of the words that only a service or workload has.
#[derive(Default)]
pub(super) struct Laid<'i> {
    pub(super) account: Option<Decided<SmolStr>>,
    pub(super) shared: bool,
    pub(super) selector: Option<Decided<Labels>>,
    ports: Vec<ports::Laid<'i>>,
    versions: versions::Laid<'i>,
    canary: canary::Laid,
    exposures: Vec<exposure::Laid<'i>>,
    rate_limits: rate_limit::Laid,
}

impl<'i> Laid<'i> {
    /// Lays the node's own layers; the weaker ones have none of these words.
    pub(super) fn lay(&mut self, index: &Index<'i>, chain: &Chain<'i>, found: &mut Diagnostics) {
        for level in chain.levels.iter().filter(|level| level.layer > Layer::OwnProfile) {
            let mut removals = Removals::of(level, "port", |removal| Some(removal.key.value.clone()));
            if !removals.is_empty() {
                let mut left = ports::numbers(&self.ports);
                removals.take(|number| left.remove(number));
                ports::retain(&mut self.ports, &left);
            }
            for port in level.bodies.iter().flat_map(|body| &body.own.ports) {
                let number = port.number.value;
                if !removals.is_empty() {
                    removals.check_added(&number.to_smolstr(), &format_args!("port {number}"), port.number.span, found);
                }
            }
            removals.finish(found);
            rate_limit::remove(level, &mut self.rate_limits, found);
            each_body(level, found, |laying, body| self.lay_own((index, level), laying, body));
            exposure::lay(level, &mut self.exposures, found);
        }
    }

    fn lay_own(&mut self, place: (&Index<'i>, &Level<'i>), laying: &mut Laying<'_>, body: &'i Body) {
        let Own {
            account,
            selector,
            ports,
            versions,
            canary,
            routes: _,
            mirrors: _,
            exposes: _,
            rate_limits,
            edge: _,
            patches: _,
        } = &body.own;
        if let Some(intent::Account { name, shared }) = account {
            laying.value(&mut self.account, name.value.text().clone(), name.span, "`service-account`");
            self.shared = shared.as_ref().map_or(self.shared, |shared| shared.value);
        }
        laying.part(&mut self.selector, selector, "`selector`");
        ports::lay(laying, &mut self.ports, ports);
        versions::lay(laying, &mut self.versions, versions.as_ref());
        canary::lay(place, laying, &mut self.canary, canary.as_ref());
        rate_limit::lay(laying, &mut self.rate_limits, rate_limits);
    }

    /// Its account; its own name where nobody says another.
    pub(super) fn account(&mut self, name: &SmolStr) -> Account {
        let name = self.account.take().unwrap_or_else(|| Decided::built_in(name.clone()));
        Account { name, shared: self.shared }
    }

    /// The labels of its pods; the mesh's pod label with its name where nobody says others.
    pub(super) fn selector(&mut self, name: &SmolStr, conventions: &Conventions) -> Decided<Labels> {
        let default = || Decided::built_in(vec![(conventions.pod_label.clone(), name.clone())]);
        self.selector.take().unwrap_or_else(default)
    }
}

/// Where a service or workload is declared first.
pub(super) fn declared_at(declared: &Declared) -> Origin {
    declared.pieces.first().map_or(Origin::BUILT_IN, |piece| Origin::new(Layer::Own, piece.name.span))
}

/// Closes one service, over what its namespace says, but for its routes and mirrors: they name other services.
pub(super) fn resolve<'i>(
    index: &Index<'i>,
    declared: &'i Declared,
    (below, defaults): (&Chain<'i>, &words::Laid),
    conventions: &Conventions,
    found: &mut Diagnostics,
) -> Service {
    let bodies = declared.pieces.iter().map(|piece| &piece.body).collect();
    let chain = below.with_own(index, declared.namespace, bodies, found);
    let mut words = defaults.clone();
    words.lay_from(below.levels.len(), index, &chain, found);
    let words = words.in_order();
    let own_proxies = words.own_proxies(defaults, index, found);
    let mut own = Laid::default();
    own.lay(index, &chain, found);
    let (account, selector) = (own.account(&declared.name), own.selector(&declared.name, conventions));
    let Laid { ports, versions, canary, exposures, rate_limits, .. } = own;
    let ports = ports::complete(ports, &words.resilience, found);
    let versions = versions::complete(versions, &words.resilience, &conventions.version_label, found);
    let canary = canary::complete(canary, &declared.name, &versions, found);
    let (retry, actions) = (words.retry.complete(found), words.actions.complete(found));
    let base = exposure::Base {
        gateways: &conventions.gateways,
        ports: &ports,
        timeout: words.timeout.as_ref(),
        retry: &retry,
        actions: actions.as_deref(),
    };
    let exposures = exposures.iter().filter_map(|laid| exposure::complete(index, laid, &base, found));
    let exposures = order::exposures(exposures);
    let mut service = Service {
        name: declared.name.clone(),
        namespace: declared.namespace,
        origin: declared_at(declared),
        account,
        selector,
        data_plane: words.data_plane,
        ports,
        versions,
        retained: ThinVec::new(),
        canary,
        routes: ThinVec::new(),
        mirrors: Vec::new(),
        timeout: words.timeout,
        retry,
        actions,
        resilience: words.resilience.complete(found),
        rate_limits: rate_limit::complete(rate_limits, found).into(),
        mtls: words.mtls,
        access: words.access,
        access_waiver: words.access_waiver,
        grants: words.grants,
        denials: words.denials,
        tokens: words.tokens.into(),
        asks: words.asks.into(),
        exposures: exposures.into(),
        calls: words.calls,
        egress: words.egress,
        network_policy: words.network_policy,
        network_waiver: words.network_waiver,
        telemetry: own_proxies.0,
        proxy: own_proxies.1,
        unfit: ThinVec::new(),
    };
    fit::defaults(&mut service, found);
    service
}
