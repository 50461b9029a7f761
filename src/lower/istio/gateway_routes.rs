use super::super::Lowering;
use super::gateway_policy::{Exposed, by_host};
use super::routes::Routes;
use crate::ir::{Exposure, ServiceId};
use crate::manifest::istio::{HttpRoute, VirtualService};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::value::{HostPattern, Path, PathKind};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Where requests for each exposed host go: GWNS/`<host>`. Istio joins several VirtualServices of one gateway host by
/// their age, so there is one, with the rules of all services in the order of their paths.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    let hosts = by_host(lowering);
    let mut gateways: BTreeMap<_, usize> = BTreeMap::new();
    for (id, host) in hosts.keys() {
        *gateways.entry((lowering.mesh.gateway(*id).namespace, *host)).or_default() += 1;
    }
    let wildcards: Vec<_> = hosts.iter().filter(|((_, host), _)| matches!(host, HostPattern::Below(_))).collect();
    for ((id, host), exposed) in &hosts {
        let gateway = lowering.mesh.gateway(*id);
        if !lowering.writes_into(gateway.namespace) {
            continue;
        }
        let is_alone = gateways.get(&(gateway.namespace, *host)) == Some(&1);
        let covering =
            wildcards.iter().filter(|((other, wider), _)| other == id && wider != host && wider.covers(host));
        let fallbacks = covering.flat_map(|(_, exposed)| exposed.iter().copied()).collect();
        let name =
            if is_alone { host.object_name() } else { format_smolstr!("{}.{}", gateway.name, host.object_name()) };
        let spec = VirtualService {
            hosts: vec![Traced::plain(host.to_smolstr())],
            gateways: vec![format_smolstr!("{}/{}", lowering.mesh.namespace_name(gateway.namespace), gateway.name)],
            export_to: vec![SmolStr::new_static(".")],
            http: rules(lowering, exposed, &fallbacks),
            tls: Vec::new(),
            tcp: Vec::new(),
        };
        let place = lowering.place(gateway.namespace, name, Wave::Routes);
        take(lowering.frame.object(&lowering.owned_by_gateway(gateway), place, Spec::VirtualService(spec)));
    }
}

/// One path of an exposure.
struct Segment<'m> {
    service: ServiceId,
    exposure: &'m Exposure,
    path: &'m Path,
    /// Whether it is a wildcard host's, which stands behind the host's own.
    is_fallback: bool,
}

/// Exact paths, then templates, then prefixes by falling length: as everywhere the longer path wins.
fn rank<'s>(segment: &Segment<'s>) -> (bool, u8, Reverse<usize>, &'s str) {
    let kind = match segment.path.kind() {
        PathKind::Exact => 0,
        PathKind::Template => 1,
        PathKind::Below => 2,
    };
    (segment.is_fallback, kind, Reverse(segment.path.stem().len()), segment.path.stem())
}

fn rules(lowering: &Lowering<'_>, own: &Exposed<'_>, fallbacks: &Exposed<'_>) -> Vec<HttpRoute> {
    let own = own.iter().map(|exposed| (exposed, false));
    let all = own.chain(fallbacks.iter().map(|exposed| (exposed, true)));
    let mut segments: Vec<Segment<'_>> = Vec::new();
    for ((service, exposure), is_fallback) in all {
        let segment = |path| Segment { service: *service, exposure, path, is_fallback };
        segments.extend(exposure.paths.iter().map(|path| &path.value).map(segment));
    }
    segments.sort_by(|a, b| rank(a).cmp(&rank(b)));
    // Behind a path that takes everything no rule is reached.
    if let Some(at) = segments.iter().position(|segment| segment.path.is_all()) {
        segments.truncate(at + 1);
    }
    let mut rules = Vec::new();
    let mut rest = segments.as_slice();
    while let Some(first) = rest.first() {
        let same = rest.iter().take_while(|segment| std::ptr::eq(segment.exposure, first.exposure)).count();
        let (group, after) = rest.split_at(same);
        rules.extend(group_rules(lowering, first, group));
        rest = after;
    }
    rules
}

fn group_rules(lowering: &Lowering<'_>, first: &Segment<'_>, group: &[Segment<'_>]) -> Vec<HttpRoute> {
    let service = lowering.mesh.service(first.service);
    let routes = Routes {
        id: first.service,
        service,
        port: first.exposure.port,
        timeout: first.exposure.timeout.as_ref(),
        retry: &first.exposure.retry,
        prefix: service.name.clone(),
        within: Some(group.iter().map(|segment| segment.path.clone()).collect()),
        match_port: false,
    };
    routes.lower(lowering)
}
