use super::access::{Authorize, Call, Grant};
use super::actions::{Actions, Cors, Fault, Headers};
use super::canary::Canary;
use super::exposure::Exposure;
use super::pods::{Account, DataPlane, access_mode, egress, mtls, network_policy};
use super::ports::{Port, Version};
use super::proxy::Proxy;
use super::rate_limit::RateLimit;
use super::resilience::{Balance, Breaker, Connection, Locality, Resilience, WarmUp};
use super::retry::Retry;
use super::route::{Mirror, Route};
use super::said::{Choice, Table, table, text};
use super::schema::object;
use super::telemetry::Telemetry;
use super::token::Token;
use crate::ir::{self, Mesh};
use smol_str::SmolStr;

object! {
    /// Something that can be called.
    Service {
        /// Its name.
        name: SmolStr,
        /// Its namespace.
        namespace: SmolStr,
        /// What its pods run under.
        service_account: Account,
        /// The labels of its pods.
        selector: Table,
        /// How its pods join the mesh.
        data_plane: DataPlane,
        /// Its ports, by number.
        port: Vec<Port>,
        /// Its versions, the first one stable.
        versions: Vec<Version>,
        /// The version that is tried out.
        canary: Option<Canary>,
        /// What becomes of requests of a kind, the first that matches.
        route: Vec<Route>,
        /// Where it is open to the outside.
        expose: Vec<Exposure>,
        /// How long a request may take.
        timeout: Option<SmolStr>,
        /// How often a request is tried again.
        retry: Option<Retry>,
        /// Which headers change.
        headers: Option<Headers>,
        /// Whose pages may call from a browser.
        cors: Option<Cors>,
        /// Which faults are made up.
        fault: Option<Fault>,
        /// Who gets copies of requests.
        mirror: Vec<Mirror>,
        /// How many requests each pod takes in a time.
        rate_limit: Vec<RateLimit>,
        /// When calls are cut off.
        breaker: Option<Breaker>,
        /// How connections are opened, kept and closed.
        connection: Option<Connection>,
        /// How a pod is chosen.
        balance: Balance,
        /// Whether near pods come first.
        locality: Option<Locality>,
        /// How a new pod gets its share.
        warm_up: Option<WarmUp>,
        /// Whether callers must prove who they are, on ports that do not say otherwise.
        mtls: Choice,
        /// Whether access is enforced, or its outcome counted alone.
        access: Choice,
        /// Who may call.
        allow: Vec<Grant>,
        /// Who may not.
        deny: Vec<Grant>,
        /// The tokens that requests must show, whoever calls.
        require_token: Vec<Token>,
        /// Who is asked about requests.
        authorize: Vec<Authorize>,
        /// What it calls.
        calls: Vec<Call>,
        /// What else may leave.
        egress: Choice,
        /// Whether a NetworkPolicy holds the same line.
        network_policy: Choice,
        /// What its proxies tell; null where its pods have none of their own.
        telemetry: Option<Telemetry>,
        /// How its proxies run; null where its pods have none of their own.
        proxy: Option<Proxy>,
    }
}

impl Service {
    /// What a service is after layers.
    pub fn of(service: &ir::Service, mesh: &Mesh) -> Self {
        let Actions { headers, cors, fault } = Actions::of(service.actions.as_deref());
        let Resilience { breaker, connection, balance, locality, warm_up } = Resilience::of(Some(&service.resilience));
        let grant = |grant: &ir::Grant| Grant::of(grant, mesh);
        Service {
            name: service.name.clone(),
            namespace: mesh.namespace_name(service.namespace).clone(),
            service_account: Account::of(&service.account),
            selector: table(&service.selector.value),
            data_plane: DataPlane::of(&service.data_plane),
            port: service.ports.iter().map(|port| Port::of(port, service)).collect(),
            versions: service.versions.iter().map(Version::of).collect(),
            canary: service.canary.as_deref().map(|canary| Canary::of(canary, service, mesh)),
            route: service.routes.iter().map(|route| Route::of(route, service, mesh)).collect(),
            expose: service.exposures.iter().map(|exposure| Exposure::of(exposure, mesh)).collect(),
            timeout: text(service.timeout.as_ref()),
            retry: Retry::of(&service.retry, service.http_ports().next().is_some()),
            headers,
            cors,
            fault,
            mirror: service.mirrors.iter().map(|mirror| Mirror::of(mirror, service, mesh)).collect(),
            rate_limit: service.rate_limits.iter().map(RateLimit::of).collect(),
            breaker,
            connection,
            balance: balance.unwrap_or_else(Balance::built_in),
            locality,
            warm_up,
            mtls: mtls(&service.mtls),
            access: access_mode(service.access.value, service.access_waiver.as_deref()),
            allow: service.grants.iter().map(grant).collect(),
            deny: service.denials.iter().map(grant).collect(),
            require_token: service.tokens.iter().map(|rule| Token::of_rule(rule, mesh)).collect(),
            authorize: service.asks.iter().map(|ask| Authorize::of(ask, mesh)).collect(),
            calls: service.calls.iter().map(|call| Call::of(call, mesh)).collect(),
            egress: egress(&service.egress),
            network_policy: network_policy(service.network_policy.value, service.network_waiver.as_deref()),
            telemetry: mesh.telemetry_of(service).map(|said| Telemetry::of(said, mesh)),
            proxy: mesh.proxy_of(service).map(Proxy::of),
        }
    }
}
