//! What is said at the end: to people on standard error and output, to programs as one JSON document.

use std::io::Write;

use domain::{Lang, Message, Problem};
use serde::Serialize;

/// Says a sentence on standard output.
pub fn line(lang: Lang, message: &Message) {
    plain(&text::say(lang, message));
}

/// Prints a line as it is on standard output.
pub fn plain(line: &str) {
    if writeln!(std::io::stdout(), "{line}").is_err() {
        // The reader went away, as `head` does once it has enough: nobody is left to tell.
        std::process::exit(0);
    }
}

/// Says a sentence on standard error.
pub fn aside(lang: Lang, message: &Message) {
    eprintln!("{}", text::say(lang, message));
}

/// One stable JSON document on standard output.
pub fn json(document: &impl Serialize) -> Result<(), Problem> {
    plain(&serde_json::to_string(document).map_err(Problem::internal)?);
    Ok(())
}

/// Cause and hint on standard error.
pub fn problem(lang: Lang, problem: &Problem) {
    let title = text::get(lang, "cli-failed");
    eprintln!("{title}{}", text::say(lang, &problem.cause));
    if let Some(hint) = &problem.hint {
        eprintln!("  {}", text::say(lang, hint));
    }
}

/// Text padded to a width on a terminal, where a Chinese character takes two places.
pub fn padded(text: &str, width: usize) -> String {
    let taken: usize = text.chars().map(|c| if (c as u32) < 0x2e80 { 1 } else { 2 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(taken)))
}
