use super::super::{Lowering, outside};
use super::{headers, outside_routes};
use crate::ir::{self, Action, Destination as To, RouteShare, Service, ServiceId, Share, Target};
use crate::manifest::Traced;
use crate::manifest::istio::{Destination, PortNumber, Rewrite, RouteDestination};
use crate::source::{Decided, Origin};
use crate::value;

/// Whose traffic is sent on: a service and the port that it came to.
#[derive(Clone, Copy)]
pub(super) struct Sender<'m> {
    pub(super) id: ServiceId,
    pub(super) service: &'m Service,
    pub(super) port: value::Port,
}

/// What becomes of the Host header of requests that are led outside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HostHeader {
    /// It stays, or there is none.
    Kept,
    /// It becomes the host to which they are led, which knows no other.
    OfTarget,
}

impl HostHeader {
    /// Under a rewrite: a host that it says stays.
    pub(super) fn under(rewrite: Option<&Decided<Box<ir::Rewrite>>>) -> Self {
        let says_host = rewrite.is_some_and(|said| said.value.host.is_some());
        if says_host { HostHeader::Kept } else { HostHeader::OfTarget }
    }
}

/// A service at one of its ports, with a version where it has some.
#[derive(Clone, Copy)]
struct Receiver<'m> {
    id: ServiceId,
    service: &'m Service,
    port: value::Port,
}

impl<'m> Sender<'m> {
    /// Where traffic goes that nothing else decides.
    pub(super) fn default_target(&self, lowering: &Lowering<'_>) -> Vec<RouteDestination> {
        self.own().default_target(lowering)
    }

    /// A version of the service.
    pub(super) fn version(&self, lowering: &Lowering<'_>, version: usize) -> RouteDestination {
        self.own().destination(lowering, Some(version), None)
    }

    /// Where copies go: of a service with versions to the stable one.
    pub(super) fn copied_to(&self, lowering: &Lowering<'m>, target: &Target) -> Option<Destination> {
        let port = target.port.unwrap_or(self.port);
        let (receiver, version) = match target.destination {
            To::Version(version) => (Receiver { port, ..self.own() }, Some(version)),
            To::Service(id, version) => {
                let service = lowering.mesh.service(id);
                let stable = || service.canary.as_ref().map_or(0, |canary| canary.stable.value);
                let version = version.or_else(|| (!service.versions.is_empty()).then(stable));
                (Receiver { id, service, port }, version)
            }
            To::External(id) => {
                let external = lowering.mesh.external(id);
                let host = outside::exact_hosts(external).into_iter().next()?;
                return Some(outside_routes::reached(lowering, external, host, port));
            }
        };
        Some(receiver.destination(lowering, version, None).destination)
    }

    /// Where a route sends traffic to; nothing where it sends none on.
    pub(super) fn targets(
        &self,
        lowering: &Lowering<'m>,
        action: &Decided<Action>,
        host: HostHeader,
    ) -> Vec<RouteDestination> {
        match &action.value {
            Action::To(target) => self.target(lowering, target, host),
            Action::Split(shares) => {
                let targets = shares.iter().map(|share| (share, self.target(lowering, &share.target, host)));
                split(targets.collect(), action.origin)
            }
            Action::Redirect(_) | Action::Respond(_) => Vec::new(),
        }
    }

    fn own(&self) -> Receiver<'m> {
        Receiver { id: self.id, service: self.service, port: self.port }
    }

    fn target(&self, lowering: &Lowering<'m>, target: &Target, host: HostHeader) -> Vec<RouteDestination> {
        let port = target.port.unwrap_or(self.port);
        match target.destination {
            To::Version(version) => {
                vec![Receiver { port, ..self.own() }.destination(lowering, Some(version), None)]
            }
            To::Service(id, version) => {
                let receiver = Receiver { id, service: lowering.mesh.service(id), port };
                match version {
                    Some(version) => vec![receiver.destination(lowering, Some(version), None)],
                    None => receiver.default_target(lowering),
                }
            }
            To::External(id) => {
                let external = lowering.mesh.external(id);
                let to = |name| RouteDestination {
                    destination: outside_routes::reached(lowering, external, name, port),
                    weight: None,
                    headers: (host == HostHeader::OfTarget).then(|| headers::host(name, port, target.origin)),
                };
                outside::exact_hosts(external).into_iter().take(1).map(to).collect()
            }
        }
    }
}

/// Shares of targets; a target that is split itself has the share of each of its parts, so all are counted finer.
fn split(targets: Vec<(&RouteShare, Vec<RouteDestination>)>, origin: Origin) -> Vec<RouteDestination> {
    let is_finer = targets.iter().any(|(_, target)| target.len() > 1);
    let mut destinations = Vec::with_capacity(targets.len());
    for (share, target) in targets {
        let percent = u16::from(share.percent.value.number());
        let origin = Origin { span: Some(share.percent.span), ..origin };
        for RouteDestination { destination, weight, headers } in target {
            let of_part = weight.map_or(100, |weight| weight.value);
            let weight = if is_finer { percent * of_part } else { percent };
            let headers = headers::both(share.headers.as_deref().map(headers::lower), headers);
            destinations.push(RouteDestination { destination, weight: Some(Traced::new(weight, origin)), headers });
        }
    }
    destinations
}

/// A Host that a rule says for all its destinations wins over those of single ones: where one has its own, each gets one.
pub(super) fn each_its_host(rewrite: &mut Option<Traced<Box<Rewrite>>>, route: &mut [RouteDestination]) {
    if route.iter().all(|to| headers::host_of(to.headers.as_ref()).is_none()) {
        return;
    }
    let Some(Traced { value: said, origin }) = rewrite else { return };
    let (Some(authority), origin) = (said.authority.take(), *origin) else { return };
    if **said == Rewrite::default() {
        *rewrite = None;
    }
    for to in route.iter_mut().filter(|to| headers::host_of(to.headers.as_ref()).is_none()) {
        let host = headers::set_host(Traced { value: authority.clone(), origin });
        to.headers = headers::both(to.headers.take(), Some(host));
    }
}

impl Receiver<'_> {
    /// The canary's shares, the stable version, or all pods.
    fn default_target(&self, lowering: &Lowering<'_>) -> Vec<RouteDestination> {
        if let Some(canary) = &self.service.canary {
            let share = |share: &Share| {
                let weight = Traced::new(u16::from(share.percent.value.number()), share.percent.origin);
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
        weight: Option<Traced<u16>>,
    ) -> RouteDestination {
        let name = version.and_then(|at| self.service.versions.get(at)).map(|version| &version.name);
        let port = PortNumber { number: self.port.number() };
        let host = lowering.frame.fqdn(self.id);
        RouteDestination {
            destination: Destination { host, port, subset: name.map(Traced::from) },
            weight,
            headers: None,
        }
    }
}
