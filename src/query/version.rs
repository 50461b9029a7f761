//! Which version has a request that no route sends elsewhere.

use super::route::Routing;
use super::sent::version_name;
use super::variant::Of;
use crate::source::Span;
use crate::value::Percent;
use smol_str::SmolStr;

/// Which version has a request.
pub(super) enum Version {
    /// One that it asks for; `word` begins the name of the rule that says so, which is for `whom`.
    Asked { at: usize, word: &'static str, said: Option<Span>, whom: String },
    /// One of those that have a share.
    Shared,
    /// That cannot be told.
    Unknown,
}

impl Routing<'_, '_> {
    /// Which version has a request: the candidate that it asks for, the one whose cookie it brings back, or a share.
    pub(super) fn version(&self, of: Of<'_, '_>) -> Version {
        let sent = of.sent;
        let service = self.standing.service;
        let Some(canary) = service.canary.as_deref() else { return Version::Shared };
        let asking = canary.matches.iter().map(|wanted| (canary.candidate.value, "canary", wanted));
        let kept = service.kept();
        let kept = kept.iter().map(|(at, wanted)| (*at, "stays", wanted));
        for (at, word, wanted) in asking.chain(kept) {
            match self.standing.is_of(sent, wanted) {
                None => return Version::Unknown,
                Some(true) => {
                    let whom = self.whom(of, Some(wanted));
                    return Version::Asked { at, word, said: wanted.origin.span, whom };
                }
                Some(false) => {}
            }
        }
        Version::Shared
    }

    /// The shares of versions, as they follow the name of a rule, and who said them.
    pub(super) fn shares(&self) -> (String, Option<Span>) {
        let service = self.standing.service;
        let Some(canary) = service.canary.as_deref() else { return (String::new(), None) };
        let share = |share: crate::ir::Share| {
            let version = service.versions.get(share.version).map_or("", |it| it.name.value.as_str());
            format!("{version} {} %", share.percent.value)
        };
        (format!(": {}", canary.shares().map(share).join(", ")), canary.percent.origin.span)
    }

    /// The service with the versions that have a share.
    pub(super) fn shared(&self) -> SmolStr {
        let service = self.standing.service;
        let Some(canary) = service.canary.as_deref() else { return version_name(service, 0) };
        let shares = canary.shares().into_iter().filter(|share| share.percent.value != Percent::NONE);
        let versions = shares.filter_map(|share| service.versions.get(share.version));
        let versions: Vec<&str> = versions.map(|version| version.name.value.as_str()).collect();
        format!("{} {}", service.name, versions.join(" or ")).into()
    }
}
