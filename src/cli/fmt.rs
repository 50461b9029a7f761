use super::arguments::{Fmt, Place};
use super::exit::{Exit, Outcome, Refusal};
use super::screen::Screen;
use super::workspace;
use crate::diagnostic::render::{Format, summary};
use crate::diagnostic::{Count, Diagnostics};
use crate::source::{FileId, Sources};
use crate::syntax::limits::FILE_BYTES;
use crate::{disk, load, syntax};
use std::io::Read;
use std::path::{Path, PathBuf};

/// `mesh fmt`.
pub(super) fn run(arguments: &Fmt, place: &Place, screen: &mut Screen) -> Outcome {
    if arguments.stdin {
        return of_stdin(arguments.check, screen);
    }
    let root = workspace::root(place)?;
    let (sources, pages) = pages(&root, &arguments.files)?;
    let mut found = Diagnostics::default();
    let mut changes = Vec::new();
    for page in &pages {
        let before = sources.text(page.id);
        if let Some(after) = laid_out(&sources, page.id, &mut found)?.filter(|after| after != before) {
            changes.push((page, before, after));
        }
    }
    if found.any_error() {
        screen.show(Format::Human, &found, &sources)?;
        screen.note(&format!("nothing formatted: {}\n", summary(&found)))?;
        return Ok(Exit::Faulty);
    }
    for (page, before, after) in changes.iter().filter(|_| !arguments.check) {
        disk::rewrite(&root, &page.path, before, after)?;
    }
    tell(arguments.check, &sources, pages.len(), &changes, screen)
}

/// A file of the workspace, by its path from the root.
struct Page {
    id: FileId,
    path: String,
}

/// A page, its text, and its layout.
type Change<'p> = (&'p Page, &'p str, String);

fn tell(check: bool, sources: &Sources, pages: usize, changes: &[Change<'_>], screen: &mut Screen) -> Outcome {
    let done = format!("{} of {}", changes.len(), Count(pages, "file"));
    for (page, _, _) in changes {
        let line = format!("  ~ {}\n", sources.name(page.id));
        if check { screen.say(&line)? } else { screen.tell(&line)? }
    }
    match (check, changes.is_empty()) {
        (_, true) => screen.tell(&format!("{} laid out already\n", Count(pages, "file")))?,
        (true, false) => screen.say(&format!("not laid out: {done} (mesh fmt, then commit)\n"))?,
        (false, false) => screen.tell(&format!("formatted {done}\n"))?,
    }
    Ok(if check && !changes.is_empty() { Exit::Faulty } else { Exit::Fine })
}

/// The files of the workspace that are meant: those that were named, or all.
fn pages(root: &Path, named: &[PathBuf]) -> Result<(Sources, Vec<Page>), Refusal> {
    let files = disk::Workspace::open(root, Some(&workspace::output_folder(root, None)))?;
    let mut found = Diagnostics::default();
    let mut sources = load::load(&files, &mut found);
    if let Some(fault) = found.sorted().first() {
        return Err(Refusal::new(fault.title.clone()));
    }
    let mut pages: Vec<Page> = sources.iter().map(|(id, file)| Page { id, path: file.name.clone() }).collect();
    let (prefix, here) = workspace::seen_from_here(root);
    sources.rename(&prefix, &here);
    if named.is_empty() {
        return Ok((sources, pages));
    }
    let is = |page: &Page, path: &Path| {
        let plain: PathBuf = path.components().collect();
        Path::new(sources.name(page.id)) == plain
    };
    if let Some(unknown) = named.iter().find(|path| !pages.iter().any(|page| is(page, path))) {
        return Err(Refusal::new(format!("{} is no file of this workspace", unknown.display()))
            .help("name files ending in .kdl below the folder of mesh.kdl, or use --stdin"));
    }
    pages.retain(|page| named.iter().any(|path| is(page, path)));
    Ok((sources, pages))
}

/// The layout of a file; nothing where it is no KDL, which is reported.
fn laid_out(sources: &Sources, id: FileId, found: &mut Diagnostics) -> Result<Option<String>, Refusal> {
    let mut of_syntax = Diagnostics::default();
    let document = syntax::parse(id, sources.text(id), &mut of_syntax);
    let is_read = !of_syntax.any_error();
    found.append(of_syntax);
    if !is_read {
        return Ok(None);
    }
    let same = || Refusal::new(format!("{}: its layout would say something else, so it was left", sources.name(id)));
    syntax::format(&document).map(Some).ok_or_else(|| same().help("this is a fault of mesh: report it with the file"))
}

fn of_stdin(check: bool, screen: &mut Screen) -> Outcome {
    let mut bytes = Vec::new();
    let most = u64::try_from(FILE_BYTES).unwrap_or(u64::MAX) + 1;
    let read = std::io::stdin().lock().take(most).read_to_end(&mut bytes);
    read.map_err(|error| Refusal::new(format!("standard input cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| Refusal::new("standard input is not UTF-8"))?;
    let mut sources = Sources::default();
    let id = sources.add("standard input", text);
    let mut found = Diagnostics::default();
    let Some(after) = laid_out(&sources, id, &mut found)? else {
        screen.show(Format::Human, &found, &sources)?;
        return Ok(Exit::Faulty);
    };
    if check {
        return Ok(if after == sources.text(id) { Exit::Fine } else { Exit::Faulty });
    }
    screen.say(&after)?;
    Ok(Exit::Fine)
}
