use super::matching::Match;
use super::said::text;
use super::schema::object;
use crate::ir::{self, CanaryOwner, Mesh, Service};
use smol_str::{SmolStr, ToSmolStr};

object! {
    /// A version that is tried out.
    Canary {
        /// Which version.
        candidate: SmolStr,
        /// Its share of what nothing else decides, of 100.
        percent: i64,
        /// Which version has the rest.
        stable: SmolStr,
        /// The controller that moves the shares by itself.
        owner: Option<SmolStr>,
        /// Requests that always reach the candidate: any of these.
        r#match: Vec<Match>,
        /// The shares of a roll-out, rising.
        steps: Vec<i64>,
        /// How clients stay with the version that they had first.
        sticky: Option<Sticky>,
    }
}

object! {
    /// How clients stay with the version that they had first: by a cookie that names it.
    Sticky {
        /// The cookie.
        cookie: SmolStr,
        /// How long a client keeps it.
        ttl: Option<SmolStr>,
    }
}

impl Canary {
    pub(super) fn of(canary: &ir::Canary, service: &Service, mesh: &Mesh) -> Self {
        let ir::Canary { candidate, stable, percent, matches, steps, sticky, owner } = canary;
        let name = |at: usize| service.versions.get(at).map_or_else(SmolStr::default, |it| it.name.value.clone());
        let sticky = sticky.as_deref().map(|ir::Sticky { cookie, ttl, origin: _ }| Sticky {
            cookie: cookie.value.to_smolstr(),
            ttl: text(ttl.as_ref()),
        });
        Canary {
            candidate: name(candidate.value),
            percent: i64::from(percent.value.number()),
            stable: name(stable.value),
            owner: owner.as_ref().map(|said| SmolStr::new_static(CanaryOwner::word(said.value))),
            r#match: matches.iter().map(|request| Match::of(request, mesh)).collect(),
            steps: steps.iter().map(|step| i64::from(step.value.number())).collect(),
            sticky,
        }
    }
}
