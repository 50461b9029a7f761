use super::part;
use crate::source::{Decided, Origin};
use crate::value::Duration;

/// How connections are opened, kept and closed; every part that nobody says is absent.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// How long opening one may take.
    pub connect_timeout: Option<Decided<Duration>>,
    /// After which silence one is closed.
    pub idle_timeout: Option<Decided<Duration>>,
    /// How old one may get.
    pub lifetime: Option<Decided<Duration>>,
    /// How many questions of TCP may go unanswered.
    pub keepalive_probes: Option<Decided<u32>>,
    /// After which silence TCP asks.
    pub keepalive_time: Option<Decided<Duration>>,
    /// How long TCP waits between questions.
    pub keepalive_interval: Option<Decided<Duration>>,
    /// Whether HTTP/1.1 travels as HTTP/2.
    pub http2_upgrade: Option<Decided<bool>>,
    /// Whether the version of HTTP is the caller's.
    pub client_protocol: Option<Decided<bool>>,
    /// Requests under way in one connection of HTTP/2.
    pub concurrent_streams: Option<Decided<u32>>,
    /// How often HTTP/2 asks if the other end is there, and how long it waits for an answer.
    pub http2_keepalive: Option<Decided<Http2Keepalive>>,
}

/// Questions of HTTP/2 if the other end is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Http2Keepalive {
    /// How often it asks.
    pub interval: Duration,
    /// How long it waits for an answer.
    pub timeout: Duration,
}

impl Connection {
    /// Whether something is said of single connections, whatever they carry.
    pub fn says_of_connections(&self) -> bool {
        self.connect_timeout.is_some()
            || self.idle_timeout.is_some()
            || self.lifetime.is_some()
            || self.keepalive_probes.is_some()
            || self.keepalive_time.is_some()
            || self.keepalive_interval.is_some()
    }

    /// The words that only HTTP knows, by whom they are said.
    pub fn of_requests(&self) -> impl Iterator<Item = (&'static str, Origin)> {
        let upgrade = self.http2_upgrade.as_ref().map(|said| ("http2-upgrade", said.origin));
        let protocol = self.client_protocol.as_ref().map(|said| ("client-protocol", said.origin));
        upgrade.into_iter().chain(protocol).chain(self.of_http2())
    }

    /// Whether it chooses the version of HTTP that connections speak.
    pub fn chooses_version(&self) -> bool {
        let is_on = |said: &Option<Decided<bool>>| said.as_ref().is_some_and(|said| said.value);
        is_on(&self.http2_upgrade) || is_on(&self.client_protocol)
    }

    /// The words that only HTTP/2 knows, by whom they are said.
    pub fn of_http2(&self) -> impl Iterator<Item = (&'static str, Origin)> {
        let streams = self.concurrent_streams.as_ref().map(|said| ("concurrent-streams", said.origin));
        let keepalive = self.http2_keepalive.as_ref().map(|said| ("http2-keepalive", said.origin));
        streams.into_iter().chain(keepalive)
    }

    /// This without what only HTTP knows.
    #[must_use]
    pub fn without_requests(self) -> Connection {
        Connection {
            http2_upgrade: None,
            client_protocol: None,
            concurrent_streams: None,
            http2_keepalive: None,
            ..self
        }
    }

    /// Who said the last of it.
    pub fn origin(&self) -> Origin {
        let times =
            [&self.connect_timeout, &self.idle_timeout, &self.lifetime, &self.keepalive_time, &self.keepalive_interval];
        let times = times.into_iter().flatten().map(|said| said.origin);
        let probes = self.keepalive_probes.iter().map(|said| said.origin);
        let all = times.chain(probes).chain(self.of_requests().map(|(_, origin)| origin));
        all.max_by_key(|origin| origin.layer).unwrap_or(Origin::BUILT_IN)
    }

    /// Whether nothing is said.
    pub fn is_unsaid(&self) -> bool {
        !self.says_of_connections() && self.of_requests().next().is_none()
    }

    /// This with what `other` says that `base`, from which both come, does not.
    #[must_use]
    pub fn with_own_of(&self, other: &Connection, base: &Connection) -> Connection {
        macro_rules! parts {
            ($($field:ident),* $(,)?) => {
                Connection { $($field: part(self.$field.as_ref(), other.$field.as_ref(), base.$field.as_ref())),* }
            };
        }
        parts! {
            connect_timeout,
            idle_timeout,
            lifetime,
            keepalive_probes,
            keepalive_time,
            keepalive_interval,
            http2_upgrade,
            client_protocol,
            concurrent_streams,
            http2_keepalive,
        }
    }
}
