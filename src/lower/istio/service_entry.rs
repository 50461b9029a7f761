use super::super::Lowering;
use crate::ir::{self, External, OutsidePort};
use crate::manifest::istio::{Endpoint, EntryPort, Location, Resolution, ServiceEntry};
use crate::manifest::{Object, Spec, Traced, Wave};
use crate::source::Decided;
use crate::value::{Cidr, Port, Protocol};
use smol_str::{SmolStr, ToSmolStr};

/// What proxies know of the outside: `<external>` in its namespace, or in the control plane's where it is the whole
/// mesh's. What goes through a gateway has an entry of its own beside it, `<external>.<namespace>`: each is private to
/// its side, so that nobody finds the port that the gateway dials and goes round it.
pub(in crate::lower) fn lower(lowering: &Lowering<'_>, take: &mut dyn FnMut(Object)) {
    for (id, external) in lowering.mesh.externals().filter(|(_, external)| lowering.writes_external(external)) {
        let gateway = lowering.gateway_of(external);
        let place = lowering.place_of_external(external, Wave::Registry);
        let near = entry(external, lowering.reach.export_external(lowering.mesh, id), gateway.is_none());
        take(lowering.frame.object(&lowering.owned_by_external(external), place, Spec::ServiceEntry(near)));
        if let Some(gateway) = gateway.filter(|gateway| lowering.writes_into(gateway.namespace)) {
            let place = lowering.far_place(external, gateway, Wave::Registry);
            let far = entry(external, vec![SmolStr::new_static(".")], true);
            take(lowering.frame.object(&lowering.owned_by_external(external), place, Spec::ServiceEntry(far)));
        }
    }
}

/// What one side knows; `is_dialled` says whether it goes out itself.
fn entry(external: &External, export_to: Vec<SmolStr>, is_dialled: bool) -> ServiceEntry {
    ServiceEntry {
        hosts: external.hosts.iter().map(|host| Traced::from(host).map(|host| host.to_smolstr())).collect(),
        addresses: external.addresses.iter().map(address).collect(),
        export_to,
        location: Location::MeshExternal,
        resolution: Traced::from(&external.resolution).map(resolution),
        ports: external.ports.iter().map(|said| port(said, is_dialled)).collect(),
        endpoints: endpoints(external),
    }
}

/// A range with `/n` is not taken where addresses are found by name, so a single address has none.
fn address(range: &Decided<Cidr>) -> Traced<SmolStr> {
    let is_single = range.value.is_single();
    let text = if is_single { range.value.address().to_smolstr() } else { range.value.to_smolstr() };
    Traced::new(text, range.origin)
}

/// What is dialled: what is said, else of a static entry its own addresses.
fn endpoints(external: &External) -> Vec<Traced<Endpoint>> {
    let said = external.endpoints.iter().map(|said| Traced::new(endpoint(external, said), said.address.origin));
    let said: Vec<_> = said.collect();
    if !said.is_empty() || external.resolution.value != ir::Resolution::Static {
        return said;
    }
    let own = |address: &Decided<Cidr>| {
        Traced::new(Endpoint { address: address.value.address().to_smolstr(), ..Endpoint::default() }, address.origin)
    };
    external.addresses.iter().map(own).collect()
}

fn endpoint(external: &External, said: &ir::Endpoint) -> Endpoint {
    let ir::Endpoint { address, port, locality, weight, labels } = said;
    let ports = port
        .iter()
        .flat_map(|dialled| external.ports.iter().map(move |port| (port.name.value.clone(), dialled.number())));
    Endpoint {
        address: address.value.to_smolstr(),
        ports: ports.collect(),
        labels: labels.clone(),
        locality: locality.clone(),
        weight: *weight,
    }
}

fn resolution(resolution: ir::Resolution) -> Resolution {
    match resolution {
        ir::Resolution::None => Resolution::None,
        ir::Resolution::Static => Resolution::Static,
        ir::Resolution::Dns => Resolution::Dns,
        ir::Resolution::DnsRoundRobin => Resolution::DnsRoundRobin,
        ir::Resolution::DynamicDns => Resolution::DynamicDns,
    }
}

fn port(port: &OutsidePort, is_dialled: bool) -> Traced<EntryPort> {
    let OutsidePort { number, protocol, name, target, tls: _ } = port;
    let differs = is_dialled && target.value != number.value;
    let entry = EntryPort {
        number: Traced::from(number).map(Port::number),
        name: name.into(),
        protocol: protocol_word(*protocol),
        target_port: differs.then(|| Traced::from(target).map(Port::number)),
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
