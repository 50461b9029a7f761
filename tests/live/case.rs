//! Cases and how their outcome is told: in the words of Rust's own test harness, so that totals are read as usual.

use std::fmt;
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// What a case found: nothing, or why it failed.
pub(crate) type Finding = Result<(), String>;

/// Passes where there is no complaint.
pub(crate) fn none(complaints: &[String]) -> Finding {
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
}

/// One line of the report.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) body: Body,
}

/// What a case does.
pub(crate) enum Body {
    Check(Box<dyn FnOnce() -> Finding + Send>),
    /// It cannot run here, for this reason.
    Skip(String),
}

enum Outcome {
    Passed(f64),
    Failed(String),
    Skipped(String),
}

#[derive(Default)]
struct Totals {
    passed: usize,
    failed: usize,
    skipped: usize,
    filtered: usize,
}

/// How many cases run beside each other. Replays mostly wait, but what they measure suffers where more share two cores.
const LANES: usize = 2;

/// Runs the cases whose name contains one of the filters (all, where there is no filter), in their order.
pub(crate) fn run(cases: Vec<Case>, filters: &[String]) -> ExitCode {
    let start = Instant::now();
    let all = cases.len();
    let chosen: Vec<Case> = cases.into_iter().filter(|case| is_chosen(&case.name, filters)).collect();
    println!("\nrunning {} tests", chosen.len());
    let totals = Mutex::new(Totals { filtered: all - chosen.len(), ..Totals::default() });
    let waiting = Mutex::new(chosen.into_iter());
    std::thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| run_lane(&waiting, &totals));
        }
    });
    let totals = totals.into_inner().unwrap_or_else(PoisonError::into_inner);
    totals.print(start.elapsed().as_secs_f64());
    if totals.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Takes one case after the other, until none is left.
fn run_lane(waiting: &Mutex<std::vec::IntoIter<Case>>, totals: &Mutex<Totals>) {
    loop {
        let next = held(waiting).next();
        let Some(Case { name, body }) = next else { return };
        let outcome = body.outcome();
        let mut totals = held(totals);
        println!("test {name} ... {outcome}");
        totals.count(&outcome);
    }
}

/// A case that panics ends the run with its message, so nobody reads what it left half done.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_chosen(name: &str, filters: &[String]) -> bool {
    filters.is_empty() || filters.iter().any(|filter| name.contains(filter))
}

impl Body {
    fn outcome(self) -> Outcome {
        match self {
            Self::Skip(reason) => Outcome::Skipped(reason),
            Self::Check(check) => {
                let start = Instant::now();
                match check() {
                    Ok(()) => Outcome::Passed(start.elapsed().as_secs_f64()),
                    Err(reason) => Outcome::Failed(reason),
                }
            }
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed(seconds) => write!(formatter, "ok <{seconds:.1}s>"),
            Self::Failed(reason) => write!(formatter, "FAILED\n{}", reason.trim_end()),
            Self::Skipped(reason) => write!(formatter, "skipped: {reason}"),
        }
    }
}

impl Totals {
    fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Passed(_) => self.passed += 1,
            Outcome::Failed(_) => self.failed += 1,
            Outcome::Skipped(_) => self.skipped += 1,
        }
    }

    fn print(&self, seconds: f64) {
        let Self { passed, failed, skipped, filtered } = self;
        let verdict = if *failed == 0 { "ok" } else { "FAILED" };
        println!(
            "\ntest result: {verdict}. {passed} passed; {failed} failed; {skipped} ignored; 0 measured; \
             {filtered} filtered out; finished in {seconds:.2}s\n"
        );
    }
}
