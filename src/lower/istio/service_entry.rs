use super::super::Lowering;
use crate::ir::{self, External, ExternalId, OutsidePort};
use crate::manifest::istio::{Endpoint, EntryPort, Location, Resolution, ServiceEntry};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::source::Decided;
use crate::value::{Cidr, Port, Protocol};
use smol_str::{SmolStr, ToSmolStr};

/// What proxies know of the outside: `<external>` in its namespace, or in the control plane's where it is the whole
/// mesh's.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for (id, external) in lowering.mesh.externals().filter(|(_, external)| lowering.writes_external(external)) {
        let place = lowering.place_of_external(external, Wave::Registry);
        let spec = Spec::ServiceEntry(entry(lowering, id, external));
        take(lowering.frame.object(&lowering.owned_by_external(external), place, spec));
    }
}

fn entry(lowering: &Lowering<'_>, id: ExternalId, external: &External) -> ServiceEntry {
    ServiceEntry {
        hosts: external.hosts.iter().map(|host| Traced::from(host).map(|host| host.to_smolstr())).collect(),
        addresses: external.addresses.iter().map(address).collect(),
        export_to: lowering.reach.export_external(lowering.mesh, id),
        location: Location::MeshExternal,
        resolution: Traced::from(&external.resolution).map(resolution),
        ports: external.ports.iter().map(port).collect(),
        endpoints: match external.resolution.value {
            ir::Resolution::Static => external.addresses.iter().map(endpoint).collect(),
            ir::Resolution::None | ir::Resolution::Dns => Vec::new(),
        },
    }
}

/// A range with `/n` is not taken where addresses are found by name, so a single address has none.
fn address(range: &Decided<Cidr>) -> Traced<SmolStr> {
    let is_single = range.value.is_single();
    let text = if is_single { range.value.address().to_smolstr() } else { range.value.to_smolstr() };
    Traced::new(text, range.origin)
}

fn endpoint(address: &Decided<Cidr>) -> Traced<Endpoint> {
    Traced::new(Endpoint { address: address.value.address().to_smolstr() }, address.origin)
}

fn resolution(resolution: ir::Resolution) -> Resolution {
    match resolution {
        ir::Resolution::None => Resolution::None,
        ir::Resolution::Static => Resolution::Static,
        ir::Resolution::Dns => Resolution::Dns,
    }
}

fn port(port: &OutsidePort) -> Traced<EntryPort> {
    let OutsidePort { number, protocol, name, target } = port;
    let target_port = (target.value != number.value).then(|| Traced::from(target).map(Port::number));
    let entry = EntryPort {
        number: Traced::from(number).map(Port::number),
        name: name.into(),
        protocol: protocol_word(*protocol),
        target_port,
    };
    Traced::new(entry, number.origin)
}

/// TLS that the application speaks is routed by the name it asks for, whatever is inside. Istio has no word for
/// `PostgreSQL`.
fn protocol_word(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Http => "HTTP",
        Protocol::Http2 => "HTTP2",
        Protocol::Grpc => "GRPC",
        Protocol::GrpcWeb => "GRPC-WEB",
        Protocol::Https | Protocol::Tls => "TLS",
        Protocol::Tcp | Protocol::Postgres => "TCP",
        Protocol::Mongo => "MONGO",
        Protocol::Mysql => "MYSQL",
        Protocol::Redis => "REDIS",
    }
}
