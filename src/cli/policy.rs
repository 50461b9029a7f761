use super::exit::Refusal;
use crate::syntax::limits::FILE_BYTES;
use std::io::Read;
use std::path::Path;

/// The name and text of a policy, which may be a pipe; it is refused where a change to pages could change it too.
pub(super) fn read(file: &Path, root: &Path) -> Result<(String, String), Refusal> {
    let refuse = |reason: &str| Refusal::new(format!("the policy {} {reason}", file.display()));
    let places = (file.canonicalize(), root.canonicalize());
    if let (Ok(file), Ok(root)) = &places
        && file.starts_with(root)
    {
        return Err(refuse("lies in the workspace").help(
            "a change to pages could change it: keep it elsewhere, or take it from the base: git show main:ownership.kdl",
        ));
    }
    let unreadable = |error: &std::io::Error| {
        let reason = error.to_string();
        refuse(&format!("cannot be read: {}", reason.split(" (os error").next().unwrap_or(&reason).to_lowercase()))
    };
    let open = std::fs::File::open(file).map_err(|error| unreadable(&error))?;
    let mut text = String::new();
    let most = u64::try_from(FILE_BYTES).unwrap_or(u64::MAX);
    let read = open.take(most + 1).read_to_string(&mut text).map_err(|error| unreadable(&error))?;
    if read > FILE_BYTES {
        return Err(refuse(&format!("has more than {FILE_BYTES} bytes")));
    }
    Ok((file.display().to_string(), text))
}
