use super::faults::Use;
use super::index::{DeclaredExternal, Index};
use super::layers::{Chain, Level, overlays};
use super::laying::Laying;
use super::outside_port::{self, LaidPort};
use super::removals::Removals;
use super::repeats::Added;
use super::words;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, Body, MISSING_NODE, Outside, Scope};
use crate::ir::{Endpoint, External, Resolution};
use crate::source::{Decided, Layer, Origin, Span, Spanned};
use crate::value::{Address, Cidr, HostPattern, Name};
use smol_str::ToSmolStr;

/// What the layers say of one external, in words of its own.
#[derive(Default)]
struct Laid {
    hosts: Option<Decided<Vec<Spanned<HostPattern>>>>,
    ports: Vec<LaidPort>,
    addresses: Vec<Decided<Cidr>>,
    endpoints: Vec<Endpoint>,
    resolution: Option<Decided<intent::Resolution>>,
    via: Option<Decided<Name>>,
}

/// One layer, with what each of its blocks says that only `external` can.
struct OutsideLevel<'i> {
    level: Level<'i>,
    said: Vec<&'i Outside>,
}

/// Closes one external. Words of services are no defaults of it: it has its own layers alone.
pub(super) fn resolve(
    index: &Index<'_>,
    declared: &DeclaredExternal<'_>,
    scope: &Scope,
    found: &mut Diagnostics,
) -> External {
    let (mut laid, levels) = (Laid::default(), levels(declared, scope));
    for level in &levels {
        laid.lay(level, found);
    }
    let chain = levels.into_iter().map(|level| level.level).collect();
    let mut words = words::Laid::built_in();
    words.lay_from(0, index, &Chain::of_levels(chain, scope, declared.namespace), found);
    let words = words.in_order();
    let name = declared.pieces.first().map(|piece| piece.name.span);
    let Laid { hosts, ports, addresses, endpoints, resolution, via } = laid;
    let hosts = said_hosts(hosts, name, found);
    let resolution = resolution
        .map_or_else(|| Decided::built_in(unsaid(&hosts, &addresses, &endpoints)), |said| said.map(self::resolution));
    External {
        name: declared.name.clone(),
        namespace: declared.namespace,
        origin: name.map_or(Origin::BUILT_IN, |span| Origin::new(Layer::Own, span)),
        hosts,
        ports: outside_port::complete(ports, name, found),
        addresses,
        endpoints,
        resolution,
        via: via.and_then(|via| gateway(index, via, found)),
        grants: words.grants,
        timeout: words.timeout,
        retry: words.retry.complete(found),
        actions: words.actions.complete(found),
        resilience: words.resilience.complete(found),
    }
}

/// Its layers, weakest first: its own words, then its overlays, those of the farthest ancestor first.
fn levels<'i>(declared: &DeclaredExternal<'i>, scope: &Scope) -> Vec<OutsideLevel<'i>> {
    let home = declared.namespace;
    let level = |layer, bodies| Level::of(layer, bodies, home);
    let bodies: Vec<&'i Body> = declared.pieces.iter().map(|piece| &piece.body).collect();
    let above = overlays(scope, &bodies);
    let said = declared.pieces.iter().map(|piece| &piece.outside).collect();
    let own = OutsideLevel { level: level(Layer::Own, bodies), said };
    let above = above.into_iter().map(|overlays| OutsideLevel {
        level: level(Layer::OwnOverlay, overlays.iter().map(|overlay| &overlay.body).collect()),
        said: overlays.iter().map(|overlay| &*overlay.outside).collect(),
    });
    std::iter::once(own).chain(above).collect()
}

impl Laid {
    fn lay(&mut self, OutsideLevel { level, said }: &OutsideLevel<'_>, found: &mut Diagnostics) {
        self.remove_ports(level, said, found);
        self.lay_addresses(level, said, found);
        self.lay_endpoints(level, said, found);
        let spans: Vec<Span> = level.bodies.iter().map(|body| body.span).collect();
        for (at, said) in said.iter().enumerate() {
            let earlier = spans.get(..at).unwrap_or(&[]);
            self.lay_parts(&mut Laying::beside(level.layer, earlier, found), said);
        }
    }

    fn lay_parts(&mut self, laying: &mut Laying<'_>, said: &Outside) {
        let Outside { hosts, ports, addresses: _, endpoints: _, resolution, via } = said;
        laying.part(&mut self.hosts, hosts, "`host`");
        laying.part(&mut self.resolution, resolution, "`resolution`");
        laying.part(&mut self.via, via, "`via`");
        for port in ports {
            outside_port::lay(laying, &mut self.ports, port);
        }
    }

    fn remove_ports(&mut self, level: &Level<'_>, said: &[&Outside], found: &mut Diagnostics) {
        let mut removals = Removals::of(level, "port", |removal| Some(removal.key.value.clone()));
        removals.take(|number| remove(&mut self.ports, |port| port.number.value.to_smolstr() == *number));
        for port in said.iter().flat_map(|said| &said.ports) {
            let number = port.number.value;
            removals.check_added(&number.to_smolstr(), &format_args!("port {number}"), port.number.span, found);
        }
        removals.finish(found);
    }

    fn lay_addresses(&mut self, level: &Level<'_>, said: &[&Outside], found: &mut Diagnostics) {
        let mut removals = Removals::of(level, "address", |removal| Some(Cidr::parse(&removal.key.value).ok()));
        removals.take(|range| range.is_some_and(|range| remove(&mut self.addresses, |known| known.value == range)));
        let mut added = Added::new("said");
        for address in said.iter().flat_map(|said| &said.addresses) {
            added.add(address.value, address, None, found);
            removals.check_added(&Some(address.value), &address.value, address.span, found);
            remove(&mut self.addresses, |known| known.value == address.value);
            self.addresses.push(Decided::new(address.value, Origin::new(level.layer, address.span)));
        }
        removals.finish(found);
        self.addresses.sort_by_key(|address| address.value);
    }

    fn lay_endpoints(&mut self, level: &Level<'_>, said: &[&Outside], found: &mut Diagnostics) {
        let mut removals = Removals::of(level, "endpoint", |removal| Some(Address::parse(&removal.key.value).ok()));
        removals.take(|address| remove(&mut self.endpoints, |known| Some(&known.address.value) == address.as_ref()));
        let mut added = Added::new("dialled");
        for said in said.iter().flat_map(|said| &said.endpoints) {
            let address = &said.address;
            added.add(address.value.clone(), address, None, found);
            removals.check_added(&Some(address.value.clone()), &address.value, address.span, found);
            remove(&mut self.endpoints, |known| known.address.value == address.value);
            self.endpoints.push(endpoint(said, level.layer));
        }
        removals.finish(found);
        self.endpoints.sort_by(|a, b| a.address.value.cmp(&b.address.value));
    }
}

fn endpoint(said: &intent::Endpoint, layer: Layer) -> Endpoint {
    let intent::Endpoint { address, port, locality, weight, labels } = said;
    Endpoint {
        address: Decided::new(address.value.clone(), Origin::new(layer, address.span)),
        port: port.as_ref().map(|said| said.value),
        locality: locality.as_ref().map(|said| said.value.clone()),
        weight: weight.as_ref().map(|said| said.value),
        labels: labels.as_ref().map(|said| said.value.clone()).unwrap_or_default(),
    }
}

/// Whether there was something to take away.
fn remove<T>(list: &mut Vec<T>, is_meant: impl Fn(&T) -> bool) -> bool {
    let before = list.len();
    list.retain(|one| !is_meant(one));
    list.len() < before
}

fn gateway(index: &Index<'_>, via: Decided<Name>, found: &mut Diagnostics) -> Option<Decided<crate::ir::GatewayId>> {
    let span = via.span()?;
    let id = index.gateway(&Use::whole(via.value.text(), span), found)?;
    Some(via.map(|_| id))
}

fn said_hosts(
    laid: Option<Decided<Vec<Spanned<HostPattern>>>>,
    name: Option<Span>,
    found: &mut Diagnostics,
) -> Vec<Decided<HostPattern>> {
    let Some(laid) = laid else {
        found.push(
            Diagnostic::new(&MISSING_NODE, "`external` needs `host`")
                .at_known(name, "no `host` in this block")
                .help("write the name by which it is called: `host api.example.com`"),
        );
        return Vec::new();
    };
    let layer = laid.origin.layer;
    let mut hosts: Vec<_> =
        laid.value.into_iter().map(|host| Decided::new(host.value, Origin::new(layer, host.span))).collect();
    hosts.sort_by(|a, b| a.value.cmp(&b.value));
    hosts.dedup_by(|a, b| a.value == b.value);
    hosts
}

fn resolution(said: intent::Resolution) -> Resolution {
    match said {
        intent::Resolution::Dns => Resolution::Dns,
        intent::Resolution::DnsRoundRobin => Resolution::DnsRoundRobin,
        intent::Resolution::DynamicDns => Resolution::DynamicDns,
        intent::Resolution::Static => Resolution::Static,
        intent::Resolution::None => Resolution::None,
    }
}

/// How an address is found where nobody says it. A wildcard has none of its own, and of a range it is not known which:
/// the caller's is taken.
fn unsaid(hosts: &[Decided<HostPattern>], addresses: &[Decided<Cidr>], endpoints: &[Endpoint]) -> Resolution {
    if !endpoints.is_empty() {
        let has_name = endpoints.iter().any(|endpoint| matches!(endpoint.address.value, Address::Name(_)));
        return if has_name { Resolution::Dns } else { Resolution::Static };
    }
    let is_wildcard = hosts.iter().any(|host| !matches!(host.value, HostPattern::Exact(_)));
    if is_wildcard || addresses.iter().any(|address| !address.value.is_single()) {
        return Resolution::None;
    }
    if addresses.is_empty() { Resolution::Dns } else { Resolution::Static }
}
