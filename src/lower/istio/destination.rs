use super::super::Lowering;
use super::headers;
use crate::ir::{Action, Destination as To, RouteShare, Service, ServiceId, Share, Target};
use crate::manifest::Traced;
use crate::manifest::istio::{Destination, PortNumber, RouteDestination};
use crate::source::Origin;
use crate::value;

/// Whose traffic is sent on: a service and the port that it came to.
#[derive(Clone, Copy)]
pub(super) struct Sender<'m> {
    pub(super) id: ServiceId,
    pub(super) service: &'m Service,
    pub(super) port: value::Port,
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
    pub(super) fn copied_to(&self, lowering: &Lowering<'m>, target: &Target) -> Destination {
        let port = target.port.unwrap_or(self.port);
        let (receiver, version) = match target.destination {
            To::Version(version) => (Receiver { port, ..self.own() }, Some(version)),
            To::Service(id, version) => {
                let service = lowering.mesh.service(id);
                let stable = || service.canary.as_ref().map_or(0, |canary| canary.stable.value);
                let version = version.or_else(|| (!service.versions.is_empty()).then(stable));
                (Receiver { id, service, port }, version)
            }
        };
        receiver.destination(lowering, version, None).destination
    }

    /// Where a route sends traffic to; nothing where it sends none on.
    pub(super) fn targets(&self, lowering: &Lowering<'m>, action: &Action, origin: Origin) -> Vec<RouteDestination> {
        match action {
            Action::To(target) => self.target(lowering, target),
            Action::Split(shares) => self.split(lowering, shares, origin),
            Action::Redirect(_) | Action::Respond(_) => Vec::new(),
        }
    }

    fn own(&self) -> Receiver<'m> {
        Receiver { id: self.id, service: self.service, port: self.port }
    }

    fn target(&self, lowering: &Lowering<'m>, target: &Target) -> Vec<RouteDestination> {
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
        }
    }

    /// Shares of targets; a target that is split itself has the share of each of its parts, so all are counted finer.
    fn split(&self, lowering: &Lowering<'m>, shares: &[RouteShare], origin: Origin) -> Vec<RouteDestination> {
        let targets: Vec<Vec<RouteDestination>> =
            shares.iter().map(|share| self.target(lowering, &share.target)).collect();
        let is_finer = targets.iter().any(|target| target.len() > 1);
        let mut destinations = Vec::with_capacity(shares.len());
        for (share, target) in shares.iter().zip(targets) {
            let percent = u16::from(share.percent.value.number());
            let origin = Origin { span: Some(share.percent.span), ..origin };
            for part in target {
                let of_part = part.weight.as_ref().map_or(100, |weight| weight.value);
                let weight = if is_finer { percent * of_part } else { percent };
                let headers = share.headers.as_deref().map(headers::lower);
                destinations.push(RouteDestination { weight: Some(Traced::new(weight, origin)), headers, ..part });
            }
        }
        destinations
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
