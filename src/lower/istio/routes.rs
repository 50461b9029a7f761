use super::super::Lowering;
use super::{actions, breaker, request, retries};
use crate::ir::{Actions, Retry, Service, ServiceId, Share};
use crate::manifest::Traced;
use crate::manifest::istio::{Destination, HttpMatch, HttpRoute, PortNumber, RouteDestination, StringMatch};
use crate::source::Decided;
use crate::value::{self, Duration, Path};
use smol_str::{SmolStr, format_smolstr};

/// The rules of a service are made once, for sidecars and for gateways alike, so that no gateway goes past a version.
pub(super) struct Routes<'m> {
    pub(super) id: ServiceId,
    pub(super) service: &'m Service,
    /// The port that requests go to.
    pub(super) port: value::Port,
    pub(super) timeout: Option<&'m Decided<Duration>>,
    pub(super) retry: &'m Retry,
    pub(super) actions: Option<&'m Actions>,
    /// Put before the names of the rules.
    pub(super) prefix: SmolStr,
    /// The paths of the exposure; none in the mesh.
    pub(super) within: Option<Vec<Path>>,
    /// Whether rules hold for this port alone.
    pub(super) match_port: bool,
}

impl Routes<'_> {
    /// The rules, first the canary's.
    pub(super) fn lower(&self, lowering: &Lowering<'_>) -> Vec<HttpRoute> {
        let mut rules = Vec::with_capacity(2);
        if let Some(canary) = &self.service.canary {
            let name = self.version(canary.candidate.value).map_or("", |name| name.value.as_str());
            let matches: Vec<Traced<HttpMatch>> = canary
                .matches
                .iter()
                .flat_map(|asked| {
                    let entries = request::matches(asked, self.within.as_deref());
                    entries.into_iter().map(|entry| Traced::new(self.on_port(entry), asked.origin))
                })
                .collect();
            if !matches.is_empty() {
                let route = vec![self.destination(lowering, Some(canary.candidate.value), None)];
                rules.push(self.rule(format_smolstr!("canary-{name}"), matches, route));
            }
        }
        rules.push(self.rule(SmolStr::new_static("default"), self.default_matches(), self.default_target(lowering)));
        rules
    }

    fn rule(&self, name: SmolStr, matches: Vec<Traced<HttpMatch>>, route: Vec<RouteDestination>) -> HttpRoute {
        let name = if self.prefix.is_empty() { name } else { format_smolstr!("{}.{name}", self.prefix) };
        let name = if self.match_port { format_smolstr!("{name}.{}", self.port) } else { name };
        let rule = HttpRoute {
            name,
            matches,
            route,
            timeout: self.timeout.map(breaker::duration),
            retries: retries::lower(self.retry),
            ..HttpRoute::default()
        };
        actions::apply(rule, self.actions)
    }

    fn default_matches(&self) -> Vec<Traced<HttpMatch>> {
        let uris: Vec<Option<StringMatch>> = match &self.within {
            Some(paths) => paths.iter().flat_map(request::uris).collect(),
            None => vec![None],
        };
        let entries = uris.into_iter().map(|uri| self.on_port(HttpMatch { uri, ..HttpMatch::default() }));
        entries.filter(|entry| *entry != HttpMatch::default()).map(Traced::plain).collect()
    }

    fn on_port(&self, entry: HttpMatch) -> HttpMatch {
        let port = self.match_port.then(|| Traced::plain(self.port.number()));
        HttpMatch { port, ..entry }
    }

    /// Where a request goes that nothing else decides: the canary's shares, the stable version, or all pods.
    pub(super) fn default_target(&self, lowering: &Lowering<'_>) -> Vec<RouteDestination> {
        if let Some(canary) = &self.service.canary {
            let share = |share: &Share| {
                let weight = Traced::new(share.percent.value.number(), share.percent.origin);
                self.destination(lowering, Some(share.version), Some(weight))
            };
            return canary.shares().iter().map(share).collect();
        }
        vec![self.destination(lowering, (!self.service.versions.is_empty()).then_some(0), None)]
    }

    fn destination(
        &self,
        lowering: &Lowering<'_>,
        version: Option<usize>,
        weight: Option<Traced<u8>>,
    ) -> RouteDestination {
        let subset = version.and_then(|at| self.version(at)).map(Traced::from);
        let port = PortNumber { number: self.port.number() };
        RouteDestination { destination: Destination { host: lowering.frame.fqdn(self.id), port, subset }, weight }
    }

    fn version(&self, at: usize) -> Option<&Decided<SmolStr>> {
        self.service.versions.get(at).map(|version| &version.name)
    }
}
