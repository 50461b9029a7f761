use super::source::Pair;
use crate::cli::screen::columns;
use crate::diff::{Normalised, Step};

/// What was done to both sides before they were compared, step by step.
pub(super) fn explained(pair: &Pair) -> String {
    let mut done = Normalised::default();
    for object in pair.before.objects().chain(pair.after.objects()) {
        done.add(&object.body.normalised());
    }
    let rows = Step::ALL.map(|step| [done.count(step).to_string(), step.words().to_owned()]);
    let lines = columns(&rows).into_iter().fold(String::new(), |lines, line| lines + "  " + &line + "\n");
    format!("normalised, {} fields of servers and tools among it:\n{lines}", done.ignored())
}
