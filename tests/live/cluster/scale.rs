//! Many objects: how often a cluster is asked, and what that takes.

use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::repository::Repository;
use super::server::{Cluster, Said, told};
use crate::case::Finding;

/// So many lists are asked for at most where there are a thousand objects.
const MOST_LISTS: usize = 25;

/// The memory that a comparison with ten thousand objects may take, in kilobytes.
const MOST_MEMORY: usize = 300 * 1024;

/// A page of objects, as `mesh` asks for them.
const PAGE: usize = 500;

/// The administrator, as the server names him.
const ADMIN: &str = "admin";

/// A mesh of a thousand objects is read by a few lists, one of ten thousand page by page and within bounds.
pub(crate) fn check(cluster: &Cluster, _: &Path) -> Finding {
    let (objects, lists, _) = compare(cluster, 210)?;
    if objects < 1000 || lists > MOST_LISTS {
        return Err(format!("{lists} lists for {objects} objects"));
    }
    let (objects, lists, memory) = compare(cluster, 2100)?;
    // Each kind has a last page that is not full.
    let most = objects / PAGE + MOST_LISTS;
    if objects < 10_000 || lists > most || memory > MOST_MEMORY {
        return Err(format!("{lists} lists of at most {most}, and {memory} KB, for {objects} objects"));
    }
    Ok(())
}

/// Compares a mesh of so many services with a cluster that has it: how many objects it has, how many lists were asked
/// for, and the most memory that `mesh` had.
fn compare(cluster: &Cluster, services: usize) -> Result<(usize, usize, usize), String> {
    let repository = Repository::of_page(cluster, MESH)?;
    // A page is not larger than 256 KiB.
    for first in (0..services).step_by(300) {
        repository.write(&format!("services-{first}.kdl"), &page(first..services.min(first + 300), services))?;
    }
    let tree = repository.folder.join("out");
    let said = cluster.mesh("admin", &repository.folder, &["compile", "-o", &tree.display().to_string()])?;
    if said.code != Some(0) {
        return Err(said.told());
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/cluster/fill.py");
    let mut fill = Command::new(cluster.tools.python.join("bin/python"));
    let filled = fill.arg(script).arg(cluster.store.to_string()).arg(&tree).output().map_err(told)?;
    let filled = Said::of(&filled);
    let objects: usize = filled.out.trim().parse().map_err(|_| filled.told())?;
    let before = cluster.requests(ADMIN).len();
    let mut mesh = cluster.mesh_command("admin", &repository.folder, &["diff", "--from", "cluster"]);
    let log = fs::File::create(cluster.folder.join("diff")).map_err(told)?;
    let mut running =
        mesh.stdout(log.try_clone().map_err(told)?).stderr(log).stdin(Stdio::null()).spawn().map_err(told)?;
    let mut memory = 0;
    let status = loop {
        memory = peak(running.id()).unwrap_or(memory);
        if let Some(status) = running.try_wait().map_err(told)? {
            break status;
        }
        thread::sleep(Duration::from_millis(10));
    };
    if status.code() != Some(0) {
        return Err(fs::read_to_string(cluster.folder.join("diff")).unwrap_or_default());
    }
    let lists = cluster.requests(ADMIN).into_iter().skip(before).filter(|request| request.starts_with("list ")).count();
    println!("        {objects} objects of {services} services: {lists} lists, {memory} KB");
    Ok((objects, lists, memory))
}

/// The most memory that a process had so far, in kilobytes.
fn peak(process: u32) -> Option<usize> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

const MESH: &str = "mesh large language=1 { target istio \"1.30\" }\nenvironment prod\nnamespace large\n";

/// Some of so many services, each of which calls the one before it.
fn page(numbers: Range<usize>, services: usize) -> String {
    let mut page = String::new();
    for number in numbers {
        let (before, next) = (number.checked_sub(1), number + 1);
        let calls = before.map(|before| format!("    calls s{before}\n")).unwrap_or_default();
        let allow = if next < services { format!("    allow s{next}\n") } else { String::new() };
        _ = write!(
            page,
            "service s{number} namespace=large {{\n    port 8080 http\n    versions v1 v2\n    canary v2 percent=10\n    timeout \"2s\"\n{allow}{calls}}}\n"
        );
    }
    page
}
