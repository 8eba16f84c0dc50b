//! What is said when the command line cannot be understood, in the user's language.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use domain::{Lang, Message};

/// Says what is wrong and what to do, and ends with code 2; help and version are printed as they are.
pub fn exit(lang: Lang, error: &clap::Error) -> ! {
    let is_mistake =
        error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if !is_mistake {
        error.exit();
    }
    eprint!("{}", in_words(lang, error));
    std::process::exit(2);
}

/// The mistake, what was probably meant, and how the command is called, each on its line.
pub fn in_words(lang: Lang, error: &clap::Error) -> String {
    let mut lines = vec![format!("{}{}", text::get(lang, "cli-misused"), text::say(lang, &cause(error)))];
    lines.extend(hints(error).iter().map(|hint| format!("  {}", text::say(lang, hint))));
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.trim_start_matches("Usage:").trim();
        lines.push(text::say(lang, &Message::new("cli-usage").with("usage", usage)));
    }
    lines.push(text::get(lang, "cli-usage-more").into_owned());
    lines.join("\n") + "\n"
}

fn cause(error: &clap::Error) -> Message {
    let argument = || named(error, ContextKind::InvalidArg);
    let value = || named(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::NoEquals if value().is_empty() => {
            Message::new("cli-misused-no-value").with("argument", argument())
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            Message::new("cli-misused-value").with("argument", argument()).with("value", value())
        }
        ErrorKind::UnknownArgument => Message::new("cli-misused-unknown").with("argument", argument()),
        ErrorKind::InvalidSubcommand => {
            Message::new("cli-misused-command").with("command", named(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => Message::new("cli-misused-no-command"),
        ErrorKind::MissingRequiredArgument => {
            Message::new("cli-misused-missing").with("arguments", argument())
        }
        ErrorKind::ArgumentConflict => match named(error, ContextKind::PriorArg) {
            prior if prior.is_empty() || prior == argument() => {
                Message::new("cli-misused-twice").with("argument", argument())
            }
            prior => Message::new("cli-misused-conflict").with("argument", argument()).with("prior", prior),
        },
        _ => Message::new("cli-misused-other").with("error", error.kind().to_string()),
    }
}

fn hints(error: &clap::Error) -> Vec<Message> {
    let suggested =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
            .into_iter()
            .map(|kind| named(error, kind))
            .find(|suggested| !suggested.is_empty());
    let known = [ContextKind::ValidValue, ContextKind::ValidSubcommand]
        .into_iter()
        .map(|kind| named(error, kind))
        .find(|known| !known.is_empty());
    let suggested =
        suggested.map(|suggested| Message::new("cli-misused-suggested").with("suggested", suggested));
    let known = known.map(|known| Message::new("cli-misused-known").with("known", known));
    suggested.into_iter().chain(known).collect()
}

/// What an error says of something, empty if nothing.
fn named(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(name)) => name.clone(),
        Some(ContextValue::Strings(names)) => names.join(", "),
        _ => String::new(),
    }
}
