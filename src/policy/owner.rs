use super::{Policy, Right, Team};
use crate::value::HostPattern;

/// Who owns a host.
#[derive(Clone, Copy, Debug)]
pub enum HostOwner<'p> {
    /// Nobody.
    Nobody,
    /// This team.
    Team(&'p Team),
    /// This team, but of hosts below it another does.
    InPart(&'p Team, &'p Team),
}

impl Policy {
    /// The team in whose folder a page lies: that of the nearest folder above it.
    pub fn team_of(&self, path: &str) -> Option<&Team> {
        let holds = |folder: &str| match folder {
            "." => true,
            _ => path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')),
        };
        let depth = |folder: &str| if folder == "." { 0 } else { folder.len() };
        let all = self.teams.iter().flat_map(|team| team.folders.iter().map(move |folder| (team, folder)));
        all.filter(|(_, folder)| holds(folder)).max_by_key(|(_, folder)| depth(folder)).map(|(team, _)| team)
    }

    /// Whether a team may write into a namespace: it owns it; or it may write what holds for the whole mesh, and one of
    /// its own patterns fits.
    pub fn may_write_into(&self, team: &Team, namespace: &str) -> bool {
        let fits_own = || team.namespaces.iter().any(|pattern| fits(pattern, namespace));
        let is_owner = self.owner_of_namespace(namespace).is_some_and(|owner| owner.name == team.name);
        is_owner || (team.may(Right::Mesh) && fits_own())
    }

    /// Whether a team may serve a host, or every host of a pattern, in the same way.
    pub fn may_serve(&self, team: &Team, host: &HostPattern) -> bool {
        let covers_own = || team.hosts.iter().any(|pattern| covers(pattern, host));
        let is_owner = matches!(self.owner_of_host(host), HostOwner::Team(owner) if owner.name == team.name);
        is_owner || (team.may(Right::Mesh) && covers_own())
    }

    /// The team that owns a namespace: the longest pattern that fits says so.
    pub fn owner_of_namespace(&self, namespace: &str) -> Option<&Team> {
        // A name in full wins over a pattern that has as many characters.
        let weight = |pattern: &str| (pattern.trim_end_matches('*').len(), !pattern.ends_with('*'));
        let all = self.teams.iter().flat_map(|team| team.namespaces.iter().map(move |pattern| (team, pattern)));
        all.filter(|(_, pattern)| fits(pattern, namespace))
            .max_by_key(|(_, pattern)| weight(pattern))
            .map(|(team, _)| team)
    }

    /// The team that owns a host, or every host of a pattern: the longest pattern that covers it says so.
    pub fn owner_of_host(&self, host: &HostPattern) -> HostOwner<'_> {
        let all = || self.teams.iter().flat_map(|team| team.hosts.iter().map(move |pattern| (team, pattern)));
        let owner = all().filter(|(_, pattern)| covers(pattern, host)).max_by_key(|(_, pattern)| weight(pattern));
        let Some((owner, _)) = owner else { return HostOwner::Nobody };
        let mut below = all().filter(|(team, pattern)| team.name != owner.name && covers(host, pattern));
        below.next().map_or(HostOwner::Team(owner), |(other, _)| HostOwner::InPart(owner, other))
    }
}

fn fits(pattern: &str, namespace: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => namespace.starts_with(start),
        None => pattern == namespace,
    }
}

/// Whether every host of `narrow` is one of `wide`.
fn covers(wide: &HostPattern, narrow: &HostPattern) -> bool {
    match (wide, narrow) {
        (HostPattern::Any, _) => true,
        (_, HostPattern::Any) | (HostPattern::Exact(_), HostPattern::Below(_)) => false,
        (HostPattern::Exact(wide), HostPattern::Exact(narrow)) => wide == narrow,
        (HostPattern::Below(wide), HostPattern::Exact(narrow)) => is_below(narrow.text(), wide.text()),
        (HostPattern::Below(wide), HostPattern::Below(narrow)) => {
            wide == narrow || is_below(narrow.text(), wide.text())
        }
    }
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

fn weight(pattern: &HostPattern) -> (usize, bool) {
    match pattern {
        HostPattern::Any => (0, false),
        HostPattern::Below(domain) => (domain.text().len(), false),
        HostPattern::Exact(host) => (host.text().len(), true),
    }
}

#[cfg(test)]
mod tests {
    use super::HostOwner;
    use crate::diagnostic::Diagnostics;
    use crate::policy::{Policy, read};
    use crate::source::FileId;
    use crate::value::HostPattern;

    const TEXT: &str = r#"
team platform { folder .; namespace "*"; host "*" }
team shop { folder "teams/shop"; namespace shop "shop-*"; host shop.example "*.shop.example" }
team pay { folder "teams/shop/pay"; namespace shop-pay; host pay.shop.example "*.pay.shop.example" }
"#;

    fn policy() -> Policy {
        let mut found = Diagnostics::default();
        let policy = read(FileId::new(0), TEXT, &mut found);
        assert!(found.is_empty(), "{found:?}");
        policy
    }

    #[test]
    fn the_nearest_folder_counts() {
        let policy = policy();
        for (path, team) in [
            ("mesh.kdl", "platform"),
            ("teams/shop/web.kdl", "shop"),
            ("teams/shop/pay/api.kdl", "pay"),
            ("teams/shop-copy/web.kdl", "platform"),
            ("teams/shop.kdl", "platform"),
        ] {
            assert_eq!(policy.team_of(path).unwrap().name, team, "{path}");
        }
    }

    #[test]
    fn the_longest_pattern_counts() {
        let policy = policy();
        for (namespace, team) in [("shop", "shop"), ("shop-web", "shop"), ("shop-pay", "pay"), ("ops", "platform")] {
            assert_eq!(policy.owner_of_namespace(namespace).unwrap().name, team, "{namespace}");
        }
        for (host, team) in [
            ("shop.example", "shop"),
            ("a.b.shop.example", "shop"),
            ("pay.shop.example", "pay"),
            ("x.pay.shop.example", "pay"),
            ("notshop.example", "platform"),
            ("*.pay.shop.example", "pay"),
        ] {
            let owner = policy.owner_of_host(&HostPattern::parse(host).unwrap());
            assert!(matches!(owner, HostOwner::Team(owner) if owner.name == team), "{host}: {owner:?}");
        }
        for host in [HostPattern::parse("*.shop.example").unwrap(), HostPattern::Any] {
            let owner = policy.owner_of_host(&host);
            assert!(matches!(owner, HostOwner::InPart(..)), "{host}: {owner:?}");
        }
    }
}
