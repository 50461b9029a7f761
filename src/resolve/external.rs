use super::index::DeclaredExternal;
use super::layers::{Level, overlays};
use super::laying::Laying;
use super::removals::Removals;
use super::repeats::Added;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intent::{self, Body, MISSING_ARGUMENT, MISSING_NODE, Outside, Scope};
use crate::ir::{External, OutsidePort, Resolution};
use crate::source::{Decided, Layer, Origin, Span, Spanned};
use crate::value::{self, Cidr, HostPattern, Protocol};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

/// What the layers say of one external.
#[derive(Default)]
struct Laid {
    hosts: Option<Decided<Vec<Spanned<HostPattern>>>>,
    ports: Vec<LaidPort>,
    addresses: Vec<Decided<Cidr>>,
}

/// What the layers say of one port.
struct LaidPort {
    number: Decided<value::Port>,
    protocol: Option<Decided<Protocol>>,
    name: Option<Decided<SmolStr>>,
    target: Option<Decided<value::Port>>,
}

/// One layer, with what each of its blocks says that only `external` can.
struct OutsideLevel<'i> {
    level: Level<'i>,
    said: Vec<&'i Outside>,
}

/// Closes one external. Words of services are no defaults of it: it has its own layers alone.
pub(super) fn resolve(declared: &DeclaredExternal<'_>, scope: &Scope, found: &mut Diagnostics) -> External {
    let mut laid = Laid::default();
    for level in levels(declared, scope) {
        laid.lay(&level, found);
    }
    let name = declared.pieces.first().map(|piece| piece.name.span);
    let origin = name.map_or(Origin::BUILT_IN, |span| Origin::new(Layer::Own, span));
    let Laid { hosts, ports, addresses } = laid;
    let hosts = said_hosts(hosts, name, found);
    let ports = complete_ports(ports, name, found);
    let resolution = Decided::built_in(default_resolution(&hosts, &addresses));
    External { name: declared.name.clone(), namespace: declared.namespace, origin, hosts, ports, addresses, resolution }
}

/// Its layers, weakest first: its own words, then its overlays, those of the farthest ancestor first.
fn levels<'i>(declared: &DeclaredExternal<'i>, scope: &Scope) -> Vec<OutsideLevel<'i>> {
    let home = declared.namespace;
    let level = |layer, bodies| Level { layer, bodies, home, own: home };
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
        let mut removals = Removals::of(level, "port", |removal| Some(removal.key.value.clone()));
        removals.take(|number| remove(&mut self.ports, |port| port.number.value.to_smolstr() == *number));
        for port in said.iter().flat_map(|said| &said.ports) {
            let number = port.number.value;
            removals.check_added(&number.to_smolstr(), &format_args!("port {number}"), port.number.span, found);
        }
        removals.finish(found);
        self.lay_addresses(level, said, found);
        let spans: Vec<Span> = level.bodies.iter().map(|body| body.span).collect();
        for (at, said) in said.iter().enumerate() {
            let earlier = spans.get(..at).unwrap_or(&[]);
            self.lay_parts(&mut Laying { layer: level.layer, earlier, found }, said);
        }
    }

    fn lay_parts(&mut self, laying: &mut Laying<'_>, said: &Outside) {
        let Outside { hosts, ports, addresses: _ } = said;
        laying.part(&mut self.hosts, hosts, "`host`");
        for port in ports {
            lay_port(laying, &mut self.ports, port);
        }
    }

    fn lay_addresses(&mut self, level: &Level<'_>, said: &[&Outside], found: &mut Diagnostics) {
        let mut removals = Removals::of(level, "address", |removal| Some(removal.key.value.clone()));
        removals.take(|range| remove(&mut self.addresses, |address| is_range(&address.value, range)));
        let mut added = Added::new("said");
        for address in said.iter().flat_map(|said| &said.addresses) {
            added.add(address.value, address, None, found);
            removals.check_added(&address.value.to_smolstr(), &address.value, address.span, found);
            if self.addresses.iter().all(|known| known.value != address.value) {
                self.addresses.push(Decided::new(address.value, Origin::new(level.layer, address.span)));
            }
        }
        removals.finish(found);
        self.addresses.sort_by_key(|address| address.value);
    }
}

/// Whether there was something to take away.
fn remove<T>(list: &mut Vec<T>, is_meant: impl Fn(&T) -> bool) -> bool {
    let before = list.len();
    list.retain(|one| !is_meant(one));
    list.len() < before
}

/// Whether `text` spells this range; a single address needs no `/32`.
fn is_range(range: &Cidr, text: &str) -> bool {
    Cidr::parse(text).is_ok_and(|said| said == *range)
}

fn lay_port(laying: &mut Laying<'_>, ports: &mut Vec<LaidPort>, said: &intent::OutsidePort) {
    let intent::OutsidePort { number, protocol, name, target, span: _ } = said;
    let at = ports.iter().position(|port| port.number.value == number.value).unwrap_or_else(|| {
        let number = Decided::new(number.value, laying.origin(number.span));
        ports.push(LaidPort { number, protocol: None, name: None, target: None });
        ports.len() - 1
    });
    let Some(port) = ports.get_mut(at) else { return };
    laying.part(&mut port.protocol, protocol, "the protocol of this port");
    laying.part(&mut port.target, target, "`target`");
    let name = name.clone().map(|name| name.map(|name| name.text().clone()));
    laying.part(&mut port.name, &name, "`name`");
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

fn complete_ports(mut laid: Vec<LaidPort>, name: Option<Span>, found: &mut Diagnostics) -> Vec<OutsidePort> {
    if laid.is_empty() {
        found.push(
            Diagnostic::new(&MISSING_NODE, "`external` needs `port`")
                .at_known(name, "no `port` in this block")
                .help("write the port by which it is called, and what is spoken there: `port 443 https`"),
        );
    }
    laid.sort_by_key(|port| port.number.value);
    let mut ports: Vec<OutsidePort> = Vec::with_capacity(laid.len());
    for LaidPort { number, protocol, name, target } in laid {
        let Some(protocol) = protocol else {
            found.push(
                Diagnostic::new(&MISSING_ARGUMENT, format!("`port {}` needs its protocol", number.value))
                    .at_known(number.span(), "no layer says what is spoken there")
                    .help(format!("write `port {} https`", number.value)),
            );
            continue;
        };
        let word = protocol.value.word();
        let name = name.unwrap_or_else(|| {
            let is_first = ports.is_empty();
            let unsaid = if is_first { SmolStr::new_static(word) } else { format_smolstr!("{word}-{}", number.value) };
            Decided::built_in(unsaid)
        });
        let target = target.unwrap_or_else(|| Decided::built_in(number.value));
        ports.push(OutsidePort { number, protocol: protocol.value, name, target });
    }
    ports
}

/// A wildcard has no address of its own, and of a range it is not known which: the caller's is taken.
fn default_resolution(hosts: &[Decided<HostPattern>], addresses: &[Decided<Cidr>]) -> Resolution {
    let is_wildcard = hosts.iter().any(|host| !matches!(host.value, HostPattern::Exact(_)));
    if is_wildcard || addresses.iter().any(|address| !address.value.is_single()) {
        return Resolution::None;
    }
    if addresses.is_empty() { Resolution::Dns } else { Resolution::Static }
}
