//! The command line. Its words come from the locale files, so that `--help` speaks the user's language.

use std::path::PathBuf;

use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use domain::{Lang, Message, Month};

use crate::commands::lab::arguments::Lab;
use crate::mistakes;

#[derive(Parser)]
#[command(name = "tenure", version)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Args)]
pub struct Common {
    #[arg(long, global = true, value_name = "DIR", default_value = "tenure-data")]
    pub data: PathBuf,
    #[arg(long, global = true, value_name = "zh-CN|en", default_value_t = ambient_language())]
    pub lang: Lang,
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(long, global = true, value_name = "FILE")]
    pub rules: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum Command {
    Demo(Demo),
    Simulate(Simulate),
    Import(Import),
    Cycle(Cycle),
    Evaluate(Evaluate),
    Export(Export),
    #[command(subcommand)]
    Lab(Lab),
    User(User),
    #[command(subcommand)]
    Admin(Admin),
    Serve(Serve),
    Check(Check),
    Duplicates,
}

#[derive(Args)]
pub struct Demo {
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    #[command(flatten)]
    pub world: SimulatedWorld,
}

/// A made-up operator.
#[derive(Args)]
pub struct SimulatedWorld {
    #[arg(long, default_value_t = 5000)]
    pub customers: u32,
    #[arg(long, default_value_t = 24)]
    pub months: u16,
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The last month; fixed, so that the same seed gives the same files on any day.
    #[arg(long, value_name = "YYYY-MM", default_value = "2025-12")]
    pub last: Month,
}

#[derive(Args)]
pub struct Simulate {
    #[command(flatten)]
    pub world: SimulatedWorld,
    /// Share of the customers that are entered twice, or have a look-alike.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    pub duplicates: f64,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

#[derive(Args)]
pub struct Import {
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long)]
    pub skip_bad: bool,
}

#[derive(Args)]
pub struct Cycle {
    #[arg(long, value_name = "YYYY-MM", conflicts_with = "all")]
    pub month: Option<Month>,
    #[arg(long)]
    pub all: bool,
    #[arg(long, value_name = "CUSTOMER", conflicts_with = "all")]
    pub explain: Option<String>,
}

#[derive(Args)]
pub struct Evaluate {
    #[arg(value_enum)]
    pub what: Evaluated,
    #[arg(long, value_name = "FILE")]
    pub truth: Option<PathBuf>,
    #[arg(long, default_value_t = 5)]
    pub capacity: u16,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Evaluated {
    Stages,
    Warnings,
    Value,
    Duplicates,
}

#[derive(Args)]
pub struct Export {
    #[arg(value_enum)]
    pub what: Exported,
    #[arg(long, value_name = "YYYY-MM|all", default_value = "all")]
    pub month: MonthOrAll,
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    pub format: Format,
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Exported {
    Assessments,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Csv,
    Parquet,
    Xlsx,
}

/// One month or all of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum MonthOrAll {
    Month(Month),
    All,
}

impl std::str::FromStr for MonthOrAll {
    type Err = domain::month::MonthError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "all" { Ok(Self::All) } else { text.parse().map(Self::Month) }
    }
}

#[derive(Args)]
pub struct User {
    pub username: String,
    #[arg(long, value_name = "CODE", conflicts_with = "staff_role", required_unless_present = "staff_role")]
    pub staff: Option<String>,
    #[arg(long, value_name = "ROLE")]
    pub staff_role: Option<domain::staff::Role>,
}

/// What is done to users on the machine itself.
#[derive(Subcommand)]
pub enum Admin {
    Users,
    Password(AdminUser),
    TwoFactorOff(AdminUser),
}

#[derive(Args)]
pub struct AdminUser {
    pub username: String,
}

#[derive(Args)]
pub struct Serve {
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
}

#[derive(Args)]
pub struct Check {
    #[arg(long, value_name = "HEX")]
    pub seal: Option<String>,
}

/// Reads the command line, or says what is wrong with it and ends with code 2.
pub fn parse() -> Arguments {
    let lang = language_asked_for();
    let matches = command(lang).try_get_matches();
    let parsed = matches.and_then(|matches| Arguments::from_arg_matches(&matches));
    parsed.unwrap_or_else(|error| mistakes::exit(lang, &error))
}

/// The command with its words in a language.
fn command(lang: Lang) -> clap::Command {
    let version = clap::Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let command = Arguments::command()
        .disable_version_flag(true)
        .arg(version.help(text::get(lang, "cli-version").into_owned()));
    in_words(command, lang, "tenure")
}

/// A command and those below it; `key` is its path: `lab-clv-fit`.
fn in_words(command: clap::Command, lang: Lang, key: &str) -> clap::Command {
    let about = text::get(lang, &format!("cli-command-{key}")).into_owned();
    let help = clap::Arg::new("help").short('h').long("help").action(ArgAction::Help);
    let help = help.help(text::get(lang, "cli-help").into_owned());
    let template = help_template(&command, lang);
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = command
        .about(about)
        .help_template(template)
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(help)
        .mut_args(|argument| {
            let key = format!("cli-argument-{}", argument.get_id());
            if text::has(lang, &key) { explained(argument, lang, &key) } else { argument }
        });
    names.into_iter().fold(command, |command, name| {
        let below = if key == "tenure" { name.clone() } else { format!("{key}-{name}") };
        command.mut_subcommand(name, |sub| in_words(sub, lang, &below))
    })
}

/// How the help of a command is laid out, with headings in a language.
fn help_template(command: &clap::Command, lang: Lang) -> String {
    let usage = text::say(lang, &Message::new("cli-usage").with("usage", "{usage}"));
    let mut template = format!("{{about-with-newline}}\n{usage}\n");
    let parts = [
        ("cli-commands", "{subcommands}", command.has_subcommands()),
        ("cli-arguments", "{positionals}", command.get_positionals().next().is_some()),
        ("cli-options", "{options}", true),
    ];
    for (title, part, is_there) in parts {
        if is_there {
            template.push_str(&format!("\n{}\n{part}\n", text::get(lang, title)));
        }
    }
    template
}

/// An argument with its help, which says default and choices in the user's language.
fn explained(argument: clap::Arg, lang: Lang, key: &str) -> clap::Arg {
    let mut help = text::get(lang, key).into_owned();
    if !argument.get_action().takes_values() {
        return argument.help(help);
    }
    let choices: Vec<String> =
        argument.get_possible_values().iter().map(|choice| choice.get_name().to_owned()).collect();
    let defaults: Vec<String> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    for (key, values) in [("cli-choices", choices), ("cli-default", defaults)] {
        if !values.is_empty() {
            help.push_str(&text::say(lang, &Message::new(key).with("values", values.join(", "))));
        }
    }
    argument.help(help).hide_default_value(true).hide_possible_values(true)
}

/// `--lang` before anything is parsed, since help and mistakes are said in it.
fn language_asked_for() -> Lang {
    let mut arguments = std::env::args();
    while let Some(argument) = arguments.next() {
        let tag = match argument.strip_prefix("--lang=") {
            Some(tag) => Some(tag.to_owned()),
            None if argument == "--lang" => arguments.next(),
            None => continue,
        };
        return tag.and_then(|tag| tag.parse().ok()).unwrap_or_default();
    }
    ambient_language()
}

/// English where the terminal says so, Chinese otherwise.
fn ambient_language() -> Lang {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let set = names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    if set.is_some_and(|value| value.starts_with("en")) { Lang::En } else { Lang::ZhCn }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command(Lang::ZhCn).debug_assert();
    }

    fn mistake(lang: Lang, line: &str) -> String {
        let error = command(lang).try_get_matches_from(line.split(' ')).expect_err("a mistake");
        mistakes::in_words(lang, &error)
    }

    #[test]
    fn every_mistake_is_said_in_the_users_language() {
        let cases = [
            ("tenure exprot assessments -o x", "exprot", "export"),
            ("tenure import", "<DIR>", "tenure import"),
            ("tenure cycle --month 2026-13", "2026-13", "--month <YYYY-MM>"),
            ("tenure cycle --mont 2026-01", "--mont", "--month"),
            ("tenure cycle --month", "--month <YYYY-MM>", "--month"),
            ("tenure cycle --all --month 2026-01", "--all", "--month <YYYY-MM>"),
            ("tenure cycle --month 2026-01 --month 2026-02", "--month <YYYY-MM>", "--month"),
            ("tenure export assessments -o x --format docx", "docx", "csv, parquet, xlsx"),
            ("tenure serve --port 99999", "99999", "--port"),
            ("tenure user name", "--staff <CODE>", "tenure user"),
            ("tenure --json", "demo", "tenure"),
            ("tenure admin password", "<USERNAME>", "tenure admin password"),
            ("tenure lab clv fit --model bg-nbt --input x", "bg-nbt", "bg-nbd"),
            ("tenure lab clv fit --model bg-nbd", "--input <FILE>", "tenure lab clv fit"),
            ("tenure lab clv score --model sbg --input x --discount -1", "-1", "--discount"),
            ("tenure lab allocate --input x --budget many", "many", "--budget <YUAN>"),
            ("tenure lab churn evaluat", "evaluat", "evaluate"),
            ("tenure lab uplift evaluate --treatment arm", "arm", "--treatment <COLUMN=VALUE>"),
        ];
        for (line, wrong, help) in cases {
            let [zh, en] = [Lang::ZhCn, Lang::En].map(|lang| mistake(lang, line));
            for said in [&zh, &en] {
                assert!(said.contains(wrong) && said.contains(help), "{line}: {said}");
                assert!(!said.contains("cli-"), "{line}: {said}");
            }
            assert!(en.is_ascii(), "{line}: {en}");
            let words = ["error", "Usage", "for '", "value", "unexpected", "required", "possible", "help'"];
            let english = words.iter().find(|word| zh.contains(*word));
            assert_eq!(english, None, "{line}: {zh}");
        }
    }

    #[test]
    fn help_in_chinese_has_no_english_headings() {
        for path in ["", "export", "lab", "lab clv fit"] {
            let mut tenure = command(Lang::ZhCn);
            let of = path
                .split_whitespace()
                .fold(&mut tenure, |of, name| of.find_subcommand_mut(name).expect(name));
            let help = of.render_long_help().to_string();
            for word in ["Usage", "Print", "default", "possible", "Options:", "Commands", "Arguments"] {
                assert!(!help.contains(word), "{word} in: {help}");
            }
        }
    }

    fn assert_words(lang: Lang, command: &clap::Command, key: &str) {
        assert!(text::has(lang, &format!("cli-command-{key}")), "{key}");
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{key} {}", argument.get_id());
        }
        for sub in command.get_subcommands() {
            let name = sub.get_name();
            let below = if key == "tenure" { name.to_owned() } else { format!("{key}-{name}") };
            assert_words(lang, sub, &below);
        }
    }

    #[test]
    fn every_command_and_argument_has_words_in_both_languages() {
        for lang in Lang::ALL {
            assert_words(lang, &command(lang), "tenure");
        }
    }
}
