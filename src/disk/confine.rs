use std::path::Path;

/// How much was taken from this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confined {
    /// All that [`confine`] takes.
    Whole,
    /// What the kernel knows of it.
    Partly,
    /// Nothing: the kernel has no Landlock, or another system runs here.
    Not,
}

/// Takes from this thread, and from those that it starts, all but reading below some folders and writing below one: who
/// reads the pages of strangers needs no other file, runs no program, and speaks to nobody.
///
/// What is open by now stays open. The folder that is written to may not exist yet: then the nearest above it is.
/// <https://docs.kernel.org/userspace-api/landlock.html>
pub fn confine(reads: &[&Path], writes: Option<&Path>) -> Confined {
    let writes = writes.map(|path| if path.as_os_str().is_empty() { Path::new(".") } else { path });
    let nearest = writes.and_then(|path| path.ancestors().find(|folder| folder.is_dir()).or(Some(Path::new("."))));
    system::confine(reads, nearest)
}

#[cfg(target_os = "linux")]
mod system {
    use super::Confined;
    use landlock::{
        ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr,
        RulesetError, RulesetStatus, Scope, path_beneath_rules,
    };
    use std::path::Path;

    /// The newest of what is taken away; older kernels take what they know.
    const NEWEST: ABI = ABI::V6;

    pub(super) fn confine(reads: &[&Path], writes: Option<&Path>) -> Confined {
        match restrict(reads, writes) {
            Ok(RulesetStatus::FullyEnforced) => Confined::Whole,
            Ok(RulesetStatus::PartiallyEnforced) => Confined::Partly,
            Ok(RulesetStatus::NotEnforced) | Err(_) => Confined::Not,
        }
    }

    fn restrict(reads: &[&Path], writes: Option<&Path>) -> Result<RulesetStatus, RulesetError> {
        // A kernel that cannot let links between folders through would break the exchange of trees (before 5.19).
        let links =
            Ruleset::default().set_compatibility(CompatLevel::HardRequirement).handle_access(AccessFs::Refer)?;
        let rules = links
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(NEWEST))?
            .handle_access(AccessNet::from_all(NEWEST))?
            .scope(Scope::from_all(NEWEST))?
            .create()?
            .add_rules(path_beneath_rules(reads, reading()))?
            .add_rules(path_beneath_rules(writes, writing()))?;
        Ok(rules.restrict_self()?.ruleset)
    }

    fn reading() -> BitFlags<AccessFs> {
        AccessFs::ReadFile | AccessFs::ReadDir
    }

    fn writing() -> BitFlags<AccessFs> {
        let files = AccessFs::WriteFile | AccessFs::Truncate | AccessFs::MakeReg | AccessFs::RemoveFile;
        reading() | files | AccessFs::MakeDir | AccessFs::RemoveDir | AccessFs::Refer
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::Confined;
    use std::path::Path;

    pub(super) fn confine(_: &[&Path], _: Option<&Path>) -> Confined {
        Confined::Not
    }
}
