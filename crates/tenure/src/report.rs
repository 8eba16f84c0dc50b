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

/// Rows of cells in columns as wide as they need, on standard output.
pub fn table(rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0)
        })
        .collect();
    for row in rows {
        let line: String = row.iter().zip(&widths).map(|(cell, width)| padded(cell, width + 2)).collect();
        plain(&format!("  {}", line.trim_end()));
    }
}

/// Text padded to a width on a terminal.
pub fn padded(text: &str, wanted: usize) -> String {
    format!("{text}{}", " ".repeat(wanted.saturating_sub(width(text))))
}

/// Places on a terminal, where a Chinese character takes two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if (c as u32) < 0x2e80 { 1 } else { 2 }).sum()
}
