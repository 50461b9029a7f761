//! The line that `mesh diff` names is the one whose edit did it: each line of the examples is taken away and changed, and
//! in the cases of `tests/edits/` several lines are edited at once.

#![allow(clippy::disallowed_methods, reason = "reads examples and cases from the disk")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "what cannot be read is a fault")]

mod workspace;

use mesh::diff::{Accept, Finding, Of, Reason, Sides, Waivers, Which, compare};
use mesh::pipeline::{self, Workspace};
use mesh::source::{FileId, Span};
use mesh::value::Risk;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use workspace::InMemory;

/// The pages of an example, by file.
type Pages = Vec<(String, String)>;

fn sorted(folder: &str, end: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.filter(|path| path.to_string_lossy().ends_with(end)).collect();
    paths.sort();
    paths
}

fn pages(example: &Path) -> Pages {
    let pages = sorted(&example.display().to_string(), ".kdl").into_iter();
    pages.map(|path| (name(&path), fs::read_to_string(&path).unwrap())).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// What is read of pages: each file begins with the line that names it.
fn read(pages: &Pages) -> Workspace {
    let text: String = pages.iter().map(|(name, text)| format!("// file: {name}\n{text}")).collect::<Vec<_>>().concat();
    InMemory::split(&text).read().unwrap()
}

/// What is told of edits, in every environment.
#[derive(Default)]
struct Told {
    /// Where each finding points: class, object, side and line.
    places: BTreeSet<(String, String, &'static str, String)>,
    /// In how many environments something is told.
    environments: usize,
    /// How many findings there are.
    findings: usize,
    /// How many there are to read.
    lines: usize,
}

fn told(before: &Workspace, after: &Workspace) -> Told {
    let edits = pipeline::edits(&before.sources, &after.sources);
    let mut told = Told::default();
    for (name, mesh) in &after.environments {
        let Some((_, old)) = before.environments.iter().find(|(other, _)| other == name) else { continue };
        let side = |mesh: &Option<_>| pipeline::side(mesh.as_ref().unwrap()).unwrap();
        let (old, new) = (side(old), side(mesh));
        let mut report =
            compare(Sides { before: &old, after: &new, live: None }, Vec::new(), &Waivers::default(), None);
        report.blame(&edits);
        for finding in report.findings.iter().filter(|finding| finding.risk > Risk::None) {
            told.findings += 1;
            let place = finding.place.map_or(("nowhere", String::new()), |place| {
                let (side, sources) = match place.side {
                    Which::Before => ("before", &before.sources),
                    Which::After => ("after", &after.sources),
                };
                // The first line names the file.
                let line = sources.location(place.span.file, place.span.start).line - 1;
                (side, format!("{}:{line}", sources.name(place.span.file)))
            });
            told.places.insert((finding.class.name.to_owned(), finding.object.to_string(), place.0, place.1));
        }
        report.join();
        let lines = report.findings.iter().filter(|finding| finding.risk > Risk::None).count();
        told.environments += usize::from(lines > 0);
        told.lines += lines;
    }
    told
}

/// A line with its last number made another.
fn another_number(line: &str) -> Option<String> {
    let end = line.rfind(|character: char| character.is_ascii_digit())? + 1;
    let start = line[..end].rfind(|character: char| !character.is_ascii_digit()).map_or(0, |at| at + 1);
    let number: u64 = line[start..end].parse().ok()?;
    Some(format!("{}{}{}", &line[..start], number + 1, &line[end..]))
}

/// The pages with a line taken away, or with another in its place.
fn edited(pages: &Pages, file: usize, line: usize, new: Option<&str>) -> Pages {
    let mut pages = pages.clone();
    let mut lines: Vec<&str> = pages[file].1.lines().collect();
    match new {
        Some(new) => lines[line] = new,
        None => _ = lines.remove(line),
    }
    pages[file].1 = lines.join("\n") + "\n";
    pages
}

#[test]
fn a_line_that_is_edited_is_the_one_that_is_named() {
    let examples: Vec<PathBuf> =
        sorted("examples", "").into_iter().filter(|path| path.join("mesh.kdl").exists()).collect();
    let walked: Vec<Walk> = std::thread::scope(|scope| {
        let walks: Vec<_> = examples.iter().map(|example| scope.spawn(|| walk(example))).collect();
        walks.into_iter().map(|walk| walk.join().unwrap()).collect()
    });
    let sum = |of: fn(&Walk) -> usize| walked.iter().map(of).sum::<usize>();
    let (count, edits, findings, lines) =
        (sum(|walk| walk.count), sum(|walk| walk.edits), sum(|walk| walk.findings), sum(|walk| walk.lines));
    let faults: Vec<String> = walked.into_iter().flat_map(|walk| walk.faults).collect();
    assert!(faults.is_empty(), "{} of {count}\n{}", faults.len(), faults.join("\n"));
    assert!(count > 400, "only {count} findings");
    println!("{edits} edits, {findings} findings, {lines} to read");
    // A line of a page says several things at once: where calls go, and who may make them.
    assert!(lines * 10 < edits * 21, "{lines} lines for {edits} edits");
}

/// What was found on a walk through an example.
#[derive(Default)]
struct Walk {
    /// How many findings there are.
    count: usize,
    /// Those that name another line than the one that was edited.
    faults: Vec<String>,
    /// How many edits do something, in each environment; how many findings they have, and how many of them are read.
    edits: usize,
    findings: usize,
    lines: usize,
}

/// Takes away or changes each line of an example.
fn walk(example: &Path) -> Walk {
    let mut walk = Walk::default();
    let pages = pages(example);
    let before = read(&pages);
    for (file, (page, text)) in pages.iter().enumerate() {
        for (line, said) in text.lines().enumerate() {
            let is_whole = !said.trim().is_empty() && said.matches('{').count() == said.matches('}').count();
            let other = another_number(said);
            let gone = is_whole.then_some((None, "before"));
            for (new, side) in gone.into_iter().chain(other.as_deref().map(|other| (Some(other), "after"))) {
                let after = read(&edited(&pages, file, line, new));
                if after.found.any_error() {
                    continue;
                }
                let expected = format!("{page}:{}", line + 1);
                let told = told(&before, &after);
                walk.edits += told.environments;
                walk.findings += told.findings;
                walk.lines += told.lines;
                for (class, object, found, place) in told.places {
                    walk.count += 1;
                    if (found, &place) != (side, &expected) {
                        let example = example.display();
                        walk.faults.push(format!("{example} {expected} {new:?}: {class} {object} {found} {place}"));
                    }
                }
            }
        }
    }
    walk
}

/// A case: the example, its edits `FILE: OLD -> NEW` (nothing: the line goes), and after an empty line what is found.
#[test]
fn of_several_edits_each_finding_names_its_own() {
    let mut faults = Vec::new();
    for case in sorted("tests/edits", ".txt") {
        let text = fs::read_to_string(&case).unwrap();
        let (edits, _) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
        let mut lines = edits.lines();
        let old = pages(&Path::new("examples").join(lines.next().unwrap()));
        let mut new = old.clone();
        for line in lines {
            let (file, edit) = line.split_once(": ").unwrap();
            let (from, to) = edit.split_once(" -> ").unwrap_or((edit.trim_end_matches(" ->"), ""));
            let page = new.iter_mut().find(|(name, _)| name == file).unwrap();
            assert_eq!(page.1.matches(from).count(), 1, "{}: {line}", case.display());
            page.1 = if to.is_empty() {
                page.1.split_inclusive('\n').filter(|line| !line.contains(from)).collect()
            } else {
                page.1.replace(from, to)
            };
        }
        let (before, after) = (read(&old), read(&new));
        assert!(!after.found.any_error(), "{}\n{}", case.display(), workspace::report(&after));
        let found = told(&before, &after).places;
        let found = found.into_iter().map(|(class, object, side, place)| format!("{class} {object} {side} {place}\n"));
        let whole = format!("{edits}\n\n{}", found.collect::<String>());
        if std::env::var_os("BLESS").is_some() {
            fs::write(&case, whole).unwrap();
        } else if whole != text {
            faults.push(format!("{}\n{whole}", case.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is joined was held against each `accept` before: it covers no more than it names.
#[test]
fn what_an_accept_names_is_not_joined_with_the_rest() {
    let old = pages(Path::new("examples/bank"));
    let page = old.iter().position(|(name, _)| name == "payments.kdl").unwrap();
    let mut new = old.clone();
    new[page].1 = new[page].1.replacen("timeout \"3s\"", "timeout \"2s\"", 1).replacen("percent=5 ", "percent=25 ", 1);
    let (before, after) = (read(&old), read(&new));
    let side = |of: &Workspace| {
        let (_, mesh) = of.environments.iter().find(|(name, _)| name == "prod").unwrap();
        pipeline::side(mesh.as_ref().unwrap()).unwrap()
    };
    let (old, new) = (side(&before), side(&after));
    let told = |accepts: Vec<Accept>| {
        let waivers = Waivers { accepts, ..Waivers::default() };
        let mut report = compare(Sides { before: &old, after: &new, live: None }, Vec::new(), &waivers, None);
        report.blame(&pipeline::edits(&before.sources, &after.sources));
        report.join();
        let told = |finding: &Finding| {
            let objects: Vec<String> = finding.objects().iter().map(ToString::to_string).collect();
            format!("{} of {}", finding.class.name, objects.join(", "))
        };
        let accepted: Vec<String> = report.accepted.iter().map(|accepted| told(&accepted.finding)).collect();
        (report.findings.iter().map(told).collect::<Vec<_>>(), accepted)
    };
    let (door, own) = ("VirtualService/istio-ingress/api.bank.example", "VirtualService/payments/payments");
    let weight = format!("traffic.weight of {door}, {own}");
    assert_eq!(told(Vec::new()), (vec![format!("resilience.timeout of {door}, {own}"), weight.clone()], Vec::new()));
    let accept = Accept {
        class: "resilience.timeout".into(),
        of: Of::Object(own.into()),
        service: None,
        reason: Reason { text: "measured".into(), until: None },
        span: Span::new(FileId::new(0), 0, 0),
    };
    let (left, accepted) = told(vec![accept]);
    assert_eq!(accepted, [format!("resilience.timeout of {own}")]);
    assert_eq!(left, [format!("resilience.timeout of {door}"), weight]);
}
