use super::arguments::{Arguments, Help};
use super::exit::{Exit, Outcome, Refusal};
use super::screen::Screen;
use crate::diagnostic::{nearest, or_list};
use clap::CommandFactory;

const EXIT_CODES: &str = "exit-codes";
const TABLE: &str = "\
0  all is well; warnings may have been shown
1  the intent has errors, the output is not what the intent says (--check), the answer is no (can),
   or the sides differ (diff)
2  the command could not be carried out: its arguments, or a file or stream
3  the sides differ at or above the risk of --fail-on, or a waiver has run out (diff)
4  something could not be read, so that what was said is not all (diff)

With 1 or 2 no tree is left half written: each is the old one or the new one.
";

/// `mesh help`.
pub(super) fn run(arguments: &Help, screen: &mut Screen) -> Outcome {
    let mut command = Arguments::command();
    command.build();
    let text = match arguments.topic.as_deref() {
        None => command.render_long_help(),
        Some(EXIT_CODES) => TABLE.into(),
        Some(topic) => match command.find_subcommand_mut(topic) {
            Some(command) => command.render_long_help(),
            None => return Err(unknown(topic, &command)),
        },
    };
    screen.say(&text.ansi().to_string())?;
    Ok(Exit::Fine)
}

fn unknown(topic: &str, command: &clap::Command) -> Refusal {
    let topics: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).chain([EXIT_CODES]).collect();
    let refusal = Refusal::new(format!("there is no help on `{topic}`"));
    match nearest(topic, topics.iter().copied()) {
        Some(near) => refusal.help(format!("did you mean `{near}`?")),
        None => refusal.help(format!("there is help on {}", or_list(topics))),
    }
}
