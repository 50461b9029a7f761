//! The table of the language's words: which word stands where, with which arguments, properties and block.
//!
//! The decoders ask it what may stand in a block; messages, completion and the reference page read the same rows, so
//! none of them can know another language. The rows stand in the files of their concepts.

use std::sync::LazyLock;

/// A block in which words stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Outside all blocks.
    Top,
    /// `mesh { }`.
    Mesh,
    /// `trust-domain NAME { }`.
    TrustDomain,
    /// `environment NAME { }`.
    Environment,
    /// `namespace NAME { }`.
    Namespace,
    /// `profile NAME { }`.
    Profile,
    /// `service NAME { }`.
    Service,
    /// `workload NAME { }`.
    Workload,
    /// `port N { }`.
    Port,
    /// `versions v1 v2 { }`: its words are the versions' names.
    Versions,
    /// `v1 { }` in `versions`.
    Version,
    /// `canary v2 { }`.
    Canary,
    /// `match { }` of a canary.
    Match,
    /// `not { }` in a `match`.
    Not,
    /// `route NAME { }`.
    Route,
    /// `match { }` of a route.
    RouteMatch,
    /// `split { }` of a route: its words are the names of targets.
    Split,
    /// `TARGET PERCENT { }` in `split`.
    Share,
    /// `group NAME { }`.
    Group,
    /// `guard NAME { }`.
    Guard,
    /// `platform NAMESPACE { }`.
    Platform,
    /// `authorizer NAME { }`.
    Authorizer,
    /// `provider NAME { }`.
    Provider,
    /// `telemetry { }`.
    Telemetry,
    /// `tracing PROVIDER { }`.
    Tracing,
    /// `metrics PROVIDER { }`.
    Metrics,
    /// `proxy { }`.
    Proxy,
    /// `authorize AUTHORIZER { }`.
    Authorize,
    /// `not { }` of an `authorize`.
    AuthorizeNot,
    /// `breaker { }` of a service or a version.
    Breaker,
    /// `breaker { }` of one port.
    PortBreaker,
    /// `connection { }`.
    Connection,
    /// `balance consistent-hash { }`.
    Balance,
    /// `locality { }`.
    Locality,
    /// `distribute from=PLACE { }`: its words are places.
    Distribute,
    /// `rate-limit NAME N { }`.
    RateLimit,
    /// `retry N { }`.
    Retry,
    /// `headers { }`.
    Headers,
    /// `request { }` or `response { }` of `headers`.
    HeaderChanges,
    /// `cors { }`.
    Cors,
    /// `fault { }`.
    Fault,
    /// `allow PEER { }`.
    Allow,
    /// `deny PEER { }`.
    Deny,
    /// `not { }` of a denial.
    DenyNot,
    /// `require-token ISSUER { }` of whoever calls.
    Token,
    /// `not { }` in it.
    TokenNot,
    /// `require-token ISSUER { }` of an exposure.
    DoorToken,
    /// `not { }` in it.
    DoorTokenNot,
    /// `require-token ISSUER { }` of a grant.
    GrantToken,
    /// `expose GATEWAY { }`.
    Expose,
    /// `issuer NAME { }`.
    Issuer,
    /// `gateway NAME { }`.
    Gateway,
    /// `listen N { }`.
    Listen,
    /// `host NAME { }` of a listener.
    ListenHost,
    /// `tls { }` of a listener.
    Tls,
    /// `external NAME { }`.
    External,
    /// `port N { }` of an external.
    OutsidePort,
    /// `originate-tls { }`.
    OriginateTls,
    /// `endpoint ADDRESS { }`.
    Endpoint,
    /// `template NAME { }`.
    Template,
    /// `extra TEMPLATE { }`: its words are the names of parameters.
    Extra,
}

impl Place {
    /// How messages name it.
    #[allow(clippy::too_many_lines, reason = "a line for each place")]
    pub const fn words(self) -> &'static str {
        match self {
            Place::Top => "the top level",
            Place::Mesh => "`mesh`",
            Place::TrustDomain => "`trust-domain`",
            Place::Environment => "`environment`",
            Place::Namespace => "`namespace`",
            Place::Profile => "`profile`",
            Place::Service => "`service`",
            Place::Workload => "`workload`",
            Place::Port => "`port`",
            Place::Versions => "`versions`",
            Place::Version => "a version in `versions`",
            Place::Canary => "`canary`",
            Place::Match => "`match`",
            Place::Not => "`not`",
            Place::Route => "`route`",
            Place::RouteMatch => "`match` of a route",
            Place::Split => "`split`",
            Place::Share => "a target in `split`",
            Place::Group => "`group`",
            Place::Guard => "`guard`",
            Place::Platform => "`platform`",
            Place::Authorizer => "`authorizer`",
            Place::Provider => "`provider`",
            Place::Telemetry => "`telemetry`",
            Place::Tracing => "`tracing`",
            Place::Metrics => "`metrics`",
            Place::Proxy => "`proxy`",
            Place::Authorize => "`authorize`",
            Place::AuthorizeNot => "`not` of `authorize`",
            Place::Breaker => "`breaker`",
            Place::PortBreaker => "`breaker` of a port",
            Place::Connection => "`connection`",
            Place::Balance => "`balance consistent-hash`",
            Place::Locality => "`locality`",
            Place::Distribute => "`distribute`",
            Place::RateLimit => "`rate-limit`",
            Place::Retry => "`retry`",
            Place::Headers => "`headers`",
            Place::HeaderChanges => "a direction of `headers`",
            Place::Cors => "`cors`",
            Place::Fault => "`fault`",
            Place::Allow => "`allow`",
            Place::Deny => "`deny`",
            Place::DenyNot => "`not` of `deny`",
            Place::Token => "`require-token`",
            Place::TokenNot => "`not` of `require-token`",
            Place::DoorToken => "`require-token` of `expose`",
            Place::DoorTokenNot => "`not` of `require-token` of `expose`",
            Place::GrantToken => "`require-token` of `allow`",
            Place::Expose => "`expose`",
            Place::Issuer => "`issuer`",
            Place::Gateway => "`gateway`",
            Place::Listen => "`listen`",
            Place::ListenHost => "`host` of a listener",
            Place::Tls => "`tls`",
            Place::External => "`external`",
            Place::OutsidePort => "`port` of an external",
            Place::OriginateTls => "`originate-tls`",
            Place::Endpoint => "`endpoint`",
            Place::Template => "`template`",
            Place::Extra => "`extra`",
        }
    }

    /// Whether the words of this block are conditions of a request.
    pub const fn holds_conditions(self) -> bool {
        let is_of_routes = matches!(self, Place::Match | Place::RouteMatch | Place::Not);
        let is_access = matches!(self, Place::Allow | Place::Deny | Place::DenyNot);
        let is_of_tokens = matches!(self, Place::Token | Place::TokenNot | Place::DoorToken | Place::DoorTokenNot);
        let is_other = matches!(self, Place::GrantToken | Place::RateLimit | Place::Authorize | Place::AuthorizeNot);
        is_of_routes || is_access || is_of_tokens || is_other
    }
}

/// How often a word may stand in one block, and how it merges over layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// Once; a stronger layer's parts win one by one.
    Once,
    /// As often as one likes; those that have a name, once for each.
    Many,
    /// Once for each key (its first argument); a stronger layer's parts win one by one, and `-word KEY` takes away.
    Keyed,
    /// As often as one likes; layers add up, and `-word KEY` takes away.
    Adds,
}

impl Repeats {
    /// Whether `-word KEY` takes away what weaker layers say.
    pub const fn can_be_removed(self) -> bool {
        matches!(self, Repeats::Keyed | Repeats::Adds)
    }
}

/// One word of the language in the places where it means the same.
#[derive(Debug)]
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// Where it may stand.
    pub places: &'static [Place],
    /// Its arguments and properties, as the reference page shows them.
    pub shape: &'static str,
    /// The least and the most arguments.
    pub arguments: (usize, usize),
    /// Its properties.
    pub properties: &'static [&'static str],
    /// The block that it opens, if it has one.
    pub block: Option<Place>,
    /// How often it may stand, and how it merges.
    pub repeats: Repeats,
    /// What it says, in one sentence.
    pub meaning: &'static str,
}

impl Word {
    /// A word with one value that stands once, which rows write over where theirs differ.
    pub(super) const fn once(
        name: &'static str,
        places: &'static [Place],
        shape: &'static str,
        meaning: &'static str,
    ) -> Self {
        let (arguments, properties, block, repeats) = ((1, 1), &[], None, Repeats::Once);
        Word { name, places, shape, arguments, properties, block, repeats, meaning }
    }

    /// The properties that a removal may name, since they are part of the key.
    pub fn key_properties(&self) -> &'static [&'static str] {
        if self.name == "expose" { &["host", "listen"] } else { &[] }
    }

    /// Whether it stands alone for yes: a word with an optional boolean, and no value besides.
    pub fn is_flag(&self) -> bool {
        let gives_reasons = self.properties.is_empty() || self.properties == ["reason", "until"];
        let is_plain = self.arguments == (0, 1) && self.block.is_none() && gives_reasons;
        // All that a block of TLS may say is decided without it.
        is_plain || self.block == Some(Place::OriginateTls)
    }
}

/// Properties whose keys are the user's own, as in `selector app=web`.
pub(super) const ANY_KEY: &[&str] = &["*"];

/// Any number of arguments.
pub(super) const MANY: usize = usize::MAX;

/// Every row of the table, a group a concept, in the order of the reference page.
pub static WORDS: &[&[Word]] = &[
    super::top::WORDS,
    super::mesh::WORDS,
    super::authorizer::WORDS,
    super::provider::WORDS,
    super::environment::WORDS,
    super::namespace::WORDS,
    super::profile::WORDS,
    super::group::WORDS,
    super::service::WORDS,
    super::selector::WORDS,
    super::data_plane::WORDS,
    super::ports::WORDS,
    super::versions::WORDS,
    super::canary::WORDS,
    super::conditions::WORDS,
    super::route::WORDS,
    super::route::action::WORDS,
    super::breaker::WORDS,
    super::connection::WORDS,
    super::balance::WORDS,
    super::locality::WORDS,
    super::warm_up::WORDS,
    super::rate_limit::WORDS,
    super::timeout::WORDS,
    super::retry::WORDS,
    super::headers::WORDS,
    super::cors::WORDS,
    super::fault::WORDS,
    super::mirror::WORDS,
    super::mtls::WORDS,
    super::access::WORDS,
    super::narrowing::WORDS,
    super::token::WORDS,
    super::authorize::WORDS,
    super::expose::WORDS,
    super::calls::WORDS,
    super::gateway::WORDS,
    super::external::WORDS,
    super::originate_tls::WORDS,
    super::egress::WORDS,
    super::telemetry::WORDS,
    super::proxy::WORDS,
    super::issuer::WORDS,
    super::listen::WORDS,
    super::template::WORDS,
    super::extra::WORDS,
    super::patch::WORDS,
    super::raw::WORDS,
    super::guard::WORDS,
    super::overlay::WORDS,
];

/// The words of each place, in the order of the places, the shorter first: every node of every page is looked up here.
static BY_PLACE: LazyLock<Vec<Vec<&'static Word>>> = LazyLock::new(|| {
    let mut places: Vec<Vec<&'static Word>> = Vec::new();
    for word in WORDS.iter().copied().flatten() {
        for place in word.places {
            let at = *place as usize;
            places.resize_with(places.len().max(at + 1), Vec::new);
            if let Some(words) = places.get_mut(at) {
                words.push(word);
            }
        }
    }
    for words in &mut places {
        words.sort_by_key(|word| by_length(word.name));
    }
    places
});

fn by_length(name: &str) -> (usize, &str) {
    (name.len(), name)
}

/// The row of the word `name` in `place`.
pub fn find(place: Place, name: &str) -> Option<&'static Word> {
    let words = BY_PLACE.get(place as usize)?;
    let at = words.binary_search_by_key(&by_length(name), |word| by_length(word.name)).ok()?;
    words.get(at).copied()
}

/// The words that may stand in `place`.
pub fn words_in(place: Place) -> impl Iterator<Item = &'static Word> {
    WORDS.iter().copied().flatten().filter(move |word| word.places.contains(&place))
}

/// The places where the word `name` may stand.
pub fn places_of(name: &str) -> Vec<Place> {
    let rows = WORDS.iter().copied().flatten().filter(|word| word.name == name);
    rows.flat_map(|word| word.places.iter().copied()).collect()
}

/// Whether the word that opens a block of this kind has the property `name`.
pub fn takes_property(place: Place, name: &str) -> bool {
    let mut openers = WORDS.iter().copied().flatten().filter(|word| word.block == Some(place));
    openers.any(|word| word.properties.contains(&name))
}

/// Whether the word `name` has the property `key` somewhere.
pub(super) fn has_property(name: &str, key: &str) -> bool {
    WORDS.iter().copied().flatten().any(|word| word.name == name && word.properties.contains(&key))
}
