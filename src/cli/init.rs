use super::arguments::{Init, Place};
use super::exit::{Exit, Outcome, Refusal};
use super::screen::Screen;
use crate::disk;
use crate::value::Name;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

const FILES: [(&str, &str, &str); 4] = [
    ("mesh.kdl", include_str!("init/mesh.kdl"), "the mesh: defaults, environments"),
    ("hello.kdl", include_str!("init/hello.kdl"), "one service, with its canary, callers and breaker"),
    (".gitignore", include_str!("init/gitignore"), ""),
    (".github/workflows/mesh.yaml", include_str!("init/workflow.yaml"), ""),
];

/// `mesh init`.
pub(super) fn run(arguments: &Init, place: &Place, screen: &mut Screen) -> Outcome {
    let base = place.directory.clone().unwrap_or_default();
    let folder = arguments.folder.as_ref().map_or_else(|| base.clone(), |directory| base.join(directory));
    let name = project(&folder)?;
    if folder.metadata().is_ok_and(|found| !found.is_dir()) {
        return Err(Refusal::new(format!("{} is a file, not a folder", folder.display()))
            .help("name a folder that there is, or one that is to be made"));
    }
    if lies_in_workspace(&folder) {
        let text = format!("{} lies in a workspace, which reads every page below it", folder.display());
        return Err(Refusal::new(text).help("name a folder outside of it; or add pages to the workspace that there is"));
    }
    if let Some((file, _, _)) = FILES.iter().find(|(file, _, _)| folder.join(file).symlink_metadata().is_ok()) {
        return Err(Refusal::new(format!("{} exists", folder.join(file).display()))
            .help("mesh init writes over nothing: name another folder, or edit what is there"));
    }
    for (file, text, _) in FILES {
        write(&folder.join(file), &text.replace("PROJECT", &name))?;
    }
    screen.tell(&screen_text(&arguments.folder.clone().unwrap_or_default()))?;
    Ok(Exit::Fine)
}

fn screen_text(folder: &Path) -> String {
    let is_here = folder.as_os_str().is_empty();
    let title = if is_here { "here".to_owned() } else { format!("{}/", folder.display()) };
    let mut text = format!("created {title}\n");
    for (file, _, meaning) in FILES.iter().filter(|(_, _, meaning)| !meaning.is_empty()) {
        _ = writeln!(text, "  {file:<18}  {meaning}");
    }
    let others: Vec<&str> =
        FILES.iter().filter(|(_, _, meaning)| meaning.is_empty()).map(|(file, _, _)| *file).collect();
    _ = writeln!(text, "  {}", others.join("  "));
    let go = if is_here { String::new() } else { format!("cd {} && ", quoted(&folder.display().to_string())) };
    _ = writeln!(text, "next: {go}mesh compile");
    text
}

/// A word as a shell reads it.
fn quoted(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+@%,:=".contains(letter);
    if text.chars().all(is_plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// Whether a folder, which may not be there yet, lies below a workspace.
fn lies_in_workspace(folder: &Path) -> bool {
    let absolute = std::path::absolute(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let above =
        absolute.ok().and_then(|folder| folder.ancestors().skip(1).find(|above| above.is_dir()).map(Path::to_owned));
    above.is_some_and(|above| disk::find_root(&above).is_some())
}

/// The name of the project: the folder's, as far as it is one.
fn project(folder: &Path) -> Result<String, Refusal> {
    let absolute = std::path::absolute(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let absolute = absolute.map_err(|error| Refusal::new(format!("{}: {error}", folder.display())))?;
    let last = absolute.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match Name::parse(&last) {
        Ok(name) => Ok(name.text().to_string()),
        Err(mismatch) => Ok(mismatch.instead.unwrap_or_else(|| "shop".to_owned())),
    }
}

/// Writes a new file and the folders above it; never over one that exists.
fn write(path: &PathBuf, text: &str) -> Result<(), Refusal> {
    let refuse = |error: std::io::Error| Refusal::new(format!("{}: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(refuse)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(refuse)?;
    file.write_all(text.as_bytes()).map_err(refuse)
}
