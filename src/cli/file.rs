use super::exit::Refusal;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Writes a file that people named: at every moment it is the old one or the new one.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Refusal> {
    let refuse = |error: std::io::Error| {
        let reason = error.to_string();
        let reason = reason.split(" (os error").next().unwrap_or(&reason).to_lowercase();
        Refusal::new(format!("{} cannot be written: {reason}", path.display()))
    };
    let Some(name) = path.file_name() else {
        return Err(Refusal::new(format!("{} is not the name of a file", path.display())));
    };
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(name);
    hidden.push(".mesh-draft");
    let draft = path.with_file_name(hidden);
    _ = fs::remove_file(&draft); // what a killed run left
    let mut file = OpenOptions::new().write(true).create_new(true).open(&draft).map_err(refuse)?;
    let moved = file.write_all(text.as_bytes()).and_then(|()| fs::rename(&draft, path));
    if moved.is_err() {
        _ = fs::remove_file(&draft);
    }
    moved.map_err(refuse)
}
